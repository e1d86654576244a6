"""What several pages of people need: labels of devices, addresses of links, the place that a page is about."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext

from lastmetre.ground.people.forms.staff import MOMENT_FORMAT
from lastmetre.ground.people.models import Person
from lastmetre.ground.places.models import Place
from lastmetre.terms import InputError

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "Harmony"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac", "Macintosh"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("WeChat", "MicroMessenger"),
    ("Edge", "Edg/"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_label(request: HttpRequest) -> str:
    """Return what a person recognises their device by: its system and browser, nothing that tracks it."""
    agent = request.headers.get("User-Agent", "")
    names = [next((name for name, sign in known if sign in agent), "") for known in (SYSTEMS, BROWSERS)]
    return " · ".join(name for name in names if name) or "?"


def link(request: HttpRequest, path: str) -> str:
    """Return the address under which phones reach a page."""
    return (
        f"{settings.PUBLIC_URL.rstrip('/')}{path}"
        if settings.PUBLIC_URL
        else request.build_absolute_uri(path)
    )


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Return an address of our own to go on to."""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if wanted and is_ours and re.match(r"/(?!/)", wanted) else "/"


def add_refusal(form: Any, error: InputError) -> None:
    """Put the sentence of an action over a form."""
    form.add_error(None, error.text(gettext))


def place_or_404(place: UUID) -> Place:
    """Return a place that the visitor sees; foreign and missing ones look the same."""
    found = Place.objects.filter(pk=place).first()
    if found is None:
        raise Http404
    return found


def place_for(request: HttpRequest, place: UUID, permission: str) -> Place:
    """Return a place where the visitor holds a permission."""
    found = place_or_404(place)
    request.actor.must(permission, path=found.path)
    return found


def person_or_404(person: UUID) -> Person:
    """Return somebody whom the visitor sees; perhaps not the place that they are counted at."""
    found = Person.objects.select_related("organisation__seat").filter(pk=person).first()
    if found is None:
        raise Http404
    return found


def local_time(moment: datetime | None) -> str:
    """Return a time as a form field for it wants it."""
    return timezone.localtime(moment).strftime(MOMENT_FORMAT) if moment else ""


def name_of(row: Any) -> str:
    """Return a role's name in the language of this page."""
    return in_language(row.name, row.name_en)


def in_language(name: str, name_en: str) -> str:
    """Return a name in the language of this page."""
    return name_en if name_en and (get_language() or "").startswith("en") else name
