"""A bad file is refused with a sentence that says what, where and what to do, before any parser sees it."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from files_of_the_tests import (
    locked_xlsx,
    ods,
    ods_cell,
    packed_xlsx,
    table,
    understate_sizes,
    xls,
)

from lastmetre.reading import limits
from lastmetre.reading.guards import FileKind, bounded_text, guard, is_table_file, read_text
from lastmetre.reading.table_files import read_table_file
from lastmetre.reading.tables import read_tables
from lastmetre.terms import InputError, Source

CELL = '<c r="{at}" t="inlineStr"><is><t>x</t></is></c>'
HEADER = ("房号", "电话", "订购清单")


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def million_rows() -> list[str]:
    return ["".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_000_001))]


def word_document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return path


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 90_000_000)
    return path


def many_parts(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(limits.MAX_ENTRIES + 1):
            archive.writestr(f"{number}.xml", "<a/>")
    return path


def password_zip(path: Path) -> Path:
    data = bytearray(table(path, HEADER).read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return written(path, bytes(data))


def huge_xls(path: Path) -> Path:
    data = xls(path, [HEADER]).read_bytes()
    return written(path, data + bytes(limits.MAX_XLS_BYTES))


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "nothing.xlsx": (lambda path: path, "There is no such file."),
    "empty.xlsx": (lambda path: written(path, b""), "The file is empty."),
    "blank.csv": (lambda path: written(path, b" \r\n\r\n"), "The file is empty."),
    "noise.xlsx": (lambda path: written(path, random.Random(1).randbytes(5000)), "not a workbook"),
    "torn.xlsx": (lambda path: written(path, table(path, HEADER).read_bytes()[:-900]), "damaged"),
    "text50.txt": (lambda path: written(path, "3-501 鸡蛋2板\n".encode() * 2_900_000), "larger than 20 MB"),
    "text15.txt": (lambda path: written(path, b"3-501 egg 2\n" * 1_300_000), "larger than 10 MB"),
    "bomb.xlsx": (bomb, "unpacks to 90 MB"),
    "liar.xlsx": (lambda path: understate_sizes(table(path, HEADER), 50), "damaged"),
    "million.xlsx": (lambda path: packed_xlsx(path, million_rows()), "more than 60000 rows"),
    "corners.xlsx": (
        lambda path: packed_xlsx(path, f"<row>{CELL.format(at='A1')}{CELL.format(at='ZZ50000')}</row>"),
        "more than 500000 cells",
    ),
    "far_row.xlsx": (lambda path: packed_xlsx(path, '<row r="1048576"><c><v>1</v></c></row>'), "60000 rows"),
    "hidden_reference.xlsx": (
        lambda path: packed_xlsx(path, "<row><c\nr = 'XFD1048576'><v>1</v></c></row>"),
        "more than 60000 rows",
    ),
    "written_oddly.xlsx": (
        lambda path: packed_xlsx(path, '<row><c r="&#65;1048576"><v>1</v></c></row>'),
        "unusual way",
    ),
    "long_text_often.xlsx": (
        lambda path: packed_xlsx(
            path,
            "<row>" + '<c t="s"><v>0</v></c>' * 900 + "</row>",
            f"<si><t>{'x' * 100_000}</t></si>",
        ),
        "MB of text",
    ),
    "parts.xlsx": (many_parts, "unusual way"),
    "word.docx": (word_document, "not a workbook"),
    "locked.xlsx": (locked_xlsx, "locked with a password"),
    "zip_password.xlsx": (password_zip, "locked with a password"),
    "large.xls": (huge_xls, "larger than 12 MB"),
    "far.xls": (lambda path: xls(path, [[]] * 60_001 + [["x"]]), "more than 60000 rows"),
    "rows.ods": (
        lambda path: ods(
            path, f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("x")}</table:table-row>'
        ),
        "more than 60000 rows",
    ),
    "columns.ods": (
        lambda path: ods(
            path,
            "<table:table-row>"
            + ods_cell("x", ' table:number-columns-repeated="9999999"')
            + "</table:table-row>",
        ),
        "more than 1024 columns",
    ),
    "text_often.ods": (
        lambda path: ods(
            path,
            '<table:table-row table:number-rows-repeated="5000">'
            + ods_cell("x" * 20_000)
            + "</table:table-row>",
        ),
        "MB of text",
    ),
    "spaces.ods": (
        lambda path: ods(
            path, "<table:table-row>" + ods_cell('<text:s text:c="900000000"/>') + "</table:table-row>"
        ),
        "unusual way",
    ),
    "breaks_off.ods": (
        lambda path: ods(path, "<table:table-row>" + ods_cell("x") + "</table:table-row></table:broken>"),
        "damaged",
    ),
    "page.xls": (lambda path: written(path, b"<html><table><tr><td>1</td></tr></table></html>"), "web page"),
    "paper.xlsx": (lambda path: written(path, b"%PDF-1.7 ..."), "PDF"),
    "picture.xlsx": (lambda path: written(path, b"\x89PNG\r\n..."), "picture"),
    "binary.xlsb": (
        lambda path: written(path, _zip_of("xl/workbook.bin")),
        "binary workbook",
    ),
    "shift_jis.csv": (
        lambda path: written(path, "部屋番号,電話,注文\nコーヒーを二つ".encode("shift_jis")),
        "not UTF-8",
    ),
    "open_quotation.csv": (
        lambda path: written(path, ('房号,订单\n3-501,"鸡蛋\n' + "3-502,牛奶\n" * 200).encode()),
        "row 2 and not closed",
    ),
}


def _zip_of(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "")
    return data.getvalue()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_what_where_and_what_to_do(name: str, tmp_path: Path) -> None:
    make, says = BAD[name]
    path = make(tmp_path / name)
    with pytest.raises(InputError) as refused:
        read_table_file(path)
    assert says in str(refused.value.what)
    assert str(refused.value.remedy)
    assert refused.value.source is not None
    assert refused.value.source.file == name


BOMBS = (
    "bomb.xlsx",
    "corners.xlsx",
    "far_row.xlsx",
    "rows.ods",
    "columns.ods",
    "spaces.ods",
    "text_often.ods",
)


@pytest.mark.parametrize("name", BOMBS)
def test_refusing_a_bomb_costs_no_more_than_the_file_itself(name: str, tmp_path: Path) -> None:
    # The guard holds the file and one chunk, however far the file would expand.
    path = BAD[name][0](tmp_path / name)
    tracemalloc.start()
    with pytest.raises(InputError):
        guard(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < path.stat().st_size + 4_000_000


def test_refusing_takes_less_time_than_reading_an_honest_file(tmp_path: Path) -> None:
    honest = table(tmp_path / "orders.xlsx", HEADER, *[["3-501", 13800000001, "鸡蛋2板"]] * 1000)
    bad = bomb(tmp_path / "bomb.xlsx")

    def seconds(read: Callable[[], object]) -> float:
        begun = time.perf_counter()
        read()
        return time.perf_counter() - begun

    def refuse() -> None:
        with pytest.raises(InputError):
            guard(bad)

    assert min(seconds(refuse) for _ in range(3)) < seconds(lambda: read_table_file(honest))


def test_the_kind_is_told_by_content_not_by_the_name(tmp_path: Path) -> None:
    assert guard(table(tmp_path / "orders.csv", HEADER)).kind is FileKind.XLSX
    assert guard(xls(tmp_path / "orders.xlsx", [HEADER])).kind is FileKind.XLS
    assert guard(written(tmp_path / "orders.xls", "房号,订单\n".encode())).kind is FileKind.TEXT
    assert guard(ods(tmp_path / "orders", "")).kind is FileKind.ODS
    assert is_table_file(tmp_path / "orders")
    assert is_table_file(tmp_path / "gone.csv")
    assert not is_table_file(written(tmp_path / "chain.txt", "3-501 鸡蛋2板".encode()))
    assert read_tables(tmp_path / "orders.xls").sheets[0].rows[0].cells == ("房号", "订单")


def test_a_declared_size_is_not_believed(tmp_path: Path) -> None:
    # Two cells and a dimension of 17 thousand million: only the cells count.
    cells = f"<row>{CELL.format(at='A1')}{CELL.format(at='B2')}</row>"
    path = packed_xlsx(tmp_path / "small.xlsx", cells, dimension="A1:XFD1048576")
    assert len(read_tables(path).sheets[0].rows) == 2


def test_formatted_empty_cells_do_not_count(tmp_path: Path) -> None:
    formatted = "".join(f'<row r="{n}"><c r="XFD{n}" s="1"/></row>' for n in range(2, 900))
    path = packed_xlsx(tmp_path / "wide.xlsx", f'<row r="1">{CELL.format(at="A1")}</row>{formatted}')
    assert [row.cells for row in read_tables(path).sheets[0].rows] == [("x",)]


def test_a_folder_and_a_workbook_in_place_of_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="This is a folder"):
        guard(tmp_path)
    with pytest.raises(InputError, match="workbook, where a text was expected"):
        read_text(table(tmp_path / "chain.txt", HEADER))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_of_every_usual_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    text = "1. 王阿姨 3-501，鸡蛋2板\n2. 李叔 3-502，青菜1份\n" * 5
    assert read_text(written(tmp_path / "chain.txt", text.encode(encoding))) == text


def test_standard_input_is_bounded_too() -> None:
    with pytest.raises(InputError, match="larger than 0 MB"):
        bounded_text(b"x" * 1000, Source("-"), limit_bytes=999)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_ends_in_a_sentence_or_a_reading(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    rows = [HEADER, ["3-501", "13800000001", "鸡蛋2板"]]
    makers: tuple[Callable[[Path], Path], ...] = (
        lambda path: table(path, *rows),
        lambda path: xls(path, rows),
        lambda path: ods(
            path, "<table:table-row>" + ods_cell("房号") + ods_cell("订单") + "</table:table-row>"
        ),
    )
    path = makers[seed % 3](tmp_path / "orders.bin")
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 6)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(data[: rng.randrange(len(data) // 2, len(data) + 1)])
    try:
        read = read_table_file(path)
    except InputError as refused:
        said = str(refused.what)
    else:
        said = str(read.mapping)
    assert said
