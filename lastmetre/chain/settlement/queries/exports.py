"""The books of a round, handed to the writers of files."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.utils import timezone

from lastmetre.chain.ledger.models import Book, Line, Posting
from lastmetre.chain.ledger.rules import CAUSE_WORDS, MILLI, AccountKind, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.queries.goods_flow import flows
from lastmetre.chain.settlement.queries.statements import households_of
from lastmetre.ground.goods.models import Product
from lastmetre.papers.journals import Entry, Good, Transaction
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.terms import Translate, say


def transactions(book: Book, translate: Translate) -> list[Transaction]:
    """Return all postings of a book, first to last; three queries."""
    lines: dict[UUID, list[Entry]] = defaultdict(list)
    rows = Line.objects.filter(account__book=book).order_by("pk")
    found = list(rows.values_list("posting", "account__kind", "account__owner", "product", "amount"))
    products = Product.objects.in_bulk({product for _, _, _, product, _ in found if product})
    goods = {pk: Good(one.code, one.name, one.unit) for pk, one in products.items()}
    for posting, kind, owner, product, amount in found:
        opaque = owner.hex[-12:] if owner else ""
        lines[posting].append(Entry(kind, opaque, amount, goods[product] if product else None))
    zone = timezone.get_current_timezone()
    return [
        Transaction(str(pk), at.astimezone(zone), CAUSE_WORDS[Cause(cause)].text(translate), tuple(lines[pk]))
        for pk, at, cause in Posting.objects.filter(book=book).order_by("pk").values_list("pk", "at", "cause")
        if lines[pk]
    ]


def tables(row: Round) -> list[Table]:
    """Return the books as sheets: goods, households, postings; doors, no names."""
    return [_goods(row), _households(row), _postings(row)]


def _goods(row: Round) -> Table:
    names = (
        *(say("Promised"), say("Packed"), say("Arrived"), say("Delivered"), say("Given to others")),
        *(say("Back to the supplier"), say("Not kept"), say("Lost"), say("Still open")),
    )
    columns: tuple[Column, ...] = (
        Column(say("Good"), width=20),
        *(Column(name, Kind.NUMBER) for name in names),
    )
    rows: tuple[tuple[Any, ...], ...] = tuple(
        (
            f"{one.product.name} ({one.product.unit})",
            *(
                amount / MILLI
                for amount in (
                    *(one.promised, one.packed, one.arrived, one.delivered, one.given, one.returned),
                    *(sum(one.unmet.values()), sum(one.lost.values()), one.owed + sum(one.held.values())),
                )
            ),
        )
        for one in flows(row.book)
    )
    return Table(say("Goods"), columns, rows)


def _households(row: Round) -> Table:
    columns = (
        Column(say("Door"), width=14),
        *(
            Column(name, Kind.FEN)
            for name in (say("Bill"), say("Paid"), say("Fund"), say("Other"), say("Unpaid"))
        ),
    )
    rows: tuple[tuple[Any, ...], ...] = tuple(
        (one.home.home, one.bill_fen, one.paid_fen, one.fund_fen, one.other_fen, one.due_fen)
        for one in households_of(row)
    )
    totals: tuple[Any, ...] = ("", *(sum(one[column] for one in rows) for column in range(1, 6)))
    return Table(say("Households"), columns, rows, totals)


def _postings(row: Round) -> Table:
    columns = (
        *(
            Column(say("Time"), width=18),
            Column(say("Cause"), width=16),
            Column(say("Account in the books"), width=12),
        ),
        *(Column(say("Whose"), width=14), Column(say("Good"), width=16)),
        *(Column(say("Quantity"), Kind.NUMBER), Column(say("Yuan"), Kind.FEN)),
    )
    lines = Line.objects.filter(account__book=row.book_id).order_by("pk").select_related("product")
    found = lines.values_list(
        "posting__at", "posting__cause", "account__kind", "account__owner", "product__name", "amount"
    )
    rows = tuple(
        (
            f"{at.astimezone():%Y-%m-%d %H:%M:%S}",
            cause,
            AccountKind(kind).value,
            owner.hex[-12:] if owner else "",
            product or "",
            amount / MILLI if product else None,
            None if product else amount,
        )
        for at, cause, kind, owner, product, amount in found
    )
    return Table(say("Postings"), columns, rows)
