"""What came in, by the statements of the two large payment apps (WeChat Pay 微信支付账单明细, Alipay 支付宝账单).

Both are tables below a dozen lines about the account, as CSV (UTF-8 with a mark, GB18030) or workbook; amounts
carry ¥, numbers end in tabs, and a refund is either a line of its own or a word in the state of the first.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path

from lastmetre.reading.cell_values import money_fen
from lastmetre.reading.folding import fold
from lastmetre.reading.tables import Row, Workbook, read_tables
from lastmetre.terms import InputError, Sentence, say

MOST_FEN = 100_000_000
"""A line of a million yuan is no neighbour's."""


class PaymentApp(StrEnum):
    """Whose statement it is."""

    WECHAT = "wechat"
    ALIPAY = "alipay"


_COLUMNS: dict[str, tuple[str, ...]] = {
    "at": ("交易时间", "交易创建时间", "付款时间"),
    "kind": ("交易类型", "交易分类", "类型"),
    "payer": ("交易对方",),
    "note": ("商品", "商品说明", "商品名称"),
    "direction": ("收/支",),
    "amount": ("金额(元)", "金额（元）", "金额"),
    "state": ("当前状态", "交易状态"),
    "number": ("交易单号", "交易订单号", "交易号"),
    "remark": ("备注",),
}
_NEEDED = ("at", "direction", "amount", "state", "number")
_OF_WECHAT = ("交易单号", "当前状态")
_HEADER_ROWS = 60
"""The table begins within so many lines."""
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_FAILED = ("关闭", "失败", "等待", "未支付", "已撤销", "待付款", "待确认")
_PARTLY = re.compile(r"已退款\s*\(?\s*[¥￥]?\s*(\d+(?:\.\d{1,2})?)")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A payment that came in, or one that was given back (`amount_fen` below zero)."""

    row: int
    number: str
    """The app's own number of the transaction: the same payment has the same number for ever."""
    at: datetime
    amount_fen: int
    refunded_fen: int
    """What the state of an incoming line says was given back of it."""
    payer: str
    note: str
    """What the payer wrote, and the remark."""


@dataclass(frozen=True, slots=True)
class StatementReading:
    """What a statement says."""

    app: PaymentApp
    rows: tuple[StatementRow, ...]
    passed_over: int
    """Lines that are no money that came in: paid out, closed, failed."""
    doubts: tuple[tuple[int, Sentence], ...] = ()
    """Rows that look like a payment and cannot be read."""


def read_statement(path: Path, zone: tzinfo) -> StatementReading:
    """Read a statement; `zone` is that of its times. Raises InputError where it is none."""
    workbook = read_tables(path)
    app, columns, rows = _table(workbook)
    found: list[StatementRow] = []
    doubts: list[tuple[int, Sentence]] = []
    passed = 0
    for row in rows:
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in columns.items()}
        if not cells["number"].strip() or not cells["amount"].strip():
            continue  # the closing lines of the file
        sign = _sign(cells)
        if sign == 0:
            passed += 1
            continue
        try:
            found.append(_read(row, cells, sign, zone))
        except ValueError as error:
            doubts.append((row.number, error.args[0]))
    once = _without_twins(found)
    return StatementReading(app, once, passed + len(found) - len(once), tuple(doubts))


def _without_twins(rows: list[StatementRow]) -> tuple[StatementRow, ...]:
    """Leave out refunds of their own line that the state of the payment states as well."""
    stated = Counter((row.payer, row.refunded_fen) for row in rows if row.refunded_fen)
    kept = []
    for row in rows:
        if row.amount_fen < 0 and stated[row.payer, -row.amount_fen] > 0:
            stated[row.payer, -row.amount_fen] -= 1
        else:
            kept.append(row)
    return tuple(kept)


def _table(workbook: Workbook) -> tuple[PaymentApp, dict[str, int], tuple[Row, ...]]:
    for sheet in workbook.sheets:
        for index, row in enumerate(sheet.rows[:_HEADER_ROWS]):
            heads = [cell.strip() for cell in row.cells]
            columns = {
                name: heads.index(title)
                for name, titles in _COLUMNS.items()
                for title in titles[::-1]
                if title in heads
            }
            if all(name in columns for name in _NEEDED):
                is_wechat = all(title in heads for title in _OF_WECHAT)
                app = PaymentApp.WECHAT if is_wechat else PaymentApp.ALIPAY
                return app, columns, sheet.rows[index + 1 :]
    raise InputError(
        say("This is no statement of WeChat Pay or Alipay: there is no line with its column heads."),
        remedy=say("Export the bill in the app (for your own reconciliation) and give that file."),
        source=workbook.source,
    )


def _sign(cells: dict[str, str]) -> int:
    """Return 1 for money that came in, -1 for money given back, 0 for all else."""
    state, direction = cells["state"], cells["direction"].strip()
    if any(word in state for word in _FAILED):
        return 0
    if direction == "收入":
        return 1
    words = f"{cells.get('kind', '')} {cells.get('note', '')} {state}"
    return -1 if "退款" in words and "对方" not in state else 0


def _read(row: Row, cells: dict[str, str], sign: int, zone: tzinfo) -> StatementRow:
    amount = money_fen(cells["amount"])
    if amount is None or not 0 < abs(amount) <= MOST_FEN:
        raise ValueError(say("“{amount}” is no amount.", amount=cells["amount"][:20]))
    amount = abs(amount)
    parts = (_said(cells.get("note", "")), _said(cells.get("remark", "")))
    note = " ".join(dict.fromkeys(part for part in parts if part))
    return StatementRow(
        row.number,
        re.sub(r"\s", "", cells["number"])[:64],
        _time(cells["at"], zone),
        sign * amount,
        _refunded(cells["state"], amount) if sign > 0 else 0,
        cells.get("payer", "").strip()[:80],
        note[:300],
    )


def _said(cell: str) -> str:
    """Leave out what the app itself writes into a note."""
    plain = re.sub(r"收款方备注[:：]\s*(?:二维码收款)?|付款方留言[:：]|服务费[¥￥][\d.]+", " ", cell)
    return "" if plain.strip() in ("", "/", "-") else re.sub(r"\s+", " ", plain).strip()


def _time(text: str, zone: tzinfo) -> datetime:
    plain = fold(text).strip()
    for form in _TIMES:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise ValueError(say("“{time}” is no time.", time=text[:30]))


def _refunded(state: str, amount: int) -> int:
    if "全额退款" in state:
        return amount
    found = _PARTLY.search(fold(state))
    fen = money_fen(found[1]) if found else 0
    return min(fen or 0, amount)
