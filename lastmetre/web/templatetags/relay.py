"""What the pages of the relay show of what lies ahead, and of a household's orders."""

from __future__ import annotations

from typing import Any

from django import template

from lastmetre.chain.orders.models import Round
from lastmetre.ground.places.models import Household
from lastmetre.web.steps import next_of, ways_of, ways_of_order

register = template.Library()


@register.inclusion_tag("ui/next_steps.html", takes_context=True)
def next_steps(context: template.Context, row: Round) -> dict[str, Any]:
    """Show what comes next in a round for whoever looks: one large button, the rest below it."""
    return {"next": next_of(row, context["request"].actor)}


@register.inclusion_tag("ui/ways.html", takes_context=True)
def order_ways(context: template.Context, row: Round, household: Household) -> dict[str, Any]:
    """Lead from an order to what else can be said of it."""
    return {"ways": ways_of_order(row, household, context["request"].actor)}


@register.inclusion_tag("ui/ways.html", takes_context=True)
def household_ways(context: template.Context, household: Household) -> dict[str, Any]:
    """Lead from a household to what it asks for and gets."""
    return {"ways": ways_of(household, context["request"].actor)}
