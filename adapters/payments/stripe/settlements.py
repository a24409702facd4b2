"""What a Stripe account tells of its balance, payouts and disputes, page by page, as it tells it.

Lists come newest first and go on after the last object of a page: https://docs.stripe.com/api/pagination. Nothing is
sorted, dropped or made whole here: who reads knows what was there before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import stripe

from adapters.payments.stripe import settlement_mapping as mapping
from adapters.payments.stripe.client import client_of, plain, retry_after
from adapters.payments.stripe.config import StripeConfig, read_config
from adapters.plugins import Surroundings
from ports.settlements import DisputeSeen, PayoutSeen, SettlementLine, SettlementPage, SettlementSource

T = TypeVar("T")

_MOST = 100  # objects on a page: https://docs.stripe.com/api/pagination


class _Listed(Protocol):
    """What the SDK's lists have in common."""

    data: Any
    has_more: bool


def build(settings: Mapping[str, str], surroundings: Surroundings) -> SettlementSource:
    return StripeSettlements(read_config(settings, surroundings))


class StripeSettlements:
    """The settlement side of one Stripe account."""

    def __init__(self, config: StripeConfig) -> None:
        self._client = client_of(config)

    def payouts(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[PayoutSeen]:
        params = _since(since, cursor, limit)
        return _page(lambda: self._client.v1.payouts.list(params=params), mapping.payout)  # type: ignore[arg-type]  # built as plain values

    def payout(self, reference: str) -> SettlementPage[PayoutSeen]:
        def ask() -> SettlementPage[PayoutSeen]:
            return SettlementPage((mapping.payout(plain(self._client.v1.payouts.retrieve(reference))),))

        return _tried(ask)

    def lines(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        return self._lines(_since(since, cursor, limit), None)

    def payout_lines(self, reference: str, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        return self._lines({**_paged(cursor, limit), "payout": reference}, reference)

    def _lines(self, params: dict[str, Any], payout: str | None) -> SettlementPage[SettlementLine]:
        asked: Any = {**params, "expand": ["data.source"]}
        return _page(
            lambda: self._client.v1.balance_transactions.list(params=asked), lambda item: mapping.line(item, payout)
        )

    def disputes(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[DisputeSeen]:
        asked: Any = _since(since, cursor, limit)
        return _page(lambda: self._client.v1.disputes.list(params=asked), mapping.dispute)


def _paged(cursor: str | None, limit: int) -> dict[str, Any]:
    return {"limit": max(1, min(limit, _MOST)), **({"starting_after": cursor} if cursor else {})}


def _since(since: datetime, cursor: str | None, limit: int) -> dict[str, Any]:
    return {**_paged(cursor, limit), "created": {"gte": int(since.timestamp())}}


def _page(ask: Callable[[], _Listed], translate: Callable[[Mapping[str, Any]], T]) -> SettlementPage[T]:
    """One page. A page that says there is more and holds nothing can't be gone on from: that is nonsense."""

    def asked() -> SettlementPage[T]:
        listed = ask()
        items: Sequence[dict[str, Any]] = [plain(item) for item in listed.data]
        if listed.has_more and not items:
            return SettlementPage(failed="more_after_nothing")
        following = str(items[-1]["id"]) if listed.has_more else None
        return SettlementPage(tuple(translate(item) for item in items), following)

    return _tried(asked)


def _tried(ask: Callable[[], SettlementPage[T]]) -> SettlementPage[T]:
    """What cannot be had is said, never raised: the provider's refusal, its silence, and words that make no sense."""
    try:
        return ask()
    except stripe.StripeError as error:
        code = error.code or ("rate_limited" if isinstance(error, stripe.RateLimitError) else None)
        return SettlementPage(failed=code or _said(error), retry_after=retry_after(error))
    except mapping.Nonsense as error:
        return SettlementPage(failed=f"nonsense: {error}")


def _said(error: stripe.StripeError) -> str:
    return f"http_{error.http_status}" if error.http_status else "no_answer"
