"""Batches of requests, each on a restored database with new sessions.

A batch is repeated by its seed and number: the same requests in the same order.
"""

import time
import traceback
from dataclasses import replace

import time_machine
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.test.utils import override_settings
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings

from devtools.benchmarks.generator.size import LAST_DAY
from paykassma_admin.wsgi import application
from tests.hostile import requests
from tests.hostile.findings import find_faults
from tests.hostile.logs import log_into_nothing
from tests.hostile.offers import kind_of
from tests.hostile.reach import collect_offers, group_by_kind
from tests.hostile.tally import BATCH, Finding, Tally
from tests.hostile.visitors.cast import Cast
from tests.hostile.visitors.factors import insert_right_code
from tests.hostile.visitors.rows import MARK_TRANSACTIONS
from tests.hostile.visitors.snapshot import Snapshot
from tests.hostile.wire import HostileRequest, ask

REQUIRED_ACTIONS = ("/security/", "/security/password/")
QUICK_PASSWORDS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LONG = 1  # second


class Attack:
    def __init__(self, database, seed):
        self.seed = seed
        time_machine.travel(f"{LAST_DAY}T12:00:00+00:00", tick=True).start()
        override_settings(PASSWORD_HASHERS=QUICK_PASSWORDS).enable()
        self.raised = []
        log_into_nothing(self.remember)
        self.https = settings.SERVED_OVER_HTTPS
        self.cast = Cast()
        self.snapshot = Snapshot(database.connect())
        self.snapshot.connection.execute(MARK_TRANSACTIONS)
        self.snapshot.connection.execute("vacuum (full, analyze) transactions_transaction")
        self.restore(lately=True)
        names = {
            "sessionid": settings.SESSION_COOKIE_NAME,
            "csrftoken": settings.CSRF_COOKIE_NAME,
        }
        self.requests = requests.requests(
            group_by_kind(collect_offers(self.cast, self.html)), names
        )
        got_request_exception.connect(self.remember, weak=False)

    def remember(self, **_sent):
        self.raised.append(traceback.format_exc(limit=-4))

    def restore(self, *, lately):
        self.snapshot.restore()
        cache.clear()
        ContentType.objects.clear_cache()
        self.cast.sign_in(lately=lately)

    def html(self, visitor, path):
        path, _, query = path.partition("?")
        answer = self.ask(HostileRequest(visitor, "GET", path.encode(), query))
        return answer.body.decode() if answer.kind == "text/html" else ""

    def run(self, number, *, most=BATCH):
        self.restore(lately=number % 2 == 0)
        tally = Tally()

        @seed(self.seed * 1_000_000 + number)
        @hypothesis_settings(
            max_examples=most,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(self.requests)
        def try_out(asked):
            self.try_out(asked, tally)

        started = time.perf_counter()
        try_out()
        tally.seconds = time.perf_counter() - started
        return tally

    def try_out(self, asked, tally):
        tally.requests += 1
        tally.kinds[area(asked)] += 1
        answer = self.answer(asked, tally)
        if answer and answer.seconds > LONG and asked.method != "POST":
            # The machine may have slept: its time is judged by that of a second, and nothing else.
            # A POST is asked once: a second would meet what the first has changed.
            tally.repeats += 1
            self.judge(asked, replace(answer, seconds=0), tally)
            answer = self.answer(asked, tally)
        if answer:
            self.judge(asked, answer, tally)
            self.restore_cast(asked, answer)

    def answer(self, asked, tally):
        """Return None if the application raises."""
        self.raised.clear()
        try:
            answer = self.ask(asked)
        except Exception:
            self.add_finding("raises", asked, traceback.format_exc(), tally)
            return None
        tally.answering += answer.seconds
        return answer

    def judge(self, asked, answer, tally):
        tally.statuses[answer.status] += 1
        tally.longest = max(tally.longest, answer.seconds)
        raised = "\n".join(self.raised)
        for what in find_faults(asked, answer, self.cast.clients.get(asked.visitor)):
            self.add_finding(what, asked, raised, tally)
        if self.raised and answer.status < 500:
            self.add_finding("raises, and does not say so", asked, raised, tally)

    def add_finding(self, what, asked, raised, tally):
        reason = raised.strip().rpartition("\n")[2].partition(":")[0]
        where = f"{asked.method} {'/'.join(kind_of(asked)[1].split('/')[:4])} {reason}"
        tally.findings.append(Finding(what, where, f"{asked}\n{raised}"))

    def ask(self, asked):
        key = self.cast.keys.get(asked.visitor)
        if key and "Authorization" not in asked.headers:
            asked = replace(asked, headers=asked.headers | {"Authorization": f"Bearer {key}"})
        cookies = self.cast.cookies_for(asked)
        asked = insert_right_code(asked, cookies, self.cast.secrets)
        return ask(application, asked, cookies, https=self.https)

    def restore_cast(self, asked, answer):
        """Restore visitors who lost access, and sign in those whose session has ended."""
        self.cast.follow(asked, answer)
        if answer.status == 429 or (asked.method == "POST" and not self.snapshot.is_whole):
            self.restore_people()
        location = answer.headers.get("location", "")
        is_required = location in REQUIRED_ACTIONS and asked.visitor != "newcomer"
        if location.startswith("/login/") or is_required or looks_elsewhere(asked, location):
            self.cast.sign_in_again(asked.visitor)

    def restore_people(self):
        cache.clear()  # it counts attempts, and remembers codes that were used
        if not self.snapshot.has_restored_people():
            self.restore(lately=self.cast.lately)


def looks_elsewhere(asked, location):
    """Return whether the onlooker may have changed Clients, which the rules do not follow."""
    return asked.visitor == "onlooker" and asked.method == "POST" and bool(location)


def area(asked):
    first = asked.path.split(b"/")[1:2] or [b""]
    return f"/{first[0].decode('ascii', 'replace')}" if len(first[0]) < 14 else "/…"
