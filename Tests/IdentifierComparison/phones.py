"""Telephone numbers of wallets."""

import phonenumbers
from comparison import Comparison, digits
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumberType, ValidationResult

CODES = sorted(code for code, regions in COUNTRY_CODE_TO_REGION_CODE.items() if regions != ("001",))
KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)


def number(source):
    code = source.choice(CODES)
    region = source.choice([one for one in COUNTRY_CODE_TO_REGION_CODE[code] if one != "001"])
    example = phonenumbers.example_number_for_type(region, source.choice(KINDS)) or phonenumbers.example_number(region)
    form = source.choice([phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL])
    return f"{source.choice(['swish', 'gcash', 'mpesa'])}|{phonenumbers.format_number(example, form)}"


def judge(text):
    scheme, bar, written = text.partition("|")
    if scheme.lower() not in ("swish", "gcash", "mpesa") or not bar:
        return None
    written = written.strip(" ")
    if not all(character.isascii() and (character.isdigit() or character in "+ -./()") for character in written) or (
            "+" in written[1:]):
        return None
    if not written.startswith("+"):
        return None
    try:
        parsed = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException:
        return False
    return any(
        phonenumbers.is_possible_number_for_type_with_reason(parsed, kind) == ValidationResult.IS_POSSIBLE for kind in KINDS)


def explains(text, code):
    # The library repairs what is dialled wrongly (a trunk 0 after the country code, a prefix of a carrier), and knows
    # lengths by area; an identifier is taken as it is written or not at all.
    return code in ("structure", "length") or code == ""


ALL = [Comparison("phone-wallet", "phonenumbers", number, judge, explains)]
