"""Asks Lighthouse about a page, as somebody who is signed in, on the throttled phone that it imitates."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chromium import find_browser

import static_build

FOLDER = Path(__file__).parent / "lighthouse"
WANTED = {"accessibility": 1.0, "best-practices": 1.0, "performance": 0.95}
TRIES = 3


@dataclass(frozen=True, slots=True)
class Scores:
    """What Lighthouse gave a page, and what it found wanting."""

    points: dict[str, float]
    wanting: list[str]

    @property
    def enough(self) -> bool:
        """Whether every category reaches what is promised."""
        return all(self.points[name] >= wanted for name, wanted in WANTED.items())


def best_scores(address: str, cookies: str, folder: Path) -> Scores:
    """Return the best of three runs, or the first that is good enough: the machine may be busy."""
    static_build.fetch(FOLDER)
    best: Scores | None = None
    for _ in range(TRIES):
        scores = _scores(_run(address, cookies, folder))
        if best is None or scores.points["performance"] > best.points["performance"]:
            best = scores
        if best.enough:
            break
    assert best is not None
    return best


def _run(address: str, cookies: str, folder: Path) -> dict[str, Any]:
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    command = [
        str(Path(sys.executable).with_name("node")),
        str(FOLDER / "node_modules/lighthouse/cli/index.js"),
        address,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(WANTED)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
    ]
    env = os.environ | {"CHROME_PATH": find_browser()}
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=180)
    assert report.exists(), run.stderr[-2000:]
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def _scores(report: dict[str, Any]) -> Scores:
    points = {name: category["score"] or 0.0 for name, category in report["categories"].items()}
    counted = {
        ref["id"]
        for category in report["categories"].values()
        for ref in category["auditRefs"]
        if ref["weight"]
    }
    wanting = [
        f"{audit['id']}: {audit['title']} {audit.get('displayValue', '')}"
        for audit in report["audits"].values()
        if audit["id"] in counted
        and (audit["score"] or 0) < 0.9
        and audit["scoreDisplayMode"] != "notApplicable"
    ]
    return Scores(points, wanting)
