"""A customer opens an account and is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.identity.model import Shopper, checked_email, checked_password
from core.identity.use_cases.shopper_session import Tokens, begin
from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import ShopperId
from core.shared.permission import permission
from ports.clock import Clock
from ports.identity import ShopperAccount
from ports.ids import Ids
from ports.passwords import PasswordHasher
from ports.tokens import AccessTokens
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RegisterShopper:
    email: str
    name: str
    password: str = field(repr=False)


@permission("identity.shopper.register")
def register_shopper(
    cmd: RegisterShopper,
    /,
    *,
    uow: UnitOfWork,
    passwords: PasswordHasher,
    tokens: AccessTokens,
    clock: Clock,
    ids: Ids,
) -> Tokens:
    """Raises Invalid for a malformed address, an empty name or a short password, EmailTaken for a known address."""
    if not cmd.name.strip():
        raise Invalid(problems=(FieldProblem("name", "required", "Say what to call you."),))
    at = clock.wall()
    shopper = Shopper(
        id=ShopperId(ids.new()),
        email=checked_email(cmd.email),
        name=cmd.name.strip(),
        password_hash=passwords.hash(checked_password(cmd.password)),
        created_at=at,
    )
    with uow() as tx:
        tx.shoppers.add(shopper)
        return begin(tx, ids, tokens, ShopperAccount(shopper.id, shopper.email, shopper.name), at)
