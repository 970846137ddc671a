"""The same screening by others. Each answers with seconds and with row and type of every hit."""

import csv
import hashlib
import shutil
import socket
import subprocess
import tempfile
import time

from tables import identifiers

KEY = bytes(range(32))
INNER = bytes(byte ^ 0x36 for byte in KEY.ljust(64, b"\0"))
OUTER = bytes(byte ^ 0x5C for byte in KEY.ljust(64, b"\0"))
# Suite, type number, version of the canonical form, no scheme, and the high byte of the length: as Vaka digests.
HEADS = {"merchant-id": bytes([1, 0, 4, 1, 0, 0]), "iban": bytes([1, 0, 2, 1, 0, 0])}


class DuckDB:
    """HMAC-SHA-256 in SQL, from sha256() with the two pads before message and inner hash. No check digits: only letters and zeros."""

    name, is_slow, keeps_order = "DuckDB", False, False
    FORMS = {
        "merchant-id": "ltrim(trim(acquirer), '0') || '|' || upper(ltrim(trim(acceptor), '0 '))",
        "iban": "upper(replace(account, ' ', ''))",
    }

    def __init__(self, folder, list_path):
        import duckdb
        self.path = str(folder / f"{type(self).__name__}.duckdb")
        with duckdb.connect(self.path) as connection:
            rows = f"read_csv('{list_path}', all_varchar = true, header = true, delim = ',')"
            selects = " UNION ALL ".join(f"SELECT {self.digest(kind)} AS digest FROM {rows}" for kind in self.FORMS)
            connection.execute(f"CREATE TABLE listed AS {selects}")

    def digest(self, kind):
        form = self.FORMS[kind]
        message = f"{blob(INNER + HEADS[kind])} || encode(chr(strlen({form})::INTEGER) || {form})"
        return f"sha256({blob(OUTER)} || unhex(sha256({message})))"

    def screen(self, payments, kinds):
        import duckdb
        rows = f"read_csv('{payments}', all_varchar = true, header = true, delim = ',')"
        selects = " UNION ALL ".join(
            f"SELECT payment, '{kind}' FROM {rows} WHERE {self.digest(kind)} IN (SELECT digest FROM listed)"
            for kind in kinds)
        started = time.monotonic()
        with duckdb.connect(self.path, read_only=True, config={"threads": 2}) as connection:
            found = connection.execute(selects).fetchall()
        return time.monotonic() - started, [(int(row), kind) for row, kind in found]

    def end(self):
        pass


class DuckDBOnce(DuckDB):
    """The same with the file read once for both columns."""

    name = "DuckDB, one pass"

    def screen(self, payments, kinds):
        import duckdb
        rows = f"read_csv('{payments}', all_varchar = true, header = true, delim = ',')"
        digests = ", ".join(f"{self.digest(kind)} AS d{place}" for place, kind in enumerate(kinds))
        joins = " ".join(
            f"LEFT JOIN (SELECT digest FROM listed) l{place} ON l{place}.digest = d{place}" for place in range(len(kinds)))
        marks = ", ".join(f"l{place}.digest IS NOT NULL" for place in range(len(kinds)))
        wanted = " OR ".join(f"l{place}.digest IS NOT NULL" for place in range(len(kinds)))
        query = f"SELECT payment, {marks} FROM (SELECT payment, {digests} FROM {rows}) {joins} WHERE {wanted}"
        started = time.monotonic()
        with duckdb.connect(self.path, read_only=True, config={"threads": 2}) as connection:
            found = connection.execute(query).fetchall()
        seconds = time.monotonic() - started
        return seconds, [(int(row[0]), kind) for row in found for kind, mark in zip(kinds, row[1:]) if mark]


class PythonSet:
    """Digests in a set; the states after the pads are kept, which is quicker than the module hmac."""

    name, is_slow, keeps_order = "Python set", True, True

    def __init__(self, folder, list_path):
        with open(list_path, newline="") as file:
            rows = csv.reader(file)
            next(rows)
            self.listed = {digest(kind, text) for row in rows for kind, text in identifiers(["", *row[:2], "", row[2]])}

    def screen(self, payments, kinds):
        started = time.monotonic()
        with open(payments, newline="") as file:
            rows = csv.reader(file)
            next(rows)
            hits = [(int(row[0]), kind) for row in rows for kind, text in identifiers(row)
                    if digest(kind, text) in self.listed]
        return time.monotonic() - started, hits

    def end(self):
        self.listed = set()


class Redis:
    """Digests made by Python, asked for with SMISMEMBER, a thousand at a time, ten questions on the way."""

    name, is_slow, keeps_order = "Redis", True, True
    BATCH, AHEAD = 1_000, 10

    def __init__(self, folder, list_path):
        self.folder = tempfile.mkdtemp(prefix="vaka-redis-")
        path = self.folder + "/socket"
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", self.folder],
            stdout=subprocess.DEVNULL)
        self.socket = socket.socket(socket.AF_UNIX)
        while self.socket.connect_ex(path) != 0:
            time.sleep(0.05)
        self.answers = self.socket.makefile("rb")
        listed = list(PythonSet(folder, list_path).listed)
        for start in range(0, len(listed), self.BATCH):
            self.socket.sendall(command(b"SADD", listed[start:start + self.BATCH]))
            self.answers.readline()

    @staticmethod
    def installed():
        return shutil.which("redis-server") is not None

    def screen(self, payments, kinds):
        started = time.monotonic()
        hits, waiting, asked, digests = [], [], [], []

        def take():
            places = waiting.pop(0)
            self.answers.readline()
            hits.extend(place for place in places if self.answers.readline() == b":1\r\n")

        def ask():
            self.socket.sendall(command(b"SMISMEMBER", digests))
            waiting.append(list(asked))
            asked.clear(), digests.clear()
            if len(waiting) > self.AHEAD:
                take()

        with open(payments, newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for row in rows:
                for kind, text in identifiers(row):
                    asked.append((int(row[0]), kind))
                    digests.append(digest(kind, text))
                if len(digests) >= self.BATCH:
                    ask()
        if digests:
            ask()
        while waiting:
            take()
        return time.monotonic() - started, hits

    def end(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def command(name, members):
    parts = [name, b"listed", *members]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


inner_state, outer_state = hashlib.sha256(INNER), hashlib.sha256(OUTER)


def digest(kind, text):
    inner, outer = inner_state.copy(), outer_state.copy()
    value = text.encode()
    inner.update(HEADS[kind] + bytes([len(value)]) + value)
    outer.update(inner.digest())
    return outer.digest()


def blob(data):
    return "'" + "".join(f"\\x{byte:02X}" for byte in data) + "'::BLOB"
