"""Loading a scenario: all of it or nothing, once, never among real people, and everybody can sign in."""

from __future__ import annotations

import pytest
from actors import Town
from click.testing import CliRunner
from django.db import connection
from django.test import Client

from lastmetre import scenarios
from lastmetre.cli.loading import Loaded, load_scenario, loading
from lastmetre.cli.main import main
from lastmetre.ground.goods import models as goods
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.people import models as people
from lastmetre.ground.places import models as places
from lastmetre.ground.protection import clock
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.scenarios.codes import Role
from lastmetre.scenarios.world import World
from lastmetre.terms import InputError

TABLES = {
    "buildings": places.Building,
    "grids": places.Grid,
    "gates": places.Gate,
    "unloading_points": places.UnloadingPoint,
    "carts": places.Cart,
    "households": places.Household,
    "regimes": places.RegimePeriod,
    "points": places.Point,
    "organisations": people.Organisation,
    "teams": people.Squad,
    "shifts": people.Shift,
    "suppliers": goods.Supplier,
    "products": goods.Product,
    "package_lines": goods.PackageContent,
    "capacities": goods.SupplierCapacity,
    "contracts": goods.SupplierArea,
    "offers": goods.Offer,
    "benchmarks": goods.BenchmarkPrice,
    "price_caps": goods.PriceCap,
    "substitutes": goods.Substitute,
    "assortments": goods.Assortment,
    "reserves": goods.Reserve,
}
"""Rows of a world to the table that holds one for each."""


@pytest.fixture(autouse=True)
def without_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the demo's rounds, which take longer than all rows of the ground: test_demo_day.py plays them."""
    monkeypatch.setattr(loading, "load_relay", lambda context: None)


def counts() -> dict[str, int]:
    """Count the rows of every table of the ground."""
    with acting_as(SYSTEM):
        return {name: table.objects.count() for name, table in TABLES.items()} | {
            "places": places.Place.objects.count(),
            "people": people.Person.objects.count(),
            "assignments": people.Assignment.objects.count(),
            "journal": Entry.objects.count(),
        }


def loaded(name: str) -> Loaded:
    """Load a scenario that is not there."""
    done = load_scenario(name)
    assert done is not None
    return done


def residents(world: World) -> int:
    """Count those who sign in by card and are no staff."""
    return sum(one.role is Role.HOUSEHOLD for one in world.assignments)


@pytest.mark.parametrize("name", scenarios.names())
def test_every_row_is_in_the_database_and_every_role_has_a_login(db: None, name: str) -> None:
    done = loaded(name)
    world = done.world
    there = counts()
    assert {table: there[table] for table in TABLES} == {
        table: len(getattr(world, table)) for table in TABLES
    }
    assert there["places"] == len(world.places) + len(world.households)  # each household has a door
    assert there["people"] == len(world.people) - residents(world)
    assert there["assignments"] == len(world.assignments) - residents(world)
    with acting_as(SYSTEM):
        assert Entry.objects.filter(verb="load", kind="scenario").count() == 1
        assert people.SquadMember.objects.count() == sum(len(team.members) for team in world.teams)
    roles = {one.role for one in world.assignments} - {Role.HOUSEHOLD, Role.VOLUNTEER}
    assert {one.username for one in done.logins.staff} == {f"{name}.{role}" for role in roles}
    assert [one.link[:3] for one in done.logins.links] == ["/h/", "/v/"]


def test_loading_again_changes_nothing_and_says_so(db: None) -> None:
    said: list[str] = []
    assert load_scenario("suqian", tell=lambda sentence: said.append(sentence.text())) is not None
    assert [line.partition(":")[0].strip() for line in said] == [
        f"The demo, part {number} of 5" for number in range(1, 6)
    ]
    before = counts()
    assert load_scenario("suqian", tell=lambda sentence: said.append(sentence.text())) is None
    assert len(said) == 5
    assert load_scenario("suqian", seed=8) is None
    assert counts() == before


