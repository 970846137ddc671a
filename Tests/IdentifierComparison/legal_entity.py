"""Legal entity identifiers (ISO 17442) beside python-stdnum."""

import random

from stdnum import lei
from stdnum.iso7064 import mod_97_10

LIBRARY = "python-stdnum"

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def generate(source: random.Random) -> str:
    body = "".join(source.choice(CHARACTERS) for _ in range(18))
    number = body + mod_97_10.calc_check_digits(body)
    if source.random() < 0.4:
        number = mutated(number, source)
    shape = source.random()
    if shape < 0.2:
        number = number.lower()
    elif shape < 0.4:
        number = source.choice([" ", "-"]).join(number[place : place + 4] for place in range(0, len(number), 4))
    return number


def mutated(number: str, source: random.Random) -> str:
    place = source.randrange(len(number))
    kind = source.randrange(5)
    if kind == 0:
        return number[:place] + source.choice(CHARACTERS) + number[place + 1 :]
    if kind == 1:
        return number[:place] + number[place + 1 :]
    if kind == 2:
        return number[:18] + source.choice(["00", "01", "99", "02", "98"])
    if kind == 3:
        return number[:place] + source.choice("._/É") + number[place + 1 :]
    # The same remainder by other check digits.
    check = int(number[18:])
    return number[:18] + f"{check - 97 if check >= 97 else check + 97:02d}"[-2:]


def judge(text: str) -> bool | None:
    try:
        number = lei.compact(text)
    except Exception:
        return False
    # python-stdnum asks the remainder alone: neither the length, nor that the last two are digits, nor which digits.
    if len(number) != 20 or not number[18:].isdigit() or number[18:] in ("00", "01", "99"):
        return None
    return lei.is_valid(text)
