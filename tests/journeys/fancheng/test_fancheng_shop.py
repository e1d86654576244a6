"""Fancheng's mode A (FC2): one shop, one list, one bag a household, paid after packing, squared in the evening."""

from __future__ import annotations

import pytest
from journey_day import HOUR, Day, everybody_answered, squared
from journey_town import Good, build
from way_to_the_door import delivered, packed_by_the_shop, to_the_gate

from lastmetre.ground.goods.rules import SupplierKind
from lastmetre.ground.places.models import Compound as CompoundRow
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.scenarios.figures import read_sheet

FANCHENG = read_sheet("fancheng")
GOODS = (
    Good("A", "蔬菜包", "vegetables", "50.00", 5000),
    Good("B", "大米", "rice", "32.80", 5000, case_size=4),
    Good("C", "鲜鸡蛋", "eggs", "24.90", 1900, stock=10, limit=2),
)
CHAIN = """#接龙 第一批
A 蔬菜包 B 大米 C 鸡蛋
1. 1-1-101 王芳 A1 C2
2. 1-1-201 A1 B1
3. 1-2-101 蔬菜包1份 鸡蛋2
4. 2-1-101 B2 C1
5. 2-1-201 A2 C2
6. 2-2-101 A1 C2
7. 3-1-101 A1
8. 9-9-901 A1"""


@pytest.fixture
def day(db: None) -> Day:
    """汉江嘉苑: six buildings of two units, two doors each; a shop round the corner."""
    shop = {"邻里超市": (SupplierKind.SMALL_SHOP, GOODS)}
    with acting_as(SYSTEM) as now:
        buildings = {str(number): 2 for number in range(1, 7)}
        town = build(FANCHENG.rest["roster"]["name"], buildings, 2, shop, now)
        CompoundRow.objects.filter(place=town.place).update(hands_per_wave=12)
    return Day(town, "邻里超市")


def test_a_day_from_the_open_window_to_squared_books(day: Day) -> None:
    ordered(day)
    day.cut_and_share()
    eggs_were_short(day)
    packed_by_the_shop(day)
    paid_but_for_one(day)
    to_the_gate(day)
    delivered(day, fails={"2-1-201": "damaged"})
    assert set(day.due()) == {day.town.home["2-1-201"].pk}
    day.carry_on()
    day.close()
    grams = squared(day)
    assert grams["door"] > 0
    assert everybody_answered(day) == 10


def ordered(day: Day) -> None:
    """The chat, the own page, the telephone and a sheet of paper: one household, one order (FC2b, ER4)."""
    every = FANCHENG.figures["request_days"].number
    day.begin(GOODS, pay_until=day.town.now + 19 * HOUR, every_days=every)
    day.paste(CHAIN)
    (doubt,) = day.doubts()
    assert "9-9-901" in (doubt.raw or "")
    day.settle(doubt, "作废")
    day.order("3-1-201", {"B": "1", "C": "1"}, note="放门口")
    liaison = day.who("liaison")
    phone = liaison.get(f"/orders/rounds/{day.row.pk}/phone", {"q": "4-1-101"})
    liaison.tap(phone.url, keyed="a1 c1", is_proxy="on")
    liaison.tap(f"/orders/rounds/{day.row.pk}/sheets")
    for _ in range(2):  # keyed in twice, it counts once
        day.key_in(liaison, {"5-1-101": "A1"})
    # FC5: once in three days, in whatever round.
    first = day.row
    day.begin(GOODS[:1], title="加急", every_days=every)
    again = day.home("1-1-101").post(f"/orders/{day.row.pk}", {"version": "0", **asked_of(day, "A")})
    assert again.status_code == 422
    day.refresh(first.pk)


def asked_of(day: Day, code: str) -> dict[str, str]:
    with acting_as(SYSTEM):
        return {f"q-{day.row.items.get(code=code).pk}": "1"}


def eggs_were_short(day: Day) -> None:
    """Eleven were asked for and ten are there: shared by the rule, and everybody reads why (PD8)."""
    page = day.who("liaison").get(f"/allocation/rounds/{day.row.pk}/list", {"good": "C"})
    got = [row.got for row in page.context["page"].rows]
    assert sum(got) == 10
    assert all(one >= 1 for one in got)


def paid_but_for_one(day: Day) -> None:
    """Claims are seen in the app, one pays in cash, one does not pay and leaves the batch (FC2d)."""
    dues = {address: day.due().get(home.pk, 0) for address, home in day.town.home.items()}
    owing = sorted(address for address, fen in dues.items() if fen)
    late, cash, *others = owing
    for address in others:
        day.say_paid(address, dues[address])
    liaison = day.who("liaison")
    unpaid = f"/settlement/rounds/{day.row.pk}/unpaid"
    for one in liaison.get(unpaid).context["found"].owing:
        for claim in one.claims:
            liaison.tap(f"/settlement/claims/{claim.pk}", what="confirm")
    day.paid(cash, dues[cash], how="cash")
    liaison.tap(unpaid)  # a notice on the page of who still owes
    day.drop(late)
    assert day.due() == {}
    liaison.tap(f"/settlement/rounds/{day.row.pk}/supplier", what="cash")
