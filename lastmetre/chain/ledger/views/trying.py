"""A button's action, tried: what is refused is said above the page, with what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from lastmetre.ground.protection.actor import Denied
from lastmetre.terms import InputError, Sentence


def tried(
    request: HttpRequest, do: Callable[[], Any], *, done: Sentence, to: str, **kwargs: Any
) -> HttpResponse:
    """Do what a button asks for and go to a page; what is refused is said on it, with what to do."""
    try:
        do()
    except Denied:
        raise
    except InputError as error:
        messages.error(request, error.text(gettext))
    else:
        messages.success(request, done.text(gettext))
    return redirect(to, **kwargs)
