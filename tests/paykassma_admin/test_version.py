import subprocess
import sys
from pathlib import Path

import pytest

from paykassma_admin import __version__

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("argument", ["version", "--version"])
def test_manage_py_prints_the_version(argument):
    command = [sys.executable, ROOT / "manage.py", argument]

    assert subprocess.check_output(command, text=True) == f"{__version__}\n"
