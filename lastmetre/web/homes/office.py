"""The committee's, sub-district's and administrator's first page: what the installation still lacks."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.ground.goods.models import Payee
from lastmetre.ground.goods.rules import PayeeState
from lastmetre.ground.goods.rules import Permission as Goods
from lastmetre.ground.people.models import Account
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.tree import counts_of
from lastmetre.terms import say
from lastmetre.web.homes.asking import place_of, rules_of, shifts_of
from lastmetre.web.homes.home import Figure, Home, HomePage, Way, link

MOST_SHOWN = 8


def gather(request: HttpRequest, held: Held | None) -> HomePage:
    """Ask for the place of the role."""
    place = place_of(held)
    counts = counts_of(place)
    tree = reverse("place", args=[place.pk])
    return HomePage(
        lead=say("What lies within, who works here, what is in force."),
        figures=(
            Figure(counts.compounds, say("Compounds"), address=tree),
            Figure(counts.buildings, say("Buildings"), address=tree),
            Figure(counts.most_households, say("Households"), address=tree),
            Figure(counts.most_people, say("Residents"), address=tree),
        ),
        todo=(*_payees(request, place), *_todo()),
        shifts=shifts_of(place, held, request.now),
        ways=(
            Way(say("Places"), "building-community", tree),
            Way(say("People"), "users", link(held, "people:staff", place.pk)),
            Way(say("Suppliers"), "building-store", reverse("goods:suppliers")),
            Way(say("Hand over"), "heart-handshake", reverse("people:hand-over")),
        ),
        rules=rules_of(place.path, request.now),
        next_title=say("Ready for the first round"),
        next_words=say("Once compounds have rosters and liaisons, their rounds and what is late stand here."),
    )


def _payees(request: HttpRequest, place: Place) -> tuple[Way, ...]:
    """Return the collection codes that wait for a second person: until then no resident can pay there."""
    if not request.actor.may(Goods.PAYEE_APPROVE, path=place.path):
        return ()
    waiting = Payee.objects.filter(state=PayeeState.PROPOSED, supplier__path__within=place.path)
    rows = waiting.exclude(proposed_by=request.actor.key).select_related("supplier__organisation")
    return tuple(
        Way(
            say("Check the collection code of {supplier}", supplier=one.supplier.organisation.name),
            "qrcode",
            reverse("goods:supplier", args=[one.supplier_id]),
            detail=say("Nobody can pay there before a second person approves it."),
            state="act",
            words=say("To approve"),
        )
        for one in rows[:MOST_SHOWN]
    )


def _todo() -> tuple[Way, ...]:
    """Return what must be done before the place is safe to run."""
    bare = Account.objects.filter(totp_confirmed_at=None, is_active=True).count()
    if not bare:
        return ()
    return (
        Way(
            say("Accounts without a second step"),
            "shield-lock",
            detail=say(
                "{count} people sign in with a password alone. Ask them to set up the code.", count=bare
            ),
            state="wait",
            words=say("To ask"),
        ),
    )


HOME = Home(
    "office",
    say("Overview"),
    gather,
    layer="base_desk.html",
    nav=(
        (say("Places"), "building-community", "place"),
        (say("People"), "users", "people:staff"),
        (say("Suppliers"), "building-store", "goods:suppliers"),
        (say("Roles"), "id", "people:roles"),
        (say("Journal"), "history", "journal:entries"),
    ),
)
