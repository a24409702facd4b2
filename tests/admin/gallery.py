"""A small Flask application with the real shell and the gallery: what the tests of the look render."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Blueprint, Flask, render_template, render_template_string, session
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

import admin
from admin.desk import Desk, Person
from admin.navigation import NAVIGATION, Waiting
from admin.shell import install
from admin.waterfall import Leg
from core.shared.money import Money

NOW = datetime(2026, 11, 24, 12, 12, 40, tzinfo=UTC)
TOTAL = Money(64377, "BRL")
LEGS = [
    Leg("Items", Money(67930, "BRL"), hint="Price book Varejo, from 1 Oct"),
    Leg("Discounts", Money(-6793, "BRL")),
    Leg("Shipping", Money(3240, "BRL")),
    Leg("ICMS inside", Money(11005, "BRL"), "note"),
    Leg("Total", TOTAL, "sum"),
    Leg("Paid", TOTAL, "base"),
    Leg("Refunded", Money(-6291, "BRL")),
    Leg("Balance", Money(6291, "BRL"), "sum"),
]


class SampleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    title = StringField("Name", [InputRequired()])
    description = TextAreaField("Description", [Optional()], description="Shown in the shop.")
    price = StringField("Price")
    status = SelectField("Status", choices=[SelectChoice("draft", "Draft"), SelectChoice("published", "On sale")])
    tracked = BooleanField("Track stock", description="Sell only what is there.")
    method = RadioField("Back to stock", choices=[SelectChoice("yes", "Restock"), SelectChoice("no", "Leave out")])
    version = HiddenField()


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    email = StringField("E-mail")
    password = PasswordField("Password")
    remember = BooleanField("Stay signed in on this computer for 14 days")


def _gallery() -> str:
    form = SampleForm(title="Caneca", status="draft", method="yes")
    form.price.errors = ["Below the cost, R$ 24,10"]
    return render_template("gallery.html", form=form, legs=LEGS, at=NOW - timedelta(hours=4), total=TOTAL)


def _login() -> str:
    form = SignInForm(email="julia@casaipe.example")
    form.password.errors = ["E-mail and password do not match."]
    return render_template("login.html", form=form)


def _error() -> str:
    return render_template(
        "error.html",
        code=500,
        title="Something broke on our side",
        message="The refund page could not be shown. Nothing was saved, refunded or sent.",
        request_id="req_01JD9M7T4QH8ZC2V5K",
        at=NOW,
        method="GET",
        path="/orders/10482/refund",
        retry="/error",
        back=("/gallery", "All orders"),
    )


_COUNTING = """{% extends "layout.html" %}
{% from "_macros/progress.html" import live, progress %}
{% block page %}
{% call live("/counting", every=0.1, done=done == 3) %}{{ progress("Rows", done, 3) }}{% endcall %}
{% endblock %}"""


def _counting() -> str:
    session["done"] = min(session.get("done", -1) + 1, 3)
    return render_template_string(_COUNTING, done=session["done"])


def everybody() -> Person:
    """A person who may open every area."""
    items = [item for group in NAVIGATION for one in group for item in (one, *one.children)]
    return Person("Júlia Prado", frozenset(item.permission for item in items if item.permission))


def gallery_app(person: Person | None = None) -> Flask:
    """The application; `person` None is everybody's holder of every permission."""
    app = Flask("gallery", root_path=str(Path(admin.__file__).parent))
    app.config.update(SECRET_KEY="0123456789abcdef0123456789abcdef", TESTING=True)
    CSRFProtect(app)
    desk = Desk("Casa Ipê", "pt-BR", "America/Sao_Paulo", person or everybody())
    counts = {"orders.index": Waiting(48), "exceptions.index": Waiting(9, money_at_risk=True)}
    install(app, desk=lambda: desk, now=lambda: NOW, counts=lambda: counts)
    for area in ("home", "orders", "products", "imports", "exceptions"):
        blueprint = Blueprint(area, __name__, url_prefix=f"/{area}")
        blueprint.add_url_rule("/", "index", _gallery)
        app.register_blueprint(blueprint)
    pages = {"/gallery": _gallery, "/login": _login, "/error": _error, "/counting": _counting}
    for path, view in pages.items():
        app.add_url_rule(path, path[1:], view)
    return app
