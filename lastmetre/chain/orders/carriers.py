"""Carriers take notices out of the product: SMS, chat. The one that ships writes to the log, without numbers.

A carrier of one's own is a class with `name` and `send`, named by LASTMETRE_CARRIERS ("log" or "package.module:Class",
between commas).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings

from lastmetre.terms import InputError, say

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice for one household."""

    key: str
    """The same whenever it is sent again: a carrier that knows it need not send it twice."""
    phone: str
    text: str


class Carrier(Protocol):
    """Something that brings a text to a phone."""

    name: str

    def send(self, letter: Letter) -> None:
        """Hand a letter over; any exception means that it is tried again."""


class Log:
    """Writes what would be sent to the log, with the last digits of the number."""

    name = "log"

    def send(self, letter: Letter) -> None:
        """Write one line."""
        log.info("notice %s to …%s: %s", letter.key, letter.phone[-4:], letter.text)


@cache
def carriers() -> tuple[Carrier, ...]:
    """Return the carriers of this installation; raises InputError for one that cannot be found."""
    return tuple(_carrier(name) for name in settings.CARRIERS)


def _carrier(name: str) -> Carrier:
    if name == Log.name:
        return Log()
    module, _, attribute = name.partition(":")
    try:
        made: Carrier = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError) as error:
        raise InputError(
            say("There is no carrier “{name}”.", name=name),
            remedy=say("Write log, or package.module:Class, in LASTMETRE_CARRIERS."),
        ) from error
    return made
