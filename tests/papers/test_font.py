"""Rare names are printed; what the font cannot draw is marked, never an empty box."""

from hypothesis import given
from hypothesis import strategies as st

from lastmetre.papers.font import MISSING_SIGN, coverage, missing_signs, printable

RARE = "䶮㛃𠮷喆堃頔旻昇玥甯㑇㼆䲠龘囍犇羴"


def test_rare_characters_of_names_are_in_the_font() -> None:
    assert not missing_signs(RARE)
    assert printable(RARE) == RARE


def test_what_is_not_in_the_font_is_marked_and_named() -> None:
    assert printable("苹果🍎×2") == "苹果〓×2"
    assert missing_signs("苹果🍎×2") == {"🍎"}


def test_lines_and_unseen_signs_do_not_reach_the_paper() -> None:
    assert printable("第一行\n第二行\t完\x00\u200b\ufe0f") == "第一行 第二行 完"
    assert not missing_signs("a\n\u200d\ufe0f")


@given(st.text())
def test_everything_printable_is_in_the_font(text: str) -> None:
    assert all(ord(sign) in coverage() for sign in printable(text))
    assert printable(text).count(MISSING_SIGN) >= len(missing_signs(text) - {MISSING_SIGN})
