"""A day of a round, step by step as people do it: by pages and by the API, each in their own role."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from actors import person_with, put_device, visitor_at_the_door
from django.test import Client
from hands import make_fit
from journey_town import Compound, Good
from settlement_parts import Paid, wechat

from lastmetre.chain.ledger.models import Balance, Case, Line, Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household, totals, unexplained
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.orders.models import Message, Request, Round
from lastmetre.chain.settlement.models import Decision
from lastmetre.chain.settlement.queries.statements import statement_of
from lastmetre.ground.people.models import Person
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

HOUR = timedelta(hours=1)


class Phone(Client):
    """A browser or program of one person, who is signed in."""

    actor: Actor
    person: Person | None = None
    is_fit = False

    def send(self, method: str, address: str, body: Any = None) -> Any:
        """Ask the API; what is refused fails the journey with its sentence."""
        answer = self.generic(
            method,
            f"/api{address}",
            json.dumps(body, default=str) if body is not None else "",
            "application/json",
        )
        assert answer.status_code < 300, f"{method} {address}: {answer.content.decode()}"
        return answer.json() if answer.content else None

    def tap(self, address: str, **form: Any) -> Any:
        """Send a form of a page; a page that comes back with a refusal fails the journey."""
        answer = self.post(address, form)
        assert answer.status_code == 302, f"{address}: {answer.status_code} {said(answer)}"
        return answer


def said(answer: Any) -> str:
    """Return what an answer says to a person, without its frame."""
    return answer.content.decode().partition("<main")[2][:1500]


@dataclass
class Day:
    """One round at a compound and everybody who works on it."""

    town: Compound
    supplier: str
    row: Round = None  # type: ignore[assignment]
    phones: dict[Any, Phone] = field(default_factory=dict)

    def who(self, role: str, place: Place | None = None) -> Phone:
        """Return the phone of somebody of a role: at the compound, at a place of it, or at the supplier."""
        is_firm = role.startswith("supplier")
        key = role, self.supplier if is_firm else (place or self.town.place).pk
        if key not in self.phones:
            where: Any = {"place": place or self.town.place}
            if is_firm:
                with acting_as(SYSTEM):
                    where = {"organisation": self.town.suppliers[self.supplier].organisation}
            person = person_with(role, **where)
            self.phones[key] = self._phone(DeviceKind.ACCOUNT, person.path, person=person)
            self.phones[key].person = person
        return self.phones[key]

    def home(self, address: str) -> Phone:
        """Return the phone of a household."""
        if address not in self.phones:
            home = self.town.home[address]
            self.phones[address] = self._phone(DeviceKind.HOUSEHOLD, home.path, household=home)
        return self.phones[address]

    def _phone(self, kind: DeviceKind, path: str, **owner: Any) -> Phone:
        phone = Phone()
        phone.actor = visitor_at_the_door(put_device(phone, kind, path, **owner)).actor
        return phone

    def fit(self, phone: Phone) -> None:
        """Somebody is trained, well and tested (FC8)."""
        if phone.person is not None and not phone.is_fit:
            make_fit(phone.person)
            phone.is_fit = True

    def act(self, phone: Phone, do: Any, *args: Any, **kwargs: Any) -> Any:
        """Let somebody do what has no address of its own."""
        with acting_as(phone.actor) as now:
            return do(*args, by=phone.actor, at=now, **kwargs)

    # Orders

    def begin(self, goods: Sequence[Good], title: str = "第一批", **terms: Any) -> None:
        """The liaison opens the round with the supplier's offers."""
        offers = self.town.offers[self.supplier]
        items = [
            {
                "product": self.town.products[one.code].pk,
                "code": one.code,
                "price_fen": one.fen,
                "offer": offers[one.code].pk,
                "case_size": one.case_size,
                "limit": one.limit,
                "stock": one.stock,
            }
            for one in goods
        ]
        now = self.town.now
        body = {
            "supplier": self.town.suppliers[self.supplier].pk,
            "title": title,
            "closes_at": (now + 5 * HOUR).isoformat(),
            "wave_at": (now + 20 * HOUR).isoformat(),
            "items": items,
            **terms,
        }
        made = self.who("liaison").send("POST", f"/orders/places/{self.town.place.pk}/rounds", body)
        self.refresh(UUID(made["id"]))

    def refresh(self, pk: UUID | None = None) -> Round:
        """Read the round as it is now."""
        with acting_as(SYSTEM):
            rows = Round.objects.select_related("book", "place", "supplier")
            self.row = rows.get(pk=pk or self.row.pk)
        return self.row

    def order(self, address: str, goods: Mapping[str, str], **more: str) -> None:
        """A household orders on its own page."""
        with acting_as(SYSTEM):
            items = {item.code: item.pk for item in self.row.items.all()}
        form = {f"q-{items[code]}": quantity for code, quantity in goods.items()}
        self.home(address).tap(f"/orders/{self.row.pk}", version="0", **form, **more)

    def paste(self, text: str = "", **file: Any) -> None:
        """The liaison pastes a chain or gives a workbook, looks at the preview and confirms it."""
        first = f"/orders/rounds/{self.row.pk}/intake"
        preview = self.who("liaison").tap(first, **({"text": text} if text else file)).url
        digest = self.who("liaison").get(preview).context["plan"].digest
        self.who("liaison").tap(preview, digest=digest)

    def doubts(self) -> list[Message]:
        """What waits for a person."""
        with acting_as(SYSTEM):
            return list(Message.objects.filter(intake__round=self.row, state="doubt").order_by("number"))

    def settle(self, doubt: Message, answer: str) -> None:
        """The liaison settles a doubt."""
        self.who("liaison").tap(f"/orders/doubts/{doubt.pk}", typed=answer)

    def key_in(self, phone: Phone, goods: Mapping[str, str]) -> None:
        """Somebody keys in the numbered sheets of the stairs where these doors are."""
        sheets = phone.get(f"/orders/rounds/{self.row.pk}/sheets").context["sheets"]
        for sheet in sheets:
            mine = {
                at: text for at, text in goods.items() if self.town.home[at].path.startswith(sheet.path + ".")
            }
            form = {f"q-{self.town.home[address].pk}": text for address, text in mine.items()}
            if form:
                phone.tap(f"/orders/sheets/{sheet.pk}", **form)

    def cut_and_share(self) -> None:
        """The cut-off, and the sharing by the rule."""
        self.who("liaison").tap(f"/orders/rounds/{self.row.pk}/move/cut-off")
        self.who("liaison").tap(f"/allocation/rounds/{self.row.pk}/share-out")
        assert self.refresh().state == "allocated"

    # Money

    def due(self) -> dict[UUID, int]:
        """What every household has to pay, in fen."""
        with acting_as(SYSTEM):
            return {home: fen for home, fen in due_by_household(self.row.book).items() if fen}

    def say_paid(self, address: str, fen: int, reference: str = "1234") -> None:
        """A household says that it has paid."""
        form = {"amount_fen": yuan(fen), "reference": reference, "id": str(new_id())}
        self.home(address).tap(f"/settlement/rounds/{self.row.pk}/pay", **form)

    def paid(self, address: str, fen: int, how: str = "liaison") -> None:
        """The liaison saw a payment."""
        page = f"/settlement/rounds/{self.row.pk}/households/{self.town.home[address].pk}"
        form = {"what": "pay", "pay-amount_fen": yuan(fen), "pay-how": how, "pay-id": str(new_id())}
        self.who("liaison").tap(page, **form)

    def statement(self, file: Path) -> None:
        """The liaison gives the bill of a payment app: what is certain counts by itself."""
        with file.open("rb") as given:
            self.who("liaison").tap(f"/settlement/rounds/{self.row.pk}/lines", file=given)

    def drop(self, *addresses: str) -> None:
        """The liaison takes out of the batch who has not paid (FC2d)."""
        homes = [str(self.town.home[one].pk) for one in addresses]
        self.who("liaison").tap(f"/settlement/rounds/{self.row.pk}/drop", home=homes)

    def carry_on(self) -> None:
        """Whoever is owed something takes it to the next round; nobody owes anything."""
        for home, fen in self.due().items():
            assert fen < 0, "somebody has not paid"
            page = f"/settlement/rounds/{self.row.pk}/households/{home}"
            self.who("liaison").tap(page, what="carry")

    def close(self) -> None:
        """The supplier's bill, the settlement, and the books closed by the liaison."""
        books = f"/settlement/rounds/{self.row.pk}"
        page = self.who("liaison").get(f"{books}/supplier")
        self.who("liaison").tap(
            f"{books}/supplier", what="bill", amount_fen=yuan(page.context["money"].earned), id=str(new_id())
        )
        self.who("liaison").tap(f"{books}/supplier", what="settle", id=str(new_id()))
        done = self.who("liaison").post(f"{books}/close")
        assert done.status_code == 302, said(done)
        assert self.refresh().state == "closed"

    # What must hold in the end

    def cases(self) -> list[Case]:
        """What is not settled."""
        with acting_as(SYSTEM):
            return list(Case.objects.filter(book=self.row.book_id, settled_at=None))

    def decisions(self) -> list[Decision]:
        """What waits for a second person."""
        with acting_as(SYSTEM):
            return list(Decision.objects.filter(book=self.row.book_id, state="proposed"))

    def bags(self) -> dict[str, Parcel]:
        """The bags by address."""
        address = {home.pk: text for text, home in self.town.home.items()}
        with acting_as(SYSTEM):
            rows = Parcel.objects.filter(book=self.row.book_id, kind=ParcelKind.BAG).order_by("number")
            return {address[bag.household_id]: bag for bag in rows.select_related("account")}

    def labels(self) -> dict[str, str]:
        """What a scanner reads on each bag that has not ended."""
        return {address: qr_of(bag) for address, bag in self.bags().items() if bag.ended_at is None}

    def paid_by_app(self, folder: Path, *, but: Sequence[str] = ()) -> None:
        """The bill of the payment app confirms everybody by door and amount, but for some."""
        address = {home.pk: text for text, home in self.town.home.items()}
        lines = [
            Paid(f"42000{len(self.phones):04}{number:04}", yuan(fen), note=address[home])
            for number, (home, fen) in enumerate(self.due().items(), start=1)
            if fen > 0 and address[home] not in but
        ]
        for _ in range(2):  # the same bill again counts nothing twice
            self.statement(wechat(folder, lines))
        assert {address[home] for home in self.due()} == set(but)


