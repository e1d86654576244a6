"""The journal reads like sentences, shows each reader what happened in their places, and costs the same always."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from actors import Town
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lastmetre.ground.journal import actions
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.scope import acting_as
from lastmetre.web.journal.sentences import NOUNS, SENTENCES

PACKAGE = Path(__file__).parents[2] / "lastmetre"


@pytest.fixture
def auditor(town: Town, sign_in: Callable[..., Any], client: Client) -> Client:
    sign_in(client, role="auditor", place=town.place["二七区"], name="欧阳清")
    client.cookies["language"] = "en"
    return client


def write(
    town: Town, verb: str = "edit", *, where: str = "开元丽城", by: Actor = SYSTEM, **more: Any
) -> Entry:
    with acting_as(SYSTEM):
        place = town.place[where]
        return actions.record(verb, "places.place", place.pk, by=by, at=town.now, path=place.path, **more)


def page(client: Client, **asked: str) -> str:
    answer = client.get("/journal", asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_line_reads_like_a_sentence_with_its_details_folded_in(auditor: Client, town: Town) -> None:
    write(town, why="王芳 asked for it", carts=[3, 4])
    shown = page(auditor)
    assert "The system changed the place 二七区 大学路街道" not in shown
    assert "The system changed the place 大学路街道 康桥社区 开元丽城" in shown
    assert "王芳 asked for it" in shown
    assert "3 → 4" in shown


def test_people_are_named_masked(auditor: Client, town: Town) -> None:
    page(auditor)  # leaves a line of the auditor's signing in
    shown = page(auditor)
    assert "signed in" in shown
    assert "欧阳清" not in shown.split("</header>")[-1]


def test_households_are_named_by_their_door(auditor: Client, town: Town) -> None:
    home = town.household["101"]
    write(town, by=Actor(str(home.pk), ActorKind.HOUSEHOLD, sees=(home.path,)))
    assert "The household 1号楼 1单元 101 changed" in page(auditor)


def test_lines_are_filtered_by_person_place_thing_verb_and_time(auditor: Client, town: Town) -> None:
    write(town, "survey")
    write(town, "move", where="别苑")
    place = town.place["别苑"]
    assert "moved" in page(auditor, place=str(place.pk))
    assert "recorded how many" not in page(auditor, place=str(place.pk)).split("timeline")[1]
    assert "moved" not in page(auditor, thing=str(town.place["开元丽城"].pk)).split("timeline")[1]
    assert "moved" not in page(auditor, verb="survey").split("timeline")[1]
    assert "No lines" in page(auditor, actor=str(uuid4()))
    assert "No lines" in page(auditor, since="2999-01-01")
    assert "moved" in page(auditor, since=f"{town.now:%Y-%m-%d}")


def test_verbs_of_one_meaning_are_found_together(auditor: Client, town: Town) -> None:
    write(town, "added", count=1)
    write(town, "add", count=2)
    assert page(auditor, verb="add").count("added the place") == 2


def test_a_foreign_place_is_no_place(auditor: Client, town: Town) -> None:
    for place in (str(town.place["外苑"].pk), str(uuid4()), "x"):
        assert auditor.get("/journal", {"place": place}).status_code == 404


def test_what_happened_elsewhere_is_not_shown(
    town: Town, sign_in: Callable[..., Any], client: Client
) -> None:
    sign_in(client, role="administrator", place=town.place["开元丽城"])
    client.cookies["language"] = "en"
    write(town, "survey")
    write(town, "move", where="别苑")
    shown = page(client).split("timeline")[1]
    assert "recorded how many" in shown
    assert "moved" not in shown


def test_who_may_not_read_the_journal_is_told(
    town: Town, sign_in: Callable[..., Any], client: Client
) -> None:
    sign_in(client, role="building_head", place=town.place["1号楼"])
    assert client.get("/journal").status_code == 403


def test_pages_lead_through_all_lines_and_cost_the_same(auditor: Client, town: Town) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(auditor, verb="edit")
        return len(queries)

    write(town)
    few = cost()
    home = town.household["101"]
    for number in range(70):
        by = SYSTEM if number % 2 else Actor(str(home.pk), ActorKind.HOUSEHOLD)
        write(town, by=by, where=("开元丽城", "别苑", "1号楼")[number % 3])
    assert cost() == few
    shown = page(auditor, verb="edit")
    following = re.search(r"cursor=([\w-]+)", shown)
    assert following
    rest = page(auditor, verb="edit", cursor=following[1])
    assert shown.count('class="moment-when"') + rest.count('class="moment-when"') == 71


def test_programs_read_it_too(auditor: Client, town: Town) -> None:
    write(town, "survey", people=7, why="王芳")
    body = auditor.get("/api/journal/entries", {"verb": "survey"}).json()
    assert [(row["verb"], row["detail"]) for row in body["rows"]] == [("survey", {"people": 7})]
    assert "why" not in body["rows"][0]
    assert body["next"] == ""


# Every verb has a sentence


WRITERS = {"record", "note", "_record", "_decided"}


def spoken(source: str) -> Iterator[tuple[str, str]]:
    """Find verbs and kinds that are written: constants among the first arguments of what records."""
    tree = ast.parse(source)
    named = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in WRITERS:
            texts = [text for one in node.args[:3] for text in _texts(one, named)]
            yield from (("verb", text) for text in texts if "." not in text and not text.istitle())
            yield from (("kind", text) for text in texts if "." in text)


def _texts(node: ast.AST, named: dict[str, Any]) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, named), *_texts(node.orelse, named)]
    value = named.get(node.id) if isinstance(node, ast.Name) else getattr(node, "value", None)
    return [value] if isinstance(value, str) else []


def test_every_verb_has_a_sentence_and_every_kind_a_name() -> None:
    goods = {kind.removeprefix("goods.") for kind in NOUNS if kind.startswith("goods.")}
    unsaid = set()
    for path in sorted((PACKAGE).rglob("actions/*.py")) + sorted(PACKAGE.glob("cli/*.py")):
        for what, text in spoken(path.read_text(encoding="utf-8")):
            known = NOUNS.keys() if what == "kind" else SENTENCES.keys() | goods | {"scenario", "tables"}
            if text not in known:
                unsaid.add((what, text, path.name))
    assert unsaid == set()
    assert list(spoken("record('vanished', THING)\nTHING = 'a.b'")) == [("verb", "vanished"), ("kind", "a.b")]
