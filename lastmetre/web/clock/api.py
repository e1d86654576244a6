"""The demo's clock for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime

from lastmetre.web.clock.stepping import step_to

router = Router(tags=["clock"])


class StepIn(Schema):
    """To when; nothing: to what comes next (a round opens or is cut off, a wave begins, a payment is due)."""

    to: AwareDatetime | None = None


class SteppedOut(Schema):
    """The time it is now, and how many things fell due on the way."""

    now: datetime
    done: int


@router.post("/step", response=SteppedOut)
def step(request: HttpRequest, wanted: StepIn) -> Any:
    """Move the clock of a demo forward; refused everywhere else."""
    return step_to(wanted.to, by=request.actor, at=request.now)
