"""What every page promises, shown on the style guide: it can be switched, searched and read by everyone."""

from __future__ import annotations

import pytest
from chromium import axe_violations, complaints, sideways
from logins import NOBODY
from playwright.sync_api import BrowserContext, expect
from serving import Product

PAGES = ["/styleguide/", "/styleguide/phone", "/styleguide/print", "/styleguide/error/404"]
LOOKS = [{}, {"lm-theme": "dark"}, {"lm-care": "1"}, {"language": "en"}]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("cookies", LOOKS, ids=lambda cookies: "".join(cookies) or "plain")
def test_components_are_accessible_and_fit_the_narrowest_phone_in_every_look(
    phone: BrowserContext, address: str, path: str, cookies: dict[str, str]
) -> None:
    phone.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = phone.new_page()
    page.goto(path)
    assert axe_violations(page) == []
    assert sideways(page) == []


def test_pages_run_nothing_that_their_own_policy_forbids(phone: BrowserContext) -> None:
    page = phone.new_page()
    said = complaints(page)
    page.goto("/styleguide/")
    page.wait_for_selector(".leaflet-interactive")
    assert said == []


def test_theme_and_large_text_switch_without_javascript_and_are_remembered(plain: BrowserContext) -> None:
    page = plain.new_page()
    page.goto("/styleguide/phone")
    page.locator(".foot button[value='1']").click()
    expect(page.locator("html[data-care]")).to_have_count(1)
    page.locator(".top summary").last.click()
    page.locator(".top button[value=dark]").click()
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    page.goto("/styleguide/print")
    expect(page.locator("html[data-care][data-theme=dark]")).to_have_count(1)


def test_theme_switches_at_once_with_javascript_and_stays(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/styleguide/phone")
    page.locator(".top summary").last.click()
    page.locator(".top button[value=dark]").click()
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    expect(page.locator(".top button[value=dark][aria-pressed=true]")).to_have_count(1)
    page.reload()
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)


def test_the_language_is_chosen_without_javascript(plain: BrowserContext) -> None:
    page = plain.new_page()
    page.goto("/styleguide/phone")
    assert "早上好" in page.inner_text("h1")
    page.locator(".top summary").last.click()
    page.locator(".top button[value=en]").click()
    expect(page.locator("h1")).to_have_text("Good morning")
    assert page.get_attribute("html", "lang") == "en"


def test_what_cannot_be_undone_is_asked_first(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/styleguide/")
    page.locator("[data-confirm]").click()
    expect(page.locator("dialog[open]")).to_have_count(1)
    assert page.evaluate("document.activeElement.value") == "no"
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_dialog_opens_without_javascript(plain: BrowserContext) -> None:
    page = plain.new_page()
    page.goto("/styleguide/")
    dialog = page.locator("#sample-dialog")
    expect(dialog).to_be_hidden()
    page.locator("a[href='#sample-dialog']").click()
    expect(dialog).to_be_visible()
    dialog.locator("[data-close]").click()
    expect(dialog).to_be_hidden()


def test_a_masked_number_is_shown_in_place_with_htmx_and_on_a_page_without(
    phone: BrowserContext, plain: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto("/styleguide/")
    page.locator("form[hx-post] button").first.click()
    page.wait_for_selector(".revealed >> nth=1")
    assert page.url.endswith("/styleguide/")
    page = plain.new_page()
    page.goto("/styleguide/")
    page.locator("form[hx-post] button").first.click()
    page.wait_for_url("**/reveal")
    assert "13700001234" in page.inner_text("main")


def test_static_files_are_kept_for_ever_and_compressed(phone: BrowserContext) -> None:
    page = phone.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/styleguide/phone")
    static = [answer for answer in answers if "/static/" in answer.url]
    assert len(static) >= 4
    assert all("immutable" in answer.headers["cache-control"] for answer in static)
    assert all(answer.headers.get("content-encoding") in {"br", "gzip"} for answer in static)
    assert answers[0].headers.get("content-encoding") == "gzip"


def test_a_households_first_load_is_at_most_60_kb_in_6_requests(
    product: Product, phone: BrowserContext
) -> None:
    phone.add_cookies(product.cookies("household"))
    page = phone.new_page()
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: sum_of(request.sizes())}))
    page.goto("/", wait_until="networkidle")
    assert len(sizes) <= 6, sizes
    assert sum(sizes.values()) <= 60_000, sizes


def test_search_is_a_page_and_by_keyboard_a_palette(
    product: Product, phone: BrowserContext, plain: BrowserContext
) -> None:
    for context in (phone, plain):
        context.add_cookies(product.cookies("liaison"))
    page = plain.new_page()
    page.goto("/")
    page.locator("[data-palette]").click()
    page.wait_for_url("**/search")
    page = phone.new_page()
    page.goto("/")
    page.keyboard.press("Control+k")
    page.locator(".palette input").fill("101")
    page.wait_for_selector(".palette .row a")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.localName") == "a"
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/**")


def sum_of(sizes: dict[str, int]) -> int:
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


LENGTHEN = """() => {
  const words = ["StrawberryflavouredYoghurt12x250ml", "Kaiyuanlichenggardens", "Featherstone", "¥1,234,567.80"];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.trim().length > 1) texts.push(walker.currentNode);
  texts.filter((one) => !one.parentElement.closest("script, style, option, svg, pre, code, time, .number"))
    .forEach((one, number) => { one.data = words[number % words.length]; });
  return texts.length;
}"""
"""Names as they are outside of China: a product of 34 letters, a compound of 21, a family of 12.

Times and columns of figures stay figures.
"""


@pytest.mark.parametrize("care", ["", "1"])
@pytest.mark.parametrize("path", PAGES[:3])
def test_long_names_break_no_component_on_the_narrowest_phone(
    phone: BrowserContext, product: Product, path: str, care: str
) -> None:
    phone.add_cookies(product.cookies(NOBODY, **({"lm-care": care} if care else {})))
    page = phone.new_page()
    page.goto(path)
    assert page.evaluate(LENGTHEN) > 5
    assert sideways(page) == []
