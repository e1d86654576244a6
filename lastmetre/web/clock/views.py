"""The bar's buttons."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.ground.protection.actor import Denied
from lastmetre.terms import InputError, say
from lastmetre.web.clock.stepping import NEXT, step_to
from lastmetre.web.display import back

MINUTES = {"15": 15, "60": 60}


@require_POST
def step_clock(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock by what the button says and go back to the page it was pressed on."""
    wanted = request.POST.get("step", NEXT)
    if wanted != NEXT and wanted not in MINUTES:
        raise InputError(
            say("The clock cannot be moved by that."), remedy=say("Press one of the clock's buttons.")
        )
    target = None if wanted == NEXT else request.now + timedelta(minutes=MINUTES[wanted])
    try:
        stepped = step_to(target, by=request.actor, at=request.now)
    except Denied:
        raise
    except InputError as error:
        messages.error(request, error.text(gettext))
        return HttpResponseRedirect(back(request))
    told = (
        say("It is {time} now; {count} things fell due.", time=_time(stepped.now), count=stepped.done)
        if stepped.done
        else say("It is {time} now.", time=_time(stepped.now))
    )
    messages.info(request, told.text(gettext))
    return HttpResponseRedirect(back(request))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%m-%d %H:%M}"
