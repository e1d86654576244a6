"""The drill: a scenario's days in words, as a page and as JSON; what-ifs on the same luck."""

import dataclasses
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

from lastmetre.cli.drilling.report import Report, Variant, slowest
from lastmetre.cli.drilling.town import town_of
from lastmetre.cli.drilling.variants import changed
from lastmetre.cli.main import main
from lastmetre.planning import capacity, flow
from lastmetre.planning.flow.check import check_flow
from lastmetre.planning.flow.weeks import days_of
from lastmetre.terms import InputError
from tests.scenarios.worlds import world


def run(*arguments):
    return CliRunner().invoke(main, ["drill", *map(str, arguments)])


def test_a_drill_in_words_as_a_page_and_as_json(tmp_path):
    few = ("suqian", "--replications", 2, "--days", 2)
    result = run(*few, "--what-if", "hands-90%", "--lang", "en", "-o", tmp_path / "drill")
    assert result.exit_code == 0
    assert "as it stands" in result.output
    assert "what if hands-90%" in result.output
    page = (tmp_path / "drill" / "drill.html").read_text("utf-8")
    assert page.count("<svg") >= 5
    assert not re.search(r"<script|https?:|src=|<link", page)  # opened from a stick, without a network
    data = json.loads((tmp_path / "drill" / "drill.json").read_text("utf-8"))
    stands, fewer = data["variants"]
    assert (data["scenario"], data["days"], data["replications"]) == ("suqian", 2, 2)
    assert stands["figures"]["Bags asked for"] == fewer["figures"]["Bags asked for"]  # the same luck
    assert set(stands["stages"]) == set(flow.STAGES)
    assert set(stands["stages"]["gate"]) == set(flow.MEASURES)
    halves = [one["figures"]["Hours to the door, half of the bags"]["mean"] for one in data["variants"]]
    assert halves[0] < halves[1]
    spoken = run(*few, "--json", "--lang", "zh")
    assert json.loads(spoken.stdout)["variants"][0]["figures"] == stands["figures"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "There is no scenario"),
        (("suqian", "--what-if", "hands*2"), "“hands*2” cannot be read"),
        (("suqian", "--what-if", "regime=open@2"), "Day 2 of the what-if is not played"),
        (("suqian", *(["--what-if", "hands+1"] * 6)), "6 what-ifs"),
    ],
)
def test_what_cannot_be_played_is_said_in_one_sentence(arguments, said):
    result = run(*arguments, "--lang", "en")
    assert result.exit_code == 4
    assert said in result.output


def test_where_nothing_arrives_the_report_says_so(tmp_path):
    result = run("suqian", "--replications", 1, "--what-if", "lanes=0", "--lang", "en", "-o", tmp_path)
    assert "bags none reaches its door." in result.output
    _, nothing = json.loads((tmp_path / "drill.json").read_text("utf-8"))["variants"]
    assert nothing["figures"]["Hours to the door, half of the bags"]["mean"] is None
    assert [one["of"] for one in nothing["capacity"]["one_more"]] == [["lane"]]


@pytest.mark.parametrize("name", ["erqi", "suqian", "yuxian"])
def test_a_town_has_the_households_hands_and_goods_of_its_scenario(name):
    here = world(name)
    town = town_of(here, days=1, seed=7)
    homes = np.bincount(town.problem.of_home)
    counted = {place.name: place.household_count for place in here.places if place.household_count}
    for compound, count in zip(town.problem.compounds, homes, strict=True):
        assert count == counted[compound.name]
    known = {row.place: row.hands_per_wave for row in here.compounds if row.hands_per_wave}
    titles = {place.key: place.name for place in here.places}
    crews = {one.name: one.hands + one.sorters for one in town.problem.compounds}
    assert {titles[place]: hands for place, hands in known.items()}.items() <= crews.items()
    assert check_flow(town.problem, list(days_of(town.problem, 7, 0))) == ()


def test_what_ifs():
    problem = town_of(world("suqian"), days=3, seed=7).problem
    (yard,) = problem.compounds
    assert changed(problem, "hands+2, carts=7").compounds[0] == dataclasses.replace(
        yard, hands=yard.hands + 2, carts=7
    )
    assert changed(problem, "lanes-99").compounds[0].lanes == 0
    assert changed(problem, "vehicles+50%").suppliers[0].vehicles == round(
        1.5 * problem.suppliers[0].vehicles
    )
    assert changed(problem, "supply=70%").suppliers[0].daily_g == round(0.7 * problem.suppliers[0].daily_g)
    assert changed(problem, "absence=20%,breakdown=0.1").chances == flow.Chances(absence=0.2, breakdown=0.1)
    (change,) = changed(problem, "regime=open@3").changes
    assert (change.day, problem.regimes[change.regime].name, change.compound) == (2, "open", None)
    for wrong in (
        "",
        "hands",
        "hands+x",
        "hands=2@3",
        "absence+10%",
        "absence=120%",
        "supply=5",
        "regime=closed",
    ):
        with pytest.raises(InputError):
            changed(problem, wrong)


def test_a_place_where_nobody_asks_is_not_the_last():
    problem = flow.Problem(
        (flow.Supplier("s"),),
        (flow.Compound("empty", 0), flow.Compound("full", 0)),
        home_compound=[0, 1],
        home_unit=[0, 0],
        people=[0, 2],
    )
    played = flow.plan(problem, iterations=2)
    variant = Variant("", problem, played, capacity.plan(problem))
    assert [name for name, _, _ in slowest(variant)] == ["full"]
    assert Report("x", "y", (), (variant,)).base is variant
