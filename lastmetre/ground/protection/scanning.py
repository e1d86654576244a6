"""Pages that read labels with the camera say so: only they may run the decoder's WebAssembly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def scans(view: View) -> View:
    """Mark a view whose page holds the scan box."""
    view.is_scanning = True  # type: ignore[attr-defined]
    return view


def is_scanning(view: Callable[..., Any]) -> bool:
    """Tell whether a view was marked."""
    return bool(getattr(view, "is_scanning", False))
