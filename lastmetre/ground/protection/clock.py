"""What time it is: the database's, moved only by the demo (house law 3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from lastmetre.ground.protection.actor import Actor, ActorKind, Denied
from lastmetre.ground.protection.models import Clock
from lastmetre.terms import say


def now() -> datetime:
    """Return the time at which the transaction began; one short query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lastmetre_now()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def ahead(*, by: Actor) -> timedelta:
    """Return how far the demo's clock is ahead and keep it from others until the end; raises Denied elsewhere."""
    clock = Clock.objects.select_for_update().get()
    if not clock.is_demo or by.kind is ActorKind.NOBODY:
        raise Denied(
            say("The clock can be moved in a demo only."),
            remedy=say("Load a scenario with lastmetre scenario load."),
        )
    return clock.offset


def step(*, by: Actor, offset: timedelta) -> None:
    """Set how far the demo's clock is ahead of the database's; raises Denied outside a demo."""
    ahead(by=by)
    Clock.objects.update(offset=offset)


def is_demo() -> bool:
    """Whether this database holds a demo: invented people, a clock that may be moved."""
    return Clock.objects.get().is_demo


def keep() -> bool:
    """Keep the clock until the transaction ends, for whoever runs the day; False where somebody else runs it."""
    return bool(Clock.objects.select_for_update(skip_locked=True))


def begin_demo(*, by: Actor, offset: timedelta = timedelta(0)) -> None:
    """Make this database a demo for good, its clock ahead by `offset`; only the loading of scenarios does."""
    if by.kind is not ActorKind.SYSTEM:
        raise Denied(
            say("Only the command that loads scenarios begins a demo."),
            remedy=say("Load a scenario with lastmetre scenario load."),
        )
    Clock.objects.update(is_demo=True, offset=offset)
