"""Workbooks in and out: a file is looked at first, and written after its preview was confirmed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from lastmetre.ground.goods.actions.imports import import_offers, import_products, import_suppliers
from lastmetre.ground.goods.actions.writing import may_somewhere, must_somewhere
from lastmetre.ground.goods.forms import offer_book, product_book, supplier_book
from lastmetre.ground.goods.forms.areas import seen_areas
from lastmetre.ground.goods.forms.cells import Column
from lastmetre.ground.goods.forms.pages import FileForm
from lastmetre.ground.goods.models import Offer, Product, Supplier
from lastmetre.ground.goods.plans import Plan
from lastmetre.ground.goods.queries.found import supplier_or_404
from lastmetre.ground.goods.queries.periods import priced, valid
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.goods.views.previews import keep, kept, preview, uploaded
from lastmetre.ground.goods.views.shared import own_supplier, say_done
from lastmetre.papers.tables import Table
from lastmetre.papers.workbook import write_workbook
from lastmetre.reading.listings import ListedRow, Listing, read_listing
from lastmetre.terms import InputError, Sentence, Source, say

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Book:
    """A kind of workbook: its columns, its plan, and who writes it."""

    title: Sentence
    columns: Sequence[Column]
    plan: Callable[[HttpRequest, Listing], Plan]
    write: Callable[[HttpRequest, Plan, str], None]
    table: Callable[[HttpRequest], Table]
    to: str
    check: Callable[[HttpRequest], Any]
    """Raises Denied for who may neither read nor write it."""


def _owner(request: HttpRequest) -> UUID | None:
    """Whose own products a workbook of products holds: a supplier's where the actor edits no others."""
    if may_somewhere(request.actor, Permission.CATALOGUE):
        return None
    own = own_supplier(request.actor)
    return own.pk if own else None


def _supplier(request: HttpRequest) -> Supplier:
    named = request.GET.get("supplier", "")
    try:
        row = supplier_or_404(UUID(named)) if named else own_supplier(request.actor)
    except ValueError as error:
        raise Http404 from error
    if row is None:
        raise Http404
    request.actor.must(Permission.OFFERS, path=row.path, organisation=row.pk)
    return row


def _products(request: HttpRequest) -> Table:
    rows = Product.objects.filter(owner=_owner(request), ended_at__isnull=True)
    return product_book.product_table(rows.prefetch_related("lines__product"))


def _suppliers(request: HttpRequest) -> Table:
    return supplier_book.supplier_table(Supplier.objects.select_related("organisation"), seen_areas())


def _offers(request: HttpRequest) -> Table:
    supplier = _supplier(request)
    rows = priced(Offer.objects.filter(valid(request.now), supplier=supplier), request.now)
    return offer_book.offer_table(supplier, rows.select_related("product"), request.now)


def _write_products(request: HttpRequest, plan: Plan, digest: str) -> None:
    import_products(plan, digest=digest, by=request.actor, at=request.now)


def _write_suppliers(request: HttpRequest, plan: Plan, digest: str) -> None:
    import_suppliers(plan, digest=digest, by=request.actor, at=request.now)


def _write_offers(request: HttpRequest, plan: Plan, digest: str) -> None:
    import_offers(plan, _supplier(request), digest=digest, by=request.actor, at=request.now)


BOOKS = {
    product_book.KIND: Book(
        say("Products"),
        product_book.COLUMNS,
        lambda request, listing: product_book.plan_products(listing, owner=_owner(request)),
        _write_products,
        _products,
        "goods:catalogue",
        lambda request: (
            None if own_supplier(request.actor) else must_somewhere(request.actor, Permission.CATALOGUE)
        ),
    ),
    supplier_book.KIND: Book(
        say("Suppliers"),
        supplier_book.COLUMNS,
        lambda request, listing: supplier_book.plan_suppliers(listing),
        _write_suppliers,
        _suppliers,
        "goods:suppliers",
        lambda request: request.actor.must(Permission.SUPPLIERS),
    ),
    offer_book.KIND: Book(
        say("Offers"),
        offer_book.COLUMNS,
        lambda request, listing: offer_book.plan_offers(listing, _supplier(request), at=request.now),
        _write_offers,
        _offers,
        "goods:my-offers",
        _supplier,
    ),
}


def take(request: HttpRequest, kind: str) -> HttpResponse:
    """Look at a workbook before anything is written, then confirm it."""
    book = BOOKS.get(kind)
    if book is None:
        raise Http404
    book.check(request)
    if "kept" in request.POST:
        return _confirm(request, book)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            listing = _read(form.cleaned_data["file"], book)
            plan = book.plan(request, listing)
        except InputError as error:
            form.refuse(error)
        else:
            return _preview(request, book, plan, _keep(listing))
    context = {"form": form, "book": book, "kind": kind}
    return render(request, "goods/import.html", context, status=422 if form.is_bound else 200)


def _confirm(request: HttpRequest, book: Book) -> HttpResponse:
    text = request.POST["kept"]
    plan = book.plan(request, _kept(text))
    try:
        book.write(request, plan, request.POST.get("digest", ""))
    except InputError as error:
        return _preview(request, book, plan, text, refusal=error)
    say_done(request, say("The file has been taken over."))
    query = f"?supplier={request.GET['supplier']}" if request.GET.get("supplier") else ""
    answer = redirect(book.to)
    answer["Location"] += query if book.to == "goods:my-offers" else ""
    return answer


def _preview(
    request: HttpRequest, book: Book, plan: Plan, kept: str, refusal: InputError | None = None
) -> HttpResponse:
    again = request.get_full_path()
    return preview(
        request, plan, title=book.title, columns=book.columns, kept=kept, again=again, refusal=refusal
    )


def _read(file: Any, book: Book) -> Listing:
    with uploaded(file) as path:
        return read_listing(path, {column.key: column.heading for column in book.columns})


def _keep(listing: Listing) -> str:
    rows = [[row.source.file, row.source.sheet, row.source.row, dict(row.cells)] for row in listing.rows]
    return keep([rows, sorted(listing.columns)])


def _kept(text: str) -> Listing:
    rows, columns = kept(text)
    listed = (ListedRow(Source(file, sheet, row), cells) for file, sheet, row, cells in rows)
    return Listing(tuple(listed), frozenset(columns))


def give(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out a workbook that can be changed and read again."""
    book = BOOKS.get(kind)
    if book is None:
        raise Http404
    book.check(request)
    table = book.table(request).said(gettext)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_workbook(path, [table])
        answer = HttpResponse(path.read_bytes(), content_type=SHEET)
    answer["Content-Disposition"] = content_disposition_header(True, f"{table.title}.xlsx") or "attachment"
    return answer
