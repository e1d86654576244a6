"""A doubt is put in few words: the doubted ones stand marked above the question and are not said in it again."""

from lastmetre.chain.orders.intake_rules import Asking
from lastmetre.chain.orders.question_rules import asked, excerpt
from lastmetre.terms import say

LONG = "4-1502 大礼包1份，要是没有了就随便来点什么，反正家里有三个人在吃饭"


def put(raw: str, asking: Asking) -> tuple[str, list[str], str]:
    """Return what is shown of a text, which parts of it are marked, and the question."""
    pieces = excerpt(raw, asking)
    marked = [one.text for one in pieces if one.is_doubted]
    return "".join(one.text for one in pieces), marked, str(asked(asking, pieces))


def test_a_marked_word_is_not_said_again() -> None:
    unknown = Asking("1", "unknown_good", say("“{name}” is not on offer.", name="大礼包"), ("蔬菜包",))
    assert put("4-1502 大礼包1份", unknown) == ("4-1502 大礼包1份", ["大礼包"], "Which good is it?")


def test_whose_order_it_is_stands_aside_where_only_the_good_is_asked_for() -> None:
    unknown = Asking("1", "unknown_good", say("“{name}” is not on offer.", name="大礼包"))
    for raw, aside in (
        ("4-1502 大礼包1份", "4-1502 "),
        ("3号楼1502室大礼包", "3号楼1502室"),
        ("20个大礼包", ""),
    ):
        assert "".join(one.text for one in excerpt(raw, unknown) if one.is_aside) == aside
    nowhere = Asking("1", "no_such_home", say("{compound} has no home “{text}”.", compound="", text="4-1502"))
    assert not any(one.is_aside for one in excerpt("4-1502 大礼包1份", nowhere))


def test_of_a_long_text_the_words_beside_the_doubted_ones_are_shown() -> None:
    unknown = Asking("1", "unknown_good", say("“{name}” is not on offer.", name="大礼包"))
    shown, marked, question = put(LONG, unknown)
    assert (shown, marked, question) == ("…-1502 大礼包1份，要是没…", ["大礼包"], "Which good is it?")


def test_a_word_that_is_not_found_in_the_text_is_said_in_the_question() -> None:
    heard = Asking("1", "unknown_word", say("What does “{words}” mean?", words="手 滑"))
    assert put("两份哈，手滑", heard) == ("两份哈，手滑", [], "What does “手 滑” mean?")


def test_the_unit_of_a_good_is_said_for_it_is_not_written() -> None:
    sentence = say("“{name}” is sold by {unit}: how much is meant?", name="鸡蛋", unit="板")
    assert put("1603 鸡蛋20个", Asking("1", "other_unit", sentence))[1:] == (
        ["鸡蛋"],
        "Sold by 板: how many?",
    )


def test_a_doubt_that_nothing_was_written_marks_nothing() -> None:
    nowhere = Asking("1", "no_home", say("Which home is this? No address is written."))
    assert put("帮我来一份", nowhere) == ("帮我来一份", [], "Which home is it?")


def test_a_rule_is_said_whole_beside_what_was_understood() -> None:
    rule = say("Each household may ask every {days} days.", days=3)
    refused = Asking("1", "refused", rule, understood="2-1-102 A1 B1")
    assert put("102 一份A 一份B", refused) == ("2-1-102 A1 B1", [], "Each household may ask every 3 days.")


def test_of_a_turn_the_goods_stand_aside_and_of_a_limit_they_do_not() -> None:
    turn = say("Each household asks once every {days} days.", days=3)
    limit = say("At most {most} of {name} a household.", most=2, name="B")
    for rule, aside in ((turn, "A1 B1"), (limit, "")):
        shown = excerpt("102 一份A 一份B", Asking("1", "refused", rule, understood="2-1-102 A1 B1"))
        assert "".join(one.text for one in shown) == "2-1-102 A1 B1"
        assert "".join(one.text for one in shown if one.is_aside) == aside


def test_a_question_without_short_words_quotes_long_words_by_their_ends() -> None:
    text = "上海市闵行区平安路八弄三号五零二"
    asking = Asking("1", "code_or_place", say("“{text}”: a place and an amount, or a code?", text=text))
    assert put(text, asking)[2] == "“上海市闵行…弄三号五零二”: a place and an amount, or a code?"
