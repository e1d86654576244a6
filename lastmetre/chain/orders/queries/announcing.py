"""A round as everybody may see it: goods, prices, times; no household, no person, no order."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from lastmetre.chain.orders.announcement_rules import Announcement, Offered
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import PayRule, RoundState
from lastmetre.ground.places.rules import HandOver
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


def announcement_or_404(pk: UUID) -> Announcement:
    """Return what a round tells everybody; one in preparation tells nothing yet. Two queries.

    Whoever has the link is told: it is posted in groups and hung up in stairwells.
    """
    with acting_as(SYSTEM):
        row = (
            Round.objects.exclude(state=RoundState.DRAFT)
            .select_related("place", "supplier__organisation")
            .filter(pk=pk)
            .first()
        )
        if row is None:
            raise Http404
        items = [
            Offered(
                one.code,
                one.product.name,
                one.product.specification,
                one.product.unit,
                one.price_fen,
                one.limit,
            )
            for one in row.items.select_related("product")
        ]
    return Announcement(
        row.pk,
        row.place.name,
        row.title,
        row.supplier.organisation.name,
        RoundState(row.state),
        row.opens_at,
        row.closes_at,
        row.wave_at,
        row.hand_over == HandOver.PICKUP,
        PayRule(row.pay_rule),
        tuple(items),
    )
