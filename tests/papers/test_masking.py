"""Who finds a label in the stairwell learns a surname and four digits, no more."""

import pytest

from lastmetre.papers.masking import masked_name, shown_phone
from lastmetre.papers.pack import PhoneKind


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("王女士", "王女士"),
        ("王阿姨", "王阿姨"),
        ("王小明", "王**"),
        ("王丽女士", "王女士"),
        ("欧阳先生", "欧阳先生"),
        ("欧阳娜娜", "欧阳**"),
        ("李建工", "李**"),  # a given name, not engineer Li
        ("李工", "李工"),
        ("张老师", "张老师"),
        ("女士", "女**"),
        ("3-501王女士", "王女士"),
        ("🌸快乐的小鱼🌸", "快**"),
        ("Lily", "L**"),
        ("𠮷野家", "𠮷**"),
        (" 王 小明 ", "王**"),
        ("12345", "**"),
        ("", ""),
    ],
)
def test_names(typed: str, printed: str) -> None:
    assert masked_name(typed) == printed


@pytest.mark.parametrize(
    ("typed", "kind", "printed"),
    [
        ("13812345678", PhoneKind.TAIL, "5678"),
        ("138 1234 5678", PhoneKind.TAIL, "5678"),
        ("13812345678", PhoneKind.MASKED, "138****5678"),
        ("65432100", PhoneKind.MASKED, "****2100"),
        ("13812345678", PhoneKind.FULL, "13812345678"),
        ("021-65432100", PhoneKind.FULL, "021-65432100"),
        ("13812345678", PhoneKind.NONE, ""),
        ("110", PhoneKind.TAIL, "***"),  # too short to show a part of it
        ("", PhoneKind.TAIL, ""),
        ("没有", PhoneKind.FULL, ""),
    ],
)
def test_phones(typed: str, kind: PhoneKind, printed: str) -> None:
    assert shown_phone(typed, kind) == printed
