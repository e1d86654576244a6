"""Text is never wider than it was measured, and no character is lost where lines break."""

import json

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.papers import font
from lastmetre.papers.metrics import Weight, width_em, wrap
from lastmetre.papers.pages import Type
from lastmetre.papers.typeset import TEMPLATE

ASCII = [chr(point) for point in range(0x20, 0x7F)]
EVERY_SIGN = sorted(chr(point) for point in font.coverage() if not font.is_unseen(chr(point)))
signs = st.sampled_from("王女士蔬菜包×2；（）。 aW0-@1.5kg〓⸻")
texts = st.text(signs, max_size=120)


def typeset_widths(found: list[str], weight: Weight) -> list[float]:
    """Ask the typesetter itself, with the settings of the template."""
    settings = "\n".join(
        line for line in TEMPLATE.read_text("utf-8").splitlines() if line.startswith("#set text")
    )
    source = f"""{settings}
        #set text(size: 1000pt, weight: {int(weight)})
        #context [#metadata(json(bytes(sys.inputs.signs)).map(sign => measure(sign).width.pt()))<widths>]"""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.FOLDER)]
    )
    compiler = typst.Compiler(source.encode(), font_paths=fonts, sys_inputs={"signs": json.dumps(found)})
    return [width / 1000 for width in json.loads(compiler.query("<widths>", field="value", one=True))]


@pytest.mark.parametrize("weight", Weight)
def test_ascii_is_measured_exactly(weight: Weight) -> None:
    measured = [width_em(sign, weight) for sign in ASCII]
    assert measured == pytest.approx(typeset_widths(ASCII, weight), abs=0.001)


def test_no_sign_of_the_font_is_wider_than_measured() -> None:
    typeset = typeset_widths(EVERY_SIGN, Weight.BLACK)
    assert len(typeset) > 44_000
    too_wide = {
        sign: wide
        for sign, wide in zip(EVERY_SIGN, typeset, strict=True)
        if wide > width_em(sign, Weight.BLACK) + 0.001
    }
    assert not too_wide


@given(texts, st.floats(3, 40))
def test_lines_fit_and_keep_every_sign(text: str, most_em: float) -> None:
    lines = wrap(text, most_em)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_em(line) <= most_em for line in lines)


@given(texts, st.floats(3, 60))
def test_a_type_breaks_into_lines_that_fit(text: str, most_mm: float) -> None:
    style = Type(3, Weight.BOLD)
    assert all(style.width_mm(line) <= most_mm for line in style.lines(text, most_mm))


def test_lines_break_between_items_first() -> None:
    assert wrap("A 蔬菜包×1份；B 鸡蛋×2板；C 纯牛奶×1箱", 16) == [
        "A 蔬菜包×1份；B 鸡蛋×2板；",
        "C 纯牛奶×1箱",
    ]


def test_lines_break_between_words_and_not_before_closing_signs() -> None:
    assert wrap("please ring the bell", 6) == ["please ring", "the bell"]
    assert wrap("请放在门口（谢谢）", 8) == ["请放在门口（谢", "谢）"]
    assert wrap("鸡蛋鸡蛋×2板", 4) == ["鸡蛋鸡", "蛋×2板"]


def test_a_word_longer_than_the_line_is_broken_not_cut() -> None:
    assert "".join(wrap("x" * 100, 10)) == "x" * 100
    assert len(wrap("x" * 100, 10)) > 4


def test_a_type_shrinks_to_fit_but_not_below_what_can_be_read() -> None:
    large = Type(24, Weight.BLACK)
    fitted = large.fitted("友园12-商务楼-1701", 45, 9)
    assert 9 < fitted.size_pt < 24
    assert fitted.width_mm("友园12-商务楼-1701") <= 45
    assert large.fitted("3-501", 45, 9) is large
    assert large.fitted("很" * 100, 45, 9).size_pt == 9
