"""The scan box reads our labels through a camera, a hand scanner and typed codes, each once, and runs only here."""

from __future__ import annotations

import pytest
from camera import FEEDBACK_MS, film, flags, types_like_a_scanner
from chromium import complaints, started
from playwright.sync_api import BrowserContext, Playwright
from serving import Product

from lastmetre.papers.codes import bag_codes

SECRET = b"labels of a test"
LISTEN = """() => { window.heard = []; addEventListener("lastmetre:scan", (event) => {
  event.preventDefault(); heard.push([event.detail.text, event.detail.source, event.detail.ms]); }); }"""


def test_the_camera_reads_each_label_once_and_in_time(
    product: Product, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> None:
    codes = [one.qr for one in bag_codes(SECRET, "round", map(str, range(4))).values()]
    folder = tmp_path_factory.mktemp("camera")
    with started(playwright, folder, *flags(film(codes, folder / "labels.y4m"))) as browser:
        page = browser.new_context(base_url=product.address, locale="zh-CN").new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        said = complaints(page)
        page.goto("/styleguide/")
        page.evaluate(LISTEN)
        page.locator("[data-scan-start]").click()
        heard: list[list[object]] = []
        for _ in range(600):
            heard = page.evaluate("heard")
            if len({text for text, *_ in heard}) == len(codes):
                break
            page.wait_for_timeout(200)
        assert {text for text, _, _ in heard} == set(codes)
        assert {source for _, source, _ in heard} == {"camera"}
        assert sorted(float(str(ms)) for _, _, ms in heard)[len(heard) // 2] < FEEDBACK_MS
        assert all(url.startswith(product.address) for url in asked), "the decoder is served by us"
        assert said == []


def test_a_hand_scanner_types_into_the_page_and_people_into_the_field(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/styleguide/")
    page.evaluate(LISTEN)
    types_like_a_scanner(page, "LM23CFHKMRWXYCFH")
    page.locator("[data-scan-text]").fill("23cf-9kxw")
    page.locator("[data-scan-text]").press("Enter")
    heard = [one[:2] for one in page.evaluate("heard")]
    assert heard == [["LM23CFHKMRWXYCFH", "keys"], ["23CF9KXW", "typed"]]
    assert page.locator("[data-scan-text]").input_value() == ""


def test_only_pages_that_scan_may_run_webassembly(phone: BrowserContext) -> None:
    page = phone.new_page()
    scanning = page.goto("/styleguide/")
    other = page.goto("/styleguide/phone")
    assert scanning is not None
    assert other is not None
    assert "'wasm-unsafe-eval'" in scanning.headers["content-security-policy"]
    assert "wasm" not in other.headers["content-security-policy"]
    assert "'unsafe-eval'" not in scanning.headers["content-security-policy"]
