"""Who could have sent a payment: all households that a supplier's open books know, as matching wants them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lastmetre.chain.ledger.models import Balance, Book
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.settlement.models import Claim, Payment, StatementLine
from lastmetre.chain.settlement.rules import ClaimState
from lastmetre.chain.settlement.rules.matching import Debtor, Incoming, Said
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.keys import keys
from lastmetre.reading.folding import fold
from lastmetre.reading.places import find_places

_ENDING = re.compile(r"(号楼|号院|单元|号|栋|幢|座|楼|门|梯|室|房)$")
_BARE = re.compile(r"(?<![\d-])\d{3,4}(?![\d-])")


@dataclass(frozen=True, slots=True)
class Known:
    """A supplier's open books: who owes, what was said, and whose account each key is."""

    debtors: tuple[Debtor, ...]
    said: tuple[Said, ...]
    account: dict[UUID, tuple[Book, UUID]]
    """The book and household behind the key that matching knows: one household may be in two rounds."""


def known_to(books: Sequence[Book]) -> Known:
    """Gather debtors and what was said; four queries however many there are. Within SYSTEM."""
    by_pk = {book.pk: book for book in books}
    dues = list(
        Balance.objects.filter(account__book__in=books, account__kind=AccountKind.DUE, product=None)
        .exclude(account__owner=None)
        .values_list("account", "account__book", "account__owner", "amount")
    )
    homes = {
        home.pk: home
        for home in Household.objects.filter(pk__in={owner for _, _, owner, _ in dues}).select_related(
            "place__parent__parent"
        )
    }
    account = {key: (by_pk[book], owner) for key, book, owner, _ in dues}
    key_of = {(book.pk, owner): key for key, (book, owner) in account.items()}
    debtors = tuple(
        Debtor(key, due, doors(homes[owner]), masked_row(homes[owner]).phone_tail, owner)
        for key, _, owner, due in dues
        if owner in homes
    )
    return Known(debtors, tuple(_said(books, key_of)), account)


def _said(books: Sequence[Book], key_of: dict[tuple[UUID, UUID], UUID]) -> list[Said]:
    claims = Claim.objects.filter(book__in=books).exclude(state=ClaimState.CONFIRMED)
    payments = Payment.objects.filter(book__in=books, line=None, reversed_at=None)
    found = []
    for one in (*claims, *payments):
        key = key_of.get((one.book_id, one.household_id))
        if key is not None:
            is_payment = isinstance(one, Payment)
            when = one.paid_at or (None if is_payment else one.made_at)
            found.append(Said(one.pk, key, one.amount_fen, one.reference or "", when, is_payment))
    return found


def doors(home: Household) -> frozenset[str]:
    """Return a household's door as people write it: 1-1-101, 1-101, 101."""
    row = masked_row(home)
    building, unit, room = (_plain(part) for part in (row.building, row.unit, row.room))
    forms = {room, f"{building}-{room}"} | ({f"{building}-{unit}-{room}"} if unit else set())
    return frozenset(form for form in forms if form)


def _plain(name: str) -> str:
    return _ENDING.sub("", fold(name).strip())


def incoming(line: StatementLine) -> Incoming:
    """Return a line as matching wants it; its note is read for doors and phone tails here."""
    note = fold(line.note or "")
    rooms = set()
    for found in find_places(note):
        place = found.place
        if place.room:
            parts = (place.building, place.unit, place.room)
            rooms.add("-".join(part for part in parts if part))
    bare = set() if rooms else set(_BARE.findall(note))
    return Incoming(
        line.pk,
        line.number or "",
        line.amount_fen - line.refunded_fen,
        line.paid_at,
        frozenset(rooms | bare),
        frozenset(re.findall(r"(?<!\d)\d{4}(?!\d)", note)),
    )


def mark_of(number: str) -> str:
    """Return the keyed mark of a transaction's number: the same for the same number, and nothing without the key."""
    key = keys().derived("payment numbers")
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()
