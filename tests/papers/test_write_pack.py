"""The finished files: what a scanner reads, what a search finds, what a spreadsheet opens."""

from __future__ import annotations

import csv
import multiprocessing
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from rounds_of_goods import pack

from lastmetre.papers.edition import Edition
from lastmetre.papers.label_pages import SIZES
from lastmetre.papers.pack import Bag, BagItem, LabelKind, LabelPer, Pack, PhoneKind
from lastmetre.papers.sheets import SHEETS, tables
from lastmetre.papers.tables import Cell, Kind, Table
from lastmetre.papers.write import write_pack
from lastmetre.terms import Good

MM = 72 / 25.4
SCANNER_DPI = 203  # what a plain label printer prints


def odd_pack() -> Pack:
    """A round of everyday orders and some that break forms."""
    base = pack(70, buildings=3)
    formula = Good("=1+1", "@SUM(A1)", unit="个", price_fen=100)
    bags = list(base.bags)
    bags[0] = replace(
        bags[0], items=tuple(BagItem(good.code, Decimal(2)) for good in (*base.goods, formula)) * 3
    )
    bags[1] = replace(bags[1], name="+王小明", note="-10%；苹果🍎")
    bags[2] = replace(bags[2], items=(BagItem("=1+1", Decimal(3), '=HYPERLINK("x")'),))
    return replace(base, bags=tuple(bags), goods=(*base.goods, formula))


PACK = odd_pack()
EDITION = Edition(PACK)


@dataclass(frozen=True)
class Written:
    folder: Path
    files: list[Path]
    steps: list[tuple[int, int]]

    def pdf(self, name: str) -> Path:
        return self.folder / f"{name}.pdf"

    def label(self, kind: LabelKind) -> Path:
        return self.pdf(f"Labels {SIZES[kind].width:g} x {SIZES[kind].height:g} mm")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("pack")
    steps: list[tuple[int, int]] = []
    files = write_pack(
        PACK, folder, labels=tuple(LabelKind), workers=1, progress=lambda done, of: steps.append((done, of))
    )
    return Written(folder, files, steps)


def pages(path: Path) -> Iterator[pypdfium2.PdfPage]:
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            yield page
            page.close()


def page_texts(path: Path) -> list[str]:
    found = []
    for page in pages(path):
        text = page.get_textpage()
        found.append(text.get_text_range())
        text.close()
    return found


def scanned(path: Path) -> list[str]:
    """Return what a scanner reads from the rendered pages."""
    found: list[str] = []
    for page in pages(path):
        image = page.render(scale=SCANNER_DPI / 72, grayscale=True).to_numpy()
        found += [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]
    return found


def test_all_files_are_there_and_no_others(written: Written) -> None:
    assert written.files[0] == written.pdf("All sheets")
    assert sorted(written.files) == sorted(path for path in written.folder.rglob("*") if path.is_file())
    assert len(written.files) == 1 + len(LabelKind) + 1 + len(tables(EDITION))


@pytest.mark.parametrize("kind", LabelKind)
def test_every_qr_code_of_every_label_is_read(written: Written, kind: LabelKind) -> None:
    found = scanned(written.label(kind))
    assert set(found) == {bag.qr for bag in PACK.bags}
    first_labels = dict.fromkeys(found)
    if kind is not LabelKind.SHEET:
        assert list(first_labels) == [bag.qr for bag in EDITION.bags]  # in the order of the homes


def test_every_code_on_an_item_label_is_read(tmp_path: Path) -> None:
    small = replace(PACK, bags=PACK.bags[3:9])
    write_pack(small, tmp_path, label_per=LabelPer.ITEM, labels=(LabelKind.ROLL_60X40,), workers=1)
    pieces = {
        bag.qr: sum(1 if item.good == "F" else int(item.qty) for item in bag.items) for bag in small.bags
    }
    found = scanned(tmp_path / "Labels 60 x 40 mm.pdf")
    assert {code: found.count(code) for code in found} == pieces


@pytest.mark.parametrize("kind", LabelKind)
def test_labels_have_their_size(written: Written, kind: LabelKind) -> None:
    size = SIZES[kind]
    assert f"{size.width:g}x{size.height:g}" in {"70x37", "70x50", "60x40"}
    for page in pages(written.label(kind)):
        assert page.get_size() == pytest.approx((size.page_width * MM, size.page_height * MM), abs=0.5)


def test_24_labels_are_on_a_sheet(written: Written) -> None:
    size = SIZES[LabelKind.SHEET]
    assert (size.columns * size.width, size.columns * size.rows) == (210, 24)
    counts = [text.count("Bag ") for text in page_texts(written.label(LabelKind.SHEET))]
    assert set(counts[:-1]) == {24}


@pytest.mark.parametrize("kind", LabelKind)
def test_every_household_and_item_is_found_on_the_labels(written: Written, kind: LabelKind) -> None:
    text = "\n".join(page_texts(written.label(kind)))
    for bag in PACK.bags:
        assert str(bag.home) in text
        assert EDITION.code(bag) in text
        assert EDITION.count(EDITION.positions[bag.code]) in text
    assert text.replace("\r\n", "").count("×") >= sum(len(bag.items) for bag in PACK.bags)


