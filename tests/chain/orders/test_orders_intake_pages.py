"""The pages of what comes in: paste, review by keyboard, telephone, sheets, silence."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from orders_intake_parts import CHAIN, asked, open_doubts, paste
from relay import Relay

from lastmetre.chain.ledger.models import Case
from lastmetre.chain.orders.actions.sheets import key_in, number_sheets
from lastmetre.chain.orders.doubt_rules import must_choose
from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.models import Contact, Intake, Request
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import say

HEADERS = (
    "下单人 团员备注 备注 跟团号 商品 规格 数量 商品金额 运费 优惠 订单金额 退款金额 物流方式 服务小区 服务小区联系人"
    " 服务小区电话 服务小区地址 收货人 联系电话 详细地址 团长 房号（如606） 楼号（如10） 弄号（如168）"
).split()


def _export(rows: list[tuple[str, str, int, str, str, str]]) -> bytes:
    """A 快团团 export: (number, good, quantity, name, building, room); the first row of an order carries all."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("顾客购买表")
        for column, header in enumerate(HEADERS):
            sheet.write(0, column, header)
        for line, (number, good, quantity, name, building, room) in enumerate(rows, start=1):
            cells = {"跟团号": number, "商品": good, "数量": quantity, "收货人": name, "下单人": name}
            cells |= {"房号（如606）": room, "楼号（如10）": building, "联系电话": "13800000000"}
            for header, value in cells.items():
                sheet.write(line, HEADERS.index(header), value)
    return out.getvalue()


@pytest.fixture
def liaison(relay: Relay, sign_in: Any, client: Any) -> Any:
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"])
    return client


def test_paste_preview_confirm(relay: Relay, liaison: Any) -> None:
    first = f"/orders/rounds/{relay.round.pk}/intake"
    assert liaison.get(first).status_code == 200
    answer = liaison.post(first, {"text": CHAIN})
    assert answer.status_code == 302
    page = liaison.get(answer.url)
    assert page.status_code == 200
    digest = page.context["plan"].digest
    assert liaison.post(answer.url, {"digest": "old"}).status_code == 422
    assert liaison.post(answer.url, {"digest": digest}).url == first
    assert asked(relay)["102"] == {"B": "3"}
    assert liaison.post(first, {"text": ""}).status_code == 422


def test_workbook_of_kuaituantuan(relay: Relay, liaison: Any) -> None:
    first = f"/orders/rounds/{relay.round.pk}/intake"
    rows = [
        ("1", "大米", 1, "王芳", "1", "101"),
        ("2", "鸡蛋", 3, "李强", "1", "102"),
        ("2", "土豆", 2, "李强", "1", "102"),
    ]
    for expected in (2, 0):
        file = SimpleUploadedFile("顾客购买表.xlsx", _export(rows))
        answer = liaison.post(first, {"file": file})
        assert answer.status_code == 302, answer.content.decode()[-800:]
        plan = liaison.get(answer.url).context["plan"]
        assert plan.counts["new"] == expected, plan.doubts
        liaison.post(answer.url, {"digest": plan.digest})
    assert asked(relay) == {"101": {"A": "1"}, "102": {"B": "3", "C": "2"}}
    with acting_as(SYSTEM):
        assert {row.channel for row in Request.objects.all()} == {"workbook"}
    broken = SimpleUploadedFile("x.xlsx", b"PK\x03\x04 nothing")
    assert liaison.post(first, {"file": broken}).status_code == 422


def test_review_queue(relay: Relay, liaison: Any, django_assert_max_num_queries: Any) -> None:
    paste(relay, CHAIN + "\n4. 9-999 A1\n5. 2-201 榴莲3个")
    with django_assert_max_num_queries(25):
        page = liaison.get(f"/orders/rounds/{relay.round.pk}/review")
    assert "9-999 A1" in page.content.decode()
    message = page.context["current"].message
    assert liaison.post(f"/orders/doubts/{message.pk}", {"typed": "不知道"}).status_code == 422
    for message, _ in open_doubts(relay):
        liaison.post(f"/orders/doubts/{message.pk}", {"answer": "作废", "at": "0"})
    assert not open_doubts(relay)
    assert liaison.get(f"/orders/rounds/{relay.round.pk}/review").status_code == 200


