"""Temporary: pictures of the paper pages."""

from pathlib import Path

OUT = Path("/tmp/team/paper_look")
OUT.mkdir(exist_ok=True)


def test_look(product, browser):
    import re

    for width in (320, 390, 1100):
        ctx = browser.new_context(
            base_url=product.address, viewport={"width": width, "height": 800}, locale="zh-CN"
        )
        page = ctx.new_page()
        ctx.add_cookies(product.cookies("liaison"))
        page.goto("/")
        pk = re.search(r"/orders/rounds/([0-9a-f-]{36})", page.content()) or re.search(
            r"/orders/rounds/([0-9a-f-]{36})",
            (
                page.goto(page.locator('a[href*="/orders/places/"]').first.get_attribute("href")),
                page.content(),
            )[1],
        )
        pk = pk[1]
        for name, where in (
            ("papers", f"/printing/rounds/{pk}"),
            ("notice", f"/orders/rounds/{pk}/notice"),
            ("round", f"/orders/rounds/{pk}"),
        ):
            page.goto(where)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=str(OUT / f"{name}-{width}.png"), full_page=True)
            print(name, width, page.evaluate("document.documentElement.scrollWidth"))
        out = browser.new_context(
            base_url=product.address, viewport={"width": width, "height": 800}, locale="zh-CN"
        ).new_page()
        out.goto(f"/orders/r/{pk}")
        out.screenshot(path=str(OUT / f"public-{width}.png"), full_page=True)
        print("public", width, out.evaluate("document.documentElement.scrollWidth"))
        if width == 1100:
            for code in ("labels-70x50", "labels-a4", "everything"):
                (OUT / f"{code}.pdf").write_bytes(ctx.request.get(f"/printing/rounds/{pk}/{code}").body())
            (OUT / "poster.png").write_bytes(ctx.request.get(f"/orders/rounds/{pk}/poster/png").body())
