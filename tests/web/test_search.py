"""One box finds homes, people, places, goods and pages, and nothing of others."""

from __future__ import annotations

from typing import Any

import pytest
from actors import Town, person_with
from django.test import Client


@pytest.fixture
def liaison(town: Town, sign_in: Any, client: Client) -> Client:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    return client


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("0101", "101"),
        ("单雄信", "201"),
        ("dxx", "201"),
        ("1-101", "101"),
        ("开元", "开元丽城"),
    ],
)
def test_what_somebody_types_is_found(liaison: Client, words: str, found: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = liaison.get("/search", {"q": words}, headers=headers)
        assert answer.status_code == 200
        assert found in answer.content.decode()


@pytest.mark.parametrize("words", ["0701", "钱多", "外苑", "赵敏", "0901"])
def test_nothing_of_other_compounds_is_found(liaison: Client, words: str) -> None:
    text = liaison.get("/search", {"q": words}, headers={"HX-Request": "true"}).content.decode()
    assert "row-title" not in text


def test_people_are_found_masked(town: Town, liaison: Client) -> None:
    person_with("volunteer", place=town.place["开元丽城"], name="马晓燕", phone="13900007777")
    text = liaison.get("/search", {"q": "7777"}, headers={"HX-Request": "true"}).content.decode()
    assert "马**" in text
    assert "马晓燕" not in text


@pytest.mark.parametrize("words", ["", " ", "<script>", "x" * 5000, "%", "\x00", "' OR 1=1"])
def test_odd_words_do_no_harm(liaison: Client, words: str) -> None:
    answer = liaison.get("/search", {"q": words})
    assert answer.status_code in {200, 422}
    assert "&lt;script&gt;" in answer.content.decode() or "<script>" not in answer.content.decode()


def test_a_household_finds_only_pages(town: Town, sign_in: Any, client: Client) -> None:
    sign_in(client, household=town.household["101"])
    text = client.get("/search", {"q": "李强"}, headers={"HX-Request": "true"}).content.decode()
    assert "row-title" not in text
