"""The round's notice: what everybody may see, how they get in, and what goes into the group."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdfium2
import zxingcpp
from django.test import Client
from PIL import Image
from relay import Relay

from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


def at(relay: Relay, name: str = "") -> str:
    return f"/orders/rounds/{relay.round.pk}/{name}" if name else f"/orders/r/{relay.round.pk}"


def test_whoever_follows_the_link_reads_what_there_is_and_how_to_get_in(relay: Relay) -> None:
    relay.asked()
    page = Client().get(at(relay)).content.decode()
    for words in ("第一批", "开元丽城", "永辉超市", "A 大米 5kg", "32.80元/袋", "/card"):
        assert words in page
    for personal in ("王芳", "王", "13800000101", "0101", "1-1-101"):
        assert personal not in page
    assert "/orders/rounds/" not in page


def test_a_household_that_is_signed_in_goes_straight_to_its_order(relay: Relay, sign_in: Any) -> None:
    client = Client()
    sign_in(client, household=relay.household["101"])
    assert f'href="/orders/{relay.round.pk}"' in client.get(at(relay)).content.decode()


def test_a_round_in_preparation_tells_nobody_anything_and_a_closed_one_says_so(relay: Relay) -> None:
    with acting_as(SYSTEM):
        relay.round.state = "draft"
        relay.round.save(update_fields=["state"])
    assert Client().get(at(relay)).status_code == 404
    with acting_as(SYSTEM):
        relay.round.state = "cut_off"
        relay.round.save(update_fields=["state"])
    page = Client().get(at(relay)).content.decode()
    assert "不收订单" in page
    assert "/card" not in page.split("<main")[1].split("</main")[0]


def test_the_liaison_copies_the_text_and_posts_the_picture(relay: Relay, sign_in: Any) -> None:
    client = Client()
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"])
    assert at(relay, "notice") in client.get(f"/orders/rounds/{relay.round.pk}").content.decode()
    page = client.get(at(relay, "notice")).content.decode()
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert found
    lines = found[1].strip().splitlines()
    assert lines[0] == "【开元丽城】第一批"
    assert "A 大米 5kg 32.80元/袋" in lines
    link = f"http://testserver{at(relay)}"
    assert any(link in line for line in lines)

    picture = client.get(at(relay, "poster/png"))
    assert picture["Content-Type"] == "image/png"
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.content)))
    assert [code.text for code in codes] == [link]
    with pypdfium2.PdfDocument(client.get(at(relay, "poster/pdf")).content) as sheet:
        assert len(sheet) == 1
        text = sheet[0].get_textpage().get_text_range()
    assert "扫码下单" in text
    assert "鸡蛋" in text
    assert client.get(at(relay, "poster/gif")).status_code == 404


def test_who_does_not_work_on_the_round_gets_no_notice_page(relay: Relay, sign_in: Any) -> None:
    client = Client()
    sign_in(client, role="auditor", place=relay.shop.town.place["开元丽城"])
    assert client.get(at(relay, "notice")).status_code == 403
    assert client.get(at(relay, "poster/png")).status_code == 403
