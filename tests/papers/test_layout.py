"""Nothing is cut, nothing runs off the paper, nothing is printed over anything else: whatever people write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds_of_goods import pack

from lastmetre.papers import listing
from lastmetre.papers.edition import Edition
from lastmetre.papers.label_pages import SIZES, Size, label_pages
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pack import Bag, BagItem, LabelKind, LabelPer, Pack, PhoneKind
from lastmetre.papers.pages import CAP_HEIGHT, Page, Type
from lastmetre.papers.parts import BOTTOM, LEFT, RIGHT, Flow, number_pages
from lastmetre.papers.sheets import SHEETS
from lastmetre.papers.summary import summary_part
from lastmetre.terms import Good, Home

Box = tuple[float, float, float, float]
TOLERANCE = 0.06  # millimetres: places are rounded to hundredths, types to tenths of a point

NAME = "王小明阿姨家的小外孙女和她的隔壁邻居以及她们的楼组长一起订的四十个字的名字啊"
NOTE = "家里有老人和小孩，孩子白天睡觉，请不要按门铃也不要敲门，放在门口的鞋柜上，拍照发我微信就可以。" * 3
GOODS = (
    *pack(1).goods,
    Good(
        "L1",
        "有机高山娃娃菜真空保鲜装五斤一箱产地直供当季新鲜采摘冷链直达小区门口次日",
        "",
        "特级精选约2.5公斤±5%",
    ),
    Good("L2", "Extraordinarily-long-English-product-name-without-any-space-at-all 500ml", unit="bottle"),
    Good("面条", "面条"),
)


def texts(page: Page) -> list[tuple[Box, str]]:
    """Return what is written on a page and the ink it may take."""
    found = []
    for style, places in page.texts.items():
        for x, baseline, words in places:
            rise, fall = (CAP_HEIGHT, 0.0) if words.isdigit() else (0.86, 0.12)
            box = (x, baseline - rise * style.em_mm, x + style.width_mm(words), baseline + fall * style.em_mm)
            found.append((box, words))
    return found


def overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] - TOLERANCE
        and other[0] < one[2] - TOLERANCE
        and one[1] < other[3] - TOLERANCE
        and other[1] < one[3] - TOLERANCE
    )


def clashes(page: Page) -> list[tuple[str, str]]:
    codes = [((code.x, code.y, code.x + code.side, code.y + code.side), "QR") for code in page.codes]
    found = sorted([*texts(page), *codes])
    return [
        (words, other_words)
        for place, (box, words) in enumerate(found)
        for other, other_words in found[place + 1 :]
        if overlap(box, other)
    ]


def outside(page: Page, paper: Box) -> list[str]:
    return [
        words
        for (left, top, right, bottom), words in texts(page)
        if left < paper[0] - TOLERANCE
        or top < paper[1] - TOLERANCE
        or right > paper[2] + TOLERANCE
        or bottom > paper[3] + TOLERANCE
    ]


def hard_pack() -> Pack:
    """A round with everything that has ever broken a form."""
    base = pack(60, buildings=3)
    many = tuple(
        BagItem(good.code, Decimal(place % 5 + 1), "要嫩的" if place % 7 == 0 else "")
        for place, good in enumerate((GOODS * 3)[:30])
    )
    bags = list(base.bags)
    bags[0] = replace(bags[0], items=many, note=NOTE)
    bags[1] = replace(bags[1], home=Home("友园12", "商务楼", "1701A"), name=NAME, phone="021-65432100-8899")
    bags[2] = replace(bags[2], items=(BagItem("L2", Decimal("2.5"), "x" * 120),), name="𠮷野䶮㛃🍎")
    bags[3] = replace(
        bags[3], home=Home("", "", "一个没有楼号的很长很长的住址写在房号里弄堂深处1234号后门"), cart=None
    )
    bags[4] = replace(bags[4], cart=1128, wave=2, carrier="楼组长和两位年轻的志愿者")
    bags[5] = replace(bags[5], items=(BagItem("L1", Decimal(1)),) * 3, note="", name=NAME)
    bags[6] = replace(bags[6], note=NOTE * 20)
    long_name = "某某市某某区某某街道开元丽城国际花园三期北区（含商务楼）"
    return replace(
        base, bags=tuple(bags), goods=GOODS, compound=long_name, title="2022年5月第三批爱心蔬菜包与日用品"
    )


HARD = Edition(hard_pack(), name_masked=False, phone=PhoneKind.FULL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.title))
def test_sheets_stay_on_their_paper_and_clear_of_each_other(sheet) -> None:
    parts = sheet.parts(HARD)
    assert parts
    for part in parts:
        for page in number_pages(HARD, part, 1234):
            assert not outside(page, (LEFT, 5, RIGHT, 293))
            assert not clashes(page)


def test_the_summary_too() -> None:
    part = summary_part(HARD, [(str(sheet.title), "1234-1299") for sheet in SHEETS])
    for page in number_pages(HARD, part, 1):
        assert not outside(page, (LEFT, 5, RIGHT, 293))
        assert not clashes(page)


@pytest.mark.parametrize("per", LabelPer)
@pytest.mark.parametrize("kind", LabelKind)
def test_labels_stay_on_their_paper_and_clear_of_each_other(kind: LabelKind, per: LabelPer) -> None:
    for page in label_pages(HARD, kind, per):
        assert not clashes(page)
        assert not list(_across_edges(page, SIZES[kind]))


def _across_edges(page: Page, size: Size) -> Iterable[str]:
    """Yield what leaves the printable part of its label."""
    margin = (size.page_height - size.rows * size.height) / 2
    for (left, top, right, bottom), words in texts(page):
        x = left // size.width * size.width
        y = margin + (top - margin) // size.height * size.height
        within = (
            x + size.inset_x,
            y + size.inset_y,
            x + size.width - size.inset_x,
            y + size.height - size.inset_y,
        )
        if outside_box((left, top, right, bottom), within):
            yield words


def outside_box(box: Box, paper: Box) -> bool:
    # Descenders of the last line may hang into the margin: nothing of it is cut there.
    slack = (TOLERANCE, TOLERANCE, TOLERANCE, 0.4)
    return (
        box[0] < paper[0] - slack[0]
        or box[1] < paper[1] - slack[1]
        or box[2] > paper[2] + slack[2]
        or box[3] > paper[3] + slack[3]
    )


def label_texts(pages: Sequence[Page]) -> str:
    """Return the words of a roll in reading order, without spaces."""
    found = []
    for page in pages:
        found += [
            words for _, words in sorted(texts(page), key=lambda text: (round(text[0][3], 1), text[0][0]))
        ]
    return "".join(found).replace(" ", "")


words = st.text(st.sampled_from("王女士蔬菜包（嫩）aW-1 ，〓"), min_size=1, max_size=50).filter(str.strip)
some_items = st.lists(
    st.builds(
        BagItem,
        st.sampled_from(["A", "F", "L1", "L2"]),
        st.integers(1, 400).map(Decimal),
        st.just("") | words,
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(words, words, words, words, some_items, st.just("") | words, st.sampled_from(list(LabelKind)))
def test_a_label_holds_all_of_any_order(
    building: str, room: str, name: str, compound: str, items: list[BagItem], note: str, kind: LabelKind
) -> None:
    bag = Bag(
        Home(building, "", room), tuple(items), "2345678H", "LM2345678H234567", name=name, note=note, cart=7
    )
    edition = Edition(Pack(compound, "第三批", "今天", (bag,), GOODS), name_masked=False)
    pages = label_pages(edition, kind, LabelPer.HOUSEHOLD)
    for page in pages:
        assert not clashes(page)
        assert not list(_across_edges(page, SIZES[kind]))
    if kind is not LabelKind.SHEET:  # one label a page: its words come in reading order
        found = label_texts(pages)
        quantities = [edition.quantity(item) for item in items]
        assert sum(map(found.count, set(quantities))) == len(quantities)
        assert len(pages) == 1 or f"(1/{len(pages)})" in found


def test_what_does_not_fit_goes_on_on_labels_that_say_so() -> None:
    pages = label_pages(Edition(hard_pack()), LabelKind.ROLL_60X40, LabelPer.HOUSEHOLD)
    mine = [page for page in pages if any(words == "1-1-101" for _, words in texts(page))]
    shown = ["".join(words for _, words in texts(page)) for page in mine]
    assert len(mine) > 3
    for number, on_it in enumerate(shown, start=1):
        assert f"({number}/{len(mine)})" in on_it
        assert "1128" not in on_it
        assert "01" in on_it  # its cart
    every_item = [HARD.quantity(item) for item in hard_pack().bags[0].items]
    assert sum(on_it.count("×") for on_it in shown) == len(every_item)


def test_an_order_of_everyday_size_is_on_one_label() -> None:
    base = pack(1)
    items = tuple(BagItem(good.code, Decimal(2)) for good in base.goods[:6])
    edition = Edition(replace(base, bags=(replace(base.bags[0], items=items, note=""),)))
    for kind in LabelKind:
        (page,) = label_pages(edition, kind, LabelPer.HOUSEHOLD)
        assert len(page.codes) == 1


@pytest.mark.parametrize("kind", LabelKind)
def test_home_and_cart_are_the_largest_on_a_label(kind: LabelKind) -> None:
    page = label_pages(Edition(pack(1)), kind, LabelPer.HOUSEHOLD)[0]
    sizes = {words: style.size_pt for style, places in page.texts.items() for _, _, words in places}
    home, cart = sizes.pop("1-1-101"), sizes.pop("01")
    assert home >= 24
    assert min(home, cart) > 2 * max(sizes.values()) * 0.95


def test_a_row_higher_than_a_page_goes_on_on_the_next() -> None:
    flow = Flow(HARD, "Door sheet")
    columns = [listing.Column("Room", 30), listing.Column("Goods", 40)]
    long = "；".join(f"货{number}×1" for number in range(900))
    listing.set_table(flow, columns, [listing.Block("1栋", [("1-101", long), ("1-102", "短")])])
    assert len(flow.pages) > 1
    shown = "".join(
        words for page in flow.pages for _, words in sorted(texts(page), key=lambda text: text[0][1])
    )
    for number in range(900):
        assert f"货{number}×1" in shown
    for page in flow.pages:
        assert not outside(page, (LEFT, 5, RIGHT, BOTTOM + 1))
        assert any(words == "Goods" for _, words in texts(page))


def test_blocks_that_go_on_say_so() -> None:
    flow = Flow(HARD, "Money sheet")
    columns = [listing.Column("Room", style=Type(9, Weight.BOLD)), listing.Column("Due", 30, align="right")]
    blocks = [
        listing.Block(f"{number}栋", [(str(room), "1.00") for room in range(50)]) for number in range(1, 4)
    ]
    listing.set_table(flow, columns, blocks)
    again = [words for page in flow.pages for _, words in texts(page) if "(continued)" in words]
    assert len(again) == len(flow.pages) - 1
