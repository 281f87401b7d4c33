"""Preparation of a database before it is served: migrations, demo data or a first administrator.

Demo data go into a database of our own only, and into one that is new: `demo` in its notes says

    declined    it is not to have any: started with --empty, or in use before the first `run`
    loading     they were begun; found at a start, that start was interrupted
    loaded      they are whole
"""

import sys

from devtools.postgres import Cluster
from devtools.setup.database import Notes, digest_of_migrations, has_administrator, is_in_use
from devtools.setup.environment import Project


def prepare(
    cluster: Cluster | None, project: Project, *, empty: bool, transactions: int | None
) -> None:
    if cluster is None:
        project.prepare("migrate", "--database=owner", "--verbosity=0")
        return
    migrate(cluster, project)
    if wants_demo(cluster, empty=empty):
        load_demo(cluster, project, transactions)
    elif transactions is not None or (empty and has_demo(cluster)):
        say("The database is not new, its data stay. To begin anew, delete .local/postgres.")
    if empty and not has_administrator(cluster):
        offer_administrator(project)


def is_unused(cluster: Cluster) -> bool:
    return not Notes(cluster).get("migrations")


def migrate(cluster: Cluster, project: Project) -> None:
    notes = Notes(cluster)
    if notes.get("migrations") != digest_of_migrations():
        say("Preparing the database …")
        project.prepare("migrate", "--database=owner", "--verbosity=0")
        notes.write("migrations", digest_of_migrations())


def wants_demo(cluster: Cluster, *, empty: bool) -> bool:
    notes = Notes(cluster)
    if not notes.get("demo"):
        notes.write("demo", "declined" if is_in_use(cluster) else "loading")
    if empty and notes.get("demo") == "loading":
        notes.write("demo", "declined")
    return notes.get("demo") == "loading"


def load_demo(cluster: Cluster, project: Project, transactions: int | None) -> None:
    say("Loading demo data …")
    chosen = [] if transactions is None else [f"--transactions={transactions}"]
    project.prepare("demo", *chosen)
    Notes(cluster).write("demo", "loaded")


def has_demo(cluster: Cluster) -> bool:
    return Notes(cluster).get("demo") == "loaded"


def offer_administrator(project: Project) -> None:
    if sys.stdin.isatty() and input("Make the first administrator now? [y/N] ") in ("y", "Y"):
        project.manage("createsuperuser")
    else:
        say("There is no administrator yet: `python3 dev.py manage createsuperuser` makes one.")


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
