"""Packed workbooks (.xlsx, .ods): what they expand to, seen part by part before any parser."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from lastmetre.reading.limits import (
    MAX_ENTRIES,
    MAX_EXPANDED_BYTES,
    MAX_EXPANSION_RATIO,
    RATIO_FREE_BYTES,
    SMALLER_FILE,
    damaged,
    locked,
    unusual,
)
from lastmetre.terms import InputError, Source, say

_CHUNK_BYTES = 1 << 18
_TAG_BYTES = 1 << 16
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 1
_XML = (".xml", ".rels")


def open_archive(data: bytes, source: Source) -> zipfile.ZipFile:
    """Read the table of contents and refuse what declares too much; raises InputError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise damaged(source) from error
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or len({entry.filename for entry in entries}) < len(entries):
        raise unusual(source)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise locked(source)
    expanded = sum(entry.file_size for entry in entries)
    if expanded > MAX_EXPANDED_BYTES or any(_is_bomb(entry) for entry in entries):
        raise InputError(
            say("This file unpacks to {size} MB: far more than a list of orders.", size=expanded // 10**6),
            remedy=SMALLER_FILE,
            source=source,
        )
    return archive


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    expands_to = max(RATIO_FREE_BYTES, MAX_EXPANSION_RATIO * entry.compress_size)
    return entry.file_size > expands_to


def tags(data: bytes, entry: zipfile.ZipInfo, source: Source) -> Iterator[bytes]:
    """Yield a part in chunks that never cut a tag of up to 64 kB.

    Raises InputError where the part holds more than it declares, or is no whole XML.
    """
    rest = b""
    chunks = _unpacked(data, entry, source)
    for chunk in _well_formed(chunks, source) if entry.filename.endswith(_XML) else chunks:
        text = rest + chunk
        opened = text.rfind(b"<")
        cut = opened if opened > text.rfind(b">") else len(text)
        if len(text) - cut > _TAG_BYTES:
            cut = len(text)  # a picture, or a tag that no sheet has
        rest = text[cut:]
        yield text[:cut]
    yield rest


def _well_formed(chunks: Iterator[bytes], source: Source) -> Iterator[bytes]:
    """Pass XML on that is whole: a part that breaks off makes the parser wait for its end without end."""

    def refuse_definitions(*_: object) -> None:
        raise unusual(source)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_definitions
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield chunk
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged(source) from error


def _unpacked(data: bytes, entry: zipfile.ZipInfo, source: Source) -> Iterator[bytes]:
    """Yield the part's bytes and refuse it when it holds more than it declares.

    The standard library stops at the declared size and says nothing; the parser would go on.
    """
    packed = _packed(data, entry, source)
    if entry.compress_type == zipfile.ZIP_STORED:
        if len(packed) != entry.file_size:
            raise damaged(source)
        yield from (bytes(packed[at : at + _CHUNK_BYTES]) for at in range(0, len(packed), _CHUNK_BYTES))
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(packed, entry.file_size, source)
    else:
        raise unusual(source)


def _packed(data: bytes, entry: zipfile.ZipInfo, source: Source) -> memoryview:
    start = entry.header_offset
    try:
        signature, name_bytes, extra_bytes = _LOCAL_HEADER.unpack_from(data, start)
    except struct.error as error:
        raise damaged(source) from error
    start += _LOCAL_HEADER.size + name_bytes + extra_bytes
    if signature != b"PK\x03\x04" or start + entry.compress_size > len(data):
        raise damaged(source)
    return memoryview(data)[start : start + entry.compress_size]


def _inflated(packed: memoryview, declared_bytes: int, source: Source) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting, seen = bytes(packed), 0
    while not inflater.eof:
        try:
            chunk = inflater.decompress(waiting, _CHUNK_BYTES)
        except zlib.error as error:
            raise damaged(source) from error
        waiting, seen = inflater.unconsumed_tail, seen + len(chunk)
        cut_short = not (chunk or waiting or inflater.eof)
        if seen > declared_bytes or cut_short:
            raise damaged(source)
        yield chunk
