"""Who calls: every test key is an account of its own, known from its first request on."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from sandbox.payments.errors import ApiError
from sandbox.payments.store import Books

KEY = re.compile(r"\Ask_test_([A-Za-z0-9_-]{1,200})\Z")
SINCE = 1_767_225_600  # 2026-01-01: accounts have no history of their own


@dataclass(frozen=True, slots=True)
class Merchant:
    """What a payer sees of an account."""

    name: str
    city: str


def authenticate(header: str | None) -> str:
    """The account named by an Authorization header: `Bearer sk_test_<account>` or HTTP basic with it as user.

    Raises ApiError 401.
    """
    scheme, _, given = (header or "").partition(" ")
    given = given.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("ascii").partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    if not given:
        message = "You did not provide an API key. You need to provide it in the Authorization header, "
        raise ApiError(401, "invalid_request_error", message + "using Bearer auth (e.g. 'Authorization: Bearer KEY').")
    match = KEY.match(given)
    if match is None:
        shown = given[:8] + "*" * 8 + given[-4:] if len(given) > 16 else "********"
        raise ApiError(401, "invalid_request_error", f"Invalid API Key provided: {shown}")
    return match[1]


def merchant(books: Books, account: str) -> Merchant:
    """The account's trade name, or one made from its key."""
    row = books.execute("SELECT name, city FROM sandbox.accounts WHERE account = %s", (account,)).fetchone()
    if row is None:
        return Merchant(account.replace("_", " ").replace("-", " ").title(), "São Paulo")
    return Merchant(row["name"], row["city"])


def name_account(books: Books, account: str, name: str, city: str) -> None:
    """Give an account the name and city that payers see."""
    books.execute(
        "INSERT INTO sandbox.accounts VALUES (%s, %s, %s)"
        " ON CONFLICT (account) DO UPDATE SET name = excluded.name, city = excluded.city",
        (account, name, city),
    )


def account_json(books: Books, account: str) -> dict[str, Any]:
    """The account as the provider's object."""
    known = merchant(books, account)
    return {
        "id": f"acct_{account}",
        "object": "account",
        "business_profile": {"name": known.name, "mcc": None},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "pix_payments": "active", "boleto_payments": "active"},
        "charges_enabled": True,
        "country": "BR",
        "created": SINCE,
        "default_currency": "brl",
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }
