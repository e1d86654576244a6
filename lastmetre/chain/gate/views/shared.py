"""What the pages of the gate share: who may look, and what a scan came to, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest

from lastmetre.chain.gate.actions.counting import Scanned
from lastmetre.chain.gate.actions.foreign import tell_owner
from lastmetre.chain.gate.queries.labels import ForeignLabel
from lastmetre.chain.gate.rules import Outcome
from lastmetre.chain.ledger.rules import ParcelKind
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, Sentence, say

R = TypeVar("R")


def id_of(request: HttpRequest) -> UUID:
    """Return the id that the phone or page made for this; a new one where it made none."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return new_id()


@dataclass(frozen=True, slots=True)
class Result:
    """What a scan came to, as a page shows it: colour, word, sentence, sound."""

    state: str
    """good, wait or act."""
    figure: Sentence | str
    label: Sentence | str
    words: Sentence | str = ""
    remedy: Sentence | str = ""
    undo: UUID | None = None
    """The bag or box whose count can be taken back."""

    @property
    def sound(self) -> str:
        """Return what it sounds like."""
        return "bad" if self.state == "act" else self.state


def counted(found: Scanned) -> Result:
    """Return what a scan at the gate came to."""
    parcel = found.parcel
    is_box = parcel.kind == ParcelKind.BOX
    number = (
        say("Box {number}", number=parcel.number) if is_box else say("Bag {number}", number=parcel.number)
    )
    if found.outcome is Outcome.COUNTED:
        words = say("{count} bags in it", count=found.bags) if is_box else ""
        return Result("good", say("Counted in"), number, words, undo=parcel.pk)
    when = f"{found.at.astimezone():%H:%M}" if found.at else ""
    return Result("wait", say("Counted already"), number, said_by(found.who, when))


def refused(error: InputError, code: str) -> Result:
    """Return what a scan that was refused shows: red, the reason, what to do."""
    return Result("act", say("Set it aside"), code[:24], error.what, error.remedy or "")


def scanned(
    request: HttpRequest, place: Place, take: Callable[[str], R], refused: Callable[[InputError, str], R]
) -> R:
    """Take the code that was scanned or typed at a place; the liaison of a bag from elsewhere is told."""
    code = request.POST.get("code", "").replace("\0", "")[:60]
    try:
        return take(code)
    except Denied:
        raise
    except ForeignLabel as error:
        tell_owner(error, at_place=place, by=request.actor, at=request.now)
        return refused(error, code)
    except InputError as error:
        return refused(error, code)


def said_by(who: str, when: str) -> Sentence:
    """Return who did something and when, as far as it is known."""
    return say("By {who}, at {when}.", who=who, when=when) if who else say("At {when}.", when=when)
