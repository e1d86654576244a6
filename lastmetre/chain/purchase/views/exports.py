"""Mode B: the supplier gives what its platform exported; each compound's part goes to its open round (FC3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lastmetre.chain.purchase.actions.exports import Given, give_export, rounds_for_exports
from lastmetre.chain.purchase.forms.desk import ExportForm
from lastmetre.chain.purchase.rules import Permission
from lastmetre.terms import InputError


def exports(request: HttpRequest) -> HttpResponse:
    """The links of the open rounds, and a file to give; what became of each compound's rows."""
    request.actor.must(Permission.SUPPLY)
    rounds = rounds_for_exports(request.actor)
    sent = request.POST if request.method == "POST" else None
    form = ExportForm(rounds, sent, request.FILES or None)
    given: list[Given] = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            given = give_export(
                file.name or "", file.read(), only=form.only, by=request.actor, at=request.now
            )
        except InputError as error:
            form.refuse(error)
    context = {"form": form, "rounds": rounds, "given": given}
    return render(request, "purchase/exports.html", context, status=422 if form.errors else 200)
