"""Prices, papers and amounts solved by hand; and what holds for all of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.ground.goods.rules import (
    NAMES,
    BundleLine,
    Cap,
    Concern,
    Disinfection,
    Finding,
    Known,
    PayeeState,
    ServiceMode,
    Standing,
    SupplierKind,
    Temperature,
    Tier,
    bundle_findings,
    cap_finding,
    check_move,
    days_lasting,
    food_days,
    gouging_findings,
    reference_finding,
    stand_in,
    standing,
    treatment,
    yuan,
)
from lastmetre.ground.goods.rules.payees import MOVES
from lastmetre.ground.goods.rules.suppliers import papers_missing
from lastmetre.ground.goods.standing import CATEGORIES
from lastmetre.terms import InputError

FEN = st.integers(0, 1_000_000)


def concerns(findings: tuple[Finding, ...]) -> list[Concern]:
    return [finding.concern for finding in findings]


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (3280, "32.80"), (123456789, "1,234,567.89"), (-50, "-0.50")]
)
def test_money_is_written_in_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


# Days and substitutes


def test_a_vegetable_pack_lasts_as_the_field_says() -> None:
    # field: a 1.5 kg vegetable pack lasts 2.6 people about 1.4 days
    assert days_lasting(1500, 400, Decimal("2.6")) == Decimal("1.4")
    assert days_lasting(0, 350, Decimal(1)) == 0


def test_a_package_lasts_by_each_kind_of_food_and_soap_does_not_count() -> None:
    weights = {"grain": 5000, "eggs": 1900, "vegetables": 1000, "soap": 500}
    rations = {"grain": 350, "eggs": 60, "vegetables": 400, "oil": 50}
    assert food_days(weights, rations, Decimal(3)) == {
        "grain": Decimal("4.7"),  # 5000 / 1050
        "eggs": Decimal("10.5"),  # 1900 / 180
        "vegetables": Decimal("0.8"),  # 1000 / 1200
    }


@pytest.mark.parametrize(("ration", "people"), [(0, 1), (350, 0), (-1, 1)])
def test_nobody_and_nothing_cannot_be_divided_by(ration: int, people: int) -> None:
    with pytest.raises(ValueError, match="above 0"):
        days_lasting(1000, ration, Decimal(people))


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(1, 2000), st.decimals(1, 20, places=1))
def test_more_food_never_lasts_shorter_and_more_people_never_longer(
    weight: int, more: int, ration: int, people: Decimal
) -> None:
    assert days_lasting(weight + more, ration, people) >= days_lasting(weight, ration, people)
    assert days_lasting(weight, ration, people + 1) <= days_lasting(weight, ration, people)


def test_a_substitute_is_rounded_up_to_what_it_is_sold_by() -> None:
    assert stand_in(Decimal(1), Decimal(4), Decimal(1)) == 4  # a tray of eggs: 4 boxes of bean curd
    assert stand_in(Decimal(3), Decimal("0.5"), Decimal(1)) == 2
    assert stand_in(Decimal(3), Decimal("0.5"), Decimal("0.5")) == Decimal("1.5")


@given(
    st.decimals("0.5", 100, places=1), st.decimals("0.001", 50, places=3), st.sampled_from(["0.5", "1", "2"])
)
def test_a_substitute_is_never_short_and_never_a_step_too_much(
    quantity: Decimal, ratio: Decimal, step: str
) -> None:
    wanted, given_ = quantity * ratio, stand_in(quantity, ratio, Decimal(step))
    assert 0 <= given_ - wanted < Decimal(step)
    assert given_ % Decimal(step) == 0


# Caps and benchmarks


def test_a_price_at_the_cap_is_kept_and_a_fen_more_is_not() -> None:
    assert cap_finding(2500, Cap(2500)) is None
    found = cap_finding(2501, Cap(2500))
    assert found
    assert found.refuses
    assert str(found.sentence) == "25.01 yuan is above the highest price allowed here, 25.00 yuan."


def test_a_cap_for_a_kilogram_is_rounded_down_to_the_sale_unit() -> None:
    # 9.99 yuan a kilogram, sold by 500 g: 4.995 yuan, so 4.99
    cap = Cap(999, is_per_kg=True)
    assert cap_finding(499, cap, weight_g=500) is None
    assert cap_finding(500, cap, weight_g=500)
    unknown = cap_finding(500, cap)
    assert unknown
    assert (unknown.concern, unknown.refuses) == (Concern.CAP_UNCHECKED, True)


def test_a_cap_with_price_and_margin_holds_by_the_lower_one() -> None:
    cap = Cap(2500, Decimal(10))
    assert cap_finding(2200, cap, cost_fen=2000) is None
    assert cap_finding(2201, cap, cost_fen=2000)
    assert cap_finding(2501, cap, cost_fen=9000)


@given(FEN, FEN, st.integers(1, 20_000))
def test_no_price_above_a_cap_passes(price: int, cap: int, weight: int) -> None:
    assert (cap_finding(price, Cap(cap)) is None) == (price <= cap)
    assert (cap_finding(price, Cap(cap, is_per_kg=True), weight_g=weight) is None) == (
        price * 1000 <= cap * weight
    )


def test_a_price_above_the_benchmark_is_said_with_its_percent() -> None:
    found = reference_finding(2490, 2000, "旗舰店")
    assert found
    assert not found.refuses
    assert str(found.sentence) == "24.90 yuan is 24.5 % above the benchmark of 20.00 yuan (旗舰店)."
    assert reference_finding(2000, 2000) is None
    assert reference_finding(2000, None) is None


# Gouging


def test_dearer_than_before_the_emergency_without_a_cost_that_explains_it() -> None:
    assert concerns(gouging_findings(Known(300), Known(250))) == [Concern.ABOVE_BASELINE]
    assert gouging_findings(Known(250), Known(250)) == ()


def test_a_price_that_rose_no_more_than_its_cost_is_no_gouging() -> None:
    before = Known(1100, cost_fen=1000)  # 10 %
    assert gouging_findings(Known(2200, cost_fen=2000), before) == ()
    assert concerns(gouging_findings(Known(2201, cost_fen=2000), before)) == [Concern.MARGIN_GREW]
    # the price stayed and the cost fell
    assert concerns(gouging_findings(Known(1100, cost_fen=900), before)) == [Concern.MARGIN_GREW]


def test_without_an_earlier_price_15_percent_over_cost_is_the_most() -> None:
    assert gouging_findings(Known(1150, cost_fen=1000), None) == ()
    assert concerns(gouging_findings(Known(1151, cost_fen=1000), None)) == [Concern.MARGIN_HIGH]
    assert gouging_findings(Known(9999), None) == ()  # nobody can tell


def test_a_delivery_fee_that_jumps_is_said() -> None:
    before = Known(100, fee_fen=500)
    assert gouging_findings(Known(100, fee_fen=600), before) == ()
    assert concerns(gouging_findings(Known(100, fee_fen=601), before)) == [Concern.FEE_JUMPED]
    assert concerns(gouging_findings(Known(100, fee_fen=1), Known(100, fee_fen=0))) == [Concern.FEE_JUMPED]


@given(FEN, st.integers(1, 10**6), FEN, st.integers(1, 10**6))
def test_the_same_margin_or_less_is_never_flagged(
    price: int, cost: int, before: int, cost_before: int
) -> None:
    grew = price * cost_before > before * cost
    found = concerns(gouging_findings(Known(price, cost), Known(before, cost_before)))
    assert (Concern.MARGIN_GREW in found) == grew


# Packages


def test_a_package_dearer_than_its_contents_is_said_with_both_sums() -> None:
    lines = [BundleLine("大米", Decimal(1), 3280), BundleLine("土豆", Decimal("2.5"), 250)]  # 39.05
    assert bundle_findings(3905, lines) == ()
    (found,) = bundle_findings(3906, lines)
    assert str(found.sentence) == "The package costs 39.06 yuan; its contents one by one cost 39.05 yuan."


def test_a_package_with_something_unpriced_cannot_be_checked_and_says_so() -> None:
    lines = [BundleLine("大米", Decimal(1), 3280), BundleLine("神秘赠品", Decimal(1), None)]
    (found,) = bundle_findings(1, lines)
    assert found.concern is Concern.BUNDLE_UNPRICED
    assert "神秘赠品" in str(found.sentence)
    assert bundle_findings(1, []) == ()


# Papers


DAY = date(2026, 11, 26)
PAPER = Standing(SupplierKind.SUPERMARKET, "JY1", None, None, DAY, DAY)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, ""),
        ({"licence_until": DAY}, ""),
        ({"licence_until": DAY - timedelta(days=1)}, "The licence ended on 2026-11-25."),
        ({"licence_from": DAY + timedelta(days=1)}, "The licence begins on 2026-11-27."),
        ({"licence": ""}, "This supplier has shown no licence."),
        ({"licence": "", "kind": SupplierKind.FARMER}, ""),
        ({"kind": SupplierKind.FARMER, "is_suspended": True}, "This supplier is suspended."),
    ],
)
def test_who_may_serve_and_why_not(change: dict[str, object], says: str) -> None:
    from dataclasses import replace

    assert str(standing(replace(PAPER, **change), DAY) or "") == says  # type: ignore[arg-type]


def test_missing_papers_are_said_but_stop_nothing() -> None:
    paper = Standing(SupplierKind.SMALL_SHOP, "JY1", None, DAY + timedelta(days=7), None, None)
    assert standing(paper, DAY) is None
    assert [str(one) for one in papers_missing(paper, DAY)] == [
        "The pledge on price and supply is not signed.",
        "No supply plan is on file.",
        "The licence ends on 2026-12-03.",
    ]
    assert papers_missing(PAPER, DAY) == ()


def test_a_payee_moves_only_as_the_table_says() -> None:
    for now in PayeeState:
        for then in PayeeState:
            if then in MOVES[now]:
                check_move(now, then)
            else:
                with pytest.raises(InputError, match="already been decided"):
                    check_move(now, then)


# Classes


def test_fresh_food_is_not_sprayed_and_stands_as_its_class_says() -> None:
    assert treatment(Disinfection.SPRAY).standing_min == 30  # SQ7
    assert treatment(Disinfection.NONE).standing_min == 0
    assert "Do not spray" in str(treatment(Disinfection.NONE).how)
    assert treatment(Disinfection.WIPE, 15).standing_min == 15


def test_every_code_has_a_name() -> None:
    for codes in (SupplierKind, ServiceMode, Tier, Temperature, Disinfection, PayeeState, Concern):
        assert set(codes) == NAMES[codes].keys()


def test_the_watched_categories_are_those_of_the_plan_with_the_rations_of_the_field() -> None:
    watched = {row.code for row in CATEGORIES if row.is_watched}
    assert watched == {
        *("rice", "flour", "oil", "vegetables", "eggs", "pork"),
        *("ham_sausage", "instant_noodles", "water"),
    }  # YX1
    rations = {row.ration_group: row.ration_g for row in CATEGORIES if row.ration_g}
    assert rations == {"grain": 350, "oil": 50, "meat": 115, "vegetables": 400, "eggs": 60}
