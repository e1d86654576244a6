"""Household cards can be scanned as printed, ten to a sheet, and name nobody."""

from __future__ import annotations

import pypdfium2
import zxingcpp

from lastmetre.papers.household_cards import COLUMNS, ROWS, CardFace, card_pages, card_sheets
from lastmetre.papers.pdf import joined


def faces(count: int) -> list[CardFace]:
    return [
        CardFace(
            "开元丽城 3号楼 2单元",
            str(101 + number),
            f"https://lastmetre.example/h/{'Ab9-' * 8}{number:03}",
            "23CF-9KXW-7HMR",
        )
        for number in range(count)
    ]


def test_every_card_is_scanned_as_printed_and_its_code_stands_beside_it() -> None:
    cards = faces(COLUMNS * ROWS + 1)
    pdf = joined(card_sheets(cards, site="lastmetre.example/card", phone="0371-1234567"), title="cards")
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 2
    scanned = [
        code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    ]
    assert sorted(scanned) == sorted(card.address for card in cards)
    text = document[0].get_textpage().get_text_range()
    assert text.count("23CF-9KXW-7HMR") == COLUMNS * ROWS
    assert "0371-1234567" in text


def test_a_long_address_stays_on_its_card() -> None:
    card = CardFace(
        "某某某某某某某某某某花园二期东区 12号楼 3单元",
        "B座1701-2",
        "https://x.example/h/1",
        "23CF-9KXW-7HMR",
    )
    [page] = card_pages([card], site="a-very-long-name.of-the-district.example.cn/card")
    for style, lines in page.texts.items():
        for x, y, words in lines:
            assert x >= 9
            assert x + style.width_mm(words) <= 9 + 96
            assert y <= 13.5 + 54
