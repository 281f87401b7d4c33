"""Batches of requests, each on a database put back and on visitors signed in anew.

A batch is repeated by its seed and number: the same requests in the same order.
"""

import logging
import time
import traceback

import time_machine
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.test.utils import override_settings
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings

from benchmarks.generator.size import LAST_DAY
from paykassma_admin.wsgi import application
from tests.factories import worker
from tests.hostile import asking
from tests.hostile.cast import Cast, Kept
from tests.hostile.judging import wrong
from tests.hostile.offers import Offers, addresses, kind_of, offers
from tests.hostile.tally import BATCH, Finding, Tally
from tests.hostile.wire import Asked, ask

DUTIES = ("/security/", "/security/password/")  # where they are done
QUICK_PASSWORDS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Attack:
    """Everything that a process needs for its batches, on a database of its own."""

    def __init__(self, database, seed):
        self.seed = seed
        time_machine.travel(f"{LAST_DAY}T12:00:00+00:00", tick=True).start()
        override_settings(PASSWORD_HASHERS=QUICK_PASSWORDS).enable()
        logging.disable(logging.CRITICAL)
        self.https = settings.SERVED_OVER_HTTPS
        self.cast = Cast()
        self.kept = Kept(database.connect())
        self.put_back(lately=True)
        names = {
            "sessionid": settings.SESSION_COOKIE_NAME,
            "csrftoken": settings.CSRF_COOKIE_NAME,
        }
        self.requests = asking.requests(self.offers(), names)
        self.raised = []
        got_request_exception.connect(self.remember, weak=False)

    def remember(self, **_sent):
        self.raised.append(traceback.format_exc(limit=-4))

    def put_back(self, *, lately):
        self.kept.put_back()
        cache.clear()
        ContentType.objects.clear_cache()
        self.cast.sign_in(lately=lately)

    def offers(self):
        with worker():
            every = sorted(set(addresses(self.cast.ids)))
        found = [
            offer
            for visitor in self.cast.cookies
            for offer in offers(visitor, every, lambda path, who=visitor: self.html(who, path))
        ]
        inside = [o for o in found if o.path.startswith("/admin/") and o.visitor == "administrator"]
        pages = [offer for offer in found if not offer.path.startswith("/admin/")]
        return {"pages": Offers(pages), "back office": Offers(inside)}

    def html(self, visitor, path):
        answer = ask(
            application,
            Asked(visitor, "GET", path.encode()),
            self.cast.cookies[visitor],
            https=self.https,
        )
        return answer.body.decode() if answer.kind == "text/html" else ""

    def run(self, number, *, most=BATCH):
        self.put_back(lately=number % 2 == 0)
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
        self.raised.clear()
        tally.requests += 1
        try:
            answer = self.ask(asked)
        except Exception:
            self.found("raises", asked, traceback.format_exc(), tally)
            return
        tally.statuses[answer.status] += 1
        tally.kinds[area(asked)] += 1
        tally.answering += answer.seconds
        tally.longest = max(tally.longest, answer.seconds)
        for what in wrong(asked, answer, self.cast.clients.get(asked.visitor)):
            self.found(what, asked, "\n".join(self.raised), tally)
        self.cast_stays(asked, answer)

    def found(self, what, asked, raised, tally):
        reason = raised.strip().rpartition("\n")[2].partition(":")[0]
        where = f"{asked.method} {'/'.join(kind_of(asked)[1].split('/')[:4])} {reason}"
        tally.findings.append(Finding(what, where, f"{asked}\n{raised}"))

    def ask(self, asked):
        """What takes long is asked twice: the machine may have slept."""
        cookies = self.cast.cookies[asked.visitor]
        if asked.visitor == "key" and "Authorization" not in asked.headers:
            asked.headers["Authorization"] = f"Bearer {self.cast.key}"
        answer = ask(application, asked, cookies, https=self.https)
        if answer.seconds > 1:
            answer = ask(application, asked, cookies, https=self.https)
        return answer

    def cast_stays(self, asked, answer):
        """Who was shut out is put back; whose session has ended, or has a duty, signs in again."""
        if asked.method == "POST" and not self.cast.is_whole:
            self.put_back(lately=self.cast.lately)
        location = answer.headers.get("location", "")
        if location.startswith("/login/") or location in DUTIES:
            self.cast.sign_in_again(asked.visitor)


def area(asked):
    first = asked.path.split(b"/")[1:2] or [b""]
    return f"/{first[0].decode('ascii', 'replace')}" if len(first[0]) < 14 else "/…"
