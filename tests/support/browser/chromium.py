import os
import shutil
import subprocess
import sys

from tests.support import debian

# Debian's and Playwright's shell without windows takes 0.6 of the processor time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PATH_OF_PLAYWRIGHTS = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
NONE_FOUND = (
    "The browser tests need Chromium: install the package chromium or Google Chrome,"
    " or let `.venv/bin/playwright install --with-deps chromium` do it."
)


def find_or_install() -> str | None:
    debian.install_for_ci(SHELL)
    return (
        installed()
        or playwrights()
        or (debian.run(sys.executable, "-m", "playwright", "install", "chromium") and playwrights())
        or (debian.install("chromium") and installed())
        or None
    )


def installed() -> str | None:
    given = os.environ.get("PAYKASSMA_CHROMIUM")
    for path in (given, *map(shutil.which, NAMES), MACOS):
        if path and starts(path):
            return path
    return None


def playwrights() -> str | None:
    asked = subprocess.run(
        [sys.executable, "-c", PATH_OF_PLAYWRIGHTS], capture_output=True, text=True
    )
    path = asked.stdout.strip()
    return path if path and starts(path) else None


def starts(path: str) -> bool:
    """Ubuntu's chromium-browser without snap, or Playwright's without its libraries, does not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False