def test_every_household_and_good_is_found_in_the_pack(written: Written) -> None:
    text = "\n".join(page_texts(written.pdf("All sheets")))
    for bag in PACK.bags:
        # Carts, doors, money and one delivery note name each home.
        assert len(re.findall(rf"(?<![\d-]){bag.home}(?!\d)", text)) >= 4
        # Box manifest, cart, door and the household's own slip have its code.
        assert text.count(EDITION.code(bag)) == 4
    for good in PACK.goods:
        assert EDITION.good(good.code) in text


def test_every_door_sheet_has_each_item_of_its_doors(written: Written) -> None:
    text = "".join(
        page
        for page in page_texts(written.pdf("All sheets"))
        if page.startswith("Door sheet") or "Door sheet" in page
    )
    flat = re.sub(r"\s", "", text)
    for bag in PACK.bags:
        for item in bag.items:
            assert re.sub(r"\s", "", EDITION.item(item)) in flat


def test_each_page_says_what_it_is_and_its_number(written: Written) -> None:
    texts = page_texts(written.pdf("All sheets"))
    for number, text in enumerate(texts, start=1):
        assert "开元丽城" in text
        assert "第三批" in text
        assert "Printed 2022-05-03 15:10" in text
        found = re.search(rf"Page (\d+) of (\d+)\s+\({number}\)", text)
        assert found
        assert int(found[1]) <= int(found[2])


def test_the_summary_says_where_each_sheet_lies(written: Written) -> None:
    summary, *others = page_texts(written.pdf("All sheets"))
    for sheet in SHEETS:
        found = re.search(rf"{re.escape(str(sheet.title))}\s+(\d+)(?:-(\d+))?", summary)
        assert found, sheet.title
        first, last = int(found[1]), int(found[2] or found[1])
        assert all(str(sheet.title) in others[page - 2] for page in range(first, last + 1))
        assert last == len(others) + 1 or str(sheet.title) not in others[last - 1]


def test_bookmarks_lead_to_their_parts(written: Written) -> None:
    texts = page_texts(written.pdf("All sheets"))
    with pikepdf.open(written.pdf("All sheets")) as document, document.open_outline() as outline:
        numbers = {page.objgen: number for number, page in enumerate(document.pages)}
        found = [(str(item.title), numbers[item.destination[0].objgen]) for item in outline.root]
    assert len(found) > 20
    for title, page in found:
        assert re.sub(r"\s", "", title) in re.sub(r"\s", "", texts[page])
        assert re.search(r"Page 1 of", texts[page])


def test_what_the_font_lacks_is_said_on_the_summary(written: Written) -> None:
    summary, *_ = page_texts(written.pdf("All sheets"))
    assert "U+1F34E" in summary
    assert "1-2-101" in summary
    assert all("🍎" not in text for text in page_texts(written.label(LabelKind.ROLL_70X50)))
    assert any("苹果〓" in text for text in page_texts(written.label(LabelKind.ROLL_70X50)))


def test_viewers_do_not_scale_labels_and_nothing_is_dated(written: Written) -> None:
    for path in written.files:
        if path.suffix == ".pdf":
            with pikepdf.open(path) as document:
                assert document.Root.ViewerPreferences.PrintScaling == "/None"
                assert "/CreationDate" not in document.docinfo


def test_the_font_is_embedded(written: Written) -> None:
    with pikepdf.open(written.pdf("All sheets")) as document:
        for page in document.pages:
            for font in page.Resources.Font.values():
                (descendant,) = font.DescendantFonts
                assert "NotoSansCJK" in str(font.BaseFont).replace("-", "").replace(" ", "")
                assert any(key.startswith("/FontFile") for key in descendant.FontDescriptor)


def cell_value(cell: Cell, kind: Kind) -> object:
    if cell is None or cell == "":
        return None
    if kind is Kind.FEN:
        return pytest.approx(float(cell) / 100)
    return cell if isinstance(cell, str) else pytest.approx(float(cell))


