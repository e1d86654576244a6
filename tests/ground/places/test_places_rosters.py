"""A roster is looked at before it is taken over; nothing is guessed, doubled or lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from small_district import Small, staff
from xlsxwriter import Workbook

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.places.actions.households import edit_household
from lastmetre.ground.places.actions.rosters import export_roster, put_aside, take_over, upload_roster
from lastmetre.ground.places.import_rules import Review, from_plain, to_plain
from lastmetre.ground.places.models import Building, Household, RosterUpload, Unit
from lastmetre.ground.places.queries.compounds import terms
from lastmetre.ground.places.queries.imports import open_review, waiting
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.places.rules import Permission
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.papers.compound_files import COMPOUND_FILE, ROSTER_FILE, write_compound_files
from lastmetre.reading.compounds import read_compound
from lastmetre.reading.rosters import read_roster
from lastmetre.terms import Compound, InputError

HEADINGS = ["楼栋", "单元", "房号", "楼层", "姓名", "电话", "人数"]
AS_KNOWN = [
    ["1", "1", "101", 1, "单雄信", "13800001234", 3],
    ["1", "2", "1701", 17, "王芳", "13800001701", 2],
    ["10", "", "201", 2, "李四", "", 1],
]


def workbook(folder: Path, rows: list[list[object]], headings: list[str] = HEADINGS) -> Path:
    path = folder / "花名册.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("住户")
        for number, row in enumerate([headings, *rows]):
            sheet.write_row(number, 0, row)
    return path


def reviewed(small: Small, path: Path) -> tuple[RosterUpload, Review]:
    upload = upload_roster(small["compound"], path=path, by=SYSTEM, at=small.at)
    return upload, open_review(upload).roster


def test_a_review_says_what_would_be_added_filled_and_kept(small: Small, tmp_path: Path) -> None:
    rows = [
        ["一号楼", "1", "102", 1, "赵六", "13800000102", 2],
        ["1", "2", "1701", 17, "王芳", "13800001701", 2],
        ["10", "", "201", 2, "李四", "13800000201", 1],
        ["11", "1", "301", 3, "钱七", "", ""],
    ]
    _, review = reviewed(small, workbook(tmp_path, rows))
    assert [str(one.home) for one in review.added] == ["1-1-102", "11-1-301"]
    assert review.buildings == ("11",)
    assert [(unit.building, unit.name) for unit in review.units] == [("11", "1")]
    assert [(str(one.home), one.field) for one in review.filled] == [("10-201", "phone")]
    assert (review.conflicts, review.same) == ((), 1)
    assert [str(home) for home in review.missing] == ["1-1-101"]


def test_what_is_confirmed_is_written_and_nothing_else(small: Small, tmp_path: Path) -> None:
    rows = [*AS_KNOWN[1:], ["11", "1", "301", 3, "钱七", "13800000301", ""]]
    upload, _ = reviewed(small, workbook(tmp_path, rows))
    take_over(upload, digest=open_review(upload).digest, choices={}, by=SYSTEM, at=small.at)
    homes = [row.home for row in roster(small["compound"]).rows]
    assert homes == ["1-1-101", "1-2-1701", "10-201", "11-1-301"]  # 1-1-101 is not in the file: it stays
    assert [row.home for row in roster(small["compound"], words="钱七").rows] == ["11-1-301"]
    assert Entry.objects.get(verb="take_over").detail == {"added": 1, "changed": 0, "kept": 1}
    assert Unit.objects.filter(path__within=small["compound"].path).count() == 3


def test_the_second_import_of_the_same_file_has_no_effect(small: Small, tmp_path: Path) -> None:
    path = workbook(tmp_path, [*AS_KNOWN, ["12", "2", "301", 3, "钱七", "13800000301", 4]])
    upload, review = reviewed(small, path)
    take_over(upload, digest=open_review(upload).digest, choices={}, by=SYSTEM, at=small.at)
    again, review = reviewed(small, path)
    assert not review.has_effect
    assert review.same == 4
    before = terms(small["compound"], people=True)
    take_over(again, digest=open_review(again).digest, choices={}, by=SYSTEM, at=small.at)
    assert terms(small["compound"], people=True) == before


def test_a_person_settles_what_differs(small: Small, tmp_path: Path) -> None:
    rows = [["1", "2", "1701", 17, "王芳芳", "13800008888", 2]]
    upload, review = reviewed(small, workbook(tmp_path, rows))
    name, phone = review.conflicts
    assert (name.before, name.after, phone.after) == ("王芳", "王芳芳", "13800008888")
    with pytest.raises(InputError, match="2 values differ and nobody has chosen"):
        take_over(upload, digest=open_review(upload).digest, choices={}, by=SYSTEM, at=small.at)
    choices = {name.key: "keep", phone.key: "file"}
    take_over(upload, digest=open_review(upload).digest, choices=choices, by=SYSTEM, at=small.at)
    row = small.household("1-2-1701")
    assert (row.name, row.phone) == ("王芳", "13800008888")
    assert [one.home for one in roster(small["compound"], words="8888").rows] == ["1-2-1701"]
    assert roster(small["compound"], words="13800001701").rows == ()


def test_a_stale_review_cannot_be_confirmed(small: Small, tmp_path: Path) -> None:
    upload, _ = reviewed(small, workbook(tmp_path, [["10", "", "201", 2, "李四", "13800000201", 1]]))
    digest = open_review(upload).digest
    edit_household(
        small.household("10-201"), phone="13811112222", floor=2, head_count=1, by=SYSTEM, at=small.at
    )
    with pytest.raises(InputError, match="has changed since"):
        take_over(upload, digest=digest, choices={}, by=SYSTEM, at=small.at)
    assert small.household("10-201").phone == "13811112222"


def test_rows_and_cells_that_cannot_be_read_are_named(small: Small, tmp_path: Path) -> None:
    rows = [
        ["1", "", "102", 1, "赵六", "", 1],
        ["2026-03-05", "", "不知道", "", "孙八", "", 1],
        ["10", "", "202", 2, "周九", "139", "两三个人"],
        ["10", "", "203", 2, "吴十", "", 2],
        ["10", "", "203", 2, "郑一", "", 3],
    ]
    _, review = reviewed(small, workbook(tmp_path, rows))
    said = [str(one.sentence) for one in review.left_out]
    assert "Row 3: no home can be read from 楼栋 “2026-03-05”、房号 “不知道”." in said
    assert "Row 4, column 电话: “139” was not taken over." in said
    assert "Row 4, column 人数: “两三个人” was not taken over." in said
    assert "Home 10-203 stands in several rows: 5、6." in said
    assert "Home 1-102: building 1 has the units 1、2; the file names none." in said
    assert [str(one.home) for one in review.added] == ["10-202"]


def test_what_waits_for_review_is_sealed_and_gone_when_settled(small: Small, tmp_path: Path) -> None:
    upload, _ = reviewed(small, workbook(tmp_path, AS_KNOWN))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, file_name FROM places_rosterupload")
        stored = b"".join(map(bytes, cursor.fetchone()))
    assert "王芳".encode() not in stored
    assert b"13800001701" not in stored
    assert waiting(small["compound"]) == [upload]
    put_aside(upload, by=SYSTEM, at=small.at)
    assert waiting(small["compound"]) == []
    assert RosterUpload.objects.get().content == ""
    with pytest.raises(InputError, match="already"):
        open_review(upload)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", b"%PDF-1.7", "无关的文字\n第二行".encode()])
def test_an_unreadable_roster_is_a_sentence(small: Small, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        upload_roster(small["compound"], path=path, by=SYSTEM, at=small.at)
    assert str(refused.value.remedy)
    assert not RosterUpload.objects.exists()


def test_a_roster_belongs_to_a_compound_and_to_who_may_edit_it(small: Small, tmp_path: Path) -> None:
    path = workbook(tmp_path, AS_KNOWN)
    with pytest.raises(InputError, match="no roster of its own"):
        upload_roster(small["street"], path=path, by=SYSTEM, at=small.at)
    with pytest.raises(Denied):
        upload_roster(small["compound"], path=path, by=staff(small["1"].path), at=small.at)


def test_an_export_that_comes_back_changes_nothing(small: Small, tmp_path: Path) -> None:
    for masked in (False, True):
        write_compound_files(tmp_path, terms(small["compound"], people=True), masked=masked)
        _, review = reviewed(small, tmp_path / ROSTER_FILE)
        assert not review.has_effect
        assert (review.same, review.missing) == (3, ())


def test_the_stewards_tool_reads_the_same_compound_back(small: Small, tmp_path: Path) -> None:
    compound = terms(small["compound"], people=True)
    write_compound_files(tmp_path, compound, masked=False)
    assert read_compound(tmp_path / COMPOUND_FILE) == compound


def test_the_stewards_compound_file_comes_in_with_its_roster(small: Small, tmp_path: Path) -> None:
    write_compound_files(tmp_path, terms(small["compound"], people=True), masked=False)
    other = small["other"]
    upload = upload_roster(other, path=tmp_path / COMPOUND_FILE, by=SYSTEM, at=small.at)
    whole = open_review(upload)
    assert whole.roster.buildings == ("10",)
    choices = {change.key: "file" for change in whole.roster.conflicts}
    take_over(upload, digest=whole.digest, choices=choices, by=SYSTEM, at=small.at)
    taken, original = terms(other, people=True), terms(small["compound"], people=True)
    assert "丽城" in taken.aliases
    by_name = {building.name: building for building in taken.buildings}
    assert by_name["10"].units == original.buildings[1].units
    assert by_name["1"].units == original.buildings[0].units
    assert set(original.households) <= set(taken.households)
    again = upload_roster(other, path=tmp_path / COMPOUND_FILE, by=SYSTEM, at=small.at)
    assert not open_review(again).has_effect


def test_names_leave_only_with_leave_and_a_reason(small: Small) -> None:
    compound = small["compound"]
    worker = staff(compound.path, Permission.SEE_ROSTER)
    masked = export_roster(compound, people=False, by=worker, at=small.at)
    assert len(masked.households) == 3
    with pytest.raises(Denied):
        export_roster(compound, people=True, why="核酸", by=worker, at=small.at)
    with pytest.raises(InputError, match="only for a reason"):
        export_roster(compound, people=True, by=SYSTEM, at=small.at)
    export_roster(compound, people=True, why="打印门贴", by=SYSTEM, at=small.at)
    assert [
        (line.why, line.detail["people"]) for line in Entry.objects.filter(verb="export").order_by("id")
    ] == [*(("", False), ("打印门贴", True))]


def test_what_was_read_survives_being_put_away(tmp_path: Path) -> None:
    path = workbook(tmp_path, [*AS_KNOWN, ["？", "", "不知道", "", "", "", ""]])
    read = read_roster(path, Compound("x"), whole=False)
    again = from_plain(to_plain(read))
    assert (again.households, again.buildings) == (read.households, read.buildings)
    assert [str(one.sentence) for one in again.left_out] == [str(one.sentence) for one in read.left_out]


def test_a_roster_of_four_thousand_is_taken_over(small: Small, tmp_path: Path) -> None:
    rows = [
        [str(b), str(u), f"{n}", "", "王芳", f"138{b:02}{u}{n:05}", 2]
        for b in range(20, 30)
        for u in (1, 2)
        for n in range(101, 301)
    ]
    path = workbook(tmp_path, rows)  # type: ignore[arg-type]
    upload, _ = reviewed(small, path)
    take_over(upload, digest=open_review(upload).digest, choices={}, by=SYSTEM, at=small.at)
    assert Household.objects.filter(path__within=small["compound"].path).count() == 4003
    assert Building.objects.filter(path__within=small["compound"].path).count() == 12
