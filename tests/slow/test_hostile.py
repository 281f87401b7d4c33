import os
import subprocess
import sys
from pathlib import Path

import dev

ROOT = Path(__file__).parents[2]


def test_a_thousand_requests_find_nothing_wrong():
    run = subprocess.run(
        [sys.executable, "dev.py", "hostile", "--requests=1000", "--rows=2000", "--seed=7"],
        cwd=ROOT,
        env=os.environ | {dev.IS_SET_UP: "yes"},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "batch 0: 1,000 requests, " in run.stdout
    assert " 0 findings; " in run.stdout
