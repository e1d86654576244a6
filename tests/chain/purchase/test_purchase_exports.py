"""Mode B: the platform's export of several compounds goes to their rounds, and counts once the liaison has looked."""

from __future__ import annotations

import base64
import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from relay import Relay

from lastmetre.chain.orders.actions.intake import confirm, preview
from lastmetre.chain.orders.models import Intake, Request
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

ADDRESS = "/purchase/exports"
HEADERS = ["跟团号", "商品", "规格", "数量", "订单金额", "服务小区", "收货人", "联系电话", "详细地址"]
ROWS = [
    ["1", "大米", "5kg", "1", "32.80", "开元丽城", "王芳", "13800000101", "1号楼1单元101"],
    ["2", "鸡蛋", "30枚", "3", "74.70", "开元丽城", "李强", "13800000102", "1号楼1单元102"],
    ["3", "鸡蛋", "30枚", "1", "24.90", "别苑", "赵敏", "13800000901", "9号楼1单元901"],
]


def export(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADERS, *rows])
    return out.getvalue().encode()


@pytest.fixture
def clerk(relay: Relay, sign_in: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, role="supplier_clerk", organisation=relay.shop.town.supplier)
    return client


def give(client: Client, content: bytes, **more: str) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile("快团团.csv", content), **more})


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return re.sub(r"\s+", " ", answer.content.decode())


def asked(relay: Relay) -> set[str]:
    with acting_as(SYSTEM):
        return set(Request.objects.filter(round=relay.round).values_list("household__place__name", flat=True))


def test_each_compound_gets_its_rows_and_its_liaison_decides(relay: Relay, clerk: Client) -> None:
    assert "开元丽城" in text(clerk.get(ADDRESS))
    page = text(give(clerk, export(ROWS)))
    assert "第一批 · 2 rows" in page
    assert "No open round of yours" in page, "the other compound has none"
    assert asked(relay) == set(), "nothing counts before somebody has looked"
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        intake = Intake.objects.get()
        shown = preview(intake, by=liaison, at=now)
        confirm(intake, digest=shown.plan.digest, by=liaison, at=now)
    assert asked(relay) == {"101", "102"}


def test_a_file_of_one_compound_needs_no_column(relay: Relay, clerk: Client) -> None:
    rows = [[cell for place, cell in enumerate(row) if place != 5] for row in [HEADERS, *ROWS[:2]]]
    content = "\n".join(",".join(row) for row in rows).encode()
    assert "Choose the compound that it is of" in text(give(clerk, content), 422)
    assert "waits for the liaison" in text(give(clerk, content, round=str(relay.round.pk)))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_what_is_no_export_is_refused(clerk: Client, content: bytes) -> None:
    assert give(clerk, content).status_code == 422


def test_only_the_rounds_supplier_gives_exports(relay: Relay, client: Client, sign_in: Any) -> None:
    sign_in(client, role="supplier_clerk", organisation=relay.shop.town.other_supplier)
    assert "开元丽城" not in text(client.get(ADDRESS))
    assert give(client, export(ROWS), round=str(relay.round.pk)).status_code == 422
    sign_in(client, role="volunteer", place=relay.shop.town.place["开元丽城"])
    assert client.get(ADDRESS).status_code == 403
    with acting_as(SYSTEM):
        assert not Intake.objects.exists()


def test_programs_give_them_too(relay: Relay, client: Client, sign_in: Any) -> None:
    sign_in(client, role="supplier_staff", organisation=relay.shop.town.supplier, token=True)
    sent = {"name": "../../快团团.csv", "content": base64.b64encode(export(ROWS)).decode()}
    answer = client.post("/api/purchase/exports", sent, content_type="application/json")
    assert [(one["compound"], one["rows"], bool(one["round"])) for one in answer.json()] == [
        ("开元丽城", 2, True),
        ("别苑", 1, False),
    ]
    assert reverse("purchase:exports") == ADDRESS
