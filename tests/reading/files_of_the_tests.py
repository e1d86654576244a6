"""Files that the tests make: workbooks of every format, honest and not."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
import xlwt

Rows = Sequence[Sequence[object]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(
    path: Path, sheets: Mapping[str, Rows], merged: Iterable[str] = (), hidden_rows: Iterable[int] = ()
) -> Path:
    """Write a workbook as people make them; merges and hidden rows are those of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    for row in hidden_rows:
        book.worksheets[0].row_dimensions[row].hidden = True
    book.save(path)
    return path


def table(path: Path, *rows: Sequence[object], merged: Iterable[str] = ()) -> Path:
    """Write a workbook of one sheet."""
    return xlsx(path, {"Sheet1": rows}, merged)


def packed_xlsx(path: Path, sheet_data: str | Iterable[str], shared: str = "", dimension: str = "A1") -> Path:
    """Write a workbook whose sheet holds exactly this XML."""
    pieces = [sheet_data] if isinstance(sheet_data, str) else sheet_data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        if shared:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><dimension ref="{dimension}"/><sheetData>'.encode())
            for piece in pieces:
                sheet.write(piece.encode())
            sheet.write(b"</sheetData></worksheet>")
    return path


def ods(path: Path, rows: str) -> Path:
    """Write an OpenDocument sheet whose table holds exactly this XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0"/>'
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{_OFFICE}:office:1.0" xmlns:table="{_OFFICE}:table:1.0" '
            f'xmlns:text="{_OFFICE}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">'
            f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_cell(text: str, attributes: str = "") -> str:
    """Return the XML of a cell with text."""
    return (
        f'<table:table-cell office:value-type="string"{attributes}><text:p>{text}</text:p></table:table-cell>'
    )


def xls(path: Path, rows: Rows, merged: tuple[int, int, int, int, str] | None = None) -> Path:
    """Write an old workbook; `merged` is top, bottom, left, right (0-based) and the text."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    if merged:
        sheet.write_merge(*merged)
    book.save(str(path))
    return path


def locked_xlsx(path: Path) -> Path:
    """Write what Excel writes for a workbook with a password: an OLE container with an encrypted package."""
    xls(path, [["x"]])
    name = "EncryptedPackage".encode("utf-16-le")
    data = path.read_bytes()
    at = data.index("Workbook".encode("utf-16-le"))
    entry = name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2)
    path.write_bytes(data[:at] + entry + data[at + len(entry) :])
    return path


def understate_sizes(path: Path, declared_bytes: int) -> Path:
    """Make a packed workbook declare smaller parts than it holds."""
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", data, at + 24, min(declared_bytes, *struct.unpack_from("<I", data, at + 24)))
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)
    return path
