"""Every change that a node has acknowledged, and what must be true of it at every node in the end."""

import threading


class Promises:
    """Of one coalition. What a command did that was not answered is unknown: it may be there or not."""

    def __init__(self):
        self.lock = threading.Lock()
        self.listed, self.gone, self.unknown = set(), set(), set()
        # Imports by case reference: rows in the file, and how many of them were acknowledged.
        self.imports = {}
        self.unanswered_adds = 0
        self.acknowledged = self.unanswered = 0

    def add(self, run):
        answer = run.json if run.status == 0 else None
        with self.lock:
            if answer is None:
                self.unanswered += 1
                self.unanswered_adds += 1
                return
            self.acknowledged += 1
            self.unknown.discard(answer["reference"])
            self.listed.add(answer["reference"])

    def importing(self, run, case, rows):
        answer = run.json if run.status == 0 else None
        with self.lock:
            self.imports[case] = (rows, answer["acknowledged"] if answer else 0)
            self.acknowledged += answer["acknowledged"] if answer else 0
            self.unanswered += answer is None

    def choose(self, draw):
        """A listing to withdraw, or None."""
        with self.lock:
            choice = sorted(self.listed)
            return choice[draw % len(choice)] if choice else None

    def withdraw(self, reference, run):
        with self.lock:
            self.listed.discard(reference)
            if run.status == 0:
                self.acknowledged += 1
                self.gone.add(reference)
            else:
                self.unanswered += 1
                self.unknown.add(reference)

    def judge(self, listings):
        """What is wrong with what another node lists of this coalition: plain lines, none if all is well."""
        singles = {one["reference"] for one in listings if not one.get("case-reference")}
        cases = {}
        for one in listings:
            if one.get("case-reference"):
                cases[one["case-reference"]] = cases.get(one["case-reference"], 0) + 1
        wrong = [f"{reference} was acknowledged and is lost" for reference in sorted(self.listed - singles)]
        wrong += [f"{reference} was withdrawn and is back" for reference in sorted(self.gone & singles)]
        strangers = len(singles - self.listed - self.unknown - self.gone)
        if strangers > self.unanswered_adds:
            wrong.append(f"{strangers} listings that nobody made, where at most {self.unanswered_adds} are unanswered")
        for case, (rows, acknowledged) in self.imports.items():
            if not acknowledged <= cases.get(case, 0) <= rows:
                wrong.append(f"{case}: {acknowledged} of {rows} rows were acknowledged, {cases.get(case, 0)} are there")
        wrong += [f"{case} is a case that nobody imported" for case in sorted(set(cases) - set(self.imports))]
        return wrong
