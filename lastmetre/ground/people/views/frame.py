"""What several pages of people need: labels of devices, addresses of links, the place that a page is about."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext

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


def place_of(request: HttpRequest, permission: str) -> Place:
    """Return the place that a page is about: `?place=`, or the first where the visitor holds the permission."""
    actor = request.actor
    wanted = request.GET.get("place") or request.POST.get("place")
    if wanted:
        try:
            place = Place.objects.filter(pk=UUID(wanted)).first()
        except ValueError:
            place = None
        if place is None:
            raise Http404
        actor.must(permission, path=place.path)
        return place
    paths = [
        grant.path for grant in actor.grants if grant.path is not None and permission in grant.permissions
    ]
    found = Place.objects.filter(path=paths[0]).first() if paths else None
    if found is None:
        actor.must(permission, path="-")
        raise Http404
    return found


def in_language(name: str, name_en: str) -> str:
    """Return a name in the language of this page."""
    return name_en if name_en and (get_language() or "").startswith("en") else name
