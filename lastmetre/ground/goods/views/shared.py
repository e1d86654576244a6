"""What the pages of goods share: the area that is looked at, found rows or 404, saved forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lastmetre.ground.goods.forms.pages import Form
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.queries.catalogue import place_of
from lastmetre.ground.goods.queries.found import place_or_404
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import Actor, ActorKind, Denied
from lastmetre.terms import InputError, Sentence, say


def area_of(request: HttpRequest) -> Place | None:
    """Return the place that `?place=` names, else the largest that the actor sees; None: all and nothing."""
    named = request.GET.get("place", "")
    if not named:
        return place_of(request.actor.sees)
    try:
        return place_or_404(UUID(named))
    except ValueError as error:
        raise Http404 from error


def only_staff(request: HttpRequest) -> None:
    """Refuse households and helpers without an account; raises Denied."""
    if request.actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        raise Denied(say("This page is for the staff."), remedy=say("Ask whoever looks after your building."))


def own_supplier(actor: Actor) -> Supplier | None:
    """Return the supplier whose people the actor belongs to."""
    rows = Supplier.objects.select_related("organisation").filter(pk__in=actor.organisations)
    return rows.first()


def saved(
    request: HttpRequest,
    form: Form,
    save: Callable[[], Any],
    *,
    title: Sentence,
    done: Sentence,
    to: str,
    kwargs: dict[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show a form, or save it and go on; what an action refuses is said above the fields."""
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except InputError as error:
            form.refuse(error)
        else:
            say_done(request, done)
            return redirect(to, **(kwargs or {}))
    status = 422 if form.is_bound else 200
    return render(request, "goods/form.html", {"form": form, "title": title, **context}, status=status)


def say_done(request: HttpRequest, done: Sentence) -> None:
    """Put a sentence on the next page."""
    messages.success(request, done.text(gettext))