def test_order_by_telephone(relay: Relay, client: Any, sign_in: Any) -> None:
    sign_in(client, role="hotline_operator", place=relay.shop.town.place["康桥社区"])
    find = f"/orders/rounds/{relay.round.pk}/phone"
    for words in ("0102", "1-102", "lq"):
        answer = client.get(find, {"q": words})
        assert answer.status_code == 302, words
    page = client.get(answer.url)
    assert "李" in page.content.decode()
    assert "李强" not in page.content.decode()
    assert client.post(answer.url, {"keyed": "A2 Z"}).status_code == 422
    done = client.post(answer.url, {"keyed": "a1 b2 c1.5", "is_proxy": "on"}, follow=True)
    assert "86.35" in done.content.decode()  # 32.80 + 2 × 24.90 + 1.5 × 2.50
    assert asked(relay)["102"] == {"A": "1", "B": "2", "C": "1.5"}
    with acting_as(SYSTEM):
        row = Request.objects.get()
        assert (row.channel, row.is_proxy) == ("phone", True)


def test_building_head_sees_own_building_only(relay: Relay, client: Any, sign_in: Any) -> None:
    sign_in(client, role="building_head", place=relay.shop.town.place["1号楼"])
    base = f"/orders/rounds/{relay.round.pk}"
    assert client.get(f"{base}/phone", {"q": "0102"}).status_code == 302
    assert client.get(f"{base}/phone", {"q": "0201"}).context["rows"] == []
    assert client.post(f"{base}/intake", {"text": CHAIN}).status_code == 403
    assert client.get(f"{base}/review").status_code == 403
    other = relay.household["201"].pk
    assert client.post(f"{base}/phone/{other}", {"keyed": "A1"}).status_code == 404


def test_paper_twice(relay: Relay, liaison: Any) -> None:
    page = f"/orders/rounds/{relay.round.pk}/sheets"
    assert liaison.post(page).status_code == 302
    assert liaison.post(page).status_code == 302
    with acting_as(SYSTEM):
        sheets = list(Intake.objects.filter(sheet__isnull=False).order_by("sheet"))
    assert len(sheets) == 2
    pdf = liaison.get(f"{page}.pdf")
    assert pdf.content.startswith(b"%PDF")
    home = relay.household["102"].pk
    typed = {f"q-{home}": "A1 C0.5", f"q-{relay.household['101'].pk}": ""}
    for _ in range(2):
        assert liaison.post(f"/orders/sheets/{sheets[0].pk}", typed).status_code == 302
    assert asked(relay) == {"102": {"A": "1", "C": "0.5"}}
    relay.ask("102", {"E1": "1"})
    assert liaison.post(f"/orders/sheets/{sheets[0].pk}", typed).status_code == 422
    assert asked(relay) == {"102": {"B": "1"}}
    lines = liaison.get(f"/orders/sheets/{sheets[0].pk}").context["lines"]
    assert [line["differs"] for line in lines] == [False, True]
    assert liaison.post(f"/orders/sheets/{sheets[0].pk}", {**typed, f"w-{home}": "1"}).status_code == 302
    assert asked(relay) == {"102": {"A": "1", "C": "0.5"}}


def test_sheet_lines_that_cannot_be_read(relay: Relay) -> None:
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        number_sheets(relay.round, by=liaison, at=now)
        sheet = Intake.objects.get(sheet=1)
        one, two = relay.household["101"].pk, relay.household["102"].pk
        result = key_in(sheet, {one: "Q7", two: "B2"}, by=liaison, at=now)
    assert (result.entered, list(result.refused)) == (1, [one])


def test_silence_and_contacts(relay: Relay, liaison: Any, django_assert_max_num_queries: Any) -> None:
    place = relay.shop.town.place["开元丽城"]
    relay.ask("101", {"R1": "1"})
    address = f"/orders/silence/{place.pk}"
    for kind, count in (("word", 2), ("order", 2), ("pay", 0)):
        with django_assert_max_num_queries(20):
            page = liaison.get(address, {"of": kind})
        assert len(page.context["entries"]) == count, kind
    home = relay.household["201"].pk
    sent = {
        "outcome": "needs_help",
        "id": "0198a000-0000-7000-8000-000000000001",
        "next": f"{address}?of=word",
    }
    for _ in range(2):
        assert liaison.post(f"/orders/contacts/{home}", sent).url == f"{address}?of=word"
    with acting_as(SYSTEM):
        assert Contact.objects.count() == 1
        assert Case.objects.get().kind == "needs_help"
    liaison.post(f"/orders/contacts/{relay.household['102'].pk}", {"outcome": "no_answer"})
    assert [str(e.row.room) for e, _ in liaison.get(address).context["entries"]] == ["102"]
    assert liaison.get(address, {"days": "0"}).status_code == 422
    assert liaison.post(f"/orders/contacts/{home}", {"outcome": "gone"}).status_code == 422
    assert liaison.post(f"/orders/contacts/{home}", {**sent, "next": "https://evil.example/"}).url == "/"


