"""dev.py: the set-up by its parts; tests/slow/test_dev_run.py runs it."""

import ast
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import dev
from devtools.postgres import Cluster
from devtools.setup import messages, static_files
from devtools.setup.database import Notes
from devtools.setup.preparation import wants_demo
from devtools.setup.server import listen
from paykassma_admin.database.roles import ROLES
from tests.support.database.postgres_plugin import PREFIX

ROOT = Path(__file__).parents[2]


def environment(**changes: str) -> dict[str, str]:
    inherited = {name: text for name, text in os.environ.items() if name not in ROLES}
    return inherited | {dev.IS_SET_UP: "yes"} | changes


def dev_py(*arguments: str, root: Path = ROOT, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "dev.py"), *arguments],
        env=environment(**changes),
        capture_output=True,
        text=True,
    )


# The command line


def test_any_python_from_3_8_on_can_read_it():
    ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 8))


def test_it_imports_nothing_that_has_to_be_installed():
    tree = ast.parse((ROOT / "dev.py").read_text())
    imported = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in imported
        for alias in node.names
    }

    assert names <= sys.stdlib_module_names


def test_without_a_command_it_tells_which_there_are():
    done = dev_py()

    assert done.returncode == 0
    assert all(f"dev.py {verb}" in done.stdout for verb in dev.VERBS)


def test_an_unknown_command_is_an_error():
    assert dev_py("serve").returncode == 2


@pytest.mark.parametrize("verb", ["messages", "screenshots", "audit"])
def test_what_a_command_does_not_know_is_an_error(verb):
    assert dev_py(verb, "--no-such-option").returncode == 2


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_a_port_that_is_none_is_refused(port):
    done = dev_py("run", f"--port={port}")

    assert done.returncode == 2
    assert "invalid port value" in done.stderr


def test_a_database_that_is_named_in_part_is_refused_with_a_sentence():
    done = dev_py("manage", "check", DATABASE_URL="postgresql://paykassma_web@db/paykassma")

    assert done.returncode == 1
    assert done.stderr == (
        "Set: DATABASE_URL."
        " Not set: DATABASE_BACKOFFICE_URL, DATABASE_WORKER_URL, DATABASE_OWNER_URL."
        " Set all four to use your own database, or none to use ours.\n"
    )


# Messages


