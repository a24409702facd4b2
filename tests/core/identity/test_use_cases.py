"""People and keys on the real database."""

from __future__ import annotations

import secrets
import threading

import pytest
from sqlalchemy.exc import IntegrityError

from adapters.passwords import Argon2Passwords
from core.identity.errors import EmailTaken
from core.identity.model import KeyKind, digest
from core.identity.queries import OwnStores, own_stores
from core.identity.roles import Role
from core.identity.use_cases.create_key import CreateKey, create_key
from core.identity.use_cases.create_staff import CreateStaff, create_staff
from core.identity.use_cases.prefer import ChoosePreferences, choose_preferences
from core.identity.use_cases.refresh_shopper import RefreshShopper, refresh_shopper
from core.identity.use_cases.register_shopper import RegisterShopper, register_shopper
from core.identity.use_cases.revoke_key import RevokeKey, revoke_key
from core.identity.use_cases.sign_in_staff import SignInStaff, sign_in_staff
from core.shared.context import CallContext, Job, Key, Nobody, Staff
from core.shared.errors import CoreError, Forbidden, Invalid, NotFound
from core.shared.ids import StaffId
from core.stores.queries import GetStore, get_store
from tests.addresses import new_address
from tests.shop import ORIGIN, PASSWORD, Shop

JOB = CallContext(None, Job("test"), "test-request")
NOBODY = CallContext(None, Nobody(), "test-request")


def email() -> str:
    return f"{secrets.token_hex(6)}@example.com"


HOME = new_address()


def test_one_person_is_made_once_and_wholly(shop: Shop) -> None:
    address = email()
    command = CreateStaff(address, "Júlia Prado", PASSWORD, ((shop.store_id, Role.OWNER),))
    shop.run(create_staff, command, JOB)
    with pytest.raises(EmailTaken):
        shop.run(create_staff, CreateStaff(address.upper(), "Other", PASSWORD, ()), JOB)
    with pytest.raises(Invalid):
        shop.run(create_staff, CreateStaff(email(), "Other", "short", ()), JOB)
    assert [row["role"] for row in shop.sql("SELECT role FROM memberships")] == ["owner"]


def test_passwords_are_kept_as_argon2id(shop: Shop) -> None:
    address, password = shop.add_staff(Role.OWNER)
    with shop.wired.engines.platform.connect() as connection:
        stored = connection.exec_driver_sql(
            "SELECT password_hash FROM staff WHERE email = %(email)s", {"email": address}
        ).scalar_one()
    assert stored.startswith("$argon2id$v=19$")  # with less work than in earnest: tests make people by the hundred
    assert Argon2Passwords().hash(password).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password not in stored


def test_only_nobody_signs_in_and_only_the_platform_makes_people(shop: Shop) -> None:
    for context in (shop.as_(Role.OWNER), shop.storefront):
        with pytest.raises(Forbidden):
            shop.run(create_staff, CreateStaff(email(), "X", PASSWORD, ()), context)
        with pytest.raises(Forbidden):
            shop.run(sign_in_staff, SignInStaff(email(), PASSWORD, HOME), context)


def test_guesses_in_parallel_all_count(shop: Shop) -> None:
    address, _password = shop.add_staff(Role.OWNER)
    elsewhere = new_address()
    outcomes: list[type[BaseException]] = []

    def guess() -> None:
        try:
            shop.run(sign_in_staff, SignInStaff(address, "wrong password", elsewhere), NOBODY)
        except CoreError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.__name__ for outcome in outcomes) == ["SignInPaused"] * 4 + ["SignInRefused"] * 5


def test_permissions_follow_the_membership_at_once(shop: Shop) -> None:
    context = shop.as_(Role.SUPPORT)
    assert shop.read(get_store, GetStore(), context).id == shop.store_id
    shop.execute("DELETE FROM memberships")
    with pytest.raises(Forbidden) as refused:
        shop.read(get_store, GetStore(), context)
    assert refused.value.permission == "stores.store.read"


