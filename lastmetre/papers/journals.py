"""The books as plain-text accounting files, for hledger and beancount to check (trust.md 4).

Amounts are whole numbers moved by the decimal point (fen, thousandths of a sale unit): no rounding anywhere.
Names of accounts hold opaque ids, never a name or a door. The last lines assert every balance, so that the
checkers compare their own sums with ours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONEY = "CNY"
_GROUPS = {
    "Assets": ("packed", "vehicle", "gate", "cart", "point", "received", "due", "stock"),
    "Liabilities": ("supply", "promises", "owed", "carried"),
    "Income": ("sales",),
    "Expenses": ("door", "loss", "fund", "written_off"),
}
GROUP = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Good:
    """A good as a commodity."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a posting."""

    kind: str
    owner: str
    """Opaque; '' for an account of the whole book."""
    amount: int
    good: Good | None = None
    """None: money in fen; else thousandths of a sale unit."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One posting."""

    id: str
    at: datetime
    cause: str
    entries: tuple[Entry, ...]


def beancount_text(title: str, transactions: Sequence[Transaction]) -> str:
    """Return the books as a beancount file."""
    names = commodities(transactions)
    first = min((one.at.date() for one in transactions), default=date(1970, 1, 1))
    lines = [f'option "title" "{_quoted(title)}"', f'option "operating_currency" "{MONEY}"', ""]
    lines += [f"{first} commodity {MONEY}"]
    for good, name in sorted(names.items(), key=lambda one: one[1]):
        lines += [
            f"{first} commodity {name}",
            f'  name: "{_quoted(good.name)}"',
            f'  unit: "{_quoted(good.unit)}"',
        ]
    lines += ["", *(f"{first} open {account}" for account in _accounts(transactions)), ""]
    for one in _in_order(transactions):
        lines.append(f'{one.at.date()} * "{_quoted(one.cause)}"')
        lines.append(f'  id: "{one.id}"')
        lines += [f"  {account(entry)}  {_amount(entry.amount, entry.good, names)}" for entry in one.entries]
        lines.append("")
    last = max((one.at.date() for one in transactions), default=first) + timedelta(days=1)
    lines += [f"{last} balance {where}  {sum_}" for where, sum_ in _balances(transactions, names)]
    return "\n".join(lines) + "\n"


def hledger_text(title: str, transactions: Sequence[Transaction]) -> str:
    """Return the books as an hledger journal."""
    names = commodities(transactions)
    lines = [f"; {_plain(title)}", "", f"commodity 1000.00 {MONEY}"]
    for good, name in sorted(names.items(), key=lambda one: one[1]):
        lines.append(f'commodity 1000.000 "{name}"  ; {_plain(good.name)} {_plain(good.unit)}')
    lines += ["", *(f"account {account}" for account in _accounts(transactions)), ""]
    hledger_names = {good: f'"{name}"' for good, name in names.items()}
    for one in _in_order(transactions):
        lines.append(f"{one.at.date()} * ({one.id[-12:]}) {_plain(one.cause)}  ; at {one.at.time():%H:%M:%S}")
        lines += [
            f"    {account(entry)}    {_amount(entry.amount, entry.good, hledger_names)}"
            for entry in one.entries
        ]
        lines.append("")
    last = max((one.at.date() for one in transactions), default=date(1970, 1, 1)) + timedelta(days=1)
    lines.append(f"{last} * balances as the books have them")
    for where, sum_ in _balances(transactions, hledger_names):
        number, _, commodity = sum_.partition(" ")
        lines.append(
            f"    {where}    0{'.00' if commodity == MONEY else '.000'} {commodity} = {number} {commodity}"
        )
    return "\n".join(lines) + "\n"


def commodities(transactions: Iterable[Transaction]) -> dict[Good, str]:
    """Return a commodity's name for each good, as both programs take it: its code, or a number where it has none."""
    goods = {entry.good for one in transactions for entry in one.entries if entry.good is not None}
    found: dict[Good, str] = {}
    taken = {MONEY}
    for number, good in enumerate(sorted(goods, key=lambda one: (one.code, one.name)), start=1):
        letters = re.sub(r"[^A-Z0-9]", "", good.code.upper())[:16]
        name = f"G-{letters or number}"
        if name in taken:
            name = f"G-{letters[:10]}-{number}"
        taken.add(name)
        found[good] = name
    return found


def account(entry: Entry) -> str:
    """Return an account's name: Assets:Due:H0193…"""
    name = entry.kind.replace("_", " ").title().replace(" ", "")
    owner = re.sub(r"[^0-9A-Za-z]", "", entry.owner)
    return f"{GROUP[entry.kind]}:{name}:{'H' + owner if owner else 'All'}"


def _accounts(transactions: Iterable[Transaction]) -> list[str]:
    return sorted({account(entry) for one in transactions for entry in one.entries})


def _in_order(transactions: Iterable[Transaction]) -> list[Transaction]:
    return sorted(transactions, key=lambda one: (one.at, one.id))


def _balances(transactions: Iterable[Transaction], names: dict[Good, str]) -> Iterator[tuple[str, str]]:
    sums: dict[tuple[str, Good | None], int] = defaultdict(int)
    for one in transactions:
        for entry in one.entries:
            sums[account(entry), entry.good] += entry.amount
    for (where, good), amount in sorted(
        sums.items(), key=lambda one: (one[0][0], names[one[0][1]] if one[0][1] else "")
    ):
        yield where, _amount(amount, good, names)


def _amount(amount: int, good: Good | None, names: dict[Good, str]) -> str:
    digits, name = (2, MONEY) if good is None else (3, names[good])
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:0{digits}d} {name}"


def _quoted(text: str) -> str:
    return _plain(text).replace("\\", " ").replace('"', "'")


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x1f;|]+", " ", text).strip()
