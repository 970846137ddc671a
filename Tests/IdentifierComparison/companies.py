"""Numbers of companies in their registers."""

import importlib
import re

from comparison import Comparison, bare, digits

# Country, module of stdnum, digits, and what may stand before them.
REGISTERS = {
    "AU": ("au.abn", 11, ""), "BE": ("be.vat", 10, "BE"), "CH": ("ch.uid", 9, "CHE"), "CZ": ("cz.dic", 8, ""),
    "DK": ("dk.cvr", 8, "DK"), "EE": ("ee.registrikood", 8, ""), "FI": ("fi.ytunnus", 8, "FI"), "FR": ("fr.siren", 9, ""),
    "IT": ("it.iva", 11, "IT"), "LV": ("lv.pvn", 11, ""), "NO": ("no.orgnr", 9, "NO"), "PT": ("pt.nif", 9, "PT"),
    "SE": ("se.orgnr", 10, ""),
}
MODULES = {country: importlib.import_module(f"stdnum.{name}") for country, (name, _, _) in REGISTERS.items()}


def number(source):
    """Right ones are found by trying the last digits, so that the library makes no rule of ours true."""
    country = source.choice(sorted(REGISTERS))
    _, count, prefix = REGISTERS[country]
    module = MODULES[country]
    while True:
        body = digits(source, count - 2)
        if country == "BE":
            body = "0" + body[1:]
        for last in source.sample(range(100), 100):
            candidate = f"{body}{last:02}"
            if module.is_valid(("CHE" if country == "CH" else "") + candidate):
                start = prefix if source.random() < 0.2 else ""
                return f"{country}|{start}{candidate}"


def judge(text):
    country, bar, written = text.partition("|")
    country = country.strip(" ").upper()
    if not bar or country not in REGISTERS:
        return None
    _, count, prefix = REGISTERS[country]
    written = bare(written, " -./").upper()
    if prefix and written.startswith(prefix):
        written = written[len(prefix):]
    if country in ("BE", "CZ", "FI"):
        written = written.zfill(count)
    if not re.fullmatch(f"[0-9]{{{count}}}", written) or set(written) == {"0"}:
        return False
    return MODULES[country].is_valid(("CHE" if country == "CH" else "") + written)


def explains(text, code):
    country = text.partition("|")[0].strip(" ").upper()
    # Persons' numbers are refused; the library takes some of them.
    if country == "BE" and text[-2:] in ("00", "98", "99"):
        # 97 less a remainder is 1 to 97; the library takes what leaves no remainder together.
        return code == "check-digits"
    return country in ("SE", "LV", "PT") and code == "structure"


ALL = [Comparison("company-number", "python-stdnum", number, judge, explains)]
