"""The committee's, sub-district's and administrator's first page: what the installation still lacks."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from lastmetre.ground.goods.models import Payee, Supplier
from lastmetre.ground.goods.rules import PayeeState
from lastmetre.ground.goods.rules import Permission as Goods
from lastmetre.ground.people.models import Account, Assignment
from lastmetre.ground.people.queries.door import Held, running
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.tree import Counts, counts_of
from lastmetre.ground.places.rules import Permission as Places
from lastmetre.terms import say
from lastmetre.web.homes import money
from lastmetre.web.homes.asking import place_of, rules_of, shifts_of
from lastmetre.web.homes.home import Figure, Home, HomePage, Way, link

LIAISON = "liaison"
MOST_SHOWN = 8


def gather(request: HttpRequest, held: Held | None) -> HomePage:
    """Ask for the place of the role."""
    place = place_of(held)
    counts = counts_of(place)
    tree = reverse("place", args=[place.pk])
    first = _first_steps(request, place, counts)
    return HomePage(
        lead=say("What lies within, who works here, what is in force."),
        figures=(
            Figure(counts.compounds, say("Compounds"), address=tree),
            Figure(counts.buildings, say("Buildings"), address=tree),
            Figure(counts.most_households, say("Households"), address=tree),
            Figure(counts.most_people, say("Residents"), address=tree),
        ),
        todo=(
            *first,
            *_payees(request, place),
            *money.approvals(place.path, held, request.actor.key),
            *_todo(),
        ),
        shifts=shifts_of(place, held, request.now),
        ways=(
            Way(say("Places"), "building-community", tree),
            Way(say("People"), "users", link(held, "people:staff", place.pk)),
            Way(say("Suppliers"), "building-store", reverse("goods:suppliers")),
            Way(say("Hand over"), "heart-handshake", reverse("people:hand-over")),
        ),
        rules=rules_of(place.path, request.now),
        next_title=None if first else say("Ready for the first round"),
        next_words=None
        if first
        else say("The liaisons open the rounds of their compounds: the books say how far each has come."),
    )


def _first_steps(request: HttpRequest, place: Place, counts: Counts) -> tuple[Way, ...]:
    """Return what a new place lacks before a round can be opened, in the order in which it is done."""
    if not request.actor.may(Places.EDIT_PLACES, path=place.path):
        return ()
    tree = reverse("place", args=[place.pk])
    steps = []
    if not counts.compounds:
        steps.append((say("Add the compounds"), "building-community", reverse("place-add", args=[place.pk])))
    if not counts.most_households:
        steps.append((say("Bring in the roster of each compound"), "upload", tree))
    liaisons = Assignment.objects.filter(running(request.now), role=LIAISON, path__within=place.path)
    if not liaisons.exists():
        address = reverse("people:invite", args=[place.pk]) if counts.compounds else ""
        steps.append((say("Invite a liaison for each compound"), "users", address))
    if not Supplier.objects.filter(suspended_at=None).exists():
        steps.append(
            (say("Enter a supplier, and where it serves"), "building-store", reverse("goods:suppliers"))
        )
    return tuple(
        Way(f"{number}. {words.text(gettext)}", icon, address, state="act", words=say("To do first"))
        for number, (words, icon, address) in enumerate(steps, start=1)
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
