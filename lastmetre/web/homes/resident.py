"""A household's first page: what is in force, whom to ring, what is known of it (house law 4)."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.chain.doorstep.queries.where import ways_to
from lastmetre.chain.orders.queries.notices import notices_for
from lastmetre.ground.people.queries.contacts import contacts_of_door
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.places.queries.tree import ancestors
from lastmetre.ground.places.rules import COMPOUND_KINDS
from lastmetre.terms import say
from lastmetre.web.homes import doors, money
from lastmetre.web.homes.asking import rules_of
from lastmetre.web.homes.home import Contact, Home, HomePage, Way
from lastmetre.web.homes.ordering import to_order
from lastmetre.web.saying import called, said

NOT_YET = say("No round is open at your compound yet.")


def gather(request: HttpRequest, held: Held | None) -> HomePage:
    """Ask for the household of this device."""
    household = Household.objects.select_related("place").get(pk=request.visitor.household)
    row = masked_row(household)
    compound = next((one for one in ancestors(household.place) if one.kind in COMPOUND_KINDS), None)
    unknown = say("not known")
    rounds, repeat = to_order(household)
    bags = ways_to(household, at=request.now)
    facts = (
        (say("Name"), household.name or said(unknown)),
        (say("Phone"), household.phone or said(unknown)),
        (say("People at home"), str(household.head_count or said(unknown))),
    )
    return HomePage(
        title=f"{compound.name} {row.home}" if compound else row.home,
        lead=say("Everything that reaches this door is answered for here."),
        notices=tuple(notices_for(household.path, at=request.now)),
        giant=doors.turn_of(bags),
        todo=(*doors.bag_ways(household, bags), *rounds, *money.first_thing(household)),
        ways_first=True,
        ways=(
            Way(say("What we get"), "package", reverse("allocation:household", args=[household.pk])),
            *((Way(say("Repeat my last order"), "repeat", repeat),) if repeat else ()),
            Way(say("My package"), "package", rounds[0].address)
            if rounds
            else Way(say("My package"), "package", refused=NOT_YET),
            Way(say("Call my building head"), "phone", "#people"),
            Way(say("My orders"), "clipboard-list", reverse("orders:mine")),
            Way(say("Where is it?"), "truck-delivery", reverse("doorstep:where", args=[household.pk])),
            Way(say("My devices"), "device-mobile", reverse("people:devices")),
        ),
        rules=rules_of(household.path, request.now),
        contacts=tuple(
            Contact(one.name, called(one.role), reverse("contact", args=[one.person]))
            for one in contacts_of_door(household.path, at=request.now)
        ),
        facts=facts,
        mend=reverse("household-edit", args=[household.pk]),
        next_title=None if rounds else say("Nothing to order at the moment"),
        next_words=None
        if rounds
        else say("When your liaison opens a round, what you can ask for stands here, and until when."),
    )


HOME = Home("resident", say("My home"), gather)
