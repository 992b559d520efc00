"""The names of mirrored tasks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.richtext.characters import task_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Fix the hub", "Fix the hub"),
        ("  a \t b\r\nc  ", "a b c"),
        ("a\u00a0b\u3000c\u2028d", "a b c d"),
        ("a\x00b\x1b[31mc\x07", "a b [31mc"),
        ("\u202egpj.exe\u202c \u2066x\u2069", "gpj.exe x"),
        ("שלום \u200fعالم", "שלום \u200fعالم"),
        ("\ufeffa\u200bb\u00adc", "abc"),
        ("e\u0301", "\u00e9"),
        ("\u212b", "\u00c5"),
        ("a\ud800b\uffff", "a\ufffdb\ufffd"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("", "(no title)"),
        (" \u00a0\n", "(no title)"),
        ("\u200b\u202e\u200e\x00", "(no title)"),
        ("<b>**x**</b> & =1+1 @ana", "<b>**x**</b> & =1+1 @ana"),
        ("x" * 1000, "x" * 1000),
        ("x" * 1001, "x" * 999 + "…"),
        ("😀" * 500, "😀" * 500),
        ("😀" * 501, "😀" * 499 + "…"),
        ("a" * 998 + "👍🏽", "a" * 998 + "…"),
        ("a" + "\u0301" * 1000, "\u00e1" + "\u0301" * 31),
    ],
)
def test_names(title: str, name: str) -> None:
    assert task_name(title) == name


@given(
    st.text(st.characters(exclude_categories=()), max_size=1200)
    | st.text("e\u0301\u0323\u00a0\u200b \n😀\u200d", max_size=1200)
)
def test_every_title_gives_a_name_that_stays_the_same(title: str) -> None:
    name = task_name(title)
    assert 1 <= len(name) <= 1000
    assert name == " ".join(name.split())
    assert unicodedata.is_normalized("NFC", name)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)
    assert task_name(name) == name
    assert task_name(title.replace(" ", "\u00a0")) == name
    assert task_name(name.replace("\u00a0", " ")) == name
