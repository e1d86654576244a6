"""What keeps the journal: sealing every few seconds, forgetting old request keys every night."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from lastmetre.ground.journal import actions
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="seal the journal")
def seal_journal(timestamp: int) -> None:
    """Seal what was written since."""
    _seal(thorough=False)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="seal all of the journal")
def seal_all_of_the_journal(timestamp: int) -> None:
    """Seal also lines whose writers' clocks were wrong, or whose transactions took very long."""
    _seal(thorough=True)


def _seal(*, thorough: bool) -> None:
    try:
        actions.seal(thorough=thorough)
    except InputError as error:
        # Said every time, for nothing else can be done about it here.
        log.critical("the journal is not sealed: %s", error)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget old requests")
def forget_old_requests(timestamp: int) -> None:
    """Remove request keys after 30 days."""
    with acting_as(SYSTEM) as now:
        actions.forget_old_requests(at=now)
