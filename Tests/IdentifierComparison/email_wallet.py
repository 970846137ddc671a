"""Mail addresses of wallets beside email-validator."""

import random

from email_validator import EmailNotValidError, validate_email

LIBRARY = "email-validator"

LOCALS = ["seller", "Seller", "first.last", "first+tag", "o'hara", "a", "a_b-c", "1", "x" * 64, "!#$%&", "a{b}|c"]
BAD_LOCALS = ["", ".a", "a.", "a..b", "a b", '"a b"', "sé", "x" * 65, "a(b)", "a,b", "a<b"]
DOMAINS = ["example.com", "Example.COM", "bücher.example", "xn--bcher-kva.example", "mail.shop.example", "faß.example"]
BAD_DOMAINS = [
    "", "localhost", "192.0.2.1", "[192.0.2.1]", "-a.example", "a_b.example", "a..example", "example.com.", "a@b.example",
]
SCHEMES = ["paypal", "PayPal", "skrill", "a2", "pay-service"]


def generate(source: random.Random) -> str:
    fate = source.random()
    local = source.choice(BAD_LOCALS if fate < 0.2 else LOCALS)
    domain = source.choice(BAD_DOMAINS if 0.15 < fate < 0.35 else DOMAINS)
    bar = source.choice(["|", "|", " | "])
    return f"{source.choice(SCHEMES)}{bar}{local}@{domain}"


def judge(text: str) -> bool | None:
    address = text.split("|", 1)[1].strip()
    try:
        # Strict is where the library keeps to 64 characters before the at sign.
        validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True)
        return True
    except EmailNotValidError:
        return False
