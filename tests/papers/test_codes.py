"""A code that was misread or mistyped is refused; what is scanned says nothing about anybody."""

import string

import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from lastmetre.papers import codes
from lastmetre.papers.codes import (
    ALPHABET,
    LENGTH,
    bag_codes,
    check_code,
    code_in_qr,
    plain_code,
    printed_code,
    qr_id,
    short_code,
)

SECRET = b"of this compound"
some_code = st.builds(lambda *parts: short_code(SECRET, *parts), st.text(), st.text())
place = st.integers(0, LENGTH - 1)


def test_no_sign_looks_like_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 17
    for alike in ("0OQD", "1IL", "2Z", "5S", "8B", "6G", "UV", "MN"):
        assert len(set(alike) & set(ALPHABET)) <= 1


@given(some_code)
def test_a_code_checks_and_has_only_its_signs(code: str) -> None:
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert check_code(code)


@given(some_code, place, st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found(code: str, at: int, wrong: str) -> None:
    mistyped = code[:at] + wrong + code[at + 1 :]
    assert check_code(mistyped) == (mistyped == code)


@given(some_code, place, place)
def test_two_exchanged_signs_are_found(code: str, first: int, second: int) -> None:
    signs = list(code)
    signs[first], signs[second] = signs[second], signs[first]
    mistyped = "".join(signs)
    assert check_code(mistyped) == (mistyped == code)


@given(some_code, st.sampled_from(sorted(set(string.ascii_uppercase + string.digits) - set(ALPHABET))), place)
def test_signs_outside_the_alphabet_are_refused(code: str, strange: str, at: int) -> None:
    assert not check_code(code[:at] + strange + code[at + 1 :])


@given(some_code)
def test_case_width_spaces_and_hyphens_do_not_matter(code: str) -> None:
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (
        code.lower(),
        printed_code(code),
        f" {code[:3]} {code[3:]} ",
        full_width,
        f"{code[:4]}－{code[4:]}",
    ):
        assert check_code(typed)
        assert plain_code(typed) == code


def test_too_short_and_too_long_is_refused() -> None:
    code = short_code(SECRET, "a")
    assert not check_code(code[:-1])
    assert not check_code(code + code[0])
    assert not check_code("")


@given(st.lists(st.text(max_size=3), max_size=4), st.lists(st.text(max_size=3), max_size=4))
def test_other_parts_give_another_code(one: list[str], other: list[str]) -> None:
    assert (short_code(SECRET, *one) == short_code(SECRET, *other)) == (one == other)


def test_the_secret_matters() -> None:
    assert short_code(b"one", "3-501") != short_code(b"other", "3-501")


def test_codes_of_a_round_differ_and_do_not_depend_on_the_order() -> None:
    homes = [f"{building}-{room}" for building in range(1, 40) for room in range(101, 200)]
    found = bag_codes(SECRET, "round 3", homes)
    assert len({code.short for code in found.values()}) == len(homes)
    assert bag_codes(SECRET, "round 3", reversed(homes)) == found
    assert bag_codes(SECRET, "round 4", homes)["1-101"] != found["1-101"]


def test_when_two_homes_meet_in_one_code_one_is_drawn_again(monkeypatch) -> None:
    drawn = codes.short_code
    monkeypatch.setattr(
        codes, "short_code", lambda secret, *parts: drawn(secret, *parts[2:])
    )  # all alike at first
    found = bag_codes(SECRET, "round", ["1-101", "1-102", "1-103"])
    assert len({code.short for code in found.values()}) == 3
    assert all(check_code(code.short) for code in found.values())


def test_the_scanned_id_is_opaque_small_and_cannot_be_made_up() -> None:
    code = bag_codes(SECRET, "round", ["3-501 王女士 13800001234"])["3-501 王女士 13800001234"]
    assert len(code.qr) == 16
    assert set(code.qr) <= set(ALPHABET + "LM")
    drawn = zxingcpp.create_barcode(code.qr, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    assert drawn.to_image(add_quiet_zones=False).shape == (21, 21)
    assert code_in_qr(SECRET, "round", code.qr) == code.short
    assert code_in_qr(SECRET, "another round", code.qr) is None
    assert code_in_qr(b"guessed", "round", qr_id(SECRET, "round", code.short)) is None
    assert code_in_qr(SECRET, "round", "https://elsewhere.example") is None
