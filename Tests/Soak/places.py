"""Forty-seven capitals, and how long a packet takes between two of them."""

import math

# Coalition, latitude and longitude of the capital. The coalitions of a soak are samples: none of them exists.
CAPITALS = {
    "se": (59.33, 18.07), "no": (59.91, 10.75), "us": (38.91, -77.04), "br": (-15.79, -47.88), "za": (-25.75, 28.19),
    "jp": (35.68, 139.69), "au": (-35.28, 149.13), "in": (28.61, 77.21), "de": (52.52, 13.41), "fr": (48.86, 2.35),
    "gb": (51.51, -0.13), "ca": (45.42, -75.70), "mx": (19.43, -99.13), "ar": (-34.60, -58.38), "cl": (-33.45, -70.67),
    "co": (4.71, -74.07), "pe": (-12.05, -77.04), "es": (40.42, -3.70), "pt": (38.72, -9.14), "it": (41.90, 12.50),
    "gr": (37.98, 23.73), "tr": (39.93, 32.86), "ro": (44.43, 26.10), "bg": (42.70, 23.32), "hu": (47.50, 19.04),
    "at": (48.21, 16.37), "ch": (46.95, 7.45), "be": (50.85, 4.35), "nl": (52.37, 4.90), "dk": (55.68, 12.57),
    "fi": (60.17, 24.94), "ee": (59.44, 24.75), "lv": (56.95, 24.11), "lt": (54.69, 25.28), "pl": (52.23, 21.01),
    "cz": (50.08, 14.44), "sk": (48.15, 17.11), "ie": (53.35, -6.26), "is": (64.15, -21.94), "ke": (-1.29, 36.82),
    "ng": (9.08, 7.40), "gh": (5.60, -0.19), "ph": (14.60, 120.98), "th": (13.76, 100.50), "kr": (37.57, 126.98),
    "nz": (-41.29, 174.78), "id": (-6.21, 106.85),
}
EARTH_KM = 6371


def kilometres(one, other):
    (a, b), (c, d) = (map(math.radians, CAPITALS[coalition]) for coalition in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def one_way_seconds(one, other):
    """Half of a round trip of 4 ms and 1 ms for every 75 km."""
    return (4 + kilometres(one, other) / 75) / 2 / 1000
