"""A customer proves who they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.identity.errors import SignInRefused
from core.identity.model import MAX_TRIES, PASSWORD_LENGTH
from core.identity.use_cases.shopper_session import Tokens, begin
from core.shared.permission import permission
from ports.clock import Clock
from ports.identity import ShopperAccount
from ports.ids import Ids
from ports.passwords import PasswordHasher
from ports.tokens import AccessTokens
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LogInShopper:
    email: str
    password: str = field(repr=False)


@permission("identity.shopper.sign_in")
def log_in_shopper(
    cmd: LogInShopper,
    /,
    *,
    uow: UnitOfWork,
    passwords: PasswordHasher,
    tokens: AccessTokens,
    clock: Clock,
    ids: Ids,
) -> Tokens:
    """Begin a session. Raises SignInRefused for a wrong pair, SignInPaused after five of them."""
    at = clock.wall()
    with uow() as tx:
        shopper = tx.shoppers.by_email(cmd.email)
        if shopper is not None:
            shopper = shopper.trying(at)
            tx.shoppers.save_tries(shopper)
    # Nobody's account takes as long and is refused in the same words; a far too long password is not hashed.
    password = cmd.password if len(cmd.password) < PASSWORD_LENGTH.stop else ""
    if not passwords.verify(password, shopper.password_hash if shopper else None) or shopper is None:
        raise SignInRefused(shopper.tries.left if shopper is not None else MAX_TRIES - 1)
    with uow() as tx:
        tx.shoppers.save_tries(shopper.signed_in())
        return begin(tx, ids, tokens, ShopperAccount(shopper.id, shopper.email, shopper.name), at)
