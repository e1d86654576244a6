"""What the state machines of the chain share: each run is taken back, and a planted fault must be found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


class TakenBack(RuleBasedStateMachine):
    """A machine that leaves the database as it found it."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def tried(do: Callable[..., Any], *args: Any, who: Actor, minutes: int = 0, **more: Any) -> Any:
    """Do something, perhaps minutes later; what is refused has no effect, and answers None."""
    with acting_as(who) as now:
        try:
            with transaction.atomic():
                return do(*args, by=who, at=now + timedelta(minutes=minutes), **more)
        except InputError:
            return None


def examples(usual: int) -> int:
    """Return how many runs to try: `make faults` says more."""
    return int(os.environ.get("EXAMPLES", usual))


def run(machine: type[RuleBasedStateMachine], examples: int, *, steps: int = 14, **given: Any) -> None:
    """Run a machine on what it is given, always the same way."""
    quick = settings(
        deadline=None,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        max_examples=examples,
        phases=(Phase.generate,),
    )
    run_state_machine_as_test(type(machine.__name__, (machine,), given), settings=quick)


@contextmanager
def planted(owner: Any, name: str, fault: Any) -> Iterator[None]:
    """Put a fault in the place of something that works."""
    before = getattr(owner, name)
    setattr(owner, name, fault)
    try:
        yield
    finally:
        setattr(owner, name, before)
