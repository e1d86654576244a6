"""What a home is: a role's first page at one of the places or organisations where somebody has that role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.chain.doorstep.rules import Permission as Doorstep
from lastmetre.chain.gate.rules import Permission as Gate
from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.orders.queries.notices import Told
from lastmetre.chain.orders.rules import Permission as Orders
from lastmetre.chain.purchase.rules import Permission as Purchase
from lastmetre.chain.settlement.rules import Permission as Settlement
from lastmetre.chain.sorting.rules import Permission as Sorting
from lastmetre.chain.transport.rules import Permission as Transport
from lastmetre.ground.journal.rules import Permission as Journal
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.people.rules import Permission as People
from lastmetre.ground.places.queries.regimes import InForce
from lastmetre.ground.places.rules import Permission as Places
from lastmetre.terms import Sentence
from lastmetre.web.door import Item


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name; `state` says whether somebody must act on it."""

    value: object
    label: Sentence
    state: str = ""
    address: str = ""
    note: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Something to do, as a large button or a row: what it is called, its icon, where it leads."""

    label: Sentence | str
    icon: str
    address: str = ""
    detail: Sentence | str = ""
    state: str = ""
    words: Sentence | str = ""
    refused: Sentence | None = None
    """Why it cannot be done now."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ring; the number comes by a tap that is recorded."""

    name: str
    role: str
    reveal: str
    """Address that shows the number when posted to."""


@dataclass(frozen=True, slots=True)
class HomePage:
    """All that a home shows, from what is most urgent to what comes next."""

    lead: Sentence | str
    title: Sentence | str = ""
    """What the page is about, where the role's place does not say it."""
    notices: tuple[Told, ...] = ()
    """What the household is told, the latest first."""
    figures: tuple[Figure, ...] = ()
    about: tuple[Figure, ...] = ()
    """Numbers that ask for nothing, below all else."""
    todo: tuple[Way, ...] = ()
    """What waits for this person, the most urgent first; none: the page says that all is done."""
    ways: tuple[Way, ...] = ()
    """Large buttons."""
    ways_first: bool = False
    """Large buttons stand at the top, where people know them by their place; otherwise what waits comes first."""
    shifts: tuple[Way, ...] = ()
    """Who works next, and whether hands are missing (house law 7)."""
    rules: Rules | None = None
    contacts: tuple[Contact, ...] = ()
    facts: tuple[tuple[Sentence | str, str], ...] = ()
    mend: str = ""
    """Address where these people may put right what is known of them."""
    giant: tuple[str, Sentence] | None = None
    """The one giant figure: the cart's number, and what it is."""
    searches: bool = False
    """Begins with a search box."""
    next_title: Sentence | None = None
    """What this page will hold next, and what must happen first."""
    next_words: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What is in force at a place, in words for the people there."""

    in_force: InForce
    means: tuple[Sentence, ...]
    modes: tuple[Sentence, ...]
    """How goods may reach people."""


Gather = Callable[[HttpRequest, Held | None], HomePage]
"""Asks the apps for what a home shows; gets the role held (None: a household or volunteer by link)."""


@dataclass(frozen=True, slots=True)
class Home:
    """One kind of first page."""

    code: str
    name: Sentence
    gather: Gather
    layer: str = "base_phone.html"
    nav: tuple[tuple[Sentence, str, str], ...] = ()
    """(label, icon, name of the address); one of OF_A_PLACE gets the place of the role."""


OF_A_PLACE = frozenset(
    {"place", "roster", "place-map", "people:staff", "people:cards", "people:squads", "orders:rounds"}
)
"""Addresses that name a place."""


def address_of(held: Held | None) -> str:
    """Return the address of the home of a role held; of whoever has none: the front page."""
    return reverse("home", args=[held.assignment]) if held else reverse("front")


NEEDS = {
    "roster": Places.SEE_ROSTER,
    "people:staff": People.SEE,
    "people:squads": People.SEE,
    "people:cards": People.CARDS,
    "people:roles": People.DEFINE_ROLES,
    "place-regime": Places.DECIDE_REGIME,
    "journal:entries": Journal.READ,
    "orders:rounds": Orders.ROUNDS,
    "purchase:desk": Purchase.SUPPLY,
    "transport:trips": Transport.DRIVE,
    "settlement:rounds": Settlement.CONFIRM,
    "ledger:cases": Ledger.CASES,
    "ledger:books": Ledger.READ,
    "doorstep:mine": Doorstep.DELIVER,
    "doorstep:round": Doorstep.PLAN,
    "gate:arrivals": Gate.WATCH,
    "sorting:rounds": Sorting.SORT,
}
"""What a role must be allowed to do before a home links to an address."""


def link(held: Held | None, name: str, *args: object) -> str:
    """Return an address, or '' where the role may not go there: no home links to a page that refuses."""
    needed = NEEDS.get(name)
    if needed and (held is None or needed not in held.permissions):
        return ""
    if held and held.grid and held.place in args:
        return ""  # a grid's worker sees its members, not all of the place that the grid lies in
    return reverse(name, args=args)


def items(home: Home, held: Held | None, here: str) -> list[Item]:
    """Return the menu of a home: the first page, then what its role opens."""
    first = address_of(held)
    found = [(home.name, "home", first)]
    for label, icon, name in home.nav:
        if name in OF_A_PLACE and (held is None or held.place is None):
            continue
        address = link(held, name, *([held.place] if held and name in OF_A_PLACE else []))
        if address:
            found.append((label, icon, address))
    lead_here = [address for _, _, address in found[1:] if here.startswith(address)]
    nearest = first if here == reverse("front") else max(lead_here, key=len, default=here)
    return [Item(label, icon, address, address == nearest) for label, icon, address in found]
