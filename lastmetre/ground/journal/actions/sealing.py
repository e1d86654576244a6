"""Sealing lines by a chain, in a transaction of its own: writers never wait for it (trust.md 7)."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from lastmetre.ground.journal import anchor, rules
from lastmetre.ground.journal.actions.entries import record
from lastmetre.ground.journal.anchor import Head
from lastmetre.ground.journal.models import Link
from lastmetre.ground.journal.queries.lines import unsealed
from lastmetre.ground.protection.actor import EVERYWHERE, SYSTEM, Actor
from lastmetre.ground.protection.ids import earliest_id, made_at_ms
from lastmetre.ground.protection.keys import keys
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

BATCH = 20_000
LATE_MS = 600_000
"""A line is looked for so long after later ones were sealed; `thorough` looks for all."""
_LOCK = 0x6A6F75726E616C  # "journal"


def seal(*, thorough: bool = False) -> int:
    """Chain all lines that are not yet; returns how many. Raises InputError where the chain was cut.

    Only one sealer works at a time: another returns 0 at once.
    """
    total = 0
    since = UUID(int=0) if thorough else None
    while True:
        with acting_as(SYSTEM):
            sealed, head, since = _seal_batch(since)
        total += sealed
        # After the commit: an anchor ahead of the database would look as if the end had been cut off.
        if sealed:
            anchor.write(head)
        if sealed < BATCH:
            return total


def _seal_batch(since: UUID | None) -> tuple[int, Head, UUID]:
    """Seal lines from an id on; returns how many, the new head, and from where to go on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0, Head(0, rules.BEGINNING), UUID(int=0)
    head = _head_that_holds()
    since = since or _since(head)
    key = keys().derived(rules.SEAL)
    position, digest = head.position, head.digest
    links = []
    for line in unsealed(since, most=BATCH):
        position += 1
        digest = rules.link(digest, line, key)
        links.append((position, UUID(line[:36].decode()), digest))
    if links:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal_link (position, entry, digest)"
                " SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[])",
                [list(column) for column in zip(*links, strict=True)],
            )
    return len(links), Head(position, digest), links[-1][1] if links else since


def _since(head: Head) -> UUID:
    latest = Link.objects.filter(position=head.position).first()
    if latest is None:
        return UUID(int=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now())")
        now_ms = int(cursor.fetchone()[0] * 1000)
    # A machine whose clock runs ahead must not hide the lines of the others.
    return earliest_id(min(made_at_ms(latest.entry), now_ms) - LATE_MS)


def _head_that_holds() -> Head:
    last = Link.objects.order_by("-position").first()
    head = Head(last.position, bytes(last.digest)) if last else Head(0, rules.BEGINNING)
    known = anchor.read()
    if known is not None and known != head:
        held = Link.objects.filter(position=known.position).first()
        if held is None or bytes(held.digest) != known.digest:
            raise InputError(
                say(
                    "The journal ends before line {position}, which was sealed here.", position=known.position
                ),
                remedy=say(
                    "If a backup was restored, run lastmetre journal accept. If not, somebody has cut it off:"
                    " keep the disk as it is and run lastmetre journal verify."
                ),
            )
    return head


def accept_break(*, by: Actor, why: str) -> None:
    """Go on from where a restored backup ends; what was lost is written into the journal."""
    known = anchor.read()
    with acting_as(SYSTEM) as now:
        last = Link.objects.order_by("-position").first()
        record(
            "accepted",
            "journal.link",
            by=by,
            at=now,
            path=EVERYWHERE,
            why=why,
            ended_at=last.position if last else 0,
            was_at=known.position if known else 0,
            was_digest=known.digest.hex() if known else "",
        )
    anchor.path().unlink(missing_ok=True)
    seal(thorough=True)
