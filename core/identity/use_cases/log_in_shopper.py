"""A customer proves who they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.identity.model import PASSWORD_LENGTH
from core.identity.tries import Door, shoppers_of
from core.identity.use_cases.shopper_session import Tokens, begin
from core.identity.use_cases.trying import count_try, forget_tries
from core.shared.permission import permission
from ports.clock import Clock
from ports.identity import PlatformUnitOfWork, ShopperAccount
from ports.ids import Ids
from ports.passwords import PasswordHasher
from ports.tokens import AccessTokens
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LogInShopper:
    """`address` is the client's, as the connection names it."""

    email: str
    password: str = field(repr=False)
    address: str


@permission("identity.shopper.sign_in")
def log_in_shopper(
    cmd: LogInShopper,
    /,
    *,
    uow: UnitOfWork,
    platform: PlatformUnitOfWork,
    passwords: PasswordHasher,
    tokens: AccessTokens,
    clock: Clock,
    ids: Ids,
) -> Tokens:
    """Begin a session.

    Raises SignInRefused for a wrong pair, SignInPaused after too many of them from the client's address.
    """
    at = clock.wall()
    with uow() as tx:
        shopper = tx.shoppers.by_email(cmd.email)
        door = Door(shoppers_of(tx.stores.current().id), cmd.email, cmd.address)
    tries = count_try(platform, door, at)
    # Nobody's account takes as long and is refused in the same words; a far too long password is not hashed.
    password = cmd.password if len(cmd.password) < PASSWORD_LENGTH.stop else ""
    right = passwords.verify(password, shopper.password_hash if shopper else None)
    tries.judge(right, at)
    assert shopper is not None  # noqa: S101 - nobody's password is never right
    forget_tries(platform, door, tries, at)
    with uow() as tx:
        return begin(tx, ids, tokens, ShopperAccount(shopper.id, shopper.email, shopper.name), at)
