"""An API key of a store."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.identity.model import ApiKey, KeyKind, checked_origins, checked_scopes, digest
from core.shared.ids import KeyId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import UnitOfWork

_PREFIXES = {KeyKind.PUBLISHABLE: "pk_", KeyKind.SECRET: "sk_"}
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class CreateKey:
    """`origins` are the browser origins (scheme, host, port) of a publishable key, at least one: browsers call from
    them, and shoppers come back to them after paying. `scopes` are the permissions of a secret one. `token`, a complete
    publishable key, keeps an address that clients know already."""

    kind: KeyKind
    label: str
    origins: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    token: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """`token` is the key itself, told this once."""

    id: KeyId
    token: str = field(repr=False)


@permission("identity.key.create")
def create_key(cmd: CreateKey, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> CreatedKey:
    """Raises Invalid for an unknown scope, no origin of a publishable key, or one that is none."""
    start = _PREFIXES[cmd.kind]
    token = cmd.token or start + ids.secret()
    if not token.startswith(start):
        raise ValueError(f"a {cmd.kind} key begins with {start}")
    key = ApiKey(
        id=KeyId(ids.new()),
        kind=cmd.kind,
        label=cmd.label,
        prefix=token[: len(start) + _SHOWN],
        token_hash=digest(token),
        origins=checked_origins(cmd.kind, cmd.origins),
        scopes=checked_scopes(cmd.scopes),
        created_at=clock.wall(),
    )
    with uow() as tx:
        tx.keys.add(key)
    return CreatedKey(key.id, token)
