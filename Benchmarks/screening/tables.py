"""A list of indicators and tables of payments, all made up, and what a plain reading finds in them."""

import csv
import random

HIT_EVERY = 100


def iban(number):
    account = f"{10_000_000 + number % 97:08d}{number:010d}"
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def merchant(number):
    return str(400_000 + number % 97), f"SHOP{number:011d}"


def write_list(path, indicators):
    """Half of them merchants, half accounts."""
    with open(path, "w") as file:
        file.write("acquirer,acceptor,account\n")
        for number in range(indicators // 2):
            file.write(f"{','.join(merchant(number))},{iban(number)}\n")


def write_payments(path, rows, indicators, with_account, seed):
    """About one in a hundred of either is listed; a quarter is written as other systems write it."""
    draw = random.Random(seed)
    listed = indicators // 2
    with open(path, "w") as file:
        file.write("payment,acquirer,acceptor,amount" + (",account" if with_account else "") + "\n")
        for row in range(rows):
            acquirer, acceptor = merchant(number(draw, listed))
            if draw.random() < 0.25:
                acquirer, acceptor = acquirer.zfill(11), acceptor.lower()
            line = f"{row},{acquirer},{acceptor},{draw.randrange(100, 99999)}"
            if with_account:
                account = iban(number(draw, listed))
                if draw.random() < 0.25:
                    account = " ".join(account[start:start + 4] for start in range(0, len(account), 4))
                line += f",{account}"
            file.write(line + "\n")


def number(draw, listed):
    return draw.randrange(listed) if draw.randrange(HIT_EVERY) == 0 else draw.randrange(listed, 900_000_000)


def identifiers(row):
    """The canonical forms in a row of payments, by column, written a second time and without our code."""
    yield "merchant-id", f"{row[1].strip().lstrip('0')}|{row[2].strip().lstrip('0 ').upper()}"
    if len(row) > 4:
        yield "iban", row[4].replace(" ", "").upper()


def plain_hits(list_path, payments_path):
    """Row and type of every hit, by comparing texts, on all rows."""
    listed = set()
    with open(list_path, newline="") as file:
        for acquirer, acceptor, account in list(csv.reader(file))[1:]:
            listed.add(("merchant-id", f"{acquirer}|{acceptor}"))
            listed.add(("iban", account))
    hits = []
    with open(payments_path, newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            hits += [(int(row[0]), kind) for kind, text in identifiers(row) if (kind, text) in listed]
    return hits
