"""Letters and numbers keyed in for somebody: `A2 C1 D`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.orders.actions.requests import Asked, Wish, check_may_take, place_request
from lastmetre.chain.orders.intake_rules import keyed as read_keyed
from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.queries.sources import items_of
from lastmetre.chain.orders.rules import Channel
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import Actor


def place_keyed(
    round_id: UUID,
    household: Household,
    *,
    keyed: str,
    channel: Channel,
    by: Actor,
    at: datetime,
    note: str = "",
    is_proxy: bool = False,
    exception: str = "",
) -> Request:
    """Make a household's order what was keyed in; raises InputError as `place_request` does."""
    check_may_take(household, by=by)
    items = items_of(Round.objects.get(pk=round_id))
    wishes = tuple(Wish(items[code].pk, quantity) for code, quantity in read_keyed(keyed, items).items())
    asked = Asked(wishes, channel, note=note, is_proxy=is_proxy, exception=exception)
    return place_request(round_id, household, asked, by=by, at=at)
