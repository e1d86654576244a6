"""The journal, filtered by person, place, thing, verb and time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lastmetre.ground.journal.queries.entries import Wanted, entries
from lastmetre.ground.journal.rules import Permission
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import Sentence, say
from lastmetre.web.journal.lines import lines_of
from lastmetre.web.journal.sentences import SENTENCES


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """Show lines, the latest first."""
    request.actor.must(Permission.READ)
    asked = request.GET
    place = _place(asked.get("place", ""))
    wanted = Wanted(
        actor=asked.get("actor", "")[:40],
        thing=_id(asked.get("thing", "")),
        verbs=_verbs(asked.get("verb", "")),
        path=place.path if place else "",
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", ""), after=1),
    )
    page = page_of(entries(wanted), by="-at", cursor=asked.get("cursor", ""))
    context = {
        "lines": lines_of(page.rows),
        "page": {"next": page.next, "previous": ""},
        "wanted": wanted,
        "place": place,
        "verbs": _choices(),
        "narrowed": list(_narrowed(wanted, place)),
        "asked": asked,
    }
    return render(request, "journal/entries.html", context)


def _choices() -> list[tuple[str, str]]:
    """Return each sentence once, for the first of the verbs that share it."""
    first: dict[str, str] = {}
    for verb, template in SENTENCES.items():
        first.setdefault(template, verb)
    blank = (("who", ""), ("thing", "…"))
    said = [(verb, Sentence(template, blank).text(gettext).strip()) for template, verb in first.items()]
    return sorted(said, key=lambda one: one[1])


def _verbs(verb: str) -> tuple[str, ...]:
    if not verb:
        return ()
    template = SENTENCES.get(verb)
    return tuple(one for one, other in SENTENCES.items() if other == template) if template else (verb[:40],)


def _narrowed(wanted: Wanted, place: Place | None) -> Iterator[Sentence]:
    if place:
        yield say("Only what happened in {place}.", place=place.name)
    if wanted.actor:
        yield say("Only what one person did.")
    if wanted.thing:
        yield say("Only what concerns one thing.")


def _place(text: str) -> Place | None:
    if not text:
        return None
    found = Place.objects.filter(pk=_id(text)).first()
    if found is None:
        raise Http404
    return found


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _day(text: str, *, after: int = 0) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    if day is None:
        return None
    return make_aware(datetime.combine(day + timedelta(days=after), time.min))