def yuan(fen: int) -> str:
    """Write an amount as people type it."""
    return f"{fen // 100}.{fen % 100:02}"


def squared(day: Day) -> dict[str, int]:
    """Check that a closed round balances to the fen and the gram; returns grams by what became of them."""
    book = day.row.book
    with acting_as(SYSTEM):
        assert unexplained(book) == []
        assert not any(due_by_household(book).values())
        sums: dict[Any, int] = {}
        for held in Balance.objects.filter(account__book=book):
            sums[held.product_id] = sums.get(held.product_id, 0) + held.amount
        assert not any(sums.values()), "every posting adds up to nothing"
        # The balances are what the postings add up to, line by line.
        written: dict[Any, int] = {}
        for account, product, amount in Line.objects.filter(account__book=book).values_list(
            "account", "product", "amount"
        ):
            written[account, product] = written.get((account, product), 0) + amount
        kept = Balance.objects.filter(account__book=book).values_list("account", "product", "amount")
        assert {key: amount for key, amount in written.items() if amount} == {
            (account, product): amount for account, product, amount in kept if amount
        }
        grams = {"given": 0, "door": 0, "lost": 0}
        weight = {row.pk: row.weight_g or 0 for row in day.town.products.values()}
        names = {AccountKind.SUPPLY: "given", AccountKind.DOOR: "door", AccountKind.LOSS: "lost"}
        for (kind, product), amount in totals(book).items():
            if product and kind in names:
                grams[names[kind]] += amount * weight[product] // 1000
    assert -grams["given"] == grams["door"] + grams["lost"], grams
    return grams


def everybody_answered(day: Day, pages: int = 3) -> int:
    """Check that each household that asked can be told what it asked, got and paid, and why; returns how many."""
    with acting_as(SYSTEM):
        asked = list(
            Request.objects.filter(round=day.row, state="active").select_related(
                "household__place__parent__parent"
            )
        )
        for one in asked:
            found = statement_of(day.row, one.household)
            assert not found.open_goods
            assert found.due_fen == 0
            for good in found.goods:
                assert good.promised == good.got + sum(amount for _, amount in good.unmet), good
    address = {home.pk: text for text, home in day.town.home.items()}
    for one in asked[:: max(len(asked) // pages, 1)]:
        home = day.home(address[one.household_id])
        assert home.get(f"/settlement/rounds/{day.row.pk}/statement").status_code == 200
        page = home.get(f"/allocation/households/{one.household_id}")
        assert day.row.title in page.content.decode()
    return len(asked)
