"""Vehicles of a round, one load with its manifest, and the driver's trip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import named_round_or_404
from lastmetre.chain.transport.actions.loads import (
    announce,
    arrive,
    cancel,
    correct_plate,
    expect_at,
    leave,
    put_in,
    reveal_driver,
    scan_in,
    take_out,
)
from lastmetre.chain.transport.forms.pages import AnnounceForm, ExpectForm, PlateForm
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.queries.drivers import drivers_for
from lastmetre.chain.transport.queries.loads import (
    COMING,
    Counted,
    bags_by_load,
    bags_of,
    crates_of,
    is_late,
    load_or_404,
    loading_of,
    loads_of,
    may_dispatch,
    may_drive,
    packed_bags,
    ringing_of,
    trips_of,
)
from lastmetre.chain.transport.rules import LOAD_COLOURS, LOAD_WORDS, LoadState, Permission, UnusualPlate
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scanning import scans
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say


def state_of(row: Load) -> tuple[str, Sentence]:
    """Return the colour and the words of a load's state."""
    state = LoadState(row.state)
    return LOAD_COLOURS[state], LOAD_WORDS[state]


@require_GET
def trips(request: HttpRequest) -> HttpResponse:
    """The actor's own trips: those to come, the next one first, apart from the last ones."""
    request.actor.must(Permission.DRIVE)
    found = trips_of(request.actor)
    counted = bags_by_load(found)
    rows = [(one, state_of(one), counted.get(one.pk, 0), is_late(one, request.now)) for one in found]
    coming = [row for row in rows if row[0].state in COMING]
    past = [row for row in rows if row[0].state not in COMING]
    lists = [(say("To come"), coming), (say("Arrived"), past)] if rows else []
    return render(request, "transport/trips.html", {"trips": lists})


