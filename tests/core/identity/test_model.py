"""Addresses, passwords, scopes: what identity decides without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.ids import RandomIds
from core.identity.model import (
    KeyKind,
    ShopperSession,
    checked_email,
    checked_origins,
    checked_password,
    checked_scopes,
    digest,
    email_key,
)
from core.identity.roles import (
    EVERY_PERMISSION,
    KEY_SCOPES,
    OWN_SESSION,
    ROLE_PERMISSIONS,
    Role,
    permissions_of_kind,
)
from core.shared.context import Job, Key, Nobody, Shopper, Staff
from core.shared.errors import Invalid
from core.shared.ids import KeyId, SessionId, ShopperId, StaffId

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
new = RandomIds().new


@pytest.mark.parametrize("email", ["a@b.co", " maria@example.com ", "josé+loja@exemplo.com.br"])
def test_addresses(email: str) -> None:
    assert checked_email(email) == email.strip()


@pytest.mark.parametrize(
    "email", ["", "a", "a@", "@b.co", "a@b", "a b@c.co", "a@.", "a\u200b@b.co", "x" * 250 + "@b.co", "a@b.co\n.x"]
)
def test_what_is_no_address(email: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_email(email)
    assert [problem.field for problem in refused.value.problems] == ["email"]


def test_spellings_of_one_address() -> None:
    assert email_key(" MARIA@Example.COM") == email_key("maria@example.com")
    assert email_key("maria@example.com") != email_key("mario@example.com")


@pytest.mark.parametrize(("length", "fine"), [(7, False), (8, True), (200, True), (201, False)])
def test_lengths_of_passwords(length: int, fine: bool) -> None:
    if fine:
        assert checked_password("x" * length)
        return
    with pytest.raises(Invalid):
        checked_password("x" * length)


def test_scopes_are_permissions_that_keys_are_given() -> None:
    assert checked_scopes(("orders.order.read", "orders.order.read")) == ("orders.order.read",)
    with pytest.raises(Invalid):
        checked_scopes(("identity.staff.create",))
    assert KEY_SCOPES <= EVERY_PERMISSION


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://Loja.example/", "https://loja.example"),
        (" https://loja.example:443", "https://loja.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_origins_are_kept_as_browsers_send_them(typed: str, origin: str) -> None:
    assert checked_origins(KeyKind.PUBLISHABLE, (typed, origin)) == (origin,)


@pytest.mark.parametrize(
    "typed",
    ["", "loja.example", "ftp://loja.example", "https://loja.example/a", "https://loja.example?a", "https://u@x.example",
     "https://x:y", "http://[::1", "null", "*"],
)  # fmt: skip
def test_what_is_no_origin(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_origins(KeyKind.SECRET, (typed,))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("origins", "malformed")]


def test_a_publishable_key_has_an_origin() -> None:
    assert checked_origins(KeyKind.SECRET, ()) == ()
    with pytest.raises(Invalid) as refused:
        checked_origins(KeyKind.PUBLISHABLE, ())
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("origins", "required")]


def test_a_session_lives_until_it_ends() -> None:
    session = ShopperSession(SessionId(new()), ShopperId(new()), AT, AT + timedelta(days=30))
    assert session.alive(AT)
    assert not session.alive(session.expires_at)
    ended = ShopperSession(session.id, session.shopper_id, AT, session.expires_at, revoked_at=AT)
    assert not ended.alive(AT)


def test_a_digest_is_of_the_whole_secret() -> None:
    assert len(digest("x")) == 32
    assert digest("sk_abc") != digest("sk_abd")
    assert digest("\ud800")  # what no client could have been given is refused, not a crash


def test_what_callers_may_do_follows_from_what_they_are() -> None:
    key, shopper = Key(KeyId(new())), Shopper(ShopperId(new()))
    assert permissions_of_kind(Job("x")) == EVERY_PERMISSION
    assert permissions_of_kind(Nobody()) == frozenset({"identity.staff.sign_in"})
    assert permissions_of_kind(Staff(StaffId(new()))) is None
    assert permissions_of_kind(Key(KeyId(new()), secret=True)) is None
    selling, owning = permissions_of_kind(key), permissions_of_kind(shopper)
    assert selling
    assert owning
    assert selling < owning
    assert owning - selling == {"storefront.account.read", "storefront.account.sign_out"}
    staff_only = frozenset().union(*ROLE_PERMISSIONS.values())
    assert not owning & staff_only


def test_roles_differ_and_the_owner_may_everything_that_staff_may() -> None:
    assert len({ROLE_PERMISSIONS[role] for role in Role}) == len(Role)
    assert all(ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[Role.OWNER] for role in Role)
    assert not OWN_SESSION & ROLE_PERMISSIONS[Role.OWNER]
