"""Rosters on pages: reviewed before they count, refused in words, gone when they were put aside."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from actors import Town
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from visiting import page, post, workbook

from lastmetre.ground.places.models import (
    Household,
    RosterUpload,
)
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


def test_a_roster_comes_in_by_review_and_goes_out_by_reason(town: Town, committee: Client) -> None:
    compound = town.place["开元丽城"]
    rows = [["1号楼", "1单元", "101", "王芳芳", "13800000101", 2], ["3号楼", "1单元", "301", "孙八", "", 1]]
    review = post(committee, f"/places/{compound.pk}/roster/upload", file=workbook(rows))
    shown = page(committee, review)
    for words in ("孙八", "王芳芳", "王**"):
        assert words in shown
    assert "王芳<" not in shown
    found = re.search(r'name="digest" value="(\w+)"', shown)
    assert found
    assert "-301<" not in page(committee, f"/places/{compound.pk}/roster")
    post(committee, review, 422, digest=found[1])  # one value is not settled
    post(committee, review, 422, digest="stale", all="keep")
    post(committee, review, digest=found[1], all="file")
    with acting_as(SYSTEM):
        assert Household.objects.get(pk=town.household["101"].pk).name == "王芳芳"
        assert [row.home for row in roster(compound, words="孙八").rows] == ["3号楼-1单元-301"]
    masked = committee.post(f"/places/{compound.pk}/roster/export")
    assert b"".join(masked.streaming_content)[:2] == b"PK"
    post(committee, f"/places/{compound.pk}/roster/export", 422, people="1")
    packed = committee.post(
        f"/places/{compound.pk}/roster/export", {"people": "1", "why": "打印", "form": "compound"}
    )
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as archive:
        assert archive.namelist() == ["compound.yaml", "roster.xlsx"]
        assert "开元丽城" in archive.read("compound.yaml").decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"PK\x03\x04nothing"),
        ("../../x.csv", "名字\n".encode()),
        ("x.pdf", b"%PDF"),
        ("y.csv", b"a"),
    ],
)
def test_an_unreadable_roster_is_refused_in_its_form(
    town: Town, committee: Client, name: str, content: bytes
) -> None:
    file = SimpleUploadedFile(name, content)
    refused = post(committee, f"/places/{town.place['开元丽城'].pk}/roster/upload", 422, file=file)
    assert "Traceback" not in refused
    assert 'class="alert alert-act error-summary"' in refused
    with acting_as(SYSTEM):
        assert not RosterUpload.objects.exists()


def test_an_upload_can_be_put_aside(town: Town, committee: Client) -> None:
    compound = town.place["开元丽城"]
    review = post(
        committee,
        f"/places/{compound.pk}/roster/upload",
        file=workbook([["1号楼", "1单元", "105", "", "", 1]]),
    )
    assert review in page(committee, f"/places/{compound.pk}/")
    post(committee, f"{review}/drop")
    page(committee, review, 422)


def test_no_file_of_an_upload_stays(
    town: Town, committee: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rows: list[list[object]] = [["1号楼", "1单元", "101", "王芳", "13800000101", 2]]
    post(committee, f"/places/{town.place['开元丽城'].pk}/roster/upload", file=workbook(rows))
    assert list(tmp_path.rglob("*")) == []