def of_round(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The vehicles of a round, what still stands packed, and a new vehicle."""
    row = named_round_or_404(pk)
    if not may_dispatch(row, request.actor):
        request.actor.must(Permission.DISPATCH, path=row.path, organisation=row.supplier_id)
    sent = request.POST if request.method == "POST" else None
    usual = {"id": new_id(), "expected_at": row.wave_at, "is_own": row.mode == "boxes"}
    form = AnnounceForm(drivers_for(row, at=request.now), sent, initial=usual)
    if form.is_valid():
        try:
            made = announce(
                row,
                form.vehicle(),
                expected_at=form.cleaned_data["expected_at"],
                id=form.cleaned_data["id"],
                by=request.actor,
                at=request.now,
            )
        except UnusualPlate as question:
            form.ask(question)
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("transport:load", pk=made.pk)
    return render(request, "transport/round.html", _of_round(row, form), status=422 if form.is_bound else 200)


def _of_round(row: Round, form: AnnounceForm) -> dict[str, Any]:
    with acting_as(SYSTEM):
        loads = loads_of(row)
        waiting = len(packed_bags(row))
    counted = bags_by_load(loads)
    return {
        "row": row,
        "form": form,
        "rows": [(one, state_of(one), counted.get(one.pk, 0)) for one in loads],
        "waiting": waiting,
    }


@scans
@require_GET
def load(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One load: where to, what is in it, what is missing, and the next thing to say of it."""
    return _load_page(request, load_or_404(pk))


@require_POST
def driver(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the driver's number; recorded."""
    row = reveal_driver(load_or_404(pk), by=request.actor, at=request.now)
    if request.htmx:
        return render(request, "ui/revealed.html", {"value": row.driver_phone, "phone": True})
    context = {"name": row.driver_name, "at": row.plate, "phone": row.driver_phone}
    return render(request, "ui/contact.html", context | {"back": reverse("transport:load", args=[pk])})


def plate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The vehicle bears another plate than was written; an unusual one is asked about on the load's page."""
    row = load_or_404(pk)
    form = PlateForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            correct_plate(row, **form.cleaned_data, by=request.actor, at=request.now)
        except Denied:
            raise
        except UnusualPlate as question:
            form.ask(question)
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The plate is corrected.").text(gettext))
            return redirect("transport:load", pk=pk)
    return _load_page(request, row, form if request.method == "POST" else None)


def _load_page(request: HttpRequest, row: Load, plate_form: PlateForm | None = None) -> HttpResponse:
    may_send = may_dispatch(row, request.actor)
    if not may_send and not may_drive(row, request.actor):
        request.actor.must(Permission.DRIVE, path=row.path, organisation=row.supplier_id)
    crates = crates_of(row)
    opened = _opened(request, crates)
    context = {
        "load": row,
        "state": state_of(row),
        "ringing": ringing_of(row, request.actor, request.now),
        "found": loading_of(row),
        "crates": crates,
        "opened": opened,
        "bags": bags_of(row, opened.key, cursor=request.GET.get("cursor", "")) if opened else None,
        "count": sum(one.bags for one in crates),
        "is_late": is_late(row, request.now),
        "may_dispatch": may_send,
        "is_mine": row.driver == request.actor.key,
        "form": ExpectForm(initial={"expected_at": row.expected_at}),
        "plate_form": plate_form or PlateForm(initial={"plate": row.plate}),
        "id": new_id(),
        "heard": request.GET.get("heard", ""),
    }
    return render(request, "transport/load.html", context, status=422 if plate_form else 200)


def _opened(request: HttpRequest, crates: Sequence[Counted]) -> Counted | None:
    """Return whose bags are listed: those of the box that was tapped, or of the only one."""
    named = request.GET.get("crate", "" if len(crates) != 1 else crates[0].name)
    return next((one for one in crates if one.name == named), None)


@scans
@require_POST
def scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the bag or box of a label into the vehicle; answered in place where the page asks for that."""
    row = load_or_404(pk)
    try:
        key = UUID(request.POST.get("id", ""))
    except ValueError:
        key = new_id()
    heard = "good"
    words: Sentence | InputError = say("Is in.")
    code = request.POST.get("code", "")[:60]
    try:
        parcel = scan_in(row, code, id=key, by=request.actor, at=request.now)
    except Denied:
        raise
    except InputError as error:
        heard, words = "bad", error
    else:
        code = parcel.code
    if request.htmx:
        context = {"load": row, "found": loading_of(row), "heard": heard, "words": words, "code": code}
        return render(request, "transport/_scanned.html", context | {"id": new_id()})
    tell = messages.success if heard == "good" else messages.error
    tell(request, f"{code} {words.text(gettext)}")
    answer = redirect("transport:load", pk=pk)
    answer["Location"] += f"?heard={heard}"
    return answer


@require_POST
def out(request: HttpRequest, pk: UUID, parcel: UUID) -> HttpResponse:
    """Take a bag or box out again: a scan that was wrong."""
    row = load_or_404(pk)
    do = lambda: take_out(row, parcel, by=request.actor, at=request.now)  # noqa: E731
    return tried(request, do, done=say("It stands at the supplier again."), to="transport:load", pk=pk)


@require_POST
def move(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """All of it is in, leave, arrived, at another time, or no such vehicle; a second tap changes nothing."""
    row = load_or_404(pk)
    if act not in MOVES:
        raise Http404
    do, done = MOVES[act]
    return tried(request, lambda: do(request, row), done=done, to="transport:load", pk=pk)


def _leave(request: HttpRequest, row: Load) -> None:
    typed = request.POST.get("counted", "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise InputError(say("That is no number of bags."), remedy=say("Write how many bags you counted."))
    leave(row, by=request.actor, at=request.now, counted=int(typed) if typed else None)


def _expect(request: HttpRequest, row: Load) -> None:
    form = ExpectForm(request.POST)
    if not form.is_valid():
        raise InputError(say("When does it come?"), remedy=say("Choose a day and an hour."))
    expect_at(row, form.cleaned_data["expected_at"], by=request.actor, at=request.now)


MOVES: dict[str, tuple[Callable[[HttpRequest, Load], Any], Sentence]] = {
    "all": (
        lambda request, row: put_in(row, by=request.actor, at=request.now),
        say("All that was packed is in this vehicle."),
    ),
    "leave": (_leave, say("On its way. The gate expects it.")),
    "arrive": (
        lambda request, row: arrive(row, by=request.actor, at=request.now),
        say("Arrived. The gate knows it."),
    ),
    "expect": (_expect, say("The gate expects it at that time.")),
    "cancel": (
        lambda request, row: cancel(row, by=request.actor, at=request.now),
        say("This vehicle does not come."),
    ),
}
"""What each button of a load does, and what is said when it is done."""
