"""A doubt that shows only after another one was answered can be settled too: by a home, or by leaving it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from lastmetre.reading.compounds import read_compound
from lastmetre.reading.offers import read_offer
from lastmetre.reading.reviews import doubt_key
from lastmetre.reading.sources import Round, read_file, read_round
from lastmetre.scenarios import folder
from lastmetre.terms import OrderLine

ERQI = folder("erqi")
COMPOUND, OFFER = read_compound(ERQI / "compound.yaml"), read_offer(ERQI / "offer.yaml")
WORDS = "悠悠 E1份"
FIRST = {"code_or_place": "确认", "which_good": "蔬菜包"}


def read(chain: Path, answers: dict[str, str]) -> Round:
    reading = read_file(chain, compound=COMPOUND, offer=OFFER)[0]
    return read_round([reading], compound=COMPOUND, offer=OFFER, answers=answers)


@pytest.mark.parametrize(("last", "homes"), [("作废", []), ("3-501", ["3-1-501"])])
def test_a_home_that_is_asked_for_last_is_given_or_the_line_left_out(
    tmp_path: Path, last: str, homes: list[str]
) -> None:
    chain = tmp_path / "chain.txt"
    chain.write_text(f"#接龙\n1、{WORDS}\n", encoding="utf-8")
    answers: dict[str, str] = {}
    asked: list[str] = []
    for _ in range(5):
        lines: list[OrderLine] = list(read(chain, answers).homeless)
        if not lines:
            break
        doubt = lines[0].doubts[0]
        asked.append(doubt.code)
        answers[doubt_key(lines[0], doubt)] = FIRST.get(doubt.code, last)
    assert asked == ["code_or_place", "which_good", "no_home"]
    assert [str(order.home) for order in read(chain, answers).orders] == homes
