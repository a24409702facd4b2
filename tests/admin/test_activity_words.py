"""The activity log has a word for everything that can happen, and says states as the screens do."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import Babel

import core
from admin.activity_fields import field_word
from admin.activity_words import ACTIONS, changes_of
from core.application import action_name
from core.shared.permission import leaves_activity, permission_of
from ports.activity import ActivityRow, ChangeRow

LABELS = {"status": "Status", "state": "State", "vendor": "Maker"}


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(core.__path__, "core."):
        if ".use_cases." in found.name:
            yield importlib.import_module(found.name)


def _use_cases() -> Iterator[Callable[..., object]]:
    for module in _modules():
        for thing in vars(module).values():
            if callable(thing) and getattr(thing, "__module__", "") == module.__name__ and _declares(thing):
                yield thing


def _declares(thing: Callable[..., object]) -> bool:
    try:
        return bool(permission_of(thing))
    except TypeError:
        return False


def test_every_use_case_has_a_word() -> None:
    names = {action_name(found) for found in _use_cases() if leaves_activity(found)}
    assert len(names) > 40
    assert names - set(ACTIONS) == set()


def _told(kind: str, before: dict[str, Any] | None, after: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    row = ActivityRow(
        uuid4(), "orders.edit", "job", None, "", "r", None, None, None,
        [ChangeRow(kind, uuid4(), before, after)], datetime(2026, 11, 24, tzinfo=UTC),
    )  # fmt: skip
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        return [(change.label, change.before, change.after) for change in changes_of(row)]


@pytest.mark.parametrize(
    ("kind", "field", "before", "after", "said"),
    [
        ("product", "status", "draft", "published", ("Draft", "On sale")),
        ("order", "status", "open", "cancelled", ("Open", "Cancelled")),
        ("delivery", "state", "dead", "waiting", ("Dead", "Queued")),
        ("payment_account", "state", "odd", "even", ("odd", "even")),
        ("product", "vendor", "draft", "open", ("draft", "open")),
    ],
)
def test_a_state_is_said_as_the_screens_say_it(
    kind: str, field: str, before: str, after: str, said: tuple[str, str]
) -> None:
    assert _told(kind, {field: before}, {field: after}) == [(LABELS[field], *said)]


def test_a_field_without_a_word_shows_its_name() -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        assert field_word("compare_at_minor") == "Price before"
        assert field_word("one_more_thing") == "One more thing"