def test_two_scenarios_stand_side_by_side_and_share_their_goods(db: None) -> None:
    campus, erqi = loaded("suqian").world, loaded("erqi").world
    codes = {one.code for one in campus.products} | {one.code for one in erqi.products}
    there = counts()
    assert there["products"] == len(codes) < len(campus.products) + len(erqi.products)
    assert there["households"] == len(campus.households) + len(erqi.households)
    assert there["offers"] == len(campus.offers) + len(erqi.offers)


def test_invented_people_are_never_put_among_real_ones(town: Town) -> None:
    before = counts()
    with pytest.raises(InputError, match="real places"):
        load_scenario("suqian")
    assert counts() == before
    with acting_as(SYSTEM):
        assert not clock.is_demo()


def test_a_loading_that_fails_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts()

    def fail(_context: object) -> None:
        raise ConnectionError("the power went out")

    monkeypatch.setattr(loading, "give_logins", fail)
    with pytest.raises(ConnectionError):
        load_scenario("yuxian")
    assert counts() == before
    with acting_as(SYSTEM):
        assert not clock.is_demo()


def test_a_demo_says_so_and_its_day_is_today(db: None) -> None:
    loaded("erqi")
    with acting_as(SYSTEM) as now:
        assert clock.is_demo()
        licheng = places.Place.objects.get(name="开元丽城")
        history = list(places.RegimePeriod.objects.filter(place=licheng).order_by("starts_at"))
        assert [period.regime_id for period in history] == ["control", "sealed"]
        assert history[0].ends_at == history[1].starts_at < now
        assert history[1].ends_at is None
        assert places.Cart.objects.filter(place=licheng).count() == 24  # ER3b


def test_what_is_personal_is_sealed_by_the_key_of_the_scenario_itself(db: None) -> None:
    world = loaded("suqian").world
    with acting_as(SYSTEM):
        root = places.Place.objects.get(parent=None)
        household = places.Household.objects.first()
        assert household
        assert household.response.path == root.path
        assert household.name in {one.name for one in world.households}
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(name::text || phone::text, '') FROM places_household")
            (stored,) = cursor.fetchone()
    assert not any(one.phone.encode().hex() in stored for one in world.households)


def test_staff_household_and_volunteer_get_in_by_what_was_printed(db: None) -> None:
    logins = loaded("yuxian").logins
    client = Client()
    answer = client.post("/sign-in", {"username": "yuxian.liaison", "password": logins.password})
    assert answer.status_code == 200, "the first step leads to the second"
    assert "step" in answer.content.decode()
    wrong = client.post("/sign-in", {"username": "yuxian.liaison", "password": "not-this-one-at-all"})
    assert wrong.status_code in (401, 403, 422, 429)
    for one in logins.links:
        assert Client().get(one.link).status_code == 200, one


def test_it_says_what_was_loaded_and_how_to_sign_in(db: None) -> None:
    done = loaded("yuxian")
    said = [str(line) for line in done.lines("http://127.0.0.1:8000")]
    assert said[0].startswith("盂县 is loaded in ")
    assert any("http://127.0.0.1:8000/h/" in line for line in said)
    assert sum(done.logins.password in line for line in said) == 1
    assert any("yuxian.commander: 指挥员, 盂县" in line for line in said)
    assert any("yuxian.commander: Commander" in str(line) for line in done.lines(english=True))


def test_the_list_names_all_seven() -> None:
    done = CliRunner().invoke(main, ["scenario", "list", "--lang", "en"])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.output.splitlines()] == list(scenarios.names())


def test_an_unknown_scenario_is_refused_with_the_names() -> None:
    done = CliRunner().invoke(main, ["scenario", "load", "nowhere", "--lang", "en"])
    assert done.exit_code == 4
    assert "There is no scenario “nowhere”." in done.output
    assert "erqi" in done.output
