"""The short cuts of rich text give what the long way gives."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mappings.richtext import canonical
from mappings.richtext.characters import _without_towers, clean

WORDS = st.text(st.sampled_from("aA.:/?=-é\u0301\u200b asn1"), max_size=12)
ADDRESSES = st.sampled_from(("https://app.asana.com/0/12", "HTTPS://APP.ASANA.COM/0/1/2/f", "http://asana.com", ""))
MARKS = st.lists(st.sampled_from(("\u0301" * 40, "\u0300", "a", "–", "…", "\u1ab0" * 33)), max_size=8).map("".join)


@given(st.lists(st.tuples(WORDS, ADDRESSES), max_size=4))
def test_words_that_are_left_alone_are_those_in_which_nothing_is_found(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + address for word, address in parts)
    for token in canonical._words(text):
        if isinstance(token, canonical.Words) and canonical._is_plain_sailing(token.text):
            assert not canonical._ASANA_ADDRESS.search(token.text)
            assert tuple(canonical._words(token.text, token.marks)) == (token,)


@given(WORDS)
def test_folding_is_the_same_with_and_without_the_short_cut(text: str) -> None:
    assert canonical._folded(text) == unicodedata.normalize("NFC", canonical._INVISIBLE.sub("", text))


@given(MARKS)
def test_towers_of_marks_are_cut_wherever_they_stand(text: str) -> None:
    assert clean(text) == _without_towers(text)
