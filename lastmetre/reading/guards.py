"""The guard before every parser: what kind of file this is, and whether it is safe and sensible to read.

Kind is told by content, never by the name's ending: people rename, and chat programs drop endings.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lastmetre.reading.archives import open_archive
from lastmetre.reading.encodings import decode
from lastmetre.reading.extents_ods import check_ods
from lastmetre.reading.extents_xlsx import HiddenRows, check_xlsx
from lastmetre.reading.limits import (
    MAX_TEXT_BYTES,
    MAX_WORKBOOK_BYTES,
    SAVE_AGAIN,
    no_workbook,
    too_big,
)
from lastmetre.reading.xls_files import check_xls
from lastmetre.terms import InputError, Sentence, Source, say

_ZIP, _EMPTY_ZIP, _OLE = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", say("This is a PDF file.")),
    (b"\x89PNG", say("This is a picture.")),
    (b"\xff\xd8\xff", say("This is a picture.")),
    (b"GIF8", say("This is a picture.")),
    (b"Rar!", say("This is a packed archive.")),
    (b"7z\xbc\xaf", say("This is a packed archive.")),
    (b"\x1f\x8b", say("This is a packed archive.")),
)
TABLE_ENDINGS = frozenset((".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".et", ".ods"))
_PAGE_MARKS = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"mso-application")


class FileKind(StrEnum):
    """What a file holds, by its content."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class SafeFile:
    """A file that the guard let pass: its bytes, its kind, and the rows that its sheets hide."""

    source: Source
    kind: FileKind
    data: bytes
    hidden: HiddenRows = field(default_factory=dict)


def guard(path: Path) -> SafeFile:
    """Read a file and refuse what no parser should see; raises InputError (trust.md 15)."""
    source = Source(file=path.name)
    data = _read_bounded(path, source)
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _guard_archive(data, source)
    if data.startswith(_OLE):
        check_xls(data, source)
        return SafeFile(source, FileKind.XLS, data)
    _refuse_other_kinds(data, source)
    if len(data) > MAX_TEXT_BYTES:
        raise too_big(MAX_TEXT_BYTES, source)
    return SafeFile(source, FileKind.TEXT, data)


def is_table_file(path: Path) -> bool:
    """Say whether a file is a workbook, by its first bytes, or a CSV, by its name's ending."""
    if path.suffix.lower() in TABLE_ENDINGS or not path.is_file():
        return path.suffix.lower() in TABLE_ENDINGS
    with path.open("rb") as file:
        return file.read(len(_OLE)).startswith((_ZIP, _EMPTY_ZIP, _OLE))


def read_text(path: Path, limit_bytes: int = MAX_TEXT_BYTES) -> str:
    """Return the text of a chain, list or YAML file, its encoding found out; raises InputError."""
    file = guard(path)
    if file.kind is not FileKind.TEXT:
        raise InputError(
            say("This is a workbook, where a text was expected."),
            remedy=say("Give a text file here."),
            source=file.source,
        )
    return bounded_text(file.data, file.source, limit_bytes)


def bounded_text(data: bytes, source: Source, limit_bytes: int = MAX_TEXT_BYTES) -> str:
    """Return bytes of any origin (standard input, an upload) as text; raises InputError."""
    if len(data) > limit_bytes:
        raise too_big(limit_bytes, source)
    text = decode(data, source)
    if not text.strip():
        raise _empty(source)
    return text


def _read_bounded(path: Path, source: Source) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(say("This is a folder."), remedy=say("Name the files in it."), source=source)
        if status.st_size > MAX_WORKBOOK_BYTES:
            raise too_big(MAX_WORKBOOK_BYTES, source)
        with path.open("rb") as file:
            data = file.read(1 + (status.st_size if stat.S_ISREG(status.st_mode) else MAX_WORKBOOK_BYTES))
    except FileNotFoundError as error:
        raise InputError(
            say("There is no such file."),
            remedy=say("Check the name, or drag the file onto the window."),
            source=source,
        ) from error
    except OSError as error:
        raise InputError(
            say("The file cannot be opened."),
            remedy=say("Close it in other programs and see that you may read it."),
            source=source,
        ) from error
    if len(data) > MAX_WORKBOOK_BYTES:
        raise too_big(MAX_WORKBOOK_BYTES, source)
    if not data:
        raise _empty(source)
    return data


def _guard_archive(data: bytes, source: Source) -> SafeFile:
    archive = open_archive(data, source)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return SafeFile(source, FileKind.XLSX, data, check_xlsx(archive, data, source))
    if "xl/workbook.bin" in names:
        raise _refuse(say("This is a binary workbook (.xlsb)."), SAVE_AGAIN, source)
    if "content.xml" in names and "word/document.xml" not in names:
        return SafeFile(source, FileKind.ODS, data, check_ods(archive, data, source))
    raise no_workbook(source)


def _refuse_other_kinds(data: bytes, source: Source) -> None:
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t")
    for mark, what in _OTHERS:
        if head.startswith(mark):
            raise _refuse(
                what, say("Give the table itself as a workbook or CSV, or the chat as text."), source
            )
    if head[:1] == b"<" and any(mark in head.lower() for mark in _PAGE_MARKS):
        raise _refuse(say("This is a web page with the name of a workbook."), SAVE_AGAIN, source)


def _refuse(what: Sentence, remedy: Sentence, source: Source) -> InputError:
    return InputError(what, remedy=remedy, source=source)


def _empty(source: Source) -> InputError:
    return InputError(
        say("The file is empty."), remedy=say("Check that it was saved, and give it again."), source=source
    )
