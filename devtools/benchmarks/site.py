"""The served product that goals are measured on, and what else it may ask for."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode

from devtools.benchmarks.database import Database
from devtools.benchmarks.generator.size import DAYS, LAST_DAY
from devtools.benchmarks.goals import Limit
from devtools.benchmarks.timing import Page, Ratio, Timing, take_turns
from devtools.benchmarks.visitors import Visitor, sign_in
from devtools.setup.environment import Project
from devtools.setup.server import gunicorn, listen, wait_until_it_answers

LIST = "/payments/transactions/"
WHY = "/payments/transactions/why/"
SEARCH = "/search/"
EXPORT = "/payments/transactions/export.csv"
DASHBOARD = "/"
CHART = "/chart.json"
FLOOR = "/about/"  # a signed-in page that has the layout and no rows
FLOOR_BEFORE = "/wallets/balance/"  # until it listed the Client's balances; told once to compare
ANY_FREE_PORT = 0
MORE_TURNS = 3

WEEK, YEAR = 7, 364  # days before the last one
EMPTY_DAY = date(2002, 1, 1)  # none of the rows is of it, nor of the year before


@dataclass(frozen=True)
class Server:
    port: int
    pid: int


@dataclass
class Site:
    database: Database
    smaller: Database  # the same with a tenth of the rows
    rows: int
    seconds: float  # that one measurement lasts; 0 only shows that it works
    folder: Path  # for files
    closing: ExitStack = field(repr=False)

    @cached_property
    def server(self) -> Server:
        return self.serve(self.database.project)

    @cached_property
    def visitor(self) -> Visitor:
        return sign_in(self.server.port)

    @cached_property
    def tutorial(self) -> Visitor:
        project = self.database.project
        settings = {"DJANGO_SETTINGS_MODULE": "devtools.benchmarks.tutorial.settings"}
        return self.visit(replace(project, environment=project.environment | settings))

    def visit(self, project: Project) -> Visitor:
        return sign_in(self.serve(project).port)

    def serve(self, project: Project) -> Server:
        return self.closing.enter_context(run_server(project))

    @property
    def rounds(self) -> int:
        return 3 if self.seconds else 1

    @property
    def crowd(self) -> int:
        return 16 if self.seconds else 2

    def take_turns(self, *pages: Page) -> list[Timing]:
        return take_turns(*pages, seconds=self.seconds, least=self.rounds)

    def compare(self, page: Page, other: Page, limit: Limit) -> tuple[list[Timing], Ratio]:
        """Take turns, and more of them, up to a bound, while the interval holds the limit."""
        timings = self.take_turns(page, other)
        for _ in range(MORE_TURNS if self.seconds else 0):
            if not Ratio.of(*timings).holds(limit.number):
                break
            more = self.take_turns(page, other)
            timings = [Timing([*a.seconds, *b.seconds]) for a, b in zip(timings, more, strict=True)]
        return timings, Ratio.of(*timings)

    def take_few_turns(self, *pages: Page) -> list[Timing]:
        return take_turns(*pages, seconds=0, least=self.rounds)


@contextmanager
def run_server(project: Project) -> Iterator[Server]:
    listener = listen(ANY_FREE_PORT)
    port: int = listener.getsockname()[1]
    with gunicorn(listener, project) as server:
        wait_until_it_answers(server, port)
        yield Server(port, server.pid)


def address(path: str, *, days: int = WEEK, **conditions: object) -> str:
    period: dict[str, date] = {"date_from": LAST_DAY - timedelta(days), "date_to": LAST_DAY}
    return f"{path}?{urlencode(conditions | period)}"


def empty_address(path: str, days: int) -> str:
    first = EMPTY_DAY - timedelta(days)
    return f"{path}?{urlencode({'date_from': first, 'date_to': EMPTY_DAY})}"


def days_that_hold(rows: int, site: Site) -> int:
    """Return days of the largest Client, who has 40 % of all."""
    return min(DAYS - 1, round(rows * DAYS / (site.rows * 0.4)))
