"""A household's page: where is it, and when is it our turn."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lastmetre.chain.doorstep.queries.where import ways_to
from lastmetre.chain.orders.queries.ordering import household_or_404
from lastmetre.chain.orders.rules import Permission as Orders
from lastmetre.ground.protection.actor import ActorKind


@require_GET
def where(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where each bag of a household is; the household itself, or who takes its orders."""
    home = household_or_404(pk)
    if not (request.actor.kind is ActorKind.HOUSEHOLD and request.actor.key == str(pk)):
        request.actor.must(Orders.TAKE, path=home.path)
    ways = ways_to(home, at=request.now)
    context = {"home": home, "ways": ways, "turns": [one for one in ways if one.turn is not None]}
    return render(request, "doorstep/where.html", context)
