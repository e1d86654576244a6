"""The review sheet comes back however a person left it, and settles exactly what was asked."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from files_of_the_tests import table
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.boxes import spell
from lastmetre.reading.reviews import (
    REVIEW_HEADERS,
    AnswerKind,
    Answers,
    ReviewRow,
    parse_answer,
    read_review,
    review_key,
    review_rows,
)
from lastmetre.terms import Doubt, InputError, OrderLine, Source, say

TWO_HOMES = Doubt("two_homes", say("Which?"), ("69-902", "47-102"))
LINES = (
    OrderLine("谭阿姨 | 71 | 蓝莓", Source("export.xlsx", "顾客购买表", 115), doubts=(TWO_HOMES,)),
    OrderLine(
        "3. 李叔 E1份",
        Source("chain.txt", row=7),
        seq="3",
        doubts=(Doubt("place", say("E?")), Doubt("qty", say("?"))),
    ),
)
ROWS = review_rows(LINES)


def sheet(path: Path, answers: Sequence[tuple[ReviewRow, object]]) -> Path:
    headers = list(REVIEW_HEADERS.values())
    return table(
        path,
        headers,
        *(
            [row.key, str(row.source), row.raw, str(row.sentence), " ".join(row.suggestions), text]
            for row, text in answers
        ),
    )


def settled(answers: Answers) -> dict[str, tuple[AnswerKind, str]]:
    return {key: (answer.kind, answer.text) for key, answer in answers.by_key.items()}


def test_each_doubt_is_a_row_with_what_is_remembered() -> None:
    rows = review_rows(LINES, {ROWS[1].key: "E区"})
    assert [(row.code, row.source.row, row.answer) for row in rows] == [
        ("two_homes", 115, ""),
        ("place", 7, "E区"),
        ("qty", 7, ""),
    ]
    assert rows[0].suggestions == ("69-902", "47-102")


def test_answers_settle_their_rows(tmp_path: Path) -> None:
    path = sheet(tmp_path / "review.xlsx", [(ROWS[0], "47-102"), (ROWS[1], "作废"), (ROWS[2], None)])
    answers = read_review(path, ROWS)
    assert settled(answers) == {
        ROWS[0].key: (AnswerKind.PLACE, "47-102"),
        ROWS[1].key: (AnswerKind.DROP, "作废"),
    }
    assert answers.typed == {ROWS[0].key: "47-102", ROWS[1].key: "作废"}
    assert answers.unread == ()


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(6)), st.permutations(range(3)))
def test_sorting_rows_and_moving_columns_change_nothing(columns: list[int], order: list[int]) -> None:
    texts = ("47-102", "确认", "鸡蛋2板")
    headers = [*REVIEW_HEADERS.values()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.xlsx"
        rows = [[ROWS[at].key, "", ROWS[at].raw, "", "", texts[at]] for at in order]
        table(path, ["给王主任看"], *([row[at] for at in columns] + ["我的备注"] for row in [headers, *rows]))
        assert read_review(path, ROWS).typed == dict(zip([row.key for row in ROWS], texts, strict=True))


@pytest.mark.parametrize(
    ("text", "kind", "home"),
    [
        ("3-501", AnswerKind.PLACE, "3-501"),
        ("3号楼2单元501室", AnswerKind.PLACE, "3-2-501"),
        ("上海市某区桂花路500弄56号602室", AnswerKind.PLACE, "56-602"),
        ("602", AnswerKind.PLACE, "602"),
        ("29-别墅", AnswerKind.PLACE, "29-别墅"),
        ("29号", AnswerKind.PLACE, "29"),
        ("②", AnswerKind.PLACE, "47-102"),
        ("建议1", AnswerKind.PLACE, "69-902"),
        ("确认", AnswerKind.ACCEPT, ""),
        ("OK.", AnswerKind.ACCEPT, ""),
        ("作废", AnswerKind.DROP, ""),
        ("drop", AnswerKind.DROP, ""),
        ("鸡蛋2板，青菜1份", AnswerKind.ORDER, ""),
        ("2份", AnswerKind.ORDER, ""),
        ("3-501 鸡蛋2板", AnswerKind.ORDER, ""),
    ],
)
def test_what_an_answer_may_be(text: str, kind: AnswerKind, home: str) -> None:
    answer = parse_answer(text, TWO_HOMES.suggestions)
    assert answer is not None
    assert (answer.kind, spell(answer.place) if answer.place else "") == (kind, home)


@pytest.mark.parametrize("text", ["？", "不知道", "待定", "①②", "⑨", "..."])
def test_what_no_answer_is(text: str) -> None:
    assert parse_answer(text, TWO_HOMES.suggestions) is None


def test_an_answer_that_cannot_be_read_is_named_with_its_row(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "review.xlsx",
        [(ROWS[0], "问一下"), (ROWS[1], "作废"), (ROWS[1], "确认"), (ROWS[1], "作废")],
    )
    answers = read_review(path, ROWS)
    assert answers.by_key == {}
    assert "Row 2" in str(answers.unread[0])
    assert "Rows 3 and 4" in str(answers.unread[1])


def test_a_lost_key_is_named_with_its_row(tmp_path: Path) -> None:
    path = table(
        tmp_path / "review.xlsx", list(REVIEW_HEADERS.values()), ["", "", "谭阿姨", "", "", "47-102"]
    )
    assert "Row 2: the key is missing" in str(read_review(path, ROWS).unread[0])


def test_another_workbook_is_no_review_sheet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no review sheet"):
        read_review(table(tmp_path / "orders.xlsx", ["房号", "订单"], ["3-501", "鸡蛋"]), ROWS)


@given(st.integers(1, 300), st.integers(1, 300))
def test_renumbering_and_repunctuating_keep_the_key(first: int, second: int) -> None:
    one = review_key(f"{first}. 王阿姨 3-501，鸡蛋2板", "qty", str(first))
    other = review_key(f"{second}、王阿姨　３—501 鸡蛋2板。", "qty", str(second))
    assert one == other
    assert one.isalpha()
    assert len(one) == 12


@pytest.mark.parametrize(
    ("one", "other"),
    [("1-1501 鸡蛋", "11-501 鸡蛋"), ("602 鸡蛋", "502 鸡蛋"), ("鸡蛋2板", "鸡蛋3板")],
)
def test_other_words_have_another_key(one: str, other: str) -> None:
    assert review_key(one, "qty") != review_key(other, "qty")
    assert review_key(one, "qty") != review_key(one, "place")
