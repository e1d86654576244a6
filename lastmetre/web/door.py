"""What every page's frame shows: where you are, where you can go, how the screen looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from lastmetre.terms import Sentence

THEME_COOKIE = "lm-theme"
CARE_COOKIE = "lm-care"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a menu: what it is called, its icon (icons.txt), its address."""

    label: Sentence
    icon: str
    address: str
    here: bool = False


@dataclass(slots=True)
class Door:
    """The frame of a page. Whoever knows more (who is signed in, their places) sets it on `request.door`."""

    theme: str = ""
    """light, dark, or "" as the device wishes."""
    care: bool = False
    """24 px text and 60 px targets."""
    person: str = ""
    """Who is signed in, as they are called on screen."""
    place: str = ""
    places: list[tuple[str, str, bool]] = field(default_factory=list)
    """(name, address, is it this one): the places that this person may switch to."""
    nav: list[Item] = field(default_factory=list)
    account: list[Item] = field(default_factory=list)
    sign_out: str = ""
    """Address that ends the session when posted to."""
    help_phone: str = ""
    clock: datetime | None = None
    """What time it is in a demo, whose clock may be moved; None elsewhere."""
    is_desk: bool = False
    """Whether wide screens get the desk's frame: staff do, who work now at a desk, now on a phone."""


def door_of(request: HttpRequest) -> Door:
    """Return the frame of this request, made from its cookies the first time."""
    found: Door | None = getattr(request, "door", None)
    if found is None:
        theme = request.COOKIES.get(THEME_COOKIE, "")
        found = Door(
            theme=theme if theme in THEMES else "",
            care=request.COOKIES.get(CARE_COOKIE) == "1",
            help_phone=settings.HELP_PHONE,
        )
        request.door = found
    return found
