"""The papers of a round: what there is, who may have which, and each as one PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import taken_paths
from lastmetre.chain.orders.rules import Permission as Orders
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.rules import Permission as Purchase
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers import accounts, boxes, carts, delivery, shortages, statements, supplier
from lastmetre.papers.edition import Edition
from lastmetre.papers.pack import LabelKind, PhoneKind
from lastmetre.papers.sheets import SHEETS
from lastmetre.papers.write import labels_pdf, sheet_pdf
from lastmetre.terms import InputError, Sentence, Translate, say
from lastmetre.web.printing.gathering import pack_of

ROUND = "orders.round"
PHONES = {
    PhoneKind.TAIL: say("last four digits"),
    PhoneKind.MASKED: say("beginning and end"),
    PhoneKind.NONE: say("none"),
}
"""Full numbers leave the product one by one, each recorded: never on a stack of paper."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One thing that can be printed."""

    code: str
    title: Sentence
    purpose: Sentence
    make: Callable[[Edition, int], bytes]
    is_suppliers: bool = False
    """The shop needs it too; money and reasons are the compound's own."""
    is_stewards: bool = False
    """A building head takes it up the own stairs, for the own homes alone."""


def _labels(kind: LabelKind) -> Callable[[Edition, int], bytes]:
    return lambda edition, workers: labels_pdf(edition, kind, workers=workers)


def _sheets(*titles: Sentence) -> Callable[[Edition, int], bytes]:
    chosen = [sheet for sheet in SHEETS if sheet.title in titles]
    return lambda edition, workers: sheet_pdf(edition, chosen, workers=workers)


_STICK = say("One for each bag: stick it on when you pack.")
PAPERS: tuple[Paper, ...] = (
    Paper("labels-70x50", say("Labels, 70 x 50 mm"), _STICK, _labels(LabelKind.ROLL_70X50), True),
    Paper("labels-a4", say("Labels on A4, 24 a sheet"), _STICK, _labels(LabelKind.SHEET), True),
    Paper("labels-60x40", say("Labels, 60 x 40 mm"), _STICK, _labels(LabelKind.ROLL_60X40), True),
    Paper(
        "pick-list",
        say("Pick list"),
        say("What to take off the shelf, and whose it is."),
        _sheets(supplier.PICK),
        True,
    ),
    Paper(
        "supplier-order",
        say("Supplier order"),
        say("How much of each good, in whole cases."),
        _sheets(supplier.ORDER),
        True,
    ),
    Paper(
        "delivery-notes",
        say("Delivery notes"),
        say("By good, by building, by room: to check the load."),
        _sheets(delivery.BY_GOOD, delivery.BY_BUILDING_GOOD, delivery.BY_ROOM),
        True,
    ),
    Paper(
        "boxes",
        say("Box manifests"),
        say("What lies in each box: hang it on the box."),
        _sheets(boxes.BOXES),
        True,
    ),
    Paper(
        "carts",
        say("Cart sheets"),
        say("The big number for each cart, with its bags."),
        _sheets(carts.CARTS),
    ),
    Paper(
        "doors",
        say("Door lists"),
        say("For who carries: door by door, with boxes to tick; works without a phone."),
        _sheets(carts.DOORS),
        is_stewards=True,
    ),
    Paper(
        "statements",
        say("Household statements"),
        say("A slip for each household: what it gets, why, what it pays."),
        _sheets(statements.STATEMENTS),
        is_stewards=True,
    ),
    Paper(
        "money",
        say("Money sheet"),
        say("Who owes what, with totals that must square."),
        _sheets(accounts.MONEY),
    ),
    Paper(
        "shortages",
        say("Shortages, for the liaison"),
        say("Who gets less, and why: when they ask you."),
        _sheets(shortages.LIAISON),
    ),
    Paper(
        "shortages-public",
        say("Shortages, for the board"),
        say("Without names and rooms: to hang out."),
        _sheets(shortages.PUBLIC),
    ),
    Paper(
        "everything",
        say("All sheets in one"),
        say("With a summary in front; without the labels."),
        _sheets(*(sheet.title for sheet in SHEETS)),
    ),
)


def round_to_print(pk: UUID, actor: Actor) -> Round:
    """Return a round whose papers the actor may print: its liaison, stewards, the supplier once it has the order.

    Raises Http404 for who does not see it, Denied for who sees it and may not.
    """
    rounds = Round.objects.select_related("place", "supplier__organisation", "book")
    found = rounds.filter(pk=pk).first()
    if found is None:
        if not PurchaseOrder.objects.filter(round=pk, supplier__in=actor.organisations).exists():
            raise Http404
        with acting_as(SYSTEM):  # a supplier sees no place by itself
            found = rounds.get(pk=pk)
    if not papers_for(found, actor):
        actor.must(Orders.ROUNDS, path=found.path)
    return found


def papers_for(row: Round, actor: Actor) -> tuple[Paper, ...]:
    """Return what an actor may print of a round; () for nothing."""
    if actor.may(Orders.ROUNDS, path=row.path):
        return PAPERS
    if actor.may(Purchase.SUPPLY, organisation=row.supplier_id):
        return tuple(one for one in PAPERS if one.is_suppliers)
    if taken_paths(row, actor):
        return tuple(one for one in PAPERS if one.is_stewards)
    return ()


def _own_homes(row: Round, actor: Actor) -> frozenset[UUID] | None:
    """Return the households that the actor's papers may hold, read as the actor; None: the whole round's."""
    if actor.may(Orders.ROUNDS, path=row.path) or actor.may(Purchase.SUPPLY, organisation=row.supplier_id):
        return None
    within = Q(pk=None)
    for path in taken_paths(row, actor):
        within |= Q(path__within=path)
    return frozenset(Household.objects.filter(within, path__within=row.path).values_list("pk", flat=True))


def printed(
    row: Round,
    code: str,
    *,
    phone: PhoneKind,
    translate: Translate,
    by: Actor,
    at: datetime,
    workers: int = 2,
) -> bytes:
    """Return one paper of a round as PDF, and write down that it was printed.

    Raises Http404 for a paper that is not the actor's, InputError where nothing would stand on it.
    """
    paper = next((one for one in papers_for(row, by) if one.code == code), None)
    if paper is None:
        raise Http404
    pack = pack_of(row, translate, now=at, only=_own_homes(row, by))
    pdf = paper.make(Edition(pack, translate, phone), workers)
    if not pdf:
        raise InputError(
            say("There is nothing to print on this paper yet."),
            remedy=say("It fills once somebody has ordered, or once the step that it belongs to is done."),
        )
    record("printed", ROUND, row.pk, by=by, at=at, path=row.path, paper=code)
    return pdf
