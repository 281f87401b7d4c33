"""Results of a run, without Django: the counting process has none."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

BATCH = 1_000  # requests


class Finding(NamedTuple):
    what: str
    where: str  # the same for the same fault
    told: str


@dataclass
class Tally:
    requests: int = 0
    repeats: int = 0  # of what took long
    seconds: float = 0
    answering: float = 0  # of the seconds
    longest: float = 0
    statuses: Counter[Any] = field(default_factory=Counter)
    kinds: Counter[Any] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other):
        self.requests += other.requests
        self.repeats += other.repeats
        self.seconds += other.seconds
        self.answering += other.answering
        self.longest = max(self.longest, other.longest)
        self.statuses += other.statuses
        self.kinds += other.kinds
        self.findings += other.findings


def summarize(tally):
    common = ", ".join(f"{status} {count:,}" for status, count in tally.statuses.most_common(8))
    return (
        f"{tally.requests:,} requests, {tally.requests / (tally.seconds or 1):.0f}/s a process,"
        f" {tally.answering / (tally.seconds or 1):.0%} of the time in answers,"
        f" longest {tally.longest:.2f} s, {tally.repeats} asked twice,"
        f" {len(tally.findings)} findings; {common}"
    )


def log(sentence):
    print(sentence, flush=True)
