"""Folding and remembering words."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.shared.text import fold
from core.shared.words import SHORT, remembered


def test_short_texts_are_read_once_and_long_ones_are_not_kept() -> None:
    read: list[str] = []

    def measure(text: str) -> int:
        read.append(text)
        return len(text)

    known = remembered(measure)
    long = "x" * (SHORT + 1)
    assert [known("ab"), known("ab"), known(long), known(long)] == [2, 2, SHORT + 1, SHORT + 1]
    assert read == ["ab", long, long]


@given(st.text(max_size=30))
def test_a_folded_text_has_no_combining_character_and_no_line_end(text: str) -> None:
    folded = fold(text)
    assert not any(unicodedata.combining(character) for character in folded)
    assert folded == "" or len(folded.splitlines()) == 1


def test_every_combining_character_of_unicode_is_taken_away() -> None:
    marks = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    assert len(marks) > 800
    assert [mark for mark in marks if any(map(unicodedata.combining, fold("a" + mark)))] == []
