"""Responses: opened with a key, closed, erased for good with a certificate to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lastmetre.ground.places.actions.responses import close_response, erase_response, open_response
from lastmetre.ground.places.forms.regimes import EraseForm, ResponseForm
from lastmetre.ground.places.queries.responses import certificate, find_response, responses_within
from lastmetre.ground.places.rules import Permission
from lastmetre.ground.places.views.editing import page
from lastmetre.ground.places.views.frame import Trail, find_place, tell, tried
from lastmetre.ground.protection.actor import EVERYWHERE
from lastmetre.terms import say


@require_safe
def responses(request: HttpRequest) -> HttpResponse:
    """List the responses of the visitor's places."""
    listed = [(one, place) for one, place in responses_within(request.actor) if one.path != EVERYWHERE]
    context = {
        "responses": listed,
        "trail": _trail(),
        "can_open": request.actor.may(Permission.MANAGE_RESPONSE),
    }
    return render(request, "places/responses.html", context)


def open_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a response of a place."""
    place = find_place(pk)
    request.actor.must(Permission.MANAGE_RESPONSE, path=place.path)
    form = ResponseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        opened = tried(form, lambda: open_response(place, name=name, by=request.actor, at=request.now))
        if opened:
            tell(request, say("Opened. What is written from now on is sealed with a key of its own."))
            return redirect("response", opened.pk)
    return page(request, place, form, say("Open a response in {name}", name=place.name))


def response(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a response; posted, erase it for good."""
    one = find_response(request.actor, pk)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["typed_name"]
        if tried(form, lambda: erase_response(one, typed_name=typed, by=request.actor, at=request.now)):
            tell(request, say("Erased. Print the certificate and file it."))
            return redirect("response-certificate", one.pk)
    context: dict[str, Any] = {
        "response": one,
        "paper": certificate(one),
        "form": form,
        "trail": _trail(one.name),
        "may_end": request.actor.may(Permission.MANAGE_RESPONSE, path=one.path),
    }
    return render(request, "places/response.html", context, status=422 if form.errors else 200)


@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a response."""
    one = find_response(request.actor, pk)
    close_response(one, by=request.actor, at=request.now)
    tell(request, say("Closed. Its data stay readable until they are erased."))
    return redirect("response", one.pk)


@require_safe
def certify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the certificate of an erasure, for printing."""
    one = find_response(request.actor, pk)
    if not one.erased_at:
        raise Http404
    return render(request, "places/certificate.html", {"paper": certificate(one), "response": one})


def _trail(*more: object) -> Trail:
    trail: Trail = [(say("Places"), "/places/"), (say("Responses"), "/places/responses" if more else "")]
    return [*trail, *((name, "") for name in more)]