def test_unpaid(relay: Relay, liaison: Any) -> None:
    relay.allocated()
    place = relay.shop.town.place["开元丽城"]
    page = liaison.get(f"/orders/silence/{place.pk}", {"of": "pay"})
    assert [entry.due_fen for entry, _ in page.context["entries"]] == [8260, 7470, 3905]


def test_late_list(relay: Relay, liaison: Any) -> None:
    with acting_as(SYSTEM):
        relay.round.closes_at = relay.now - timedelta(minutes=5)
        relay.round.save(update_fields=["closes_at"])
    liaison.post(f"/orders/rounds/{relay.round.pk}/phone/{relay.household['102'].pk}", {"keyed": "A1"})
    page = liaison.get(f"/orders/rounds/{relay.round.pk}/late")
    assert [row[2] for row in page.context["late"]] == ["A1"]


def test_api(relay: Relay, client: Any, sign_in: Any) -> None:
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"], token=True)

    def post(address: str, body: Any, status: int = 200) -> Any:
        answer = client.post(f"/api/orders{address}", json.dumps(body), content_type="application/json")
        assert answer.status_code == status, answer.content.decode()
        return answer.json() if answer.content else None

    shown = post(f"/rounds/{relay.round.pk}/intakes", {"text": CHAIN + "\n4. 9-999 A1"}, 201)
    assert shown["counts"]["new"] == 3
    assert client.get(f"/api/orders/intakes/{shown['id']}").json()["digest"] == shown["digest"]
    post(f"/intakes/{shown['id']}/confirm", {"digest": "x"}, 422)
    assert post(f"/intakes/{shown['id']}/confirm", {"digest": shown["digest"]}) == {
        "entered": 3,
        "doubts": 1,
        "also": 0,
    }
    (doubt,) = client.get(f"/api/orders/rounds/{relay.round.pk}/doubts").json()
    assert not doubt["may_stand"]
    assert post(f"/doubts/{doubt['id']}", {"answer": "作废"})["doubts"] == 0
    assert post(f"/rounds/{relay.round.pk}/doubts/take-back", {}) == doubt
    assert client.get(f"/api/orders/rounds/{relay.round.pk}/doubts").json() == [doubt]
    post(f"/rounds/{relay.round.pk}/doubts/take-back", {}, 422)
    assert post(f"/doubts/{doubt['id']}", {"answer": "作废"})["doubts"] == 0
    home = str(relay.household["102"].pk)
    assert post(f"/rounds/{relay.round.pk}/keyed", {"household": home, "keyed": "A1"})["version"] == 2
    (first, _) = post(f"/rounds/{relay.round.pk}/sheets", {})
    assert post(f"/sheets/{first['id']}", {"lines": {home: "A2"}})["refused"]
    place = relay.shop.town.place["开元丽城"].pk
    assert client.get(f"/api/orders/places/{place}/silence").json() == {"rows": [], "next": ""}
    post(f"/households/{home}/contacts", {"outcome": "fine"}, 201)
    post(f"/rounds/{relay.round.pk}/intakes", {"workbook": "%%%"}, 422)


def test_an_answer_to_a_doubt_says_what_became_of_it(relay: Relay, liaison: Any) -> None:
    paste(relay, CHAIN + "\n4. 9-999 A1\n5. 2-201 榴莲3个")
    message = next(one for one, _ in open_doubts(relay) if "9-999" in one.raw)
    refused = liaison.post(f"/orders/doubts/{message.pk}", {"typed": ""})
    assert refused.status_code == 422
    assert "确认" not in str(refused.context["refusal"].what)  # nobody typed that word
    page = liaison.post(f"/orders/doubts/{message.pk}", {"answer": "作废", "at": "0"}, follow=True)
    assert [str(one) for one in page.context["messages"]] == [f"作废了：“{message.raw}”"]


