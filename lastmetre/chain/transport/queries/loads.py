"""Loads of a round, of a driver, of a supplier; what is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.ledger.rules import Permission as Cases
from lastmetre.chain.orders.models import Round
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import LoadState, Permission
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.queries.suppliers import may_ring
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.paging import Page, page_of
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.masking import masked_name

COMING = (LoadState.ANNOUNCED, LoadState.UNDERWAY)
BAGS = 100
"""Of a vehicle on one page."""


def load_or_404(pk: UUID) -> Load:
    """Return a load that the actor sees: the place's people, the supplier's, the carrier's, its driver."""
    found = Load.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return _joined([found])[0]


def may_dispatch(load: Load | Round, actor: Actor) -> bool:
    """Tell whether somebody sends vehicles for a round: the supplier's people, and the place's."""
    return actor.may(Permission.DISPATCH, path=load.path, organisation=load.supplier_id)


def may_drive(load: Load, actor: Actor) -> bool:
    """Tell whether somebody may say that a load leaves or arrives: its driver, carrier, supplier, place."""
    if load.driver and actor.key == load.driver:
        return True
    firms = [load.supplier_id, *([load.carrier_id] if load.carrier_id else [])]
    return any(actor.may(Permission.DRIVE, path=load.path, organisation=one) for one in firms)


def may_ring_driver(load: Load, actor: Actor) -> bool:
    """Tell whether somebody may ring the driver: who sends vehicles, or looks for what is missing of one."""
    return may_dispatch(load, actor) or actor.may(Cases.CASES, path=load.path)


@dataclass(frozen=True, slots=True)
class Ringing:
    """Whom to ring about a vehicle: names masked, numbers by their last four digits, '' where nobody is named."""

    load: UUID
    driver: str
    driver_tail: str
    supplier: UUID
    firm: str
    firm_tail: str


def ringing_of(load: Load, actor: Actor, at: datetime) -> Ringing | None:
    """Return whom somebody may ring about a load; None where nobody. Within what `load_or_404` joins."""
    driver, phone = (load.driver_name, load.driver_phone) if may_ring_driver(load, actor) else ("", "")
    with acting_as(SYSTEM):
        firm = Supplier.objects.select_related("organisation").get(pk=load.supplier_id)
        firm_phone = firm.contact_phone if may_ring(firm, actor, at) else ""
    if not phone and not firm_phone:
        return None
    return Ringing(
        load.pk,
        masked_name(driver or ""),
        (phone or "")[-4:],
        firm.pk,
        firm.organisation.name,
        (firm_phone or "")[-4:],
    )


def loads_of(row: Round) -> list[Load]:
    """Return the loads of a round, the next one first; within SYSTEM or as who sees them."""
    return list(Load.objects.filter(round=row).select_related("carrier"))


def trips_of(actor: Actor) -> list[Load]:
    """Return the loads that somebody drives, or their firm carries: coming first, then the last ten."""
    mine = Q(driver=actor.key) | Q(carrier__in=actor.organisations)
    coming = list(Load.objects.filter(mine, state__in=COMING).order_by("expected_at")[:20])
    past = list(Load.objects.filter(mine, state=LoadState.ARRIVED).order_by("-arrived_at")[:10])
    return _joined([*coming, *past])


def _joined(loads: Sequence[Load]) -> list[Load]:
    """Give loads their place and round, which a driver or supplier may not see by themselves."""
    with acting_as(SYSTEM):
        rows = Load.objects.select_related(
            "place", "round__book", "round__place", "supplier__organisation", "carrier"
        ).in_bulk([one.pk for one in loads])
    return [rows[one.pk] for one in loads]


def aboard(load: Load, *, with_boxes: bool = False) -> QuerySet[Parcel]:
    """Return the bags that are in the vehicle now."""
    rows = Parcel.objects.filter(
        account__kind=AccountKind.VEHICLE, account__owner=load.pk, ended_at__isnull=True
    )
    return rows if with_boxes else rows.filter(kind=ParcelKind.BAG)


def brought(load: Load) -> QuerySet[Parcel]:
    """Return the bags that this load has brought or brings, wherever they are by now."""
    return Parcel.objects.filter(
        kind=ParcelKind.BAG,
        handovers__target__kind=AccountKind.VEHICLE,
        handovers__target__owner=load.pk,
    ).distinct()


