"""The icons that ship: one sprite, drawn from the names in icons.txt when the static files are built."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.templatetags.static import static


@cache
def names() -> frozenset[str]:
    """Return the icons that a page may use."""
    return frozenset(Path(__file__).with_name("icons.txt").read_text(encoding="utf-8").split())


@cache
def icon_address(name: str) -> str:
    """Return the address of an icon in the sprite.

    Raises:
        LookupError: The name is not in icons.txt, so the sprite lacks it.
    """
    if name not in names():
        raise LookupError(
            f"There is no icon {name!r}: add its name (tabler.io/icons) to lastmetre/web/icons.txt."
        )
    return f"{static('vendor/icons.svg')}#{name}"
