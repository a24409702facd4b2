"""How often sign-in may be tried: nobody guesses passwords, and nobody locks somebody else out.

Tries are counted for the pair of an account and a client address, and for the address alone, whether there is such an
account or not: a refusal tells nothing about who exists. Other people's tries from elsewhere never stop anybody. An
address that is out of tries still lets in whoever signed in from it before.
All times are wall time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from core.identity.errors import SignInPaused, SignInRefused
from core.identity.model import digest, email_key
from core.shared.ids import StoreId

PAIR_TRIES = 5
ADDRESS_TRIES = 30
PAUSE = timedelta(minutes=15)  # for so long tries are counted together, and for so long none are taken after the last
KNOWN = timedelta(days=90)
STAFF = "staff"


def shoppers_of(store_id: StoreId) -> str:
    """The realm of a store's shoppers: the same address at another store is somebody else."""
    return f"shoppers {store_id}"


def client_of(address: str) -> str:
    """What one client can't change at will: its IPv4 address, or the /64 of its IPv6 address.

    :param address: as the connection names it; what is no IP address (a socket's path) is taken as it is
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody tries to come in. Only digests of it are kept: of the pair, the address, and a pair that is known.

    `realm` is `STAFF` or `shoppers_of` a store, `address` the client's address.
    """

    realm: str
    email: str
    address: str

    @property
    def pair(self) -> bytes:
        return digest("\n".join(("pair", self.realm, client_of(self.address), email_key(self.email))))

    @property
    def client(self) -> bytes:
        return digest("\n".join(("client", self.realm, client_of(self.address))))

    @property
    def known(self) -> bytes:
        return digest("\n".join(("known", self.realm, client_of(self.address), email_key(self.email))))


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries that failed and are forgotten at `until`. Whoever used up `limit` waits for that."""

    limit: int
    failed: int
    until: datetime

    def out(self, at: datetime) -> bool:
        return self.failed >= self.limit and at < self.until

    def counted(self, at: datetime) -> Tries:
        failed = self.failed + 1 if at < self.until else 1
        begins = failed == 1 or failed >= self.limit
        return replace(self, failed=failed, until=at + PAUSE if begins else self.until)

    def taken_back(self, at: datetime) -> Tries:
        return replace(self, failed=max(0, self.failed - 1)) if at < self.until else self

    @property
    def left(self) -> int:
        return max(0, self.limit - self.failed)


@dataclass(frozen=True, slots=True)
class SignInTries:
    """The tries at one door. `known_until`: this account came in from this address before, which is remembered so long.
    `resting`: the address was out of tries when this try was counted."""

    pair: Tries
    client: Tries
    known_until: datetime | None = None
    resting: bool = False

    def counted(self, at: datetime) -> SignInTries:
        """With one more, counted before the password is looked at, so that guesses in parallel count too.

        Raises SignInPaused while the pair is out of tries.
        """
        if self.pair.out(at):
            raise _paused(self.pair, at)
        resting = self.client.out(at)
        client = self.client if resting else self.client.counted(at)
        return replace(self, pair=self.pair.counted(at), client=client, resting=resting)

    def judge(self, right: bool, at: datetime) -> None:
        """Let a counted try in, or not. An address that rests gives one and the same answer to all but a right password
        of somebody it knows.

        Raises SignInPaused, SignInRefused.
        """
        known = self.known_until is not None and at < self.known_until
        if self.resting and not (right and known):
            raise _paused(self.client, at)
        if not right:
            raise SignInRefused(min(self.pair.left, self.client.left))

    def passed(self, counted: SignInTries, at: datetime) -> SignInTries:
        """After a right password: the pair starts anew and is known, and the address gets back what `counted` cost."""
        client = self.client if counted.resting else self.client.taken_back(at)
        return replace(self, pair=replace(self.pair, failed=0, until=at), client=client, known_until=at + KNOWN)


def _paused(tries: Tries, at: datetime) -> SignInPaused:
    left = int((tries.until - at).total_seconds()) + 1
    return SignInPaused("Too many wrong passwords. Try again in a while.", retry_after=left)
