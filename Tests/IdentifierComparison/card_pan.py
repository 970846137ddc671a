"""Card numbers (ISO/IEC 7812-1) beside the Luhn formula of python-stdnum."""

import random

from stdnum import luhn

LIBRARY = "python-stdnum"

PREFIXES = ["4", "51", "55", "2221", "34", "37", "6011", "65", "3528", "36", "62", "50", "9792", "0", "8"]


def generate(source: random.Random) -> str:
    length = source.choice([12, 13, 14, 15, 16, 16, 16, 16, 16, 19])
    body = source.choice(PREFIXES)
    body += "".join(source.choice("0123456789") for _ in range(length - 1 - len(body)))
    number = body + luhn.calc_check_digit(body)
    if source.random() < 0.35:
        number = mutated(number, source)
    shape = source.random()
    if shape < 0.3:
        number = source.choice([" ", "-"]).join(number[place : place + 4] for place in range(0, len(number), 4))
    elif shape < 0.35:
        number = " " + number + " "
    return number


def mutated(number: str, source: random.Random) -> str:
    place = source.randrange(len(number))
    kind = source.randrange(5)
    if kind == 0:
        return number[:place] + source.choice("0123456789") + number[place + 1 :]
    if kind == 1:
        return number[:place] + number[place + 1 :]
    if kind == 2:
        return number[:place] + source.choice("*xO.") + number[place + 1 :]
    if kind == 3:
        return number[:place] + number[place : place + 2][::-1] + number[place + 2 :]
    return number[0] * len(number)


def judge(text: str) -> bool | None:
    number = text.strip().replace(" ", "").replace("-", "")
    if not number.isascii() or not 12 <= len(number) <= 19:
        return False
    # Luhn's formula says nothing of the first digit or of fillers.
    if number.startswith("0") or len(set(number)) == 1:
        return None
    return luhn.is_valid(number)
