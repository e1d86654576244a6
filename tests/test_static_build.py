"""Files of others come by lock file, are checked by their hash, and are never half there (reason 032)."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from pathlib import Path

import pytest

import static_build

VENDOR = static_build.ROOT / "lastmetre/web/static/vendor"


def test_the_lock_names_no_host() -> None:
    lock = (static_build.ROOT / "package-lock.json").read_text()
    assert "resolved" not in lock
    packages = json.loads(lock)["packages"]
    assert all(package["integrity"].startswith("sha512-") for path, package in packages.items() if path)


def test_every_copied_file_is_as_the_manifest_says_and_has_a_licence() -> None:
    files = json.loads((VENDOR / "manifest.json").read_text())["files"]
    assert {"icons.svg", "icons.LICENSE", "leaflet/leaflet.js", "leaflet/LICENSE"} <= files.keys()
    for name, integrity in files.items():
        digest = hashlib.sha384((VENDOR / name).read_bytes()).digest()
        assert integrity == "sha384-" + base64.b64encode(digest).decode(), name


def test_nothing_asks_browsers_for_source_maps() -> None:
    assert [path.name for path in VENDOR.rglob("*.js") if b"sourceMappingURL" in path.read_bytes()] == []


def test_the_sprite_holds_each_icon_once_without_its_frame(tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text(
        '<svg\n viewBox="0 0 24 24">\n<path stroke="none" d="M0 0h24v24H0z" />\n<path d="M1\n1" /></svg>'
    )
    drawn = static_build.sprite(tmp_path, ["dot"])
    assert drawn.count("<symbol") == 1
    assert '<symbol id="dot" viewBox="0 0 24 24"><path d="M1 1" /></symbol>' in drawn


def test_without_the_registry_a_sentence_says_what_to_do_and_the_old_files_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc", "static_build.py", "lastmetre/web/icons.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(static_build.ROOT / name, tmp_path / name)
    old = tmp_path / "lastmetre/web/static/vendor/manifest.json"
    old.parent.mkdir(parents=True)
    old.write_text('{"recipe": "old"}')
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(SystemExit) as stop:
        static_build.build(tmp_path)
    assert str(stop.value).endswith(static_build.REMEDY)
    assert "at " not in str(stop.value).splitlines()[0]
    assert old.read_text() == '{"recipe": "old"}'
