"""URLs: validity by rfc3987, hosts by idna, the canonical form by yarl."""

import random

import idna
import rfc3987
import yarl

LIBRARY = "rfc3987 idna yarl"

SEGMENTS = ["a", "b", "..", ".", "", "shop", "%7Eshop", "%2e%2E", "c;d=1", "caf%C3%A9", "café", "%2f", "A+B", "x:y@z"]
QUERIES = ["", "?", "?a=1", "?a=1&b=%7e", "?x=/../y", "?q=%c3%a9", "?a?b", "?q=é"]
FAULTS = ["%", "%4", "%zz", " ", "\\", "\u202e", "\t"]
AUTHORITIES = [
    "user@example.com", "192.0.2.1", "[2001:db8::1]", "example.com:0x", "example.com:65536", "", "a..example",
]


def generate(source: random.Random) -> str:
    host = source.choice(["example.com", "WWW.Example.COM", "shop.example", "xn--bcher-kva.example", "ex-ample.test"])
    host += source.choice(["", "", "", ":80", ":443", ":8080", ":", "."])
    path = "/" + "/".join(source.choice(SEGMENTS) for _ in range(source.randint(0, 4)))
    fate = source.random()
    if fate < 0.15:
        host = source.choice(AUTHORITIES)
    elif fate < 0.3:
        path += source.choice(FAULTS)
    scheme = "ftp" if fate > 0.95 else source.choice(["http", "https", "HTTP", "Https"])
    rest = source.choice(QUERIES) + source.choice(["", "", "#top"])
    return f"{scheme}://{host}{source.choice(['', path, path])}{rest}"


def judge(text: str) -> bool | None:
    # The grammar allows direction marks, the words of RFC 3987, section 4.1, do not.
    if "\u202e" in text:
        return None
    try:
        parts = rfc3987.parse(text.strip(), rule="IRI")
    except ValueError:
        return False
    authority = parts["authority"]
    if parts["scheme"].lower() not in ("http", "https") or "@" in authority or authority.startswith("["):
        return False
    host, _, port = authority.partition(":")
    if port and not 1 <= int(port) <= 65535:
        return False
    return is_host(host)


def is_host(name: str) -> bool:
    try:
        labels = idna.encode(name, uts46=True, std3_rules=True).decode().rstrip(".").split(".")
    except (idna.IDNAError, UnicodeError):
        return False
    return len(labels) > 1 and not labels[-1].isdigit()


def canonical(text: str) -> str | None:
    """The library's normal form, with what RFC 9110, section 4.2.3, and this project add to it."""
    uri = yarl.URL(text.strip()).with_fragment(None)
    query = uri.raw_query_string
    # yarl drops the '?' of an empty query, which RFC 3986, section 6.2.3, keeps.
    query = "?" + query if query or text.partition("#")[0].endswith("?") else ""
    port = "" if uri.is_default_port() else f":{uri.port}"
    return f"{uri.scheme}://{uri.raw_host.rstrip('.')}{port}{uri.raw_path or '/'}{query}"
