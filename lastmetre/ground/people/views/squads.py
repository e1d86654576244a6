"""Squads and shifts: the board of a place, a squad's page, a shift's people and its link."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.people.actions import squads
from lastmetre.ground.people.actions.invitations import invite_to_shift
from lastmetre.ground.people.forms.staff import SQUAD_KINDS, MemberForm, ShiftPlanForm, SquadForm
from lastmetre.ground.people.models import Shift, ShiftDuty, Squad, SquadMember
from lastmetre.ground.people.queries.squads import duties_of, members_of, shifts_of, squads_at
from lastmetre.ground.people.queries.staff import staff_of
from lastmetre.ground.people.rules import Permission, SquadKind
from lastmetre.ground.people.views.frame import add_refusal, person_or_404, place_for
from lastmetre.terms import InputError


def board(request: HttpRequest, place: UUID) -> HttpResponse:
    """Show the squads of a place with their next shifts and the hands that are missing."""
    at = place_for(request, place, Permission.SEE)
    form = SquadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = squads.add_squad(
                by=request.actor, at=request.now, place=at, **typed | {"kind": SquadKind(typed["kind"])}
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            return redirect("people:squad", made.pk)
    context = {
        "place": at,
        "rows": [(row, dict(SQUAD_KINDS)[row.kind]) for row in squads_at(at, at=request.now)],
        "form": form,
        "may_plan": request.actor.may(Permission.SQUADS, path=at.path),
    }
    return render(request, "people/squads.html", context, status=422 if form.errors else 200)


@require_GET
def squad(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a squad: its people with what keeps them from working, and its shifts."""
    return _squad(request, _squad_or_404(request, pk))


@require_POST
def change_squad(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in one of the forms of a squad's page."""
    found, by, now = _squad_or_404(request, pk), request.actor, request.now
    what = request.POST.get("what")
    if what == "shift":
        form = ShiftPlanForm(request.POST)
        if not form.is_valid():
            return _squad(request, found, shift_form=form)
        try:
            squads.plan_shift(found, by=by, at=now, **form.cleaned_data)
        except InputError as error:
            add_refusal(form, error)
            return _squad(request, found, shift_form=form)
    elif what == "member":
        person = person_or_404(_id(request.POST.get("person", "")))
        squads.join_squad(found, person, by=by, at=now, is_leader=bool(request.POST.get("is_leader")))
    elif what == "leave":
        member = SquadMember.objects.select_related("squad").filter(
            squad=found, pk=_id(request.POST.get("member", "")), left_at=None
        )
        if (row := member.first()) is None:
            raise Http404
        squads.leave_squad(row, by=by, at=now)
    elif what == "end":
        squads.end_squad(found, by=by, at=now)
        return redirect("people:squads", found.place_id)
    else:
        raise Http404
    return redirect("people:squad", pk)


@require_GET
def shift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who is on a shift, and who may begin."""
    found = _shift_or_404(request, pk)
    on = duties_of(pk, at=request.now, test_hours=settings.DUTY_TEST_HOURS)
    members = members_of(found.squad_id, at=request.now, test_hours=settings.DUTY_TEST_HOURS)
    taken = {row.person for row in on}
    context = {
        "shift": found,
        "rows": on,
        "others": [row for row in members if row.person not in taken],
        "may_plan": request.actor.may(Permission.SQUADS, path=found.squad.path),
        "is_over": found.ends_at <= request.now,
    }
    return render(request, "people/shift.html", context)


@require_POST
def change_shift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put people on a shift or take them off, let them begin, make its link, or cancel it."""
    found, by, now = _shift_or_404(request, pk), request.actor, request.now
    what = request.POST.get("what")
    if what == "link":
        return redirect("people:invitation", invite_to_shift(found, by=by, at=now).pk)
    if what == "cancel":
        squads.cancel_shift(found, by=by, at=now, why=request.POST.get("why", "")[:200])
        return redirect("people:squad", found.squad_id)
    if what == "take":
        squads.take_duty(found, person_or_404(_id(request.POST.get("person", ""))), by=by, at=now)
        return redirect("people:shift", pk)
    duties = ShiftDuty.objects.select_related("shift__squad").filter(
        shift=found, pk=_id(request.POST.get("duty", "")), given_up_at=None
    )
    if what not in ("start", "give-up") or (duty := duties.first()) is None:
        raise Http404
    if what == "start":
        squads.start_duty(duty, by=by, at=now, test_hours=settings.DUTY_TEST_HOURS)
    else:
        squads.give_up_duty(duty, by=by, at=now)
    return redirect("people:shift", pk)


def _squad(request: HttpRequest, found: Squad, shift_form: ShiftPlanForm | None = None) -> HttpResponse:
    may_plan = request.actor.may(Permission.SQUADS, path=found.path)
    members = members_of(found.pk, at=request.now, test_hours=settings.DUTY_TEST_HOURS)
    there = {row.person for row in members}
    people = staff_of(found.place, at=request.now, size=200).rows if may_plan else []
    context = {
        "squad": found,
        "kind": dict(SQUAD_KINDS)[SquadKind(found.kind)],
        "members": members,
        "shifts": shifts_of(found.pk, at=request.now),
        "may_plan": may_plan,
        "shift_form": shift_form or ShiftPlanForm(),
        "member_form": MemberForm(
            people=[(row.id, f"{row.name} ····{row.phone_tail}") for row in people if row.id not in there]
        ),
    }
    return render(request, "people/squad.html", context, status=422 if shift_form else 200)


def _squad_or_404(request: HttpRequest, pk: UUID) -> Squad:
    found = Squad.objects.select_related("place").filter(pk=pk, ended_at=None).first()
    if found is None:
        raise Http404
    request.actor.must(Permission.SEE, path=found.path)
    return found


def _shift_or_404(request: HttpRequest, pk: UUID) -> Shift:
    found = Shift.objects.select_related("squad__place").filter(pk=pk, cancelled_at=None).first()
    if found is None:
        raise Http404
    request.actor.must(Permission.SEE, path=found.squad.path)
    return found


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
