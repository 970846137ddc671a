"""Card numbers, accounts and legal entities."""

import itertools
import re
import string

from comparison import Comparison, bare, digits, spaced
from schwifty import IBAN, registry
from stdnum import iban, iso7064, lei, luhn
from stdnum.ar import cbu
from stdnum.br import cnpj, cpf
from stdnum.us import rtn



def formats():
    """The structure of every country's number that is in the registry."""
    found = {}
    for first, second in itertools.product(string.ascii_uppercase, repeat=2):
        try:
            spec = registry.get_iban_spec(first + second)
            if not spec.aspirational:
                found[first + second] = spec.bban_spec
        except Exception:
            continue
    return found


FORMATS = formats()
COUNTRIES = sorted(FORMATS)


def card(source):
    body = source.choice("23456") + digits(source, source.choice([11, 12, 13, 14, 14, 14, 15, 17]))
    return spaced(source, body + luhn.calc_check_digit(body))


def judge_card(text):
    number = bare(text)
    if not number.isascii() or not number.isdigit() or not 12 <= len(number) <= 19:
        return False
    return luhn.is_valid(number) and number[0] != "0" and len(set(number)) > 1


def characters(source, structure):
    parts = re.findall(r"(\d+)(!?)([nace])", structure)
    sets = {"n": "0123456789", "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "c": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "e": " "}
    return "".join(source.choice(sets[kind]) for count, _, kind in parts for _ in range(int(count)))


def make_iban(source):
    country = source.choice(COUNTRIES)
    body = characters(source, FORMATS[country])
    check = iso7064.mod_97_10.calc_check_digits(body + country)
    return spaced(source, f"{country}{check}{body}")


def judge_iban(text):
    number = bare(text).upper()
    number = number.removeprefix("IBAN")
    if not re.fullmatch("[A-Z0-9]+", number):
        return False
    if number[:2] not in COUNTRIES:
        return None
    try:
        IBAN(number)
        return True
    except Exception:
        return False


def make_lei(source):
    body = "".join(source.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(18))
    return spaced(source, body + iso7064.mod_97_10.calc_check_digits(body))


def judge_lei(text):
    number = bare(text).upper()
    return bool(re.fullmatch("[A-Z0-9]{20}", number)) and lei.is_valid(number)


def pix(source):
    kind = source.randrange(5)
    if kind == 0:
        body = digits(source, 9)
        return "cpf|" + body + cpf._calc_check_digits(body)
    if kind == 1:
        body = "".join(source.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(12))
        return "cnpj|" + body + cnpj.calc_check_digits(body)
    if kind == 2:
        body = digits(source, 12)
        return "cnpj|" + body + cnpj.calc_check_digits(body)
    if kind == 3:
        return cpf.format("%s%s" % ((lambda body: (body, cpf._calc_check_digits(body)))(digits(source, 9)))).join(["cpf|", ""])
    return "cpf|" + digits(source, 11)


def judge_pix(text):
    kind, bar, key = text.partition("|")
    kind = kind.strip(" ").lower()
    if not bar or kind not in ("cpf", "cnpj"):
        return None
    key = bare(key, " .-/").upper()
    if kind == "cpf":
        return bool(re.fullmatch("[0-9]{11}", key)) and cpf.is_valid(key)
    return bool(re.fullmatch("[A-Z0-9]{12}[0-9]{2}", key)) and cnpj.is_valid(key)


def account(source):
    if source.random() < 0.5:
        while True:
            body = f"{source.choice([*range(1, 13), *range(21, 33)]):02}" + digits(source, 6)
            return f"US|{body}{rtn.calc_check_digit(body)}|{digits(source, source.randrange(5, 15))}"
    first, second = digits(source, 7), digits(source, 13)
    return f"AR|{first}{cbu.calc_check_digit(first)}{second}{cbu.calc_check_digit(second)}"


def judge_account(text):
    parts = [bare(part, " -./").upper() for part in text.split("|")]
    if len(parts) == 3 and parts[0] == "US":
        return rtn.is_valid(parts[1]) and bool(re.fullmatch("[A-Z0-9]{4,17}", parts[2])) and bool(
            re.fullmatch("[0-9]{9}", parts[1]))
    if len(parts) == 2 and parts[0] == "AR":
        return bool(re.fullmatch("[0-9]{22}", parts[1])) and cbu.is_valid(parts[1]) and set(parts[1]) != {"0"}
    return None


ALL = [
    Comparison("card-pan", "python-stdnum", card, judge_card),
    Comparison("iban", "schwifty", make_iban, judge_iban,
               # The library also knows territories' own letters; their banks use the letters of France or Britain.
               lambda text, code: code == "unsupported-country"),
    Comparison("legal-entity", "python-stdnum", make_lei, judge_lei,
               # The library takes letters for check digits.
               lambda text, code: code == "structure"),
    Comparison("pix-key", "python-stdnum", pix, judge_pix),
    Comparison("bank-account", "python-stdnum", account, judge_account,
               # The library does not look at the first two digits of a routing number.
               lambda text, code: code == "structure"),
]
