"""The pages by HTTP: a day's money from bill to closed books, and who may see what."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from relay import Relay
from settlement_parts import BILL, Paid, due, pay_until, wechat, with_payee
from test_settlement_money import delivers, fund_of, loses, pays

from lastmetre.chain.ledger.actions.cases import open_case
from lastmetre.chain.ledger.actions.parcels import lose
from lastmetre.chain.ledger.models import Case, Photo
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause, Spot
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.settlement.models import Claim, Decision, Fund, Payment
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as

PNG = b"\x89PNG\r\n\x1a\n and more"
SignIn = Callable[..., Any]


def at(relay: Relay, name: str, *more: Any) -> str:
    return reverse(f"settlement:{name}", args=[relay.round.pk, *more])


@pytest.fixture
def liaison(relay: Relay, sign_in: SignIn) -> Client:
    return client_as(sign_in, relay, "liaison")


def client_as(sign_in: SignIn, relay: Relay, role: str, where: str = "开元丽城") -> Client:
    client = Client()
    sign_in(client, role=role, place=relay.shop.town.place[where], name=f"{role}一")
    return client


def home_client(sign_in: SignIn, relay: Relay, room: str) -> Client:
    client = Client()
    sign_in(client, household=relay.household[room])
    return client


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.mark.usefixtures("packed")
def test_the_household_sees_what_to_pay_and_says_it_has(relay: Relay, sign_in: SignIn) -> None:
    with_payee(relay)
    mine = home_client(sign_in, relay, "101")
    with acting_as(SYSTEM) as now:
        Photo(
            response=response_for("d.s.c.k.1.u.101"),
            place=relay.household["101"].place,
            path="d.s.c.k.1.u.101",
            kind="packed",
            thing=relay.bag["101"].pk,
            image=base64.b64encode(PNG).decode(),
            taken_at=now,
            taken_by="packer",
        ).save(force_insert=True)
    page = text(mine.get(at(relay, "pay")))
    assert "¥82.60" in page
    assert "永辉超市收款" in page
    picture = re.search(r'src="(/settlement/photos/[^"]+)"', page)
    assert picture is not None
    assert mine.get(picture[1]).content == PNG
    assert home_client(sign_in, relay, "102").get(picture[1]).status_code == 404
    told = {"amount_fen": "82.60", "reference": "0101", "photo": SimpleUploadedFile("p.png", PNG)}
    assert mine.post(at(relay, "pay"), told).status_code == 302
    assert due(relay, "101") == BILL["101"], "a claim is never a fact"
    assert "counts as not paid" in text(mine.get(at(relay, "pay"), headers={"accept-language": "en"}))
    assert mine.post(at(relay, "pay"), {"amount_fen": "x"}).status_code == 422
    assert mine.post(at(relay, "pay"), {"amount_fen": "0"}).status_code == 422
    assert "¥82.60" in text(mine.get(at(relay, "statement")))


@pytest.mark.usefixtures("packed")
def test_foreign_doors_and_other_roles_are_kept_out(relay: Relay, sign_in: SignIn, liaison: Client) -> None:
    mine = home_client(sign_in, relay, "101")
    other = home_client(sign_in, relay, "901")
    volunteer = client_as(sign_in, relay, "volunteer")
    elsewhere = client_as(sign_in, relay, "liaison", "别苑")
    account = at(relay, "household", relay.household["102"].pk)
    assert other.get(at(relay, "pay")).status_code == 404
    assert liaison.get(at(relay, "pay")).status_code == 404
    for client in (mine, volunteer, elsewhere):
        for page in (
            at(relay, "round"),
            at(relay, "unpaid"),
            at(relay, "refunds"),
            at(relay, "spare"),
            account,
        ):
            assert client.get(page).status_code in (403, 404), page
    for page in (
        at(relay, "round"),
        at(relay, "unpaid"),
        account,
        reverse("settlement:rounds"),
        at(relay, "lines"),
    ):
        assert liaison.get(page).status_code == 200, page


@pytest.mark.usefixtures("packed")
def test_a_building_head_sees_the_money_of_the_own_building_only(relay: Relay, sign_in: SignIn) -> None:
    head = client_as(sign_in, relay, "building_head", "1号楼")
    page = text(head.get(at(relay, "unpaid")))
    assert "1号楼-1单元-101" in page
    assert "2号楼" not in page
    assert head.post(at(relay, "drop"), {}).status_code == 403


@pytest.mark.usefixtures("packed")
def test_the_chase_list_masks_and_copies_a_reminder(
    relay: Relay, liaison: Client, django_assert_max_num_queries: Any
) -> None:
    pays(relay, "102")
    with django_assert_max_num_queries(30):
        page = text(liaison.get(at(relay, "unpaid")))
    assert "王**" in page
    assert "王芳" not in page
    assert "13800000101" not in page
    assert "82.60" in page
    assert 'data-copy="' in page
    assert liaison.post(at(relay, "unpaid")).status_code == 302


@pytest.mark.usefixtures("packed")
def test_claims_are_confirmed_or_refused_on_their_page(
    relay: Relay, sign_in: SignIn, liaison: Client
) -> None:
    for room in ("101", "102"):
        mine = home_client(sign_in, relay, room)
        mine.post(
            at(relay, "pay"),
            {
                "amount_fen": str(BILL[room] / 100),
                "reference": room * 2,
                "photo": SimpleUploadedFile("p.png", PNG),
            },
        )
    with acting_as(SYSTEM):
        first, second = Claim.objects.order_by("made_at")
    page = text(liaison.get(reverse("settlement:claim", args=[first.pk])))
    picture = re.search(r'src="(/settlement/photos/[^"]+)"', page)
    assert picture is not None
    assert liaison.get(picture[1])["Content-Type"] == "image/png"
    for _ in range(2):
        assert (
            liaison.post(reverse("settlement:claim", args=[first.pk]), {"what": "confirm"}).status_code == 302
        )
    liaison.post(reverse("settlement:claim", args=[second.pk]), {"what": "refuse", "why": "没查到"})
    assert (
        liaison.post(reverse("settlement:claim", args=[second.pk]), {"what": "nonsense"}).status_code == 404
    )
    with acting_as(SYSTEM):
        assert sorted(one.state for one in Claim.objects.all()) == ["confirmed", "refused"]
        assert Payment.objects.count() == 1
    assert "没查到" not in text(home_client(sign_in, relay, "101").get(at(relay, "pay")))


@pytest.mark.usefixtures("arrived")
def test_a_day_of_money_ends_in_books_that_balance(
    relay: Relay, sign_in: SignIn, liaison: Client, tmp_path: Path
) -> None:
    second = client_as(sign_in, relay, "property_office")
    supplier = Client()
    sign_in(supplier, role="supplier_clerk", organisation=relay.shop.town.supplier)
    # 101 claims; the supplier gives the statement, which shows 101 and 102.
    home_client(sign_in, relay, "101").post(at(relay, "pay"), {"amount_fen": "82.60", "reference": "9101"})
    path = wechat(
        tmp_path, [Paid("W9101", "82.60"), Paid("W9102", "74.70", note="1-1-102"), Paid("W9103", "1.00")]
    )
    file = SimpleUploadedFile("bill.csv", path.read_bytes())
    assert supplier.post(at(relay, "lines"), {"file": file}).status_code == 302
    assert (due(relay, "101"), due(relay, "102")) == (0, 0)
    assert "¥1.00" in text(supplier.get(at(relay, "lines")))
    # 201 cannot pay: a fund pays, above no limit; a broken egg tray is refunded.
    loses(relay, "101", "E1", 1000)
    officer = client_as(sign_in, relay, "community_worker", "康桥社区")
    officer.post(
        reverse("settlement:add-fund"),
        {
            "place": relay.shop.town.place["康桥社区"].pk,
            "name": "爱心包",
            "donor": "某企业",
            "given_fen": "5000",
        },
    )
    with acting_as(SYSTEM):
        fund = Fund.objects.get()
    free = {"what": "free", "free-amount_fen": "39.05", "free-fund": fund.pk, "free-why": "独居"}
    account = at(relay, "household", relay.household["201"].pk)
    assert liaison.post(account, free).status_code == 302
    back = at(relay, "household", relay.household["101"].pk)
    assert liaison.post(back, {"what": "refund", "refund-amount_fen": "99.00"}).status_code == 422
    assert liaison.post(back, {"what": "refund", "refund-amount_fen": "24.90"}).status_code == 302
    page = text(liaison.get(at(relay, "round")))
    assert "3 袋" in page or "3 bags" in page
    assert text(liaison.post(at(relay, "close")), 422)
    delivers(relay, *BILL)
    waiting = re.search(r"/lines/([0-9a-f-]{36})", text(liaison.get(at(relay, "lines"))))
    if waiting is not None:
        liaison.post(at(relay, "line", waiting[1]), {"what": "aside", "why": "私人"})
    supplier.post(at(relay, "supplier"), {"what": "bill", "amount_fen": "171.45"})
    assert liaison.post(at(relay, "supplier"), {"what": "settle"}).status_code == 302
    answer = second.post(at(relay, "close"))
    assert answer.status_code == 302, answer.content.decode()
    with acting_as(SYSTEM):
        assert Round.objects.get(pk=relay.round.pk).state == RoundState.CLOSED
    assert liaison.get(at(relay, "round")).status_code == 200
    assert "24.90" in text(home_client(sign_in, relay, "101").get(at(relay, "statement")))


@pytest.mark.usefixtures("arrived")
def test_above_the_limit_a_second_person_agrees_on_the_page(
    relay: Relay, sign_in: SignIn, liaison: Client
) -> None:
    pays(relay, "102")
    loses(relay, "102", "E1", 3000)
    account = at(relay, "household", relay.household["102"].pk)
    assert liaison.post(account, {"what": "refund", "refund-amount_fen": "74.70"}).status_code == 302
    with acting_as(SYSTEM):
        made = Decision.objects.get()
    decide = reverse("settlement:decision", args=[made.pk])
    assert text(liaison.get(at(relay, "refunds")))
    liaison.post(decide, {"what": "approve"})
    assert due(relay, "102") == -7470
    second = client_as(sign_in, relay, "property_office")
    assert "74.70" in text(second.get(at(relay, "refunds")))
    second.post(decide, {"what": "approve"})
    assert due(relay, "102") == 0
    assert second.post(decide, {"what": "nonsense"}).status_code == 404


@pytest.mark.usefixtures("packed")
def test_who_leaves_the_batch_is_looked_at_first(relay: Relay, liaison: Client) -> None:
    pays(relay, "101")
    pay_until(relay, timedelta(hours=1))
    page = text(liaison.get(at(relay, "drop")))
    assert page.count("checked") == 2
    homes = [str(relay.household["102"].pk), "not an id"]
    assert liaison.post(at(relay, "drop"), {"home": homes}).status_code == 302
    assert (due(relay, "102"), due(relay, "201")) == (0, BILL["201"])


@pytest.mark.usefixtures("arrived")
def test_spare_goods_are_offered_and_promises_ended(relay: Relay, liaison: Client) -> None:
    with acting_as(SYSTEM) as now:
        lose(relay.bag["201"].pk, cause=Cause.UNCLAIMED, to=Spot(AccountKind.POINT), by=SYSTEM, at=now)
    page = text(liaison.get(at(relay, "spare")))
    assert "土豆" in page
    product = relay.shop.product["V4"].pk
    for sent, there in (
        ({"quantity": "1", "home": "102", "what": "give"}, "1.5 斤"),
        ({"quantity": "9", "what": "return"}, "1.5 斤"),
        ({"quantity": "1.5", "what": "spoil"}, ""),
    ):
        liaison.post(at(relay, "spare"), {"product": product, **sent})
        assert there in text(liaison.get(at(relay, "spare")))
    assert text(liaison.get(at(relay, "promises")))
    home = relay.household["101"].pk
    assert liaison.post(at(relay, "promises"), {"home": home, "cause": "paid"}).status_code == 404


@pytest.mark.usefixtures("packed")
def test_the_supplier_sees_goods_and_sums_and_no_door(relay: Relay, sign_in: SignIn) -> None:
    supplier = Client()
    sign_in(supplier, role="supplier_clerk", organisation=relay.shop.town.supplier)
    page = text(supplier.get(at(relay, "supplier")))
    assert "196.35" in page
    assert "1号楼" not in page
    assert supplier.get(at(relay, "round")).status_code in (403, 404)
    assert supplier.get(at(relay, "export", "workbook")).status_code == 403


@pytest.mark.usefixtures("packed")
def test_files_for_those_who_check(relay: Relay, sign_in: SignIn, liaison: Client) -> None:
    auditor = client_as(sign_in, relay, "auditor")
    for kind in ("workbook", "hledger", "beancount"):
        answer = auditor.get(at(relay, "export", kind))
        assert answer.status_code == 200
        assert len(answer.content) > 500
    assert auditor.get(at(relay, "export", "nonsense")).status_code == 404
    assert home_client(sign_in, relay, "101").get(at(relay, "export", "hledger")).status_code == 403
    assert auditor.get(at(relay, "round")).status_code == 200
    assert auditor.post(at(relay, "close")).status_code == 403


@pytest.mark.usefixtures("packed")
def test_the_book_page_shows_each_posting_once(
    relay: Relay, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    auditor = client_as(sign_in, relay, "auditor")
    address = reverse("ledger:book", args=[relay.round.book_id])
    assert "第一批" in text(auditor.get(reverse("ledger:books")))
    with django_assert_max_num_queries(20):
        page = text(auditor.get(address))
    assert "1号楼-1单元-101" in page
    assert "+¥82.60" in page
    narrowed = text(auditor.get(address, {"home": "101", "cause": "ordered"}))
    assert "1号楼-1单元-102" not in narrowed.split("table-frame")[1]
    assert text(auditor.get(address, {"home": "nobody"}))
    assert client_as(sign_in, relay, "volunteer").get(address).status_code == 403


@pytest.mark.usefixtures("packed")
def test_a_case_says_what_to_do_and_is_settled_in_words(
    relay: Relay, sign_in: SignIn, liaison: Client
) -> None:
    with acting_as(SYSTEM) as now:
        case = open_case(
            book=relay.round.book,
            kind=CaseKind.MISSING,
            by=SYSTEM,
            at=now,
            parcel=relay.bag["101"],
            words="少一板鸡蛋",
        )
    address = reverse("ledger:case", args=[case.pk])
    assert "1号楼-1单元-101" in text(liaison.get(reverse("ledger:cases"), {"book": relay.round.book_id}))
    assert liaison.get(reverse("ledger:cases"), {"book": "x"}).status_code == 404
    assert "少一板鸡蛋" in text(liaison.get(address))
    liaison.post(address, {"outcome": " "})
    with acting_as(SYSTEM):
        assert Case.objects.get().settled_at is None
    liaison.post(address, {"outcome": "已补"})
    assert "已补" in text(liaison.get(address))
    assert "1号楼" in text(liaison.get(reverse("ledger:cases"), {"settled": "1"}))
    for role in ("volunteer", "driver", "auditor"):
        assert client_as(sign_in, relay, role).get(address).status_code == 403


@pytest.mark.usefixtures("packed")
def test_the_api_does_what_the_pages_do(relay: Relay, sign_in: SignIn) -> None:
    program = Client()
    sign_in(program, role="liaison", place=relay.shop.town.place["开元丽城"], token=True)
    base = f"/api/settlement/rounds/{relay.round.pk}"
    home = f"{base}/households/{relay.household['101'].pk}"

    def post(address: str, **sent: Any) -> Any:
        return program.post(address, sent, content_type="application/json")

    claim = post(f"{home}/claims", amount_fen=8260, reference="0101").json()
    paid = post(f"/api/settlement/claims/{claim['id']}/confirm").json()
    assert paid["amount_fen"] == 8260
    assert post(f"/api/settlement/payments/{paid['id']}/reverse", why="记错").json()["is_reversed"]
    assert len(program.get(f"{base}/unpaid").json()) == 3
    post(f"{home}/payments", amount_fen=8260, how="cash")
    assert post(f"{home}/decisions", kind="refund", amount_fen=5).status_code == 422
    assert post(f"{base}/cash", amount_fen=8260).status_code == 204
    books = program.get(f"{base}/books").json()
    assert not books["balances"]
    assert books["money"]["confirmed"] == 8260
    assert post(f"{base}/close").status_code == 422
    assert program.get(home).json()["due_fen"] == 0
    assert post(f"{base}/drop", households=[str(relay.household["102"].pk)]).json() == {"count": 1}
    assert [one["due_fen"] for one in program.get(f"{base}/households").json()] == [0, 0, 3905]
    content = base64.b64encode(b"not a statement, a text").decode()
    assert post(f"{base}/statements", name="x.csv", content=content).status_code == 422
    assert program.get("/api/ledger/books").json()["rows"][0]["title"] == "第一批"
    postings = program.get(f"/api/ledger/books/{relay.round.book_id}/postings", {"limit": 3}).json()
    assert len(postings["rows"]) == 3
    assert postings["next"]
    assert program.get("/api/ledger/cases").json()["rows"] == []


@pytest.mark.usefixtures("packed")
def test_a_fund_pays_for_a_whole_round_by_a_button(relay: Relay, liaison: Client, sign_in: SignIn) -> None:
    fund = fund_of(relay, 100_000)
    form = f'action="{at(relay, "donate")}"'
    shown = text(liaison.get(at(relay, "unpaid")))
    assert form in shown
    assert fund.name in shown
    assert form not in text(client_as(sign_in, relay, "building_head", "1号楼").get(at(relay, "unpaid")))
    for _ in range(2):
        assert liaison.post(at(relay, "donate"), {"fund": str(fund.pk)}).status_code == 302
    with acting_as(SYSTEM):
        made = Decision.objects.filter(book=relay.round.book, kind="free")
        assert made.count() == len(BILL)
        assert sum(one.amount_fen for one in made) == sum(BILL.values())
