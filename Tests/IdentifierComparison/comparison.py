"""One type beside one library."""

import dataclasses
import typing


@dataclasses.dataclass
class Comparison:
    kind: str
    library: str
    # A text, mostly valid, in a spelling that people use.
    generate: typing.Callable
    # Whether the library takes it; None if it has no say.
    judge: typing.Callable
    # Whether a difference is one that Docs/identifiers.md explains, by the text and vaka's code ("" if vaka takes it).
    explains: typing.Callable = lambda text, code: False
    # The library's canonical form of a text that it takes; None if it has no say.
    canonical: typing.Callable = lambda text: None
    # Whether the driver spoils some of the texts; those of some types hold their own faults.
    mutates: bool = True


def digits(source, count):
    return "".join(source.choice("0123456789") for _ in range(count))


def spaced(source, text, every=4):
    """In groups, now and then."""
    if source.random() < 0.7:
        return text
    mark = source.choice([" ", "-"])
    return mark.join(text[start:start + every] for start in range(0, len(text), every))


def bare(text, marks=" -.\t\u00a0\u200b\ufeff"):
    return "".join(character for character in text if character not in marks)
