"""A round whose households pay: statements of the two apps as they are exported, people who confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from relay import Relay

from lastmetre.chain.ledger.queries.balances import balances, due_by_household
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Round
from lastmetre.ground.goods.models import Payee
from lastmetre.ground.goods.rules import PayeeState
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.responses import standing_response
from lastmetre.ground.protection.scope import acting_as

BILL = {"101": 8260, "102": 7470, "201": 3905}

WECHAT_HEAD = """微信支付账单明细,,,,,,,,
微信昵称：[永辉超市],,,,,,,,
起始时间：[2026-11-01 00:00:00] 终止时间：[2026-11-27 00:00:00],,,,,,,,
导出类型：[全部],,,,,,,,
导出时间：[2026-11-27 10:00:00],,,,,,,,
,,,,,,,,
共4笔记录,,,,,,,,
----------------------微信支付账单明细列表--------------------,,,,,,,,
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
"""
ALIPAY_HEAD = """------------------------------------------------------------------------------------
导出信息：
姓名：永辉
支付宝账户：y@example.com
共2笔记录
------------------------支付宝（中国）网络技术有限公司  电子客户回单------------------------
交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,
"""


@dataclass(frozen=True)
class Paid:
    """A line of a statement."""

    number: str
    yuan: str
    note: str = ""
    at: datetime | None = None
    payer: str = "某人"
    state: str = ""
    direction: str = "收入"
    kind: str = "二维码收款"


def wechat(folder: Path, lines: Sequence[Paid], name: str = "wechat.csv") -> Path:
    """Write a statement of WeChat Pay, in UTF-8 with its mark."""
    rows = [
        f'{_time(one)},{one.kind},{one.payer},"收款方备注:二维码收款付款方留言:{one.note}",'
        f'{one.direction},"¥{one.yuan}",/,{one.state or "已存入零钱"},"{one.number}\t","1\t","服务费¥0.08"'
        for one in lines
    ]
    path = folder / name
    path.write_bytes((WECHAT_HEAD + "\n".join(rows) + "\n").encode("utf-8-sig"))
    return path


def alipay(folder: Path, lines: Sequence[Paid], name: str = "alipay.csv") -> Path:
    """Write a statement of Alipay, in GB18030."""
    rows = [
        f"{_time(one)},{one.kind},{one.payer},a***@qq.com,{one.note},{one.direction},{one.yuan},余额宝,"
        f"{one.state or '交易成功'},{one.number}\t,\t,,"
        for one in lines
    ]
    path = folder / name
    path.write_bytes((ALIPAY_HEAD + "\n".join(rows) + "\n").encode("gb18030"))
    return path


def _time(one: Paid) -> str:
    at = one.at.astimezone() if one.at else None
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "2026-11-26 10:01:02"


def dues(row: Round) -> dict[str, int]:
    """What each household has to pay, by the last part of its door."""
    with acting_as(SYSTEM):
        found = due_by_household(row.book)
    return {str(key): fen for key, fen in found.items() if fen}


def due(relay: Relay, room: str) -> int:
    """What a household has to pay."""
    return dues(relay.round).get(str(relay.household[room].pk), 0)


def total(row: Round, kind: AccountKind) -> int:
    """The money in all accounts of a kind."""
    with acting_as(SYSTEM):
        return sum(held.amount for held in balances(row.book, kind) if held.product is None)


def money_adds_up(row: Round) -> bool:
    """All money of a book adds up to nothing, whatever happened."""
    with acting_as(SYSTEM):
        return sum(held.amount for held in balances(row.book) if held.product is None) == 0


def with_payee(relay: Relay) -> Payee:
    """Put a collection code of the supplier in force."""
    with acting_as(SYSTEM) as now:
        payee = Payee(
            supplier=relay.shop.supplier,
            response=standing_response(now),
            name="永辉超市收款",
            code="wxp://f2f0ABCDEF",
            state=PayeeState.IN_FORCE,
            proposed_by="one",
            proposed_at=now,
            decided_by="two",
            decided_at=now,
        )
        payee.save(force_insert=True)
    return payee


def pay_until(relay: Relay, ago: timedelta) -> None:
    """Set the time to pay, counted back from now."""
    with acting_as(SYSTEM) as now:
        Round.objects.filter(pk=relay.round.pk).update(pay_until=now - ago)
        relay.round.refresh_from_db()
