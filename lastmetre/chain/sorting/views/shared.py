"""What the pages of sorting share: what a scan came to, in words and for the ear."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from lastmetre.chain.sorting.actions.carts import Scanned
from lastmetre.chain.sorting.models import Placement
from lastmetre.chain.sorting.queries.carts import stairs_of
from lastmetre.chain.sorting.rules import PLACED_WORDS, Outcome
from lastmetre.ground.people.queries.names import names_of
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, Sentence, say

COLOURS = {Outcome.PLACED: "good", Outcome.AGAIN: "wait", Outcome.CONFLICT: "act"}


@dataclass(frozen=True, slots=True)
class Result:
    """What a scan came to, as a page shows it: the cart's number in giant figures, or why not."""

    state: str
    """good, wait or act."""
    figure: Sentence | str
    label: Sentence | str
    words: tuple[Sentence, ...] = ()
    spoken: Sentence | str = ""
    stairs: tuple[Sentence, ...] = ()
    scanned: Scanned | None = None

    @property
    def sound(self) -> str:
        """Return what it sounds like."""
        return "bad" if self.state == "act" else self.state

    @property
    def is_complete(self) -> bool:
        """Tell whether the cart has all its bags now."""
        return self.scanned is not None and self.scanned.placed >= self.scanned.total

    @property
    def can_undo(self) -> bool:
        """Tell whether this scan put a bag on a cart."""
        return self.scanned is not None and self.scanned.outcome is Outcome.PLACED


def put(found: Scanned) -> Result:
    """Return what a scan came to."""
    words = [PLACED_WORDS[found.outcome]]
    if found.outcome is not Outcome.PLACED and (by := put_by(found.placement)):
        words.append(by)
    spoken = say("Cart {number}", number=found.run.number)
    return Result(
        COLOURS[found.outcome],
        f"{found.run.number:02}",
        say("Cart"),
        tuple(words),
        words[0] if found.outcome is Outcome.CONFLICT else spoken,
        stairs_of(found.run),
        found,
    )


def put_by(placement: Placement) -> Sentence | None:
    """Return who put a bag on its cart and when, as far as it is known."""
    if placement.placed_at is None:
        return None
    when = f"{placement.placed_at.astimezone():%H:%M}"
    who = names_of([placement.placed_by]).get(placement.placed_by, "")
    return say("By {who}, at {when}.", who=who, when=when) if who else say("At {when}.", when=when)


def refused(error: InputError, code: str) -> Result:
    """Return what a scan that was refused shows: red, the reason, what to do."""
    return Result("act", say("Set it aside"), code[:24], (error.what, error.remedy), error.what)


def id_of(request: HttpRequest) -> UUID:
    """Return the id that the phone or page made for this; a new one where it made none."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return new_id()
