"""The books as hledger and beancount read them: both must find nothing wrong, and the same sums (trust.md 4)."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from relay import Relay
from settlement_parts import BILL
from test_settlement_money import delivers, loses, pays

from lastmetre.chain.settlement.queries.exports import transactions
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.journals import Entry, Good, Transaction, beancount_text, commodities, hledger_text

HLEDGER = shutil.which("hledger")
with_hledger = pytest.mark.skipif(
    HLEDGER is None,
    reason="hledger is not on this machine (Debian: apt-get install hledger); beancount checks the same books",
)
RICE = Good("R1", '大米 "5kg"; 一袋', "袋")
DAY = datetime(2026, 11, 26, 8, tzinfo=UTC)


def errors_of_beancount(text: str) -> list[str]:
    from beancount import loader

    _, errors, _ = loader.load_string(text)
    return [one.message for one in errors]


def check_with_hledger(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    assert HLEDGER is not None
    path = folder / "books.journal"
    path.write_text(text, encoding="utf-8")
    return subprocess.run(
        [HLEDGER, "-f", str(path), "check", "--strict"],
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": "C.UTF-8"},
    )


@pytest.fixture
def books(arrived: Relay) -> list[Transaction]:
    """A whole round: paid, damaged, delivered."""
    pays(arrived, *BILL)
    loses(arrived, "101", "E1", 1000)
    loses(arrived, "201", "V4", 500)
    delivers(arrived, *BILL)
    with acting_as(SYSTEM):
        return transactions(arrived.round.book, str)


def test_beancount_finds_nothing_wrong(books: list[Transaction]) -> None:
    text = beancount_text("第一批", books)
    assert errors_of_beancount(text) == []
    assert "24.90 CNY" in text
    assert "-2.500 G-V4" in text


def test_beancount_sees_a_planted_fault(books: list[Transaction]) -> None:
    text = beancount_text("第一批", books)
    planted = re.sub(r"(Assets:Received:\S+  )(\d+)\.(\d\d) CNY", r"\1\2.01 CNY", text, count=1)
    assert planted != text
    assert errors_of_beancount(planted)


@with_hledger
def test_hledger_finds_nothing_wrong(books: list[Transaction], tmp_path: Path) -> None:
    found = check_with_hledger(tmp_path, hledger_text("第一批", books))
    assert found.returncode == 0, found.stderr


@with_hledger
def test_hledger_sees_a_planted_fault(books: list[Transaction], tmp_path: Path) -> None:
    text = hledger_text("第一批", books)
    planted = re.sub(r"(Assets:Received:\S+    )(\d+)\.(\d\d) CNY", r"\1\2.01 CNY", text, count=1)
    assert planted != text
    assert check_with_hledger(tmp_path, planted).returncode != 0


def test_signs_in_names_do_no_harm() -> None:
    lines = (Entry("owed", "ab12", 1, RICE), Entry("promises", "", -1, RICE))
    books = [Transaction("0193-1", DAY, '到"门"\n口', lines)]
    assert errors_of_beancount(beancount_text('a "b" \\', books)) == []
    assert "0.001 G-R1" in beancount_text("x", books)


def test_goods_of_one_code_keep_apart() -> None:
    twin = Good("r-1", "小米", "袋")
    lines = (
        Entry("owed", "a", 1, RICE),
        Entry("promises", "", -1, RICE),
        Entry("owed", "a", 2, twin),
        Entry("promises", "", -2, twin),
    )
    assert len(set(commodities([Transaction("1", DAY, "x", lines)]).values())) == 2


def test_empty_books_are_a_file_too(tmp_path: Path) -> None:
    assert errors_of_beancount(beancount_text("空", [])) == []
