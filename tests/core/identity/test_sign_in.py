"""Sign-in of staff and shoppers on the real database: guesses are stopped, and nobody else is."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from adapters.postgres.sign_in_tries import SWEPT
from core.identity.errors import SignInPaused, SignInRefused
from core.identity.roles import Role
from core.identity.tries import ADDRESS_TRIES, PAIR_TRIES
from core.identity.use_cases.log_in_shopper import LogInShopper, log_in_shopper
from core.identity.use_cases.register_shopper import RegisterShopper, register_shopper
from core.identity.use_cases.sign_in_staff import SignInStaff, sign_in_staff
from core.shared.errors import CoreError
from tests.addresses import new_address
from tests.core.identity.test_use_cases import NOBODY, email
from tests.shop import PASSWORD, Shop

WRONG = "wrong password"


@dataclass(frozen=True)
class Entrance:
    """A way in: of staff or of shoppers."""

    shop: Shop
    person: Callable[[], str]
    enter: Callable[[str, str, str], object]

    def outcome(self, who: str, password: str, address: str) -> object:
        """What a try tells: True, or the error's kind with all that it says but how long to wait."""
        try:
            self.enter(who, password, address)
        except CoreError as error:
            return type(error), error.code, error.message, getattr(error, "tries_left", None)
        return True

    def tire(self, address: str) -> None:
        """Use up the tries of `address` with accounts that nobody has."""
        for _ in range(ADDRESS_TRIES // PAIR_TRIES):
            nobody = email()
            for _ in range(PAIR_TRIES):
                assert self.outcome(nobody, WRONG, address)[0] is SignInRefused  # type: ignore[index]  # no True


def _staff(shop: Shop) -> Entrance:
    def enter(who: str, password: str, address: str) -> object:
        return shop.run(sign_in_staff, SignInStaff(who, password, address), NOBODY)

    return Entrance(shop, lambda: shop.add_staff(Role.SUPPORT)[0], enter)


def _shoppers(shop: Shop) -> Entrance:
    def person() -> str:
        who = email()
        shop.run(register_shopper, RegisterShopper(who, "Maria", PASSWORD), shop.storefront)
        return who

    def enter(who: str, password: str, address: str) -> object:
        return shop.run(log_in_shopper, LogInShopper(who, password, address), shop.storefront)

    return Entrance(shop, person, enter)


@pytest.fixture(params=[_staff, _shoppers], ids=["staff", "shoppers"])
def entrance(request: pytest.FixtureRequest, shop: Shop) -> Entrance:
    found: Entrance = request.param(shop)
    return found


def test_nobody_locks_somebody_else_out(entrance: Entrance) -> None:
    person, home = entrance.person(), new_address()
    for _ in range(3):
        elsewhere = new_address()
        for _ in range(PAIR_TRIES):
            with pytest.raises(SignInRefused):
                entrance.enter(person, WRONG, elsewhere)
        for password in (WRONG, PASSWORD):
            with pytest.raises(SignInPaused):
                entrance.enter(person, password, elsewhere)
    assert entrance.outcome(person, PASSWORD, home) is True


def test_no_answer_tells_whether_there_is_such_an_account(entrance: Entrance) -> None:
    answers = []
    for who in (entrance.person(), email()):
        address = new_address()
        answers.append([entrance.outcome(who, WRONG, address) for _ in range(PAIR_TRIES + 2)])
    assert answers[0] == answers[1]
    assert [answer[3] for answer in answers[0]] == [4, 3, 2, 1, 0, None, None]  # type: ignore[index]  # no True


def test_every_address_has_so_many_tries_and_lets_in_whom_it_knows(entrance: Entrance) -> None:
    regular, stranger, office = entrance.person(), entrance.person(), new_address()
    assert entrance.outcome(regular, PASSWORD, office) is True
    entrance.tire(office)
    for who, password in ((stranger, PASSWORD), (stranger, WRONG), (regular, WRONG), (email(), WRONG)):
        with pytest.raises(SignInPaused):
            entrance.enter(who, password, office)
    assert entrance.outcome(regular, PASSWORD, office) is True
    assert entrance.outcome(stranger, PASSWORD, new_address()) is True


def test_right_passwords_cost_an_address_nothing(entrance: Entrance) -> None:
    person, office = entrance.person(), new_address()
    for _ in range(ADDRESS_TRIES + 1):
        assert entrance.outcome(person, PASSWORD, office) is True


def test_every_refusal_takes_a_hash_whoever_it_is(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords, hashed = entrance.shop.wired.plain["passwords"], []
    verify = passwords.verify

    def counted(password: str, stored: str | None) -> bool:
        hashed.append(password)
        return bool(verify(password, stored))

    monkeypatch.setattr(passwords, "verify", counted)
    regular, office = entrance.person(), new_address()
    assert entrance.outcome(regular, PASSWORD, office) is True
    entrance.tire(office)
    for who in (regular, entrance.person(), email()):
        hashed.clear()
        outcomes = [entrance.outcome(who, WRONG, office) for _ in range(PAIR_TRIES + 1)]
        assert {outcome[0] for outcome in outcomes} == {SignInPaused}  # type: ignore[index]  # no True
        assert len(hashed) == PAIR_TRIES


def test_what_is_kept_names_nobody(entrance: Entrance) -> None:
    engine = entrance.shop.wired.engines.platform
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT bucket FROM sign_in_tries").scalars().all()
    assert entrance.outcome(entrance.person(), WRONG, new_address()) is not True
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT bucket FROM sign_in_tries").scalars().all()
    new = {bytes(row) for row in rows} - {bytes(row) for row in kept}
    assert [len(bucket) for bucket in new] == [32, 32]


def test_the_table_holds_what_still_counts(entrance: Entrance) -> None:
    engine = entrance.shop.wired.engines.platform
    row = sa.text("INSERT INTO sign_in_tries (bucket, failed, until) VALUES (:bucket, 1, :until)")
    count = sa.text("SELECT count(*) FROM sign_in_tries WHERE until < :at")
    at = entrance.shop.wired.clock.wall()
    with engine.begin() as connection:
        for n in range(2 * SWEPT):
            connection.execute(row, {"bucket": secrets.token_bytes(32), "until": at - timedelta(seconds=n + 1)})
    for _ in range(3):
        assert entrance.outcome(email(), WRONG, new_address()) is not True
    with engine.connect() as connection:
        assert connection.scalar(count, {"at": at}) == 0


def test_many_at_once_from_one_address_wait_for_one_another_and_end(entrance: Entrance) -> None:
    people, office, outcomes = [entrance.person() for _ in range(6)], new_address(), []

    def enter(who: str) -> None:
        outcomes.append(entrance.outcome(who, PASSWORD, office))

    threads = [threading.Thread(target=enter, args=(who,)) for who in people * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [True] * len(threads)
