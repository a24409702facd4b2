"""Descriptions: what formats text stays, what could act does not."""

from __future__ import annotations

import pytest

from adapters.html import Nh3Sanitizer

CLEAN = Nh3Sanitizer().clean


@pytest.mark.parametrize(
    "html",
    [
        "<p>Barro <b>vermelho</b>, <em>fosco</em></p>",
        "<h2>Medidas</h2><ul><li>300 ml</li></ul>",
        '<table><tbody><tr><th scope="row">Peso</th><td colspan="2">410 g</td></tr></tbody></table>',
        "linha<br>outra",
    ],
)
def test_formatting_stays_as_it_is(html: str) -> None:
    assert CLEAN(html) == html


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<script>x()</script>ok", "ok"),
        ("<style>p{}</style>ok", "ok"),
        ('<p onclick="x()" style="color:red" class="a" id="b">ok</p>', "<p>ok</p>"),
        ('<img src="https://elsewhere.example/p.gif">ok', "ok"),
        ("<iframe src='https://elsewhere.example'></iframe>ok", "ok"),
        ("<h1>ok</h1>", "ok"),
        ('<a href="javascript:x()">ok</a>', '<a rel="noopener noreferrer nofollow">ok</a>'),
        ('<a href="data:text/html,x">ok</a>', '<a rel="noopener noreferrer nofollow">ok</a>'),
        (
            '<a href="https://a.example" target="_top">ok</a>',
            '<a href="https://a.example" rel="noopener noreferrer nofollow">ok</a>',
        ),
        ("<svg><script>x()</script></svg>ok", "ok"),
        ("<p>open", "<p>open</p>"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
    ],
)
def test_what_could_act_goes(html: str, left: str) -> None:
    assert CLEAN(html) == left


@pytest.mark.parametrize("html", ["<p>a</p>", "a &amp; b", "<a href='https://a.example'>x</a>", "5 < 6"])
def test_cleaning_twice_changes_nothing(html: str) -> None:
    assert CLEAN(CLEAN(html)) == CLEAN(html)