def test_enter_alone_picks_none_of_answers_that_exclude_each_other(relay: Relay, liaison: Any) -> None:
    paste(relay, "#接龙\n1. 1-102 大米或者鸡蛋都行")
    ((message, asking),) = [pair for pair in open_doubts(relay) if pair[1].code == "either"]
    assert asking.suggestions == ("大米1", "鸡蛋1")
    page = liaison.get(f"/orders/rounds/{relay.round.pk}/review").content.decode()
    assert 'name="first"' not in page
    refused = liaison.post(f"/orders/doubts/{message.pk}", {"typed": ""})
    assert (refused.status_code, str(refused.context["refusal"].what)) == (422, "Nothing was picked yet.")
    liaison.post(f"/orders/doubts/{message.pk}", {"answer": asking.suggestions[1]})
    assert not open_doubts(relay)


@pytest.mark.parametrize(
    ("name", "offered", "must"),
    [
        ("蔬莱包", ("蔬菜包", "肉蛋包"), False),
        ("菜", ("蔬菜包", "肉蛋包"), False),
        ("大礼包", ("蔬菜包", "肉蛋包", "水果包"), True),
        ("大礼包", ("蔬菜包",), False),
        ("榴莲", (), False),
    ],
)
def test_enter_takes_the_first_good_only_where_it_is_spelled_much_alike(
    name: str, offered: tuple[str, ...], must: bool
) -> None:
    asking = Asking("k", "unknown_good", say("“{name}” is not on offer.", name=name), offered)
    assert must_choose(asking) is must


def test_yes_says_what_it_does_where_home_and_goods_do_not(relay: Relay, liaison: Any) -> None:
    paste(relay, "#接龙\n1. 1-102 A1\n\n1-102 刚才那个退了哈，家里还有")
    ((_, asking),) = open_doubts(relay)
    assert asking.code == "drop_or_refund"
    page = liaison.get(f"/orders/rounds/{relay.round.pk}/review", headers={"accept-language": "en"})
    assert "yes · 1-1-102 · the order is dropped" in page.content.decode()
    answer = liaison.get(f"/api/orders/rounds/{relay.round.pk}/doubts", headers={"accept-language": "en"})
    assert [one["means"] for one in answer.json()] == ["the order is dropped"]


@pytest.mark.parametrize("words", ["来点菜", "多来点肉", "老样子来一份哈哈"])
def test_yes_is_no_answer_where_the_good_or_its_amount_is_unknown(
    relay: Relay, liaison: Any, words: str
) -> None:
    paste(relay, f"#接龙\n1. 1-102 {words}")
    queue = f"/orders/rounds/{relay.round.pk}/review"
    for number, (message, asking) in enumerate(open_doubts(relay)):
        page = liaison.get(queue, {"at": number}).content.decode()
        assert "回车：对" not in page
        assert "×?" not in page.partition("<details>")[0]
        if not asking.suggestions:
            refused = liaison.post(f"/orders/doubts/{message.pk}", {"typed": ""})
            assert (refused.status_code, str(refused.context["refusal"].what)) == (
                422,
                "Nothing was picked yet.",
            )
    message, _ = open_doubts(relay)[0]
    liaison.post(f"/orders/doubts/{message.pk}", {"typed": "大米1袋"})
    assert asked(relay) == {"102": {"A": "1"}}


def test_the_last_answer_is_taken_back_from_the_queue(relay: Relay, liaison: Any) -> None:
    paste(relay, CHAIN + "\n4. 9-999 A1\n5. 2-201 榴莲3个")
    waiting = {one.pk for one, _ in open_doubts(relay)}
    message = next(one for one, _ in open_doubts(relay) if "9-999" in one.raw)
    queue = f"/orders/rounds/{relay.round.pk}/review"
    assert "data-take-back" not in liaison.get(queue).content.decode()
    page = liaison.post(f"/orders/doubts/{message.pk}", {"answer": "作废"}, follow=True)
    assert "data-take-back" in page.content.decode()
    page = liaison.post(f"{queue}/back", follow=True)
    assert page.context["current"].message.pk == message.pk
    assert {one.pk for one, _ in open_doubts(relay)} == waiting
    assert liaison.post(f"{queue}/back").status_code == 422
