"""Choices of forms in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastmetre.ground.places.rules import PART_NAMES
from lastmetre.terms import Sentence


class RowField(forms.ModelChoiceField):
    """One of some rows; what stands there before one is chosen is said in words, not in dashes."""

    def __init__(self, queryset: Any, *, required: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Please choose") if required else _("none of these"))
        super().__init__(queryset, required=required, **kwargs)


def _say(words: Sentence) -> str:
    return words.text(gettext)


said: Any = lazy(_say, str)
"""Say a sentence when the page is made, not when the module is loaded."""


def said_parts(order: str) -> str:
    """Say what the numbers of a home mean in turn: building-room is 楼栋-房号."""
    return "-".join(PART_NAMES[part].text(gettext) for part in order.split("-") if part in PART_NAMES)


def choices(names: Mapping[Any, Sentence], only: Iterable[Any] | None = None) -> list[tuple[str, Any]]:
    """Return codes with their names."""
    return [(str(code), said(names[code])) for code in (names if only is None else only)]


def lines(text: str) -> list[str]:
    """Return the lines (or parts between commas) that somebody typed, without empty ones."""
    parts = text.replace("，", "\n").replace(",", "\n").replace("、", "\n").splitlines()
    return [part.strip() for part in parts if part.strip()]
