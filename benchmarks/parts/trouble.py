"""What waits for somebody in every round: unread orders, late ones, failed doors, claims, lines of a statement."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lastmetre.chain.doorstep.actions.doors import Told, take_events
from lastmetre.chain.doorstep.rules import MOST_EVENTS, Outcome
from lastmetre.chain.orders.actions.intake import confirm, preview, take_text
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.payments import Claimed, claim
from lastmetre.chain.settlement.actions.statements import import_statement
from lastmetre.chain.settlement.queries.bills import bills
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id

OUTCOMES = (Outcome.DELIVERED, Outcome.NOBODY_IN, Outcome.REFUSED, Outcome.DAMAGED)
HEADS = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"


def send_unread(row: Round, count: int, at: datetime) -> None:
    """Paste a chain with orders of homes that are not there: each waits for a person."""
    chain = "\n".join(f"{number}. 99-1-{number} A1" for number in range(1, count + 1))
    intake = take_text(row, chain, by=SYSTEM, at=at)
    entered = confirm(intake, digest=preview(intake, by=SYSTEM, at=at).plan.digest, by=SYSTEM, at=at)
    assert entered.doubts >= count, entered


def tell_doors(homes: Sequence[Household], at: datetime) -> None:
    """Say of one door after the other: delivered, nobody in, refused, damaged."""
    told = [
        Told(new_id(), OUTCOMES[place % len(OUTCOMES)], str(home.pk), at) for place, home in enumerate(homes)
    ]
    for first in range(0, len(told), MOST_EVENTS):
        refused = [
            one.words
            for one in take_events(told[first : first + MOST_EVENTS], by=SYSTEM, at=at)
            if one.effect == "refused"
        ]
        assert not refused, refused[0]


def claim_paid(row: Round, homes: Sequence[Household], at: datetime) -> None:
    """Let households say that they have paid what is due."""
    due = bills(row.book, [home.pk for home in homes])
    for place, home in enumerate(homes):
        claim(row, home, Claimed(due[home.pk].due_fen, f"{place:08}"), by=SYSTEM, at=at)


def import_strangers(row: Round, count: int, at: datetime) -> None:
    """Take in a statement of WeChat Pay whose lines are of nobody known: each waits for a person."""
    lines = [
        f'{at.astimezone():%Y-%m-%d %H:%M:%S},二维码收款,某人,付款方留言:菜,收入,¥1.23,/,已存入零钱,"{number:012}\t",1,'
        for number in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wechat.csv"
        path.write_text("\n".join([HEADS, *lines]), encoding="utf-8-sig")
        found = import_statement(row, path, by=SYSTEM, at=at)
    assert found.waiting == count, found
