"""What the tests of intake share: pastes, and who makes them."""

from __future__ import annotations

from relay import Relay

from lastmetre.chain.orders.actions.intake import Entered, confirm, preview, take_text
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.models import Message, Request
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as

CHAIN = """#接龙
A 大米 B 鸡蛋 C 土豆
1. 1-101 王芳 A1 鸡蛋2板
2. 1-102 B3
3. 2-201 土豆2.5斤 A1"""


def paste(relay: Relay, text: str, by: Actor | None = None) -> Entered:
    """Paste a chain and confirm what it shows."""
    who = by or relay.staff("liaison")
    with acting_as(who) as now:
        intake = take_text(relay.round, text, by=who, at=now)
        shown = preview(intake, by=who, at=now)
        return confirm(intake, digest=shown.plan.digest, by=who, at=now)


def asked(relay: Relay) -> dict[str, dict[str, str]]:
    """What stands in the round: {room: {code: quantity}}."""
    found: dict[str, dict[str, str]] = {}
    with acting_as(SYSTEM):
        rows = Request.objects.filter(round=relay.round, state="active").prefetch_related("lines__item")
        for row in rows.select_related("household__place"):
            found[row.household.place.name] = {
                line.item.code: f"{line.quantity.normalize():f}" for line in row.lines.all()
            }
    return {room: dict(sorted(found[room].items())) for room in sorted(found)}


def open_doubts(relay: Relay) -> list[tuple[Message, Asking]]:
    """What waits for a person."""
    with acting_as(SYSTEM):
        rows = Message.objects.filter(intake__round=relay.round, state="doubt").select_related("intake")
        return [(row, Asking.of(row.reading or "")) for row in rows]