def packed_bags(row: Round) -> list[UUID]:
    """Return the bags and boxes of a round that stand packed at the supplier."""
    rows = Parcel.objects.filter(book=row.book_id, account__kind=AccountKind.PACKED, ended_at__isnull=True)
    return list(rows.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Loading:
    """What of a round is packed, and what of it is in which vehicle; read as SYSTEM, names nobody."""

    packed: int
    """Bags that still stand at the supplier."""
    aboard: int
    boxes: int
    missing: tuple[str, ...]
    """Codes of the first bags that still stand there."""


def loading_of(load: Load) -> Loading:
    """Return how far loading is; three queries."""
    with acting_as(SYSTEM):
        counted = aboard(load, with_boxes=True).aggregate(
            bags=Count("pk", filter=Q(kind=ParcelKind.BAG)), boxes=Count("pk", filter=Q(kind=ParcelKind.BOX))
        )
        waiting = Parcel.objects.filter(
            book=load.round.book_id,
            kind=ParcelKind.BAG,
            account__kind=AccountKind.PACKED,
            ended_at__isnull=True,
        )
        codes = tuple(waiting.order_by("number").values_list("code", flat=True)[:12])
        return Loading(waiting.count(), counted["bags"], counted["boxes"], codes)


@dataclass(frozen=True, slots=True)
class Crate:
    """A box of a load with its bags; the last one, without a code, holds the bags in no box."""

    key: UUID | None
    code: str
    number: int
    bags: tuple[Parcel, ...]


def manifest_of(load: Load) -> list[Crate]:
    """Return what a load carries: box by box, by number and code; one query, names nobody (QR codes do neither)."""
    with acting_as(SYSTEM):
        bags = list(_carried(load).select_related("box").order_by("number"))
    by_box: dict[UUID | None, list[Parcel]] = defaultdict(list)
    for bag in bags:
        by_box[bag.box_id].append(bag)
    crates = [
        Crate(key, inside[0].box.code if key else "", inside[0].box.number if key else 0, tuple(inside))
        for key, inside in by_box.items()
    ]
    return sorted(crates, key=lambda one: (one.key is None, one.number))


@dataclass(frozen=True, slots=True)
class Counted:
    """A box of a load and how many bags are in it; the last one, without a code, counts the bags in no box."""

    key: UUID | None
    code: str
    number: int
    bags: int

    @property
    def name(self) -> str:
        """What an address calls it."""
        return str(self.key)


def crates_of(load: Load) -> list[Counted]:
    """Return what a load carries, counted box by box; one query, names nobody."""
    with acting_as(SYSTEM):
        rows = _carried(load).order_by().values_list("box", "box__code", "box__number")
        counted = rows.annotate(bags=Count("pk", distinct=True))
        crates = [Counted(key, code or "", number or 0, bags) for key, code, number, bags in counted]
    return sorted(crates, key=lambda one: (one.key is None, one.number))


def bags_of(load: Load, crate: UUID | None, *, cursor: str = "") -> Page[Parcel]:
    """Return a page of the bags of one box of a load, or (None) of those in no box, by number; one query."""
    with acting_as(SYSTEM):
        return page_of(_carried(load).filter(box=crate), by="number", cursor=cursor, size=BAGS)


def _carried(load: Load) -> QuerySet[Parcel]:
    return aboard(load) if load.state in COMING else brought(load)


def bags_by_load(loads: Iterable[Load]) -> dict[UUID, int]:
    """Return how many bags each load has brought or brings; one query."""
    with acting_as(SYSTEM):
        rows = (
            Parcel.objects.filter(
                kind=ParcelKind.BAG,
                handovers__target__kind=AccountKind.VEHICLE,
                handovers__target__owner__in=[one.pk for one in loads],
            )
            .values_list("handovers__target__owner")
            .annotate(count=Count("pk", distinct=True))
        )
        return dict(rows)


def is_late(load: Load, at: datetime) -> bool:
    """Tell whether a load should have been at the gate by now."""
    return load.state in COMING and load.expected_at < at
