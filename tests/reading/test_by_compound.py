"""A platform's export of several compounds is split into one table a compound, as the platform would write it."""

from __future__ import annotations

from pathlib import Path

import pytest
from files_of_the_tests import table

from lastmetre.reading.by_compound import split_by_compound
from lastmetre.terms import InputError

HEADERS = ["跟团号", "商品", "数量", "服务小区", "房号"]


def parts(path: Path) -> dict[str, list[str]]:
    return {one.compound: one.content.decode().splitlines() for one in split_by_compound(path)}


def test_each_compound_gets_its_rows_under_the_same_headers(tmp_path: Path) -> None:
    rows = [
        ["第三批"],
        HEADERS,
        ["1", "大米", 2, "开元丽城", "0101"],
        ["", "鸡蛋", 1, "", ""],  # a later row of an order leaves its place blank
        ["2", "大米", 1, "别苑", "901"],
        ["3", "鸡蛋", 3, "开元丽城", "102"],
        ["合计", "", 7, "", ""],
    ]
    found = parts(table(tmp_path / "export.xlsx", *rows))
    head = ",".join(HEADERS)
    assert found == {
        "开元丽城": [head, "1,大米,2,开元丽城,0101", ",鸡蛋,1,,", "3,鸡蛋,3,开元丽城,102"],
        "别苑": [head, "2,大米,1,别苑,901"],
    }


def test_a_comma_in_a_cell_stays_in_it(tmp_path: Path) -> None:
    found = parts(table(tmp_path / "e.xlsx", ["商品", "数量", "小区"], ["米,面", 1, "开元丽城"]))
    assert found["开元丽城"][1] == '"米,面",1,开元丽城'


def test_a_file_that_names_no_compound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No column in this file names the compound"):
        split_by_compound(table(tmp_path / "e.xlsx", ["商品", "数量", "房号"], ["大米", 1, "101"]))
