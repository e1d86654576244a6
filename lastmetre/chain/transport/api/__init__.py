"""Loads on their way to a gate, for programs: all that the pages do."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from lastmetre.chain.orders.queries.rounds import named_round_or_404
from lastmetre.chain.transport.actions import loads as actions
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.queries.loads import (
    Crate,
    bags_by_load,
    load_or_404,
    loading_of,
    loads_of,
    manifest_of,
    may_dispatch,
    may_drive,
    trips_of,
)
from lastmetre.chain.transport.rules import Permission, Vehicle
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

router = Router(tags=["transport"])
Plate = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]
Phone = Annotated[str, Field(max_length=30, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]


class LoadIn(Schema):
    """A vehicle that is to come; the id is made by the caller. `driver`: a person with a driver's role.

    A plate of no usual form is asked about (422); `sure_of`, the plate once more, answers that it reads so.
    """

    id: UUID | None = None
    plate: Plate
    sure_of: Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")] = ""
    expected_at: AwareDatetime
    driver: UUID | None = None
    driver_name: Name = ""
    driver_phone: Phone = ""
    is_own: bool = False


class ScanIn(Schema):
    """A label, scanned or typed; the id of the scan is made by the caller."""

    code: Code
    id: UUID


class PlateIn(Schema):
    """The plate that stands on the vehicle; `sure_of` as in LoadIn."""

    plate: Plate
    sure_of: Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")] = ""


class StepIn(Schema):
    """What a step needs: `counted` bags when it leaves, `expected_at` when it comes at another time."""

    counted: Annotated[int, Field(ge=0, le=10**5)] | None = None
    expected_at: AwareDatetime | None = None
    parcels: Annotated[list[UUID], Field(max_length=20_000)] | None = None


class LoadOut(Schema):
    """A load, without the driver's name."""

    id: UUID
    round_id: UUID
    place: str
    plate: str
    is_own: bool
    state: str
    expected_at: AwareDatetime
    left_at: AwareDatetime | None
    arrived_at: AwareDatetime | None
    bags: int

    @classmethod
    def of(cls, row: Load, bags: int) -> LoadOut:
        """Return a load with how many bags it has brought or brings."""
        names = ("round_id", "plate", "is_own", "state", "expected_at", "left_at", "arrived_at")
        values: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls(id=row.pk, place=row.place.name, bags=bags, **values)


class DriverOut(Schema):
    """A driver's name and number in full."""

    name: str
    phone: str


class CrateOut(Schema):
    """A box with its bags by code; the one without code holds the bags in no box."""

    id: UUID | None
    code: str
    bags: list[str]

    @classmethod
    def of(cls, one: Crate) -> CrateOut:
        """Return a box."""
        return cls(id=one.key, code=one.code, bags=[bag.code for bag in one.bags])


class LoadPage(LoadOut):
    """A load with its manifest."""

    waiting: int
    """Packed bags that are in no vehicle yet."""
    boxes: list[CrateOut]


class ScannedOut(Schema):
    """What a label was."""

    id: UUID
    kind: str
    code: str


def _listed(rows: list[Load]) -> list[LoadOut]:
    counted = bags_by_load(rows)
    return [LoadOut.of(one, counted.get(one.pk, 0)) for one in rows]


def _page(pk: UUID) -> LoadPage:
    row = load_or_404(pk)
    crates, bags = manifest_of(row), bags_by_load([row]).get(row.pk, 0)
    shown = LoadOut.of(row, bags).dict()
    return LoadPage(**shown, waiting=loading_of(row).packed, boxes=[CrateOut.of(one) for one in crates])


def _write(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.now}


@router.get("/trips", response=list[LoadOut])
def list_trips(request: HttpRequest) -> Any:
    """The caller's own trips: coming ones, then the last ten."""
    request.actor.must(Permission.DRIVE)
    return _listed(trips_of(request.actor))


@router.get("/rounds/{pk}/loads", response=list[LoadOut])
def list_loads(request: HttpRequest, pk: UUID) -> Any:
    """The vehicles of a round."""
    row = named_round_or_404(pk)
    if not may_dispatch(row, request.actor):
        request.actor.must(Permission.DISPATCH, path=row.path, organisation=row.supplier_id)
    with acting_as(SYSTEM):
        rows = loads_of(row)
        for one in rows:
            one.place = row.place
    return _listed(rows)


@router.post("/rounds/{pk}/loads", response={201: LoadPage})
def add_load(request: HttpRequest, pk: UUID, payload: LoadIn) -> Any:
    """Announce a vehicle; twice with one id is one."""
    given = payload.dict(exclude={"id", "expected_at", "driver"})
    if payload.driver is not None:  # whoever has an account is named by it alone
        given |= {"driver": str(payload.driver), "driver_name": "", "driver_phone": ""}
    row = actions.announce(
        named_round_or_404(pk),
        Vehicle(**given),
        expected_at=payload.expected_at,
        id=payload.id,
        **_write(request),
    )
    return Status(201, _page(row.pk))


@router.get("/loads/{pk}", response=LoadPage)
def get_load(request: HttpRequest, pk: UUID) -> Any:
    """A load with its manifest."""
    row = load_or_404(pk)
    if not may_dispatch(row, request.actor) and not may_drive(row, request.actor):
        request.actor.must(Permission.DRIVE, path=row.path, organisation=row.supplier_id)
    return _page(pk)


@router.post("/loads/{pk}/scan", response=ScannedOut)
def scan(request: HttpRequest, pk: UUID, payload: ScanIn) -> Any:
    """Put the bag or box of a label into the vehicle; the same scan sent again counts once."""
    parcel = actions.scan_in(load_or_404(pk), payload.code, id=payload.id, **_write(request))
    return ScannedOut(id=parcel.pk, kind=parcel.kind, code=parcel.code)


@router.post("/loads/{pk}/out/{parcel}", response=LoadPage)
def out(request: HttpRequest, pk: UUID, parcel: UUID) -> Any:
    """Take a bag or box out again."""
    actions.take_out(load_or_404(pk), parcel, **_write(request))
    return _page(pk)


@router.post("/loads/{pk}/driver", response=DriverOut)
def driver(request: HttpRequest, pk: UUID) -> Any:
    """Whom to ring at a vehicle; that it was asked is recorded."""
    row = actions.reveal_driver(load_or_404(pk), **_write(request))
    return DriverOut(name=row.driver_name or "", phone=row.driver_phone or "")


@router.post("/loads/{pk}/plate", response=LoadPage)
def plate(request: HttpRequest, pk: UUID, payload: PlateIn) -> Any:
    """Correct the plate of a vehicle, also after it came."""
    actions.correct_plate(load_or_404(pk), payload.plate, sure_of=payload.sure_of, **_write(request))
    return _page(pk)


@router.post("/loads/{pk}/move/{act}", response=LoadPage)
def move(request: HttpRequest, pk: UUID, act: str, payload: StepIn) -> Any:
    """load (`parcels`, or all), leave (`counted`), arrive, expect (`expected_at`) or cancel; twice is once."""
    row = load_or_404(pk)
    if act == "load":
        actions.put_in(row, parcels=payload.parcels, **_write(request))
    elif act == "leave":
        actions.leave(row, counted=payload.counted, **_write(request))
    elif act == "arrive":
        actions.arrive(row, **_write(request))
    elif act == "expect" and payload.expected_at is not None:
        actions.expect_at(row, payload.expected_at, **_write(request))
    elif act == "cancel":
        actions.cancel(row, **_write(request))
    else:
        raise Http404
    return _page(pk)
