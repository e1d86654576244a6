"""Rosters: the list, a file in with its review, a workbook out."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lastmetre.ground.places.actions.rosters import export_roster, put_aside, take_over
from lastmetre.ground.places.forms.households import ReasonForm, ReviewForm, UploadForm
from lastmetre.ground.places.import_rules import FIELD_NAMES, masked_before
from lastmetre.ground.places.layout_rules import DETAIL_NAMES
from lastmetre.ground.places.models import RosterUpload
from lastmetre.ground.places.queries.imports import open_review, waiting
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.places.rules import NEED_NAMES, Need, Permission
from lastmetre.ground.places.uploads import read_upload
from lastmetre.ground.places.views.frame import address, find_place, may, tell, trail_to, tried
from lastmetre.papers.compound_files import ROSTER_FILE, write_compound_files
from lastmetre.terms import InputError, say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STEPS = (say("File in"), say("Review"), say("Done"))
_SHOWN = 200
"""Rows of each part of a review that are drawn; the counts tell of all."""


@require_safe
def listing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the roster of a place, masked; narrowed by words or a need."""
    place = find_place(pk)
    request.actor.must(Permission.SEE_ROSTER, path=place.path)
    words, need = request.GET.get("q", "").strip(), request.GET.get("need", "")
    page = roster(
        place,
        words=words,
        needs=[Need(need)] if need in list(Need) else [],
        after=request.GET.get("cursor", ""),
    )
    context = {
        "place": place,
        "trail": trail_to(place, say("Roster")),
        "page": page,
        "words": words,
        "need": need,
        "needs": NEED_NAMES.items(),
        "may": may(request.actor, place.path),
    }
    return render(request, "places/roster.html", context)


def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a roster file and lead to its review; also list what waits."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_ROSTER, path=place.path)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: read_upload(place, list(request.FILES.values()), by=request.actor, at=request.now),
        )
        if made:
            return redirect("roster-review", made.pk)
    context = {
        "place": place,
        "form": form,
        "steps": _STEPS,
        "trail": trail_to(place, say("Bring in a roster")),
        "uploads": waiting(place),
        "may": may(request.actor, place.path),
        "reason": ReasonForm(),
    }
    return render(request, "places/upload.html", context, status=422 if form.errors else 200)


def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a roster would change; posted, take over exactly that."""
    upload = find_upload(pk)
    place = upload.place
    request.actor.must(Permission.EDIT_ROSTER, path=place.path)
    whole = open_review(upload)
    shown = whole.roster
    form = ReviewForm(request.POST or None, review=whole)
    if request.method == "POST" and form.is_valid():
        digest = form.cleaned_data["digest"]
        done = tried(
            form,
            lambda: take_over(
                upload, digest=digest, choices=form.choices(), by=request.actor, at=request.now
            ),
        )
        if done:
            tell(
                request,
                say("The roster has been taken over: {count} households added.", count=len(done.added)),
            )
            return redirect(reverse("roster", args=[place.pk]))
        form.data = form.data | {"digest": whole.digest}  # what was refused was about the page before
    context = {
        "place": place,
        "upload": upload,
        "form": form,
        "steps": _STEPS,
        "review": shown,
        "has_effect": whole.has_effect,
        "details": [(detail, DETAIL_NAMES[detail.field]) for detail in whole.details],
        "shown": _SHOWN,
        "added": shown.added[:_SHOWN],
        "filled": [(change, FIELD_NAMES[change.field]) for change in shown.filled[:_SHOWN]],
        "conflicts": [
            (change, FIELD_NAMES[change.field], masked_before(change)) for change in shown.conflicts
        ],
        "missing": shown.missing[:_SHOWN],
        "trail": trail_to(place, say("Review of a roster")),
    }
    return render(request, "places/review.html", context, status=422 if form.errors else 200)


@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an upload aside."""
    upload = find_upload(pk)
    put_aside(upload, by=request.actor, at=request.now)
    tell(request, say("Put aside. Nothing was changed."))
    return redirect(address(upload.place))


@require_POST
def export(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the roster as a workbook, or with the compound file for the steward's tool as an archive."""
    place = find_place(pk)
    people = request.POST.get("people") == "1"
    why = request.POST.get("why", "")[:200]
    compound = export_roster(place, people=people, why=why, by=request.actor, at=request.now)
    with tempfile.TemporaryDirectory() as folder:
        write_compound_files(Path(folder), compound, masked=not people)
        if request.POST.get("form") == "compound":
            return _file(_archive(Path(folder)), "application/zip", f"{place.name}.zip")
        if not compound.households:
            raise InputError(say("This roster lists no home."), remedy=say("Bring in a roster first."))
        return _file((Path(folder) / ROSTER_FILE).read_bytes(), XLSX, f"{place.name}.xlsx")


def find_upload(pk: UUID) -> RosterUpload:
    """Return an upload that the visitor may see; 404 for all others."""
    return get_object_or_404(RosterUpload.objects.select_related("place"), pk=pk)


def _archive(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return packed.getvalue()


def _file(content: bytes, kind: str, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=kind)
