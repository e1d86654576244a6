"""The round's notice: text and picture for the chat group, and the page that its code leads to."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lastmetre.chain.orders.announcement_rules import Announcement, chat_text, coming, until, ways
from lastmetre.chain.orders.queries.announcing import announcement_or_404
from lastmetre.chain.orders.queries.rounds import must_work_on, round_or_404
from lastmetre.chain.orders.rules import PAY_WORDS, ROUND_WORDS
from lastmetre.ground.people.views.frame import link
from lastmetre.papers.pdf import joined
from lastmetre.papers.poster import PosterFace, poster_page
from lastmetre.papers.typeset import set_pages, set_picture
from lastmetre.papers.workbook import file_name

TYPES = {"png": "image/png", "pdf": "application/pdf"}


@require_GET
def announced(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a round is and how to order in it, for whoever follows its link; signed in or not."""
    found = announcement_or_404(pk)
    context = {
        "round": found,
        "until": until(found),
        "coming": coming(found),
        "pay": PAY_WORDS[found.pay_rule],
        "state": ROUND_WORDS[found.state],
        "is_household": bool(request.visitor and request.visitor.household),
        "help_phone": settings.HELP_PHONE,
    }
    return render(request, "orders/announced.html", context)


@require_GET
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The notice to copy into the group, and the poster to post or hang up."""
    found = _for_staff(request, pk)
    address = _address(request, found)
    context = {
        "row": found,
        "text": chat_text(found, address, settings.HELP_PHONE, gettext),
        "address": address,
        "phones_reach": bool(settings.PUBLIC_URL),
    }
    return render(request, "orders/notice.html", context)


@require_GET
def poster(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The poster as a picture for the group, or as a sheet to hang up."""
    found = _for_staff(request, pk)
    if kind not in TYPES:
        raise Http404
    address = _address(request, found)
    page = poster_page(
        PosterFace(
            found.compound,
            found.title,
            found.supplier,
            until(found).text(gettext),
            [(one.named, one.price) for one in found.goods],
            [way.text(gettext) for way in ways(found, settings.HELP_PHONE)],
            address,
            address,
        ),
        gettext,
    )
    body = set_picture(page) if kind == "png" else joined([set_pages([page])], title=found.title)
    answer = HttpResponse(body, content_type=TYPES[kind])
    name = f"{file_name(found.title)}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return answer


def _for_staff(request: HttpRequest, pk: UUID) -> Announcement:
    must_work_on(round_or_404(pk), request.actor)
    return announcement_or_404(pk)


def _address(request: HttpRequest, found: Announcement) -> str:
    return link(request, reverse("orders:announced", args=[found.id]))
