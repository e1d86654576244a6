"""Pages that need no sign-in say so; every other page does (deny by default)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view as open to everybody; it sees no row unless an action looks for it."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Tell whether a view was marked."""
    return bool(getattr(view, "is_public", False))
