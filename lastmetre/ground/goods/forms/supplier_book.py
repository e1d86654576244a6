"""The workbook of suppliers: read into a plan, and written from the register. Contacts go in, never out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lastmetre.ground.goods.drafts import NewSupplier
from lastmetre.ground.goods.forms.areas import Areas, seen_areas
from lastmetre.ground.goods.forms.cells import (
    Column,
    called,
    cell_error,
    count,
    day,
    differences,
    iso,
    number,
    one_of,
    read_cells,
    text,
    yes,
    yes_no,
)
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.plans import Difference, Outcome, Plan, PlannedRow
from lastmetre.ground.goods.rules import SupplierKind
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.protection.ids import new_id
from lastmetre.papers.tables import Kind, Table
from lastmetre.reading.listings import ListedRow, Listing
from lastmetre.terms import InputError, Sentence, say

KIND = "suppliers"
COLUMNS = (
    Column("name", say("Supplier"), text, width=24, names=("名称", "企业名称", "商户名称"), is_needed=True),
    Column("kind", say("Kind"), one_of(SupplierKind), called, is_needed=True),
    Column("place", say("Seat"), text, width=16, names=("所在地", "地址"), is_needed=True),
    Column("licence", say("Licence number"), text, width=20, names=("许可证", "执照号")),
    Column("licence_from", say("Licence from"), day, iso),
    Column("licence_until", say("Licence until"), day, iso),
    Column("pledged_on", say("Pledge signed"), day, iso),
    Column("plan_filed_on", say("Plan filed"), day, iso),
    Column("is_key", say("Key supplier"), yes, yes_no, width=8),
    Column("heads", say("Serves people"), count, number, Kind.NUMBER, 10, ("保供人数",)),
    Column("contact_name", say("Contact person"), text, width=10, names=("联系人",)),
    Column("contact_phone", say("Contact phone"), text, width=14, names=("联系电话", "电话", "手机")),
)
_BY_KEY = {column.key: column for column in COLUMNS}
PERSONAL = ("contact_name", "contact_phone")
_PLAIN = tuple(column for column in COLUMNS if column.key not in (*PERSONAL, "name", "place"))


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A row as the import writes it: the organisation, where it is new, and the supplier."""

    name: str
    values: dict[str, Any]
    draft: NewSupplier | None = None
    """None where the supplier is there: then `values` change it."""
    is_new_organisation: bool = False


def plan_suppliers(listing: Listing) -> Plan:
    """Hold a workbook of suppliers against the register; rows that are not named stay."""
    reader = _Reader(listing)
    return Plan(KIND, tuple(reader.row(row) for row in listing.rows), listing.notices)


class _Reader:
    """Holds what the database has against the rows."""

    def __init__(self, listing: Listing) -> None:
        self.columns, self.areas = listing.columns, seen_areas()
        names = {row.text("name") for row in listing.rows}
        organisations = Organisation.objects.filter(name__in=names, ended_at__isnull=True)
        self.organisations: dict[str, list[Organisation]] = {}
        for organisation in organisations:
            self.organisations.setdefault(organisation.name, []).append(organisation)
        ids = [row.pk for rows in self.organisations.values() for row in rows]
        self.there = Supplier.objects.in_bulk(ids)
        self.licences = dict(Supplier.objects.exclude(licence="").values_list("licence", "pk"))
        self.coming = Counter(row.text("licence") for row in listing.rows if row.text("licence"))
        self.first: dict[str, int | None] = {}

    def row(self, row: ListedRow) -> PlannedRow:
        label = row.text("name")
        try:
            return self._read(row, label)
        except InputError as error:
            return PlannedRow(row.source, label, Outcome.REFUSED, refusal=error)

    def _read(self, row: ListedRow, label: str) -> PlannedRow:
        usual = frozenset(key for key in self.columns if row.text(key) or key not in (*PERSONAL, "is_key"))
        values = read_cells(row, COLUMNS, usual)
        name = values.pop("name")
        if name in self.first:
            raise cell_error(row, _BY_KEY["name"], say("Row {row} names it too.", row=self.first[name]))
        self.first[name] = row.source.row
        place = self.areas.find(values.pop("place"))
        if isinstance(place, Sentence):
            raise cell_error(row, _BY_KEY["place"], place)
        known = self._organisation(row, name, place.pk)
        there = self.there.get(known.pk) if known else None
        self._check(row, values, there.pk if there else None)
        if there is None:
            organisation = known.pk if known else new_id()
            draft = NewSupplier(organisation, place=place.pk, **values)
            planned = SupplierRow(name, {}, draft, is_new_organisation=known is None)
            return PlannedRow(row.source, label, Outcome.ADDED, planned)
        shown = differences(_PLAIN, supplier_values(there), values) + _contact(there, values)
        changes = {one.column: values[one.column] for one in shown}
        outcome = Outcome.CHANGED if shown else Outcome.SAME
        return PlannedRow(row.source, label, outcome, SupplierRow(name, changes), there.pk, shown)

    def _organisation(self, row: ListedRow, name: str, place: UUID) -> Organisation | None:
        found = self.organisations.get(name, [])
        if len(found) > 1:
            found = [one for one in found if one.seat_id == place]
            if len(found) != 1:
                raise cell_error(row, _BY_KEY["name"], say("Several organisations have this name."))
        return found[0] if found else None

    def _check(self, row: ListedRow, values: dict[str, Any], own: UUID | None) -> None:
        licence = values.get("licence", "")
        if licence and (self.coming[licence] > 1 or self.licences.get(licence, own) != own):
            raise cell_error(
                row, _BY_KEY["licence"], say("This licence number already belongs to another supplier.")
            )
        begins, ends = values.get("licence_from"), values.get("licence_until")
        if begins and ends and ends < begins:
            raise cell_error(row, _BY_KEY["licence_until"], say("The licence ends before it begins."))


def _contact(there: Supplier, values: dict[str, Any]) -> tuple[Difference, ...]:
    """Say that a contact changes without showing either value."""
    return tuple(
        Difference(key, "····", "····")
        for key in PERSONAL
        if values.get(key) and values[key] != getattr(there, key)
    )


def supplier_values(row: Supplier) -> dict[str, Any]:
    """Return a supplier as the plain cells of its row."""
    values = {column.key: getattr(row, column.key) for column in _PLAIN}
    return values | {"kind": SupplierKind(row.kind)}


def supplier_table(suppliers: Iterable[Supplier], areas: Areas) -> Table:
    """Return suppliers as a sheet that can be read again without any change; contacts stay sealed."""
    columns = [column for column in COLUMNS if column.key not in PERSONAL]
    written = []
    for row in suppliers:
        values = supplier_values(row) | {"name": row.organisation.name, "place": areas.name(row.place_id)}
        written.append(tuple(column.write(values[column.key]) for column in columns))
    return Table(say("Suppliers"), tuple(column.paper for column in columns), tuple(written))
