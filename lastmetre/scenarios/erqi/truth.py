"""What a careful clerk would write down: the yardstick that the scenario's tests hold against."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from lastmetre.terms import Home

ITEM = re.compile(r"([+=-]?)([A-Z])(\d+(?:\.\d+)?)?$")


def home(text: str) -> Home:
    """Return the home of a bare '3-503': rooms run through the floor, two to a unit."""
    building, room = text.split("-")
    return Home(building, str((int(room[-2:]) + 1) // 2), room)


@dataclass(slots=True)
class Truth:
    """Running totals: sale units per household and good."""

    orders: dict[Home, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    paid: set[Home] = field(default_factory=set)
    proxies: set[Home] = field(default_factory=set)
    open_homes: set[Home] = field(default_factory=set)
    """Homes whose total depends on a person's answer."""
    needs_person: list[dict[str, object]] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)
    """Lines of the chat whose entry stands again in the later copy."""
    kinds: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Action to the lines of the chat that have it."""
    totals: list[dict[str, object]] = field(default_factory=list)

    def apply(self, effect: str) -> None:
        """Write down one message.

        '3-503 A1 E2 $ ~; 3-504 A1': goods by code with sale units, $ payment claimed, ~ by proxy; for an
        amendment +E1 adds, =E2 sets, -E1 takes off, -E drops, x drops all; '5-206 > 5-602' moves the order.
        """
        for part in filter(None, (piece.split() for piece in effect.split(";"))):
            where, marks = home(part[0]), part[1:]
            if marks[:1] == [">"]:
                self.orders[home(marks[1])] = self.orders.pop(where)
                continue
            for mark in marks:
                self._mark(where, mark)

    def _mark(self, where: Home, mark: str) -> None:
        if mark == "$":
            self.paid.add(where)
        elif mark == "~":
            self.proxies.add(where)
        elif mark == "x":
            self.orders.pop(where, None)
            self.paid.discard(where)
        else:
            self._item(self.orders[where], mark)

    @staticmethod
    def _item(items: dict[str, Decimal], mark: str) -> None:
        match = ITEM.match(mark)
        if match is None:
            raise ValueError(mark)
        sign, code, number = match.groups()
        if sign == "-" and number is None:
            del items[code]
            return
        qty = Decimal(number)
        before = Decimal(0) if sign == "=" else items.get(code, Decimal(0))
        items[code] = before - qty if sign == "-" else before + qty

    def of_building(self, building: str, code: str) -> Decimal:
        """Sum one good over a building, as its leader would."""
        return sum(
            (
                items.get(code, Decimal(0))
                for where, items in self.orders.items()
                if where.building == building
            ),
            Decimal(0),
        )

    def ask(self, *, file: str, line: int, text: str, why: str, homes: Iterable[str]) -> None:
        """Note that only a person can settle a line, and which homes wait for the answer."""
        concerned = sorted((home(name) for name in homes), key=lambda place: place.sort_key)
        self.open_homes.update(concerned)
        names = [str(place) for place in concerned]
        self.needs_person.append({"file": file, "line": line, "text": text, "why": why, "homes": names})

    def as_dict(self) -> dict[str, object]:
        """Return it for truth.json; households that wait for an answer are left out."""
        settled = {
            where: items
            for where, items in sorted(self.orders.items(), key=lambda pair: pair[0].sort_key)
            if items and where not in self.open_homes
        }
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for items in settled.values():
            for code, qty in items.items():
                sums[code] += qty
        return {
            "households": {
                str(where): {
                    "goods": {code: f"{qty.normalize():f}" for code, qty in sorted(items.items())},
                    "paid_claimed": where in self.paid,
                    "proxy": where in self.proxies,
                }
                for where, items in settled.items()
            },
            "totals": {code: f"{qty.normalize():f}" for code, qty in sorted(sums.items())},
            "open_homes": [str(place) for place in sorted(self.open_homes, key=lambda place: place.sort_key)],
            "needs_person": self.needs_person,
            "control_totals": self.totals,
            "superseded": self.superseded,
            "kinds": dict(sorted(self.kinds.items())),
        }
