"""A new app begins as a copy of the smallest one, in its place among the layers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role

ROOT = Path(__file__).parents[1]
SMALLEST = "journal"
NEW = "notices"
NAME_OF_INDEX = re.compile(r'(?<!_)name="([a-z]\w+)"')
"""Names of indexes and constraints, which a database has only once."""
MIGRATE = "import django; django.setup(); from lastmetre.web.migrate import migrate; migrate()"


def copied(folder: Path) -> None:
    """Copy the product, and within it the smallest app under another name."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    left_out = shutil.ignore_patterns("__pycache__", "vendor", "collected")
    shutil.copytree(ROOT / "lastmetre", folder / "lastmetre", ignore=left_out)
    app = folder / "lastmetre/ground" / NEW
    shutil.copytree(folder / "lastmetre/ground" / SMALLEST, app)
    for path in app.rglob("*.py"):
        text = path.read_text(encoding="utf-8").replace(SMALLEST, NEW).replace(SMALLEST.title(), NEW.title())
        path.write_text(NAME_OF_INDEX.sub(rf'name="{NEW}_\1"', text), encoding="utf-8")
    for file, old, new in (
        ("lastmetre/web/settings.py", '"lastmetre.ground.goods",', f'"lastmetre.ground.goods", "lastmetre.ground.{NEW}",'),
        ("pyproject.toml", 'layers = ["goods", ', f'layers = ["{NEW}", "goods", '),
    ):  # fmt: skip
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_a_copy_of_the_smallest_app_keeps_the_layers_and_gets_its_protected_tables(
    cluster: Cluster, key_file: Path, tmp_path: Path
) -> None:
    copied(tmp_path)
    environment = os.environ | {
        "PYTHONPATH": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "lastmetre.web.settings",
        "DATABASE_URL": cluster.url(Role.APP, "copied"),
        "DATABASE_OWNER_URL": cluster.url(Role.OWNER, "copied"),
        "LASTMETRE_AS_OWNER": "1",
        "LASTMETRE_KEYS": str(shutil.copy(key_file, tmp_path)),
    }
    lint = Path(sys.executable).with_name("lint-imports")
    cluster.create_database("copied")
    try:
        for command in ([lint, "--no-cache"], [sys.executable, "-c", MIGRATE]):
            run = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert run.returncode == 0, run.stdout + run.stderr
        with psycopg.connect(cluster.url(Role.OWNER, "copied")) as owner:
            found = owner.execute(
                "SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r' AND relname LIKE %s",
                [f"{NEW}_%"],
            ).fetchall()
    finally:
        cluster.drop_database("copied")
    assert found
    assert all(is_protected for _, is_protected in found)
