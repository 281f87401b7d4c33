"""The demo data are made whole or not at all, and in an empty database alone."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from clients.models import Client
from devtools.demo import merchants
from devtools.demo.demo import make_demo
from tests.support import factories
from tests.support.factories import worker
from transactions.models import Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])


def test_a_run_that_is_cut_leaves_nothing_and_the_next_one_makes_it_whole(monkeypatch):
    with monkeypatch.context() as cut:
        cut.setattr(merchants, "make_accumulations", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError), worker():
            make_demo(100)

    with worker():
        assert not Client.objects.exists()
        assert make_demo(100)


def test_a_second_run_changes_nothing(capsys):
    call_command("demo", transactions=50)
    call_command("demo", transactions=50)

    assert "уже" in capsys.readouterr().out
    with worker():
        assert Transaction.unscoped.count() == 50


def test_a_database_in_use_gets_no_logins_that_everybody_knows():
    factories.make_administrator("dora")

    with pytest.raises(CommandError, match="пуст"):
        call_command("demo")

    with worker():
        assert not User.objects.filter(username="admin").exists()


def test_a_production_server_gets_no_demo(settings):
    settings.SERVED_OVER_HTTPS = True

    with pytest.raises(CommandError, match="SERVED_OVER_HTTPS"):
        call_command("demo")

    with worker():
        assert not User.objects.exists()
