"""What a liaison's first page says of orders at suppliers: what is proposed, and who has not answered."""

from __future__ import annotations

from django.urls import reverse

from lastmetre.chain.purchase.queries.orders import waiting_at
from lastmetre.chain.purchase.rules import Permission
from lastmetre.ground.people.queries.door import Held
from lastmetre.terms import say
from lastmetre.web.homes.home import Way

MOST = 4


def before(rounds: tuple[Way, ...], path: str, held: Held | None) -> tuple[Way, ...]:
    """Put what waits for an answer before the running rounds: the liaison's or the supplier's; one query."""
    if not rounds or held is None or Permission.ORDER not in held.permissions:
        return rounds
    waiting = tuple(
        Way(
            say("The supplier offers something else")
            if order.proposed
            else say("The supplier has not answered"),
            "repeat" if order.proposed else "phone",
            reverse("purchase:order", args=[order.pk]),
            detail=order.round.title,
            state="act" if order.proposed else "wait",
            words=say("Decide") if order.proposed else say("Waits"),
        )
        for order in waiting_at(path)[:MOST]
    )
    return (*waiting, *rounds)
