"""The commander's wall and the auditor's desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.journal import rules as journal_rules
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.queries.tree import counts_of
from lastmetre.terms import say
from lastmetre.web.homes import money
from lastmetre.web.homes.asking import place_of, rules_of, shifts_of, strict_within
from lastmetre.web.homes.home import Figure, Home, HomePage, Way, link


def command(request: HttpRequest, held: Held | None) -> HomePage:
    """Six figures, what lies within by regime, hands that are missing."""
    place = place_of(held)
    counts = counts_of(place)
    strict = strict_within(place, request.now)
    suppliers = Supplier.objects.filter(suspended_at=None, path__within=place.path)
    unsigned = suppliers.filter(pledged_on=None).count()
    tree = reverse("place", args=[place.pk])
    return HomePage(
        lead=say("What is in force where, and who feeds whom."),
        figures=(
            Figure(counts.most_people, say("Residents"), address=tree),
            Figure(counts.most_households, say("Households"), address=tree),
            Figure(counts.compounds, say("Compounds"), address=tree),
            Figure(strict, say("Areas under control or sealed"), "act" if strict else "good", tree),
            Figure(suppliers.count(), say("Suppliers"), address=reverse("goods:suppliers")),
            Figure(
                unsigned,
                say("Without a pledge"),
                "wait" if unsigned else "good",
                reverse("goods:suppliers"),
            ),
        ),
        shifts=shifts_of(place, held, request.now, limit=6),
        ways=(
            Way(say("Map"), "map", reverse("place-map", args=[place.pk])),
            Way(say("Decide a regime"), "flag", link(held, "place-regime", place.pk)),
            Way(say("Reserves"), "building-warehouse", reverse("goods:reserves")),
        ),
        rules=rules_of(place.path, request.now),
        next_title=say("Nothing is late"),
        next_words=say("Rounds, vehicles and calls that run late stand here with whom to ring."),
    )


def audit(request: HttpRequest, held: Held | None) -> HomePage:
    """The auditor: alarms first, then the journal."""
    alarms = Entry.objects.filter(verb=journal_rules.ALARM).order_by("-at", "-id")[:10]
    entries = link(held, "journal:entries")
    return HomePage(
        lead=say("Who read and changed what, and whether the journal is whole."),
        figures=(
            Figure(
                Entry.objects.filter(verb=journal_rules.REVEALED).count(),
                say("Personal data read"),
                address=entries,
            ),
            Figure(len(alarms), say("Alarms"), "act" if alarms else "good", entries),
        ),
        todo=tuple(
            Way(
                say(
                    "{things} homes or people read in {minutes} minutes",
                    things=one.detail.get("things"),
                    minutes=one.detail.get("minutes"),
                ),
                "alert-triangle",
                f"{entries}?actor={one.actor}",
                detail=f"{one.at.astimezone():%Y-%m-%d %H:%M}",
                state="act",
                words=say("Bulk reading"),
            )
            for one in alarms
        ),
        ways=(Way(say("Journal"), "history", entries), *money.auditor()),
        next_title=None if alarms else say("No alarm"),
        next_words=None
        if alarms
        else say("An alarm is raised when somebody reads many homes in a short time."),
    )


def _counts(alarm: Entry) -> dict[str, object]:
    return {name: alarm.detail.get(name, "?") for name in ("things", "minutes")}


COMMAND = Home(
    "command",
    say("Command"),
    command,
    layer="base_desk.html",
    nav=(
        (say("Places"), "building-community", "place"),
        (say("Map"), "map", "place-map"),
        (say("Suppliers"), "building-store", "goods:suppliers"),
        (say("People"), "users", "people:staff"),
    ),
)
AUDIT = Home(
    "audit",
    say("Audit"),
    audit,
    layer="base_desk.html",
    nav=(
        (say("Journal"), "history", "journal:entries"),
        (say("Every posting"), "list", "ledger:books"),
    ),
)
