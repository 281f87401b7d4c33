import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.database.clusters import cluster_of_17, new_folder

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / ".env.example"
LINE = re.compile(r"([A-Z_]+)='([^'\\$`]*)'")  # all that shells and systemd agree on


def lines():
    text = EXAMPLE.read_text().splitlines()
    return [line for line in text if line and not line.startswith("#")]


def example_values():
    return dict(LINE.fullmatch(line).groups() for line in lines())


def test_each_value_is_written_as_a_shell_and_systemd_both_read_it():
    assert [line for line in lines() if not LINE.fullmatch(line)] == []


def test_a_shell_reads_what_stands_there():
    done = subprocess.run(
        ["env", "-i", "/bin/sh", "-euc", f"set -a; . {EXAMPLE}; /usr/bin/env -0"],
        capture_output=True,
        text=True,
        check=True,
    )

    read = dict(entry.split("=", 1) for entry in done.stdout.split("\0") if entry)
    assert example_values().items() <= read.items()
    assert read.keys() - example_values().keys() <= {"PWD", "OLDPWD", "SHLVL", "_"}


def test_it_names_each_variable_that_the_settings_read():
    settings = (ROOT / "paykassma_admin/settings.py").read_text()

    read = {*re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', settings)}
    assert read - example_values().keys() <= {"API_REQUESTS_A_MINUTE", "DEVTOOLS"}
    assert read


# Over TLS


@pytest.fixture(scope="module")
def folder():
    folder = new_folder()
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="module")
def authority(folder):
    return make_certificate(folder / "authority", "/CN=An authority of one's own", "-x509")


@pytest.fixture(scope="module")
def server(folder, authority):
    certificate, key = make_certificate(folder / "server", "/CN=localhost", signed_by=authority)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    cluster = cluster_of_17(
        folder / "cluster",
        port=port,
        listen_addresses="127.0.0.1",
        ssl="on",
        ssl_cert_file=str(certificate),
        ssl_key_file=str(key),
    )
    yield port
    cluster.remove()


def make_certificate(path, subject, *options, signed_by=None):
    certificate, key = path.with_suffix(".pem"), path.with_suffix(".key")
    request = [
        "openssl",
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        subject,
        "-keyout",
        key,
    ]
    if signed_by is None:
        run(*request, *options, "-out", certificate)
    else:
        run(*request, "-out", path.with_suffix(".csr"))
        authority, authority_key = signed_by
        run(
            *("openssl", "x509", "-req", "-in", path.with_suffix(".csr"), "-CAcreateserial"),
            *("-CA", authority, "-CAkey", authority_key, "-out", certificate),
        )
    certificate.chmod(0o644)
    key.chmod(0o640)  # as PostgreSQL takes it of root
    if os.geteuid() == 0:
        os.chown(key, 0, group_of_postgresql())
    else:
        key.chmod(0o600)
    return certificate, key


def group_of_postgresql():
    from devtools.postgres.programs import unprivileged_account

    return unprivileged_account().pw_gid


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


ASK = """
import django; django.setup()
from django.db import connections
for alias in connections:
    with connections[alias].cursor() as cursor:
        cursor.execute("select session_user")
        print(alias, connections[alias].connection.pgconn.ssl_in_use, *cursor.fetchone())
connections["default"].close_pool()
"""


def connect_as_settings(port, *, host="localhost", authorities):
    addresses = {
        name: text.replace(":password@db.example.com/", f"@{host}:{port}/").replace(
            parse_qs(urlsplit(text).query)["sslrootcert"][0], str(authorities)
        )
        for name, text in example_values().items()
        if name.startswith("DATABASE_")
    }
    return subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "paykassma_admin.settings",
            "SECRET_KEY": "x" * 50,
            **addresses,
        },
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_every_role_reaches_a_server_of_tls(server, authority):
    done = connect_as_settings(server, authorities=authority[0])

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "default True paykassma_backoffice",
        "worker True paykassma_worker",
        "owner True paykassma_owner",
    ]


@pytest.mark.slow
def test_a_server_of_another_name_is_not_believed(server, authority):
    done = connect_as_settings(server, host="127.0.0.1", authorities=authority[0])

    assert done.returncode == 1
    assert "does not match host name" in done.stderr


@pytest.mark.slow
def test_nor_is_one_of_an_unknown_authority(server):
    """The list that the example names is there, and psycopg's own OpenSSL reads it."""
    listed = parse_qs(urlsplit(example_values()["DATABASE_URL"]).query)["sslrootcert"][0]
    if not Path("/etc/debian_version").exists():
        pytest.skip("Debian's list is meant.")

    done = connect_as_settings(server, authorities=listed)

    assert done.returncode == 1
    assert "certificate verify failed" in done.stderr