def table_values(table: Table) -> list[list[object]]:
    heading: list[object] = [str(column.title) for column in table.columns]
    rows = [*table.rows, *([table.totals] if table.totals else [])]
    kinds = [column.kind for column in table.columns]
    return [
        heading,
        *([cell_value(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows),
    ]


def test_the_workbook_says_the_same(written: Written) -> None:
    workbook = openpyxl.load_workbook(written.folder / "All sheets.xlsx")
    expected = tables(EDITION)
    assert len(workbook.sheetnames) == len(expected)
    for sheet, table in zip(workbook.worksheets, expected, strict=True):
        found = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert found == table_values(table)
        assert all(
            cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row
        )


def test_the_csv_files_say_the_same_and_run_nothing(written: Written) -> None:
    paths = [path for path in written.files if path.suffix == ".csv"]
    for path, table in zip(paths, tables(EDITION), strict=True):
        assert path.read_bytes().startswith("\ufeff".encode())
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
        assert heading == [str(column.title) for column in table.columns]
        assert len(rows) == len(table.rows)
        for row, cells in zip(rows, table.rows, strict=True):
            for shown, cell, column in zip(row, cells, table.columns, strict=True):
                assert not (isinstance(cell, str) and shown.startswith(("=", "+", "-", "@")))
                if isinstance(cell, str):
                    assert shown.removeprefix("'") == cell
                elif cell is not None:
                    assert Decimal(shown) == Decimal(cell) / (100 if column.kind is Kind.FEN else 1)
                else:
                    assert shown == ""


def everything_written(folder: Path) -> str:
    """Return all words in all files."""
    found = []
    for path in folder.rglob("*"):
        if path.suffix == ".pdf":
            found += page_texts(path)
        elif path.suffix == ".csv":
            found.append(path.read_text("utf-8-sig"))
        elif path.suffix == ".xlsx":
            workbook = openpyxl.load_workbook(path)
            found += [
                str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row
            ]
    return "\n".join(found)


def private_bag(bag: Bag) -> Bag:
    return replace(bag, name="慕容秋水", phone="13912345678")


@pytest.mark.parametrize(
    ("phone", "shown", "hidden"),
    [
        (PhoneKind.TAIL, ["tel. …5678"], ["12345678", "139"]),
        (PhoneKind.MASKED, ["139****5678"], ["12345678"]),
        (PhoneKind.FULL, ["13912345678"], []),
        (PhoneKind.NONE, [], ["5678"]),
    ],
)
def test_names_and_numbers_are_hidden_everywhere(
    tmp_path: Path, phone: PhoneKind, shown: list[str], hidden: list[str]
) -> None:
    base = pack(2)
    write_pack(replace(base, bags=tuple(map(private_bag, base.bags))), tmp_path, phone=phone, workers=1)
    text = everything_written(tmp_path)
    assert "慕容**" in text
    assert "秋水" not in text
    assert all(words in text for words in shown)
    assert not any(words in text for words in hidden)


def test_names_are_whole_where_asked_for(tmp_path: Path) -> None:
    base = pack(2)
    write_pack(replace(base, bags=tuple(map(private_bag, base.bags))), tmp_path, name_masked=False, workers=1)
    assert "慕容秋水" in everything_written(tmp_path)


def test_the_list_to_be_published_names_no_home(written: Written) -> None:
    published = [
        page for page in page_texts(written.pdf("All sheets")) if "Shortages, to be published" in page
    ][1:]
    assert published
    for page in published:
        assert not any(re.search(rf"(?<!\d){bag.home}(?!\d)", page) for bag in PACK.bags)
        assert "3人" not in page
    (path,) = (path for path in written.files if "to be published" in path.name)
    assert not any(str(bag.home) in path.read_text("utf-8-sig") for bag in PACK.bags)


def test_the_liaison_can_tell_each_household_why(written: Written) -> None:
    text = "".join(page for page in page_texts(written.pdf("All sheets")) if "for the liaison" in page)
    assert text.count("得1箱") == len(PACK.shortages)
    assert all(str(shortage.home) in text for shortage in PACK.shortages)
    assert text.count("0.54") == len(PACK.shortages)


def test_progress_comes_to_its_end(written: Written) -> None:
    done, total = zip(*written.steps, strict=True)
    assert list(done) == list(range(1, total[0] + 1))
    assert len(set(total)) == 1


def test_what_fails_is_said_and_leaves_no_process_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_pack(pack(9), tmp_path / "not there", workers=2)
    assert not multiprocessing.active_children()


def test_workers_write_the_same_bytes(tmp_path: Path) -> None:
    small = replace(PACK, bags=PACK.bags[:9])
    found = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        found.append(
            [
                path.read_bytes()
                for path in write_pack(small, folder, workers=workers)
                if path.suffix != ".xlsx"
            ]
        )
    assert found[0] == found[1]


def test_a_round_without_carts_cases_or_prices_is_printed_too(tmp_path: Path) -> None:
    base = pack(5)
    bags = tuple(replace(bag, cart=None, items=(BagItem("面条", Decimal(2)),)) for bag in base.bags)
    plain = Pack("丽城", "", "今天", bags, (Good("面条", "面条"),))
    files = write_pack(plain, tmp_path, workers=1)
    text = "".join(page_texts(files[0]))
    assert "Cart sheet" not in "".join(page_texts(files[0])[1:])
    assert "Building 1 Unit 1" in text
    assert "1 without a price" in text


def test_a_round_in_which_nobody_gets_anything_is_said(tmp_path: Path) -> None:
    base = pack(5)
    files = write_pack(replace(base, bags=()), tmp_path, workers=1)
    assert [path.name for path in files if path.suffix == ".pdf"] == ["All sheets.pdf"]  # no empty label file
    text = "".join(page_texts(files[0]))
    assert "Shortages, for the liaison" in text
