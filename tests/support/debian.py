import os
import shutil
import subprocess
from pathlib import Path


def install(package: str) -> bool:
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return False
    update = run("apt-get", "update", "--quiet=2")
    return update and run("apt-get", "install", "--yes", "--quiet=2", package)


def install_for_ci(package: str) -> None:
    """Install in CI alone: elsewhere a server that is installed would be started, too."""
    if os.environ.get("CI") and not has_package(package):
        install(package)


def has_package(package: str) -> bool:
    return bool(shutil.which(package) or shutil.which(f"/usr/sbin/{package}"))


def run(*command: str) -> bool:
    print("+", *command, flush=True)
    try:
        # RUNLEVEL keeps the servers that are installed from being started.
        return subprocess.run(command, env=os.environ | {"RUNLEVEL": "1"}).returncode == 0
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", flush=True)
        return False
