"""Single cells: money in fen, quantities with units, phones, yes and no."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.reading.cell_values import decimal, is_yes, money_fen, phone, quantity, whole


@given(st.integers(0, 10**8))
def test_yuan_and_fen_come_back_exactly(fen: int) -> None:
    assert money_fen(f"{fen // 100}.{fen % 100:02}") == fen
    assert money_fen(str(fen), in_fen=True) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("¥59.9", 5990),
        ("59.9元", 5990),
        ("1,234.50", 123450),
        ("179.70000000000002", 17970),
        ("-5", -500),
        ("３９．９", 3990),
        ("0.005", None),
        ("面议", None),
        ("", None),
    ],
)
def test_money_as_people_and_spreadsheets_write_it(text: str, fen: int | None) -> None:
    assert money_fen(text) == fen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", (Decimal(2), "")),
        ("2份", (Decimal(2), "份")),
        ("x3", (Decimal(3), "")),
        ("两箱", (Decimal(2), "箱")),
        ("1.5斤", (Decimal("1.5"), "斤")),
        ("√", (Decimal(1), "")),
        ("1,200", (Decimal(1200), "")),
        ("2份不要辣", None),
        ("", None),
        ("要", None),
    ],
)
def test_quantities(text: str, expected: tuple[Decimal, str] | None) -> None:
    assert quantity(text) == expected


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("13800001234", "13800001234"),
        ("138 0000 1234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("13800001234/13900001234", "13800001234"),
        ("021-64180000", "02164180000"),
        ("1.38E+10", ""),
        ("1380000123", ""),
        ("无", ""),
    ],
)
def test_phones_that_can_be_dialled(text: str, digits: str) -> None:
    assert phone(text) == digits


def test_yes_no_and_plain_numbers() -> None:
    assert [is_yes(text) for text in ("有", "√", "yes", "无", "", "几点")] == [
        True,
        True,
        True,
        False,
        False,
        None,
    ]
    assert [whole(text) for text in ("3", "3人", "-1", "3.5", "")] == [3, 3, None, None, None]
    assert [decimal(text) for text in ("0.5", "NaN", "半")] == [Decimal("0.5"), None, None]
