"""Counts in sentences have the separators of the person's region, in code and in templates."""

from __future__ import annotations

import pytest
from flask import Flask, g, render_template_string
from flask_babel import ngettext, npgettext

from admin import shell
from admin.desk import Desk

SAID = "{{ ngettext('%(num)s product', '%(num)s products', n) }}"


@pytest.fixture
def app() -> Flask:
    flask = Flask("admin")
    flask.config["SECRET_KEY"] = "for-tests-only"
    shell.install(flask, desk=lambda: Desk(locale=str(g.get("locale", "en-US"))))
    return flask


@pytest.mark.parametrize(
    ("locale", "count", "said"),
    [("en-US", 1234, "1,234 products"), ("pt-BR", 1234, "1.234 products"), ("pt-BR", 1, "1 product"),
     ("en-US", 1234567, "1,234,567 products")],
)  # fmt: skip
def test_counts_are_written_as_the_region_writes_them(app: Flask, locale: str, count: int, said: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        g.locale = locale
        assert ngettext("%(num)s product", "%(num)s products", count) == said
        assert npgettext("list", "%(num)s product", "%(num)s products", count) == said
        assert render_template_string(SAID, n=count) == said


def test_the_words_follow_the_language_and_the_figures_the_region(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "pt-BR"}):
        assert ngettext("%(num)s order", "%(num)s orders", 2500) == "2,500 pedidos"
        assert ngettext("%(num)s order", "%(num)s orders", 1) == "1 pedido"


def test_a_template_still_escapes_what_it_is_told(app: Flask) -> None:
    with app.test_request_context("/"):
        shown = render_template_string(
            "{{ ngettext('%(num)s of %(who)s', '%(num)s of %(who)s', 2, who=who) }}", who="<b>"
        )
        assert shown == "2 of &lt;b&gt;"