def test_staff_without_a_store_may_only_choose_one(shop: Shop) -> None:
    shop.add_staff(Role.OWNER)
    staff = shop.staff[Role.OWNER].actor
    assert isinstance(staff, Staff)
    context = CallContext(None, staff, "test-request")
    stores = shop.read(own_stores, OwnStores(staff.id), context)
    assert [(found.store_id, found.role) for found in stores] == [(shop.store_id, Role.OWNER)]
    with pytest.raises(Forbidden):
        shop.read(get_store, GetStore(), context)


def test_a_secret_key_may_what_its_scopes_say_until_it_is_revoked(shop: Shop) -> None:
    created = shop.run(create_key, CreateKey(KeyKind.SECRET, "ERP", scopes=("stores.store.read",)))
    context = CallContext(shop.store_id, Key(created.id, secret=True), "test-request")
    assert shop.read(get_store, GetStore(), context).id == shop.store_id
    with pytest.raises(Forbidden):
        shop.run(revoke_key, RevokeKey("pk_"), context)
    shop.run(revoke_key, RevokeKey(created.token[:11]))
    with pytest.raises(Forbidden):
        shop.read(get_store, GetStore(), context)
    with pytest.raises(NotFound):
        shop.run(revoke_key, RevokeKey(created.token[:11]))


def test_keys_are_kept_as_digests(shop: Shop) -> None:
    found = shop.wired.lookups.key(digest(shop.key))
    assert found is not None
    assert (found.store_id, found.secret, found.label) == (shop.store_id, False, "Storefront")
    rows = shop.sql("SELECT prefix, token_hash FROM api_keys")
    assert [(row["prefix"], bytes(row["token_hash"])) for row in rows] == [(shop.key[:11], digest(shop.key))]
    log = shop.sql("SELECT changes::text AS told FROM activity WHERE action = 'identity.create_key'")
    assert len(log) == 1
    assert shop.key not in log[0]["told"]


def test_a_known_publishable_key_can_be_kept(shop: Shop) -> None:
    token = "pk_demo_" + secrets.token_hex(8)
    assert shop.run(create_key, CreateKey(KeyKind.PUBLISHABLE, "Demo", (ORIGIN,), token=token)).token == token
    with pytest.raises(ValueError, match="begins with sk_"):
        shop.run(create_key, CreateKey(KeyKind.SECRET, "Demo", token=token))


def test_a_publishable_key_without_an_origin_is_refused(shop: Shop) -> None:
    with pytest.raises(Invalid):
        shop.run(create_key, CreateKey(KeyKind.PUBLISHABLE, "Demo"))
    with pytest.raises(IntegrityError, match="ck_api_keys_origins"):
        shop.execute("UPDATE api_keys SET origins = '{}'")


def test_one_refresh_of_many_at_once_goes_through(shop: Shop) -> None:
    first = shop.run(register_shopper, RegisterShopper(email(), "Maria", PASSWORD), shop.storefront)
    outcomes: list[str] = []

    def refresh() -> None:
        try:
            shop.run(refresh_shopper, RefreshShopper(first.refresh_token), shop.storefront)
            outcomes.append("done")
        except CoreError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refresh_refused", "refresh_refused", "refresh_refused"]
    assert [row["revoked_at"] is None for row in shop.sql("SELECT revoked_at FROM shopper_sessions")] == [False]


def test_preferences_go_with_the_person(shop: Shop) -> None:
    address, password = shop.add_staff(Role.FINANCE)
    context = shop.as_(Role.FINANCE)
    staff_id = StaffId(context.actor.id)  # type: ignore[arg-type]  # staff have an id
    shop.run(choose_preferences, ChoosePreferences(staff_id, locale="pt-BR", theme="dark"), context)
    with pytest.raises(Invalid):
        shop.run(choose_preferences, ChoosePreferences(staff_id, theme="pink"), context)
    signed_in = shop.run(sign_in_staff, SignInStaff(address, password, HOME), NOBODY)
    found = shop.wired.lookups.staff_session(digest(signed_in.token), shop.wired.clock.wall())
    assert found is not None
    assert (found.locale, found.theme, found.role, found.store_id) == (
        "pt-BR", "dark", Role.FINANCE, shop.store_id
    )  # fmt: skip
