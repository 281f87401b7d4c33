from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.upkeep import start_upkeep
from paykassma_admin.database.tenancy import WORKER
from tests.support.factories import make_client, make_member, make_upstream_request
from wallets.jobs import remove_old_answers
from wallets.models import UpstreamRequest

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", WORKER])


def test_answers_are_kept_ninety_days():
    alice = make_member("alice", client=make_client("alpha"))
    now = timezone.now()
    make_upstream_request(alice, asked_at=now - timedelta(days=91))
    kept = make_upstream_request(alice, asked_at=now - timedelta(days=89))

    [progress] = remove_old_answers(start_upkeep("upstream_retention"))

    assert progress.done == 1
    assert [*UpstreamRequest.unscoped.using(WORKER)] == [kept]
