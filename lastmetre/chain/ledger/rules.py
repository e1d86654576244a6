"""What holds for books whatever the database says: accounts, causes, amounts. Pure, no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from lastmetre.terms import InputError, Sentence, say

MILLI = 1000
"""Goods are counted in thousandths of a sale unit (half a 斤 is 500), money in fen: whole numbers only."""


class Permission(StrEnum):
    """What a role may be allowed to do."""

    READ = "ledger.read"
    """See the books of a place's rounds."""
    CASES = "ledger.cases"
    """Open and settle cases: what is missing, damaged, refused."""


class AccountKind(StrEnum):
    """Where goods, promises and money stand (house law 5)."""

    # Goods: custody
    SUPPLY = "supply"
    """The supplier's shelf: below zero by what it gave."""
    PACKED = "packed"
    """Packed at the supplier, by household."""
    VEHICLE = "vehicle"
    GATE = "gate"
    """Taken in at the gate, not yet on a cart."""
    CART = "cart"
    POINT = "point"
    """At the point where residents fetch."""
    DOOR = "door"
    """Received by a household: the end of the way."""
    LOSS = "loss"
    """Gone, with its cause."""
    # Goods: promises
    PROMISES = "promises"
    """Below zero by what is promised: the other side of STOCK and OWED."""
    STOCK = "stock"
    """On sale while a round is open, where a good is sold until it has run out."""
    OWED = "owed"
    """What a household was promised and has not had."""
    # Money
    DUE = "due"
    """What a household has to pay; below zero: what it is owed."""
    PLEDGED = "pledged"
    """What a fund has to pay for a household in a round that is free (QZ7): the household itself owes nothing."""
    SALES = "sales"
    """What the supplier earned (below zero) and was settled."""
    RECEIVED = "received"
    """Confirmed payments, by who got them."""
    FUND = "fund"
    """What a donation or fund pays for households (QZ7)."""
    CARRIED = "carried"
    """A household's credit (below zero) or debt that goes to its next round."""
    WRITTEN_OFF = "written_off"
    """Money that nobody will pay, with its cause."""


ACCOUNT_WORDS: dict[AccountKind, Sentence] = {
    AccountKind.SUPPLY: say("supplier's shelf"),
    AccountKind.PACKED: say("packed at the supplier"),
    AccountKind.VEHICLE: say("vehicle"),
    AccountKind.GATE: say("gate"),
    AccountKind.CART: say("cart"),
    AccountKind.POINT: say("point"),
    AccountKind.DOOR: say("door"),
    AccountKind.LOSS: say("losses"),
    AccountKind.PROMISES: say("promises"),
    AccountKind.STOCK: say("on sale"),
    AccountKind.OWED: say("promised to"),
    AccountKind.DUE: say("to be paid by"),
    AccountKind.PLEDGED: say("to be paid by a fund for"),
    AccountKind.SALES: say("supplier's earnings"),
    AccountKind.RECEIVED: say("received"),
    AccountKind.FUND: say("fund"),
    AccountKind.CARRIED: say("carried over"),
    AccountKind.WRITTEN_OFF: say("written off"),
}
BELOW_ZERO = frozenset(
    {
        AccountKind.SUPPLY,
        AccountKind.PROMISES,
        AccountKind.DUE,
        AccountKind.PLEDGED,
        AccountKind.SALES,
        AccountKind.CARRIED,
    }
)
"""Accounts that are sources or two-sided; every other balance is never below zero (trust.md 4)."""
CUSTODY = (AccountKind.PACKED, AccountKind.VEHICLE, AccountKind.GATE, AccountKind.CART, AccountKind.POINT)
"""Where goods are on their way: all empty before a round closes."""


class Cause(StrEnum):
    """Why something moved or was written down."""

    ON_SALE = "on_sale"
    ORDERED = "ordered"
    CANCELLED = "cancelled"
    ALLOCATED = "allocated"
    PACKED = "packed"
    LOADED = "loaded"
    ARRIVED = "arrived"
    SORTED = "sorted"
    TAKEN_BACK = "taken_back"
    """Back where it came from: a scan that was undone."""
    HELD = "held"
    """The same place, another person."""
    DELIVERED = "delivered"
    FETCHED = "fetched"
    GIVEN = "given"
    """Unclaimed or spare food offered to who needs it."""
    # What goes wrong
    SHORT = "short"
    """The supplier could not bring it."""
    MISSING = "missing"
    DAMAGED = "damaged"
    SPOILED = "spoiled"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"
    UNPAID = "unpaid"
    SUPPLIER_FAILED = "supplier_failed"
    # Money
    PRICED = "priced"
    PAID = "paid"
    REFUNDED = "refunded"
    DONATED = "donated"
    CARRIED = "carried"
    WRITTEN_OFF = "written_off"
    SETTLED = "settled"
    CORRECTED = "corrected"
    """An earlier posting undone by its opposite: nothing is ever changed or deleted."""