@pytest.fixture
def speaking(tmp_path):
    catalog = tmp_path / messages.RUSSIAN
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid "Wallet"\nmsgstr "Кошелёк"\n\nmsgid "Gone"\nmsgstr "Ушло"\n')
    (tmp_path / "wallets").mkdir()
    (tmp_path / "wallets/__init__.py").write_text(
        '_("Wallet")\npgettext_lazy("of a day", "Rate")\n'
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(
        """<p>
             {% translate "Sign out" %} {% include "x.html" with term=_("Wallet type") only %}
           </p>
           {% blocktranslate count count=n with shown=n|number trimmed %}
             Found {{ shown }} wallet
           {% plural %}
             Found {{ shown }} wallets
           {% endblocktranslate %}"""
    )
    return tmp_path


def test_messages_brings_the_catalog_in_line_and_tells_what_has_no_russian(speaking, capsys):
    messages.bring_in_line(speaking)

    catalog = messages.catalog_of(speaking)
    assert [message.id for message in catalog if message.id] == [
        ("Found %(shown)s wallet", "Found %(shown)s wallets"),
        "Rate",
        "Sign out",
        "Wallet",
        "Wallet type",
    ]
    assert catalog.get("Wallet").string == "Кошелёк"
    assert capsys.readouterr().out == (
        "wallets/__init__.py:2: Rate (of a day)\n"
        "templates/page.html:2: Sign out\n"
        "templates/page.html:2: Wallet type\n"
        "templates/page.html:4: Found %(shown)s wallet\n"
        "Without Russian: 4. It is written in locale/ru/LC_MESSAGES/django.po.\n"
    )


def test_messages_leaves_a_catalog_that_is_in_line_as_it_is(speaking):
    messages.bring_in_line(speaking)
    before = (speaking / messages.RUSSIAN).read_bytes()

    messages.bring_in_line(speaking)

    assert (speaking / messages.RUSSIAN).read_bytes() == before


# Set-up


@pytest.fixture
def empty_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(dev, "CHANGING_VENV", tmp_path / ".local" / "changing_venv")
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    dev.LOCAL.mkdir()
    dev.VENV.mkdir()
    return tmp_path


@pytest.mark.slow
def test_a_half_made_venv_is_made_again(empty_checkout):
    (dev.VENV / "half").touch()
    dev.CHANGING_VENV.touch()

    dev.make_venv()

    assert not (dev.VENV / "half").exists()
    assert not dev.CHANGING_VENV.exists()
    assert dev.succeeds(dev.PYTHON, "-m", "pip", "--version")


def test_a_step_is_done_once_for_the_same_inputs(empty_checkout):
    lock, result, done = empty_checkout / "lock", empty_checkout / "result", []
    lock.write_text("one")
    result.touch()

    dev.once("packages", [lock], lambda: done.append("first"), result)
    dev.once("packages", [lock], lambda: done.append("again"), result)
    lock.write_text("two")
    dev.once("packages", [lock], lambda: done.append("changed"), result)
    result.unlink()
    dev.once("packages", [lock], lambda: done.append("lost"), result)

    assert done == ["first", "changed", "lost"]


def test_a_step_that_failed_is_done_again(empty_checkout):
    (empty_checkout / "lock").touch()

    for _ in range(2):
        with pytest.raises(dev.Failure, match="Is there a network"):
            dev.once("packages", [empty_checkout / "lock"], fail)


def fail() -> None:
    dev.change_venv([["false"], ["no-such-program"]], "It failed. Is there a network?")


def test_the_second_way_is_tried_when_the_first_fails(empty_checkout):
    dev.run_first_that_works([["false"], ["touch", "worked"]], "Neither worked.")

    assert (empty_checkout / "worked").exists()


def test_without_a_python_it_says_which_one_is_needed(monkeypatch):
    monkeypatch.setattr(dev, "candidates", lambda: iter(["", "/bin/false", "no-such-python"]))

    with pytest.raises(dev.Failure, match=r"Python 3\.12 or newer is needed"):
        dev.find_python()


# Running


def test_a_port_that_is_taken_is_told_and_the_next_one_used(capfd):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with listen(port) as listener:
            used = listener.getsockname()[1]

    assert used > port
    assert f"Port {port} is taken, taking the next." in capfd.readouterr().err


@pytest.fixture(scope="module")
def forgetful_cluster():
    cluster = Cluster(new_folder(), durable=False).start()
    with cluster.connect() as connection:
        connection.execute("create table clients_client (); create table accounts_user ()")
    yield cluster
    cluster.remove()


@pytest.fixture
def cluster(forgetful_cluster):
    with forgetful_cluster.connect() as connection:
        connection.execute("comment on database paykassma is null; truncate accounts_user")
    return forgetful_cluster


def new_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def test_a_new_database_gets_demo_data_until_they_are_whole(cluster):
    assert wants_demo(cluster, empty=False)
    assert wants_demo(cluster, empty=False), "the first loading may have been interrupted"

    Notes(cluster).write("demo", "loaded")

    assert not wants_demo(cluster, empty=False)


def test_a_database_that_was_begun_empty_stays_so(cluster):
    assert not wants_demo(cluster, empty=True)
    assert not wants_demo(cluster, empty=False)


def test_a_database_with_users_gets_no_demo_data(cluster):
    with cluster.connect() as connection:
        connection.execute("insert into accounts_user default values")

    assert not wants_demo(cluster, empty=False)


class CollectingProject:
    def __init__(self, root):
        self.collected, self.times = root / "staticfiles" / "staticfiles.json", 0

    def prepare(self, *arguments):
        self.times += 1
        self.collected.parent.mkdir(exist_ok=True)
        self.collected.touch()


def test_static_files_are_compressed_once_and_again_when_one_has_changed(monkeypatch, tmp_path):
    for name in static_files.PACKAGES:
        (tmp_path / name).touch()
    style, page = tmp_path / "static" / "frame.css", tmp_path / "templates" / "page.html"
    for file in (style, page):
        file.parent.mkdir()
        file.touch()
    project = CollectingProject(tmp_path)
    for name, value in {
        "ROOT": tmp_path,
        "LOCAL": tmp_path,
        "COLLECTED": project.collected,
    }.items():
        monkeypatch.setattr(static_files, name, value)

    for _ in range(2):
        static_files.collect_static_files(project)
    assert project.times == 1

    for times, file in enumerate((style, page), start=2):
        file.write_text("another")
        static_files.collect_static_files(project)
        assert project.times == times

    project.collected.unlink()
    static_files.collect_static_files(project)
    assert project.times == 4
