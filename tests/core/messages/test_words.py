"""Every language has every sentence, with the same places to fill."""

from __future__ import annotations

from string import Formatter

from adapters.mail.words import BY_LANGUAGE, ENGLISH, words


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_languages_say_the_same() -> None:
    for language, sentences in BY_LANGUAGE.items():
        assert set(sentences) == set(ENGLISH), language
        for key, sentence in sentences.items():
            assert sentence.strip(), (language, key)
            assert _places(sentence) == _places(ENGLISH[key]), (language, key)


def test_an_unknown_language_is_written_to_in_english() -> None:
    assert words("pt-BR") is words("pt_PT")
    assert words("ja") is ENGLISH
