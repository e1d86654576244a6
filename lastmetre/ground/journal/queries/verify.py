"""Whether the journal is what was written: every line against its mark, its link and the anchor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from lastmetre.ground.journal import anchor, rules
from lastmetre.ground.journal.anchor import Head
from lastmetre.ground.journal.models import Link
from lastmetre.ground.journal.queries.lines import sealed, unsealed
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.keys import keys
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Sentence, say

CHUNK = 50_000
"""Links read by one statement: bounds its time, and what an interruption costs."""
_PREFIX = len(b"\\\\x")
"""Before the hexadecimal digits of a copied bytea."""
_GONE = b"\\N"

CHANGED = say("It is not what was sealed: somebody has changed it, or put it in another line's place.")
FORGED = say("It was not written by this program: its mark is wrong.")
DELETED = say("It was deleted.")
LINK_CHANGED = say("Its seal was changed; the line itself is as it was.")
REPLACED = say("From some line before this one, another journal was put in the place of the one sealed here.")


def links_gone(last: int) -> Sentence:
    """Say that seals were removed up to a line."""
    return say("The seals from here to line {last} were removed.", last=last)


def cut_off(last: int) -> Sentence:
    """Say that the end of the journal is missing."""
    return say("The journal was cut off here: it had gone on to line {last}.", last=last)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a line: its position in the chain (0: not yet sealed) and its id, if it has one."""

    position: int
    entry: UUID | None
    what: Sentence


Progress = Callable[[Head], None]


def verify(*, after: Head | None = None, progress: Progress | None = None) -> Iterator[Finding]:
    """Yield what is wrong, line by line, in bounded memory; writers are not held up.

    Starts after a head that was found good before. Each finding is told once: a changed line does not make
    those after it look changed.
    """
    known = anchor.read()
    with acting_as(SYSTEM):
        last = Link.objects.order_by("-position").values_list("position", flat=True).first() or 0
    reading = _Reading(after or Head(0, rules.BEGINNING), known)
    while reading.position < last:
        first = reading.position + 1
        with acting_as(SYSTEM):
            for row in sealed(first, first + CHUNK):
                reading.take(row)
            if reading.position < first:  # a hole larger than a chunk
                reading.skip_to(_next_link(first))
        yield from reading.told()
        if progress:
            progress(Head(reading.position, reading.digest))
    reading.settle()
    yield from reading.told()
    yield from _unsealed()
    if known and known.position > last:
        yield Finding(last, None, cut_off(known.position))


def _next_link(first: int) -> int:
    after = Link.objects.filter(position__gte=first).order_by("position")
    return int(after.values_list("position", flat=True)[0])


def _unsealed() -> Iterator[Finding]:
    with acting_as(SYSTEM):
        marks = keys().derived(rules.MARKS)
        for line in unsealed(UUID(int=0), most=1_000_000):
            if not _is_genuine(line, marks):
                yield Finding(0, UUID(line[:36].decode()), FORGED)


def _is_genuine(line: bytes, key: bytes) -> bool:
    heading, mark, *_ = line.rsplit(b"\t", len(rules.REST))
    return rules.mark(heading, key).hex().encode() == mark[_PREFIX:]


class _Reading:
    """Follows the chain; on a break it finds out from the next link whether line or link was changed."""

    def __init__(self, head: Head, anchored: Head | None) -> None:
        self.position, self.digest = head.position, head.digest
        self.anchored = anchored
        self.seal_key = keys().derived(rules.SEAL)
        self.mark_key = keys().derived(rules.MARKS)
        self.findings: list[Finding] = []
        self.doubted: tuple[Finding, bytes] | None = None
        """The broken line, and the digest that its link should have if only the link was changed."""

    def told(self) -> list[Finding]:
        """Return what was found since the last call."""
        told, self.findings = self.findings, []
        return told

    def take(self, row: bytes) -> None:
        """Read one link with its line."""
        position, digest, entry, line = row.split(b"\t", 3)
        stored = bytes.fromhex(digest[_PREFIX:].decode())
        if int(position) != self.position + 1:
            self.skip_to(int(position))
        self.position += 1
        if line.startswith(_GONE):
            self.settle()
            self._tell(entry, DELETED)
        else:
            # After a hole there is nothing to chain to.
            computed = rules.link(self.digest, line, self.seal_key) if self.digest else stored
            if computed != stored:
                self._broken(entry, line, computed, stored)
            elif self.doubted:
                self.settle()
            elif not _is_genuine(line, self.mark_key):
                self._tell(entry, FORGED)
        if self.anchored and self.position == self.anchored.position and stored != self.anchored.digest:
            self._tell(entry, REPLACED)
        self.digest = stored

    def _broken(self, entry: bytes, line: bytes, computed: bytes, stored: bytes) -> None:
        if self.doubted:
            finding, instead = self.doubted
            if rules.link(instead, line, self.seal_key) == stored:
                self.doubted = None
                self.findings.append(Finding(finding.position, finding.entry, LINK_CHANGED))
                return
        self.settle()
        self.doubted = (self._finding(entry, CHANGED), computed)

    def skip_to(self, position: int) -> None:
        """Tell of a hole in the chain that ends before `position`."""
        self.settle()
        self.findings.append(Finding(self.position + 1, None, links_gone(position - 1)))
        self.position, self.digest = position - 1, b""

    def settle(self) -> None:
        """Tell of the broken line that the one after it did not excuse."""
        if self.doubted:
            self.findings.append(self.doubted[0])
            self.doubted = None

    def _tell(self, entry: bytes, what: Sentence) -> None:
        self.findings.append(self._finding(entry, what))

    def _finding(self, entry: bytes, what: Sentence) -> Finding:
        return Finding(self.position, UUID(entry.decode()), what)