CAUSE_WORDS: dict[Cause, Sentence] = {
    Cause.ON_SALE: say("put on sale"),
    Cause.ORDERED: say("ordered"),
    Cause.CANCELLED: say("cancelled"),
    Cause.ALLOCATED: say("shared out"),
    Cause.PACKED: say("packed"),
    Cause.LOADED: say("loaded"),
    Cause.ARRIVED: say("arrived at the gate"),
    Cause.SORTED: say("put on the cart"),
    Cause.TAKEN_BACK: say("taken back"),
    Cause.HELD: say("handed to another person"),
    Cause.DELIVERED: say("delivered to the door"),
    Cause.FETCHED: say("fetched at the point"),
    Cause.GIVEN: say("given to somebody who needs it"),
    Cause.SHORT: say("short at the supplier"),
    Cause.MISSING: say("missing on the way"),
    Cause.DAMAGED: say("damaged"),
    Cause.SPOILED: say("spoiled"),
    Cause.REFUSED: say("refused at the door"),
    Cause.UNCLAIMED: say("not fetched"),
    Cause.UNPAID: say("not paid in time"),
    Cause.SUPPLIER_FAILED: say("the supplier failed"),
    Cause.PRICED: say("to pay"),
    Cause.PAID: say("paid"),
    Cause.REFUNDED: say("refunded"),
    Cause.DONATED: say("paid by a fund"),
    Cause.CARRIED: say("carried to the next round"),
    Cause.WRITTEN_OFF: say("written off"),
    Cause.SETTLED: say("settled with the supplier"),
    Cause.CORRECTED: say("corrected"),
}
UNMET = (
    *(Cause.SHORT, Cause.MISSING, Cause.DAMAGED, Cause.SPOILED, Cause.REFUSED),
    *(Cause.UNCLAIMED, Cause.UNPAID, Cause.SUPPLIER_FAILED),
)
"""Causes that end a promise without the goods; what was to be paid for them is taken off the bill."""


class ParcelKind(StrEnum):
    """What is handed over as one."""

    BAG = "bag"
    """All that one household gets (FC2e): never split again."""
    BOX = "box"
    """Bags of one compound in one box (FC4c)."""


class PhotoKind(StrEnum):
    """What a picture shows."""

    PACKED = "packed"
    DAMAGED = "damaged"
    DOOR = "door"
    PAID = "paid"


class CaseKind(StrEnum):
    """What a person has to settle."""

    MISSING = "missing"
    DAMAGED = "damaged"
    EXTRA = "extra"
    NOBODY_IN = "nobody_in"
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    NEEDS_HELP = "needs_help"
    """The person at the door needs somebody: goes to the carer."""
    CONFLICT = "conflict"
    """Two people say different things of one bag."""
    COMPLAINT = "complaint"
    UNCLAIMED = "unclaimed"
    WAITING = "waiting"
    """Fresh goods stand at the gate for too long."""
    ASTRAY = "astray"
    """It turned up in another compound or round."""


CASE_WORDS: dict[CaseKind, Sentence] = {
    CaseKind.MISSING: say("Missing"),
    CaseKind.DAMAGED: say("Damaged"),
    CaseKind.EXTRA: say("Not on the list"),
    CaseKind.NOBODY_IN: say("Nobody in"),
    CaseKind.REFUSED: say("Refused"),
    CaseKind.WRONG_ADDRESS: say("Wrong address"),
    CaseKind.NEEDS_HELP: say("Person needs help"),
    CaseKind.CONFLICT: say("Two people say different things"),
    CaseKind.COMPLAINT: say("Complaint"),
    CaseKind.UNCLAIMED: say("Not fetched"),
    CaseKind.WAITING: say("Fresh goods wait too long"),
    CaseKind.ASTRAY: say("Turned up in another place"),
}


CASE_STEPS: dict[CaseKind, Sentence] = {
    CaseKind.MISSING: say("Ring the supplier or the driver. Found: say so. Not found: take it off the bill."),
    CaseKind.DAMAGED: say("Replace it, or take it off the bill."),
    CaseKind.EXTRA: say("Find whose it is, or offer it to who needs it."),
    CaseKind.NOBODY_IN: say("Ring the household and agree on another time."),
    CaseKind.REFUSED: say("Ask why; offer it to who needs it, and settle the money."),
    CaseKind.WRONG_ADDRESS: say("Look up the door, and bring it there."),
    CaseKind.NEEDS_HELP: say("Ring the carer now."),
    CaseKind.CONFLICT: say("Ring both people, and write down who has it."),
    CaseKind.COMPLAINT: say("Ring the household, and write down what was agreed."),
    CaseKind.UNCLAIMED: say("Ring the household; offer it to who needs it while it is fresh."),
    CaseKind.ASTRAY: say(
        "Ring that place and have the bag fetched; count it in at your gate when it is there."
    ),
    CaseKind.WAITING: say("Sort and carry these bags first; look whether anything has spoiled."),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """An account of a book, by what it is; made when it is first posted to."""

    kind: AccountKind
    owner: UUID | None = None
    """The household, cart, load, point or supplier; None: one for the book."""
    place: UUID | None = None
    """Who sees this place sees the account; None: the book's place."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a posting; the lines of a product (and of money) add up to 0."""

    spot: Spot
    amount: int
    """Thousandths of a sale unit, or fen."""
    product: UUID | None = None
    """None: money."""


def moved(source: Spot, target: Spot, amount: int, product: UUID | None = None) -> tuple[Amount, Amount]:
    """Return the two lines that take an amount from one account to another."""
    return Amount(source, -amount, product), Amount(target, amount, product)


def milli(quantity: Decimal) -> int:
    """Return a quantity in thousandths of a sale unit; raises InputError on finer ones."""
    scaled = quantity * MILLI
    if scaled != scaled.to_integral_value():
        raise InputError(
            say("{quantity} cannot be counted.", quantity=f"{quantity.normalize():f}"),
            remedy=say("Use three decimals at most."),
        )
    return int(scaled)


def units(amount: int) -> Decimal:
    """Return thousandths of a sale unit as sale units."""
    return Decimal(amount) / MILLI


def price_of(amount_milli: int, price_fen: int) -> int:
    """Return what a quantity costs in fen; half a fen goes up, so that every sheet says the same."""
    return (amount_milli * price_fen * 2 + MILLI) // (2 * MILLI)
