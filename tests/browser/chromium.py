"""Finds a browser, starts it with Chinese type, and asks axe-core about pages.

By hand: `python tests/browser/chromium.py` installs one where that is possible, or says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MISSING = (
    "The tests of the pages need Chromium. Install it (Debian: apt-get install chromium; Ubuntu: snap install "
    "chromium; Fedora: dnf install chromium) and run the same command again."
)
PATIENCE_MS = 120_000.0
"""The machine may have other work: what takes long is not wrong."""
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
HEIGHT = "Math.min(document.documentElement.scrollHeight + 1000, 30000)"
RUN = "axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>
"""


def find_browser() -> str:
    """Return the path of a Chromium; raises AssertionError with a sentence that says what to install."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, MISSING
    return found


@contextmanager
def started(playwright: Playwright, folder: Path, *flags: str) -> Iterator[Browser]:
    """Run a Chromium whose pages can show Chinese on any machine: it is given the papers' font."""
    config = folder / "fonts.conf"
    config.write_text(FONTS.format(folder=files("manimgx_fonts_cjk")))
    env = {**os.environ, "FONTCONFIG_FILE": str(config)}
    browser = playwright.chromium.launch(executable_path=find_browser(), args=[*FLAGS, *flags], env=env)
    _make_patient(browser)
    yield browser
    browser.close()


def _make_patient(browser: Browser) -> None:
    """Give every context of a browser more time before something counts as failed."""
    expect.set_options(timeout=PATIENCE_MS)
    hasty = browser.new_context

    def new_context(**settings: Any) -> BrowserContext:
        context = hasty(**settings)
        context.set_default_timeout(PATIENCE_MS)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core finds, best practices and target sizes included: one line a violated rule."""
    assert AXE.exists(), "axe-core is missing: remove lastmetre/web/static/vendor, then run make test again"
    before = page.viewport_size
    assert before is not None
    # As tall as the page, from its top: what the bars hide until one scrolls is no small target.
    page.set_viewport_size({"width": before["width"], "height": max(before["height"], page.evaluate(HEIGHT))})
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN)["violations"]
    page.set_viewport_size(before)
    return [
        f"{rule['id']} ({rule['impact']}): {[node['target'] for node in rule['nodes']][:3]}"
        f" {rule['nodes'][0]['failureSummary']}"
        for rule in found
    ]


def sideways(page: Page) -> list[str]:
    """Return what makes the page scroll sideways, "" first if nothing single does."""
    return list(
        page.evaluate(
            """() => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return [];
              const out = [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > wide + 1);
              return ["", ...out.slice(0, 5).map((one) => `${one.localName}.${one.className}`)];
            }"""
        )
    )


def complaints(page: Page) -> list[str]:
    """Return a list that fills with what the page's console and scripts complain about."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def install() -> None:
    """Install Debian's Chromium if there is none, as root; ends with a sentence where that cannot be done."""
    if any(shutil.which(name) for name in NAMES):
        return
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(MISSING)
    print("Installing Chromium for the tests of the pages ...")
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
        run = subprocess.run(["apt-get", *command], capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(f"{run.stderr.strip()}\n{MISSING}")


if __name__ == "__main__":
    install()
