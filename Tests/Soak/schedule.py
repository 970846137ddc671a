"""What happens when, as a function of the seed alone: the same seed is the same load and the same faults."""

import collections
import random

Event = collections.namedtuple("Event", "at kind data")

# How often each fault is drawn, and for how many seconds it lasts.
FAULTS = {
    "kill": (5, (0.5, 8)), "freeze": (4, (2, 12)), "partition": (3, (4, 20)), "one-way": (3, (4, 20)),
    "isolate": (3, (4, 20)), "lossy": (2, (4, 15)), "full-disk": (2, (4, 12)), "clock": (3, (3, 15)),
}
CLOCK_STEPS = (-86_400, -3_600, -90, -5, 5, 90, 3_600, 86_400)
LOADS = {"add": 5, "import": 3, "withdraw": 4}


class Schedule:
    """Events in the order of time. A node has one fault of its own at a time; cuts of the network may overlap."""

    def __init__(self, seed, coalitions, seconds, kinds, small_disk, skewed, loads_per_second):
        self.random, self.seconds, self.events = random.Random(seed), seconds, []
        self.coalitions = list(coalitions)
        self.busy_until = dict.fromkeys(self.coalitions, 0.0)
        self.small_disk, self.skewed = small_disk, skewed
        self.load(loads_per_second)
        # A small alliance is not hit more often than one fault in two seconds, a large one with one a second.
        self.faults([kind for kind in FAULTS if kind in kinds], 0.5 if len(coalitions) < 20 else 1)
        self.events.sort(key=lambda event: event.at)

    def add(self, at, kind, **data):
        self.events.append(Event(at, kind, data))

    def load(self, per_second):
        at, number = 0.0, 0
        while (at := at + self.random.expovariate(per_second)) < self.seconds:
            number += 1
            kind = self.random.choices(list(LOADS), LOADS.values())[0]
            data = {"rows": self.random.choice((5, 40, 300))} if kind == "import" else {}
            self.add(at, kind, coalition=self.random.choice(self.coalitions), number=number,
                     draw=self.random.randrange(1 << 30), **data)

    def faults(self, kinds, per_second):
        at = 2.0
        while (at := at + self.random.expovariate(per_second)) < self.seconds - 2:
            kind = self.random.choices(kinds, [FAULTS[one][0] for one in kinds])[0]
            end = min(at + self.random.uniform(*FAULTS[kind][1]), self.seconds)
            getattr(self, kind.replace("-", "_"))(kind, at, end)

    def one_free(self, at, end, coalitions):
        free = [coalition for coalition in coalitions if self.busy_until[coalition] < at]
        if not free:
            return None
        coalition = self.random.choice(free)
        self.busy_until[coalition] = end + 0.5
        return coalition

    def on_node(self, kind, at, end, coalitions=None, **data):
        coalition = self.one_free(at, end, coalitions or self.coalitions)
        if coalition:
            self.add(at, kind, coalition=coalition, **data)
            self.add(end, f"end-{kind}", coalition=coalition)

    kill = freeze = on_node

    def full_disk(self, kind, at, end):
        self.on_node(kind, at, end, [self.small_disk])

    def clock(self, kind, at, end):
        self.on_node(kind, at, end, [self.skewed], seconds=self.random.choice(CLOCK_STEPS))

    def between(self, kind, at, end, pairs, **data):
        self.add(at, kind, pairs=pairs, **data)
        self.add(end, f"end-{kind}", pairs=pairs)

    def partition(self, kind, at, end):
        apart = set(self.random.sample(self.coalitions, self.random.randint(1, len(self.coalitions) // 2)))
        across = [(a, b) for a in self.coalitions for b in self.coalitions if (a in apart) != (b in apart)]
        self.between(kind, at, end, across)

    def one_way(self, kind, at, end):
        """Some cannot make themselves heard by others, whom they hear."""
        mute = self.random.sample(self.coalitions, max(1, len(self.coalitions) // 4))
        deaf = [one for one in self.coalitions if one not in mute and self.random.random() < 0.7]
        self.between(kind, at, end, [(a, b) for a in mute for b in deaf])

    def isolate(self, kind, at, end):
        alone = self.random.choice(self.coalitions)
        others = [one for one in self.coalitions if one != alone]
        self.between(kind, at, end, [(alone, one) for one in others] + [(one, alone) for one in others])

    def lossy(self, kind, at, end):
        bad = self.random.choice(self.coalitions)
        self.between(kind, at, end, [(bad, one) for one in self.coalitions if one != bad],
                     share=self.random.choice((0.02, 0.1, 0.3)))
