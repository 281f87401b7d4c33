"""The pages of jobs: who sees them, who cancels, and how they refresh."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.roles import Role
from audit.models import AuditEvent
from jobs import actions
from jobs.actions import make_job
from jobs.models import Job, State
from jobs.views import MAX_LISTED
from tests.support import factories
from tests.support.factories import make_member, seeing, worker
from tests.support.pages import words

pytestmark = pytest.mark.django_db
POLLS, REFRESHES = "every 2s", 'http-equiv="refresh"'


@pytest.fixture
def olga(alice):
    """Alice's colleague, an operator."""
    return make_member("olga", client=alice.client, role=Role.OPERATOR)


@pytest.fixture
def running(alice, register):
    register(None)
    with worker():
        job = factories.make_job(alice, state=State.RUNNING, done=250, total=1000)
        Job.unscoped.filter(pk=job.pk).update(
            started_at=F("made_at"), heartbeat_at=F("made_at") + timedelta(seconds=25)
        )
    return job


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def change(job, **fields):
    with worker():
        Job.unscoped.filter(pk=job.pk).update(**fields)


def read(job):
    with worker():
        return Job.unscoped.get(pk=job.pk)


def test_running_job_shows_how_far_it_is(as_alice, running):
    page = as_alice.get(f"/jobs/{running.pk}/")

    assertContains(page, 'value="25"')
    assert "250 из 1 000 · 10 в секунду · осталось около 1 мин 15 с" in words(page).replace(
        "\xa0", " "
    )


@pytest.mark.parametrize("address", ["/jobs/", "/jobs/{pk}/"])
def test_page_refreshes_while_a_job_is_open(as_alice, running, address):
    page = as_alice.get(address.format(pk=running.pk))
    assertContains(page, POLLS)
    assertContains(page, REFRESHES)

    change(running, state=State.DONE, ended_at=F("made_at"))

    page = as_alice.get(address.format(pk=running.pk))
    assertNotContains(page, POLLS)
    assertNotContains(page, REFRESHES)


def test_page_that_refreshes_keeps_no_session_alive(as_alice, running):
    later = timedelta(minutes=5)
    assertContains(as_alice.get("/jobs/"), "url=?automatic=yes")
    session = as_alice.session
    session.seen_at = None
    seen_at = session.get_model_class().objects.get().seen_at
    session.get_model_class().objects.update(seen_at=seen_at - later)

    as_alice.get("/jobs/?automatic=yes")
    assert session.get_model_class().objects.get().seen_at == seen_at - later

    as_alice.get("/jobs/")
    assert session.get_model_class().objects.get().seen_at > seen_at - later


def test_open_jobs_stand_first(as_alice, running):
    with worker():
        factories.make_job(running.made_by, state=State.DONE, ended_at=timezone.now())

    jobs = as_alice.get("/jobs/").context["jobs"]

    assert [job.state for job in jobs] == [State.RUNNING, State.DONE]


def test_failed_job_says_why(as_alice, running):
    change(
        running,
        state=State.FAILED,
        ended_at=F("made_at"),
        reason="It was interrupted %(times)s times and did not get on.",
        reason_values={"times": 5},
    )

    assert "Её прерывали 5 раз подряд" in words(as_alice.get("/jobs/"))


def test_no_jobs_are_told(as_alice):
    assert "За последние 30 дней задач не было." in words(as_alice.get("/jobs/"))


def test_many_jobs_are_cut_and_told(as_alice, alice):
    with worker():
        Job.unscoped.bulk_create(
            Job(client=alice.client, kind="count", actor="alice", made_by=alice)
            for _job in range(MAX_LISTED + 1)
        )

    page = as_alice.get("/jobs/")

    assert len(page.context["jobs"]) == MAX_LISTED
    assert "Показаны только 100 самых новых." in words(page)


def test_operator_sees_a_colleagues_job(client, olga, running):
    client.force_login(olga)

    assert client.get(f"/jobs/{running.pk}/").status_code == 200
    assertContains(client.get("/jobs/"), f"/jobs/{running.pk}/")


def test_auditor_sees_no_jobs(client, bob, running):
    client.force_login(bob)

    assert client.get("/jobs/").status_code == 403
    assert client.get(f"/jobs/{running.pk}/").status_code == 403
    assertNotContains(client.get("/"), 'href="/jobs/"')


def test_stranger_sees_no_job(client, charlie, running):
    client.force_login(charlie)

    assert client.get(f"/jobs/{running.pk}/").status_code == 404
    assert client.post(f"/jobs/{running.pk}/cancel/").status_code == 404
    assertNotContains(client.get("/jobs/"), f"/jobs/{running.pk}/")
    assert read(running).cancel_asked_at is None


def test_upkeep_is_on_no_page(as_alice, register):
    register(None, "upkeep")
    upkeep = factories.make_job(None, "upkeep")

    assert as_alice.get(f"/jobs/{upkeep.pk}/").status_code == 404
    assertNotContains(as_alice.get("/jobs/"), f"/jobs/{upkeep.pk}/")


def test_maker_cancels(as_alice, alice, running):
    assertContains(as_alice.get(f"/jobs/{running.pk}/"), "Отменить задачу")

    page = as_alice.post(f"/jobs/{running.pk}/cancel/", follow=True)

    assertContains(page, "отменяется")
    assertNotContains(page, "Отменить задачу")
    assert read(running).state == State.RUNNING
    with seeing(alice):
        event = AuditEvent.unscoped.get(kind="job_cancelled")
    assert (event.actor, event.target) == ("alice", f"count {running.pk}")


def test_job_that_waits_is_cancelled_at_once(as_alice, running):
    change(running, state=State.QUEUED)

    as_alice.post(f"/jobs/{running.pk}/cancel/")

    assert read(running).state == State.CANCELLED


def test_second_cancel_is_told_and_not_recorded(as_alice, alice, running):
    as_alice.post(f"/jobs/{running.pk}/cancel/")
    page = as_alice.post(f"/jobs/{running.pk}/cancel/", follow=True)

    assertContains(page, "уже окончена или отменена раньше")
    with seeing(alice):
        assert AuditEvent.unscoped.filter(kind="job_cancelled").count() == 1


def test_colleague_cannot_cancel(client, olga, running):
    client.force_login(olga)

    assertNotContains(client.get(f"/jobs/{running.pk}/"), "Отменить задачу")
    assert client.post(f"/jobs/{running.pk}/cancel/").status_code == 403
    assert read(running).cancel_asked_at is None


def test_request_makes_a_job(rf, alice, register):
    register(None)
    request = rf.post("/")
    request.client, request.user, request.actor = alice.client, alice, "alice"
    request.actor_kind = "user"

    with seeing(alice):
        job = make_job(request, "count", {"file": 7})
        event = AuditEvent.unscoped.get(kind="job_started")

    assert (job.client, job.made_by, job.arguments) == (alice.client, alice, {"file": 7})
    assert (event.actor, event.target) == ("alice", f"count {job.pk}")


def test_unknown_kind_is_not_made(rf):
    with pytest.raises(ValueError, match="nonsense"):
        actions.make_job(rf.post("/"), "nonsense")
