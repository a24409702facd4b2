"""The I/O half of Stripe: requests with their idempotency keys, and what each way of failing means.

Time-outs, broken connections and server errors are UNKNOWN: the effect may have happened. A refusal that Stripe
states (a declined card, an invalid request) is DECLINED. https://docs.stripe.com/error-handling

A server error is stored under the idempotency key like any answer, so repeating alone would never learn more: after
one, the object itself is looked for, by the id of ours that it carries. What was opened long ago is looked for by
search, which may lag by minutes, not by a day: https://docs.stripe.com/search#data-freshness
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import stripe

from adapters.payments.stripe import mapping, pages, webhooks
from adapters.payments.stripe.client import client_of, plain, retry_after
from adapters.payments.stripe.config import StripeConfig, read_config
from adapters.plugins import Surroundings
from core.payments.lifecycle import Outcome
from core.shared.errors import Unavailable
from core.shared.money import Money
from ports.payment_page import EmbeddedForm, Redirect
from ports.payments import (
    Answer,
    Capabilities,
    NotSupported,
    OpenRequest,
    PaymentGateway,
    RefundSeen,
    Tender,
    TenderStatus,
    WebhookNotice,
)

CAPABILITIES = Capabilities(
    methods={"card": False, "pix": True, "boleto": True},
    manual_capture=frozenset({"card"}),
    partial_capture=True,
    refunds=True,
    webhooks=True,
    page=True,
    settlements=True,
    not_refundable=frozenset({"boleto"}),
)

# How many of the latest payment intents are looked through for one whose opening was not answered.
_RECENT = 100

# Refusals that say the tender is already where it was wanted to be, or beyond.
_BEYOND = frozenset({"payment_intent_unexpected_state", "charge_already_captured", "charge_already_refunded"})


def build(settings: Mapping[str, str], surroundings: Surroundings) -> PaymentGateway:
    return StripeGateway(read_config(settings, surroundings))


class StripeGateway:
    """One Stripe account."""

    def __init__(self, config: StripeConfig) -> None:
        self._config = config
        self._client = client_of(config)

    @property
    def capabilities(self) -> Capabilities:
        return replace(CAPABILITIES, page=bool(self._config.pages or self._config.publishable_key))

    def open(self, request: OpenRequest) -> Answer:
        if request.method not in CAPABILITIES.methods:
            raise NotSupported(request.method)
        if not (request.capture_at_once or request.method in CAPABILITIES.manual_capture):
            raise NotSupported(f"{request.method} is always captured at once")
        if request.repeated:
            return self._open_again(request)
        answer = self._create(request)
        return answer if answer.outcome is not Outcome.UNKNOWN else self._find(request, answer)

    def _create(self, request: OpenRequest) -> Answer:
        """Ask for a new tender. Only a request that is refused as invalid is known to have made none."""
        try:
            made = self._client.v1.payment_intents.create(
                params=mapping.open_parameters(request),  # type: ignore[arg-type]  # built as plain values
                options={"idempotency_key": request.key},
            )
        except stripe.StripeError as error:
            failure = _failure(error)
            if failure.outcome is not Outcome.DECLINED:
                return failure
            invalid = isinstance(error, stripe.InvalidRequestError) and error.http_status in (400, 404)
            return replace(failure, absent=True) if invalid else replace(failure, outcome=Outcome.UNKNOWN)
        return self._ask(lambda: made)

    def _open_again(self, request: OpenRequest) -> Answer:
        """The tender of an earlier request, however long ago, or a new one where there is none.

        A key is forgotten after a day, and what it made is found by then; until it can be found the key still holds.
        """
        query = f"metadata['payment_id']:'{request.payment_id}'"
        try:
            known = self._client.v1.payment_intents.search(params={"query": query, "limit": 1}).data
        except stripe.StripeError as error:
            return Answer(Outcome.UNKNOWN, code=error.code, retry_after=retry_after(error))
        if known:
            return self._ask(lambda: known[0])
        answer = self._create(request)
        return answer if answer.outcome is Outcome.SUCCEEDED else self._find(request, answer)

    def _find(self, request: OpenRequest, otherwise: Answer) -> Answer:
        """The tender that an opening made after all, among the latest; `otherwise` when it is not there."""
        try:
            recent = self._client.v1.payment_intents.list(params={"limit": _RECENT}).data
        except stripe.StripeError:
            return replace(otherwise, outcome=Outcome.UNKNOWN, absent=False)
        wanted = str(request.payment_id)
        found = next((i for i in recent if (plain(i)["metadata"] or {}).get("payment_id") == wanted), None)
        return otherwise if found is None else self._ask(lambda: found)

    def look_up(self, reference: str) -> Answer:
        answer = self._ask(lambda: self._client.v1.payment_intents.retrieve(reference))
        if answer.outcome is Outcome.DECLINED and not answer.absent:
            return replace(answer, outcome=Outcome.UNKNOWN)  # a refusal to tell, which says nothing of the tender
        return answer

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        return self._ask(
            lambda: self._client.v1.payment_intents.capture(
                reference, params={"amount_to_capture": amount.minor}, options={"idempotency_key": key}
            ),
            reference=reference,
            done=lambda tender: tender.status is TenderStatus.CAPTURED,
        )

    def cancel(self, reference: str, key: str) -> Answer:
        return self._ask(
            lambda: self._client.v1.payment_intents.cancel(reference, options={"idempotency_key": key}),
            reference=reference,
            done=lambda tender: tender.status is TenderStatus.CANCELLED,
        )

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        try:
            made = self._client.v1.refunds.create(
                params={"payment_intent": reference, "amount": amount.minor, "metadata": {"operation_id": key}},
                options={"idempotency_key": key},
            )
        except stripe.StripeError as error:
            failure = _failure(error)
            return failure if failure.outcome is not Outcome.UNKNOWN else self._find_refund(reference, key, failure)
        return _refunded(mapping.refund(plain(made)))

    def _find_refund(self, reference: str, key: str, unknown: Answer) -> Answer:
        found = self.look_up(reference)
        made = found.tender.refunds if found.tender is not None else ()
        return next((_refunded(seen) for seen in made if seen.key == key), unknown)

    def page(self, reference: str, return_url: str) -> Redirect | EmbeddedForm | None:
        if not self.capabilities.page:
            raise NotSupported("the account's settings hold no publishable key")
        try:
            intent = self._client.v1.payment_intents.retrieve(reference)
        except stripe.StripeError as error:
            raise Unavailable("The payment provider does not answer.", retry_after=retry_after(error) or 5) from error
        return pages.page(plain(intent), return_url, self._config)

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice:
        return webhooks.read(headers, body, self._config.webhook_secret, now)

    def _ask(
        self,
        call: Callable[[], stripe.PaymentIntent],
        *,
        reference: str | None = None,
        done: Callable[[Tender], bool] | None = None,
    ) -> Answer:
        """Call and read the whole tender. After a refusal the tender is read again: it may be where it was wanted."""
        try:
            tender = self._tender(call())
        except stripe.StripeError as error:
            failure = _failure(error)
            if reference is None or done is None:
                return failure
            if failure.outcome is Outcome.DECLINED and error.code not in _BEYOND:
                return failure
            found = self.look_up(reference)
            if found.tender is not None and done(found.tender):
                return found
            return replace(failure, reference=reference, tender=found.tender)
        return Answer(Outcome.SUCCEEDED, tender.reference, tender)

    def _tender(self, intent: stripe.PaymentIntent) -> Tender:
        """The intent with its charge and refunds; both are only asked for when there can be any. Money may have come
        to a cancelled intent, too, and have gone back."""
        charge: Any = None
        refunds: list[Any] = []
        if intent.latest_charge is not None and (intent.status == "requires_capture" or intent.amount_received):
            charge = plain(self._client.v1.charges.retrieve(str(intent.latest_charge)))
            if charge.get("amount_refunded") or charge.get("refunded") or intent.amount_received:
                listed = self._client.v1.refunds.list(params={"payment_intent": intent.id, "limit": 100})
                refunds = [plain(item) for item in listed.auto_paging_iter()]
        return mapping.tender(plain(intent), charge, refunds)


def _refunded(seen: RefundSeen) -> Answer:
    return Answer(seen.outcome, reference=seen.reference, code=seen.reason)


def _failure(error: stripe.StripeError) -> Answer:
    status = error.http_status
    if isinstance(error, stripe.RateLimitError):
        return Answer(Outcome.UNKNOWN, code="rate_limited", retry_after=retry_after(error))
    if isinstance(error, stripe.CardError):
        return Answer(Outcome.DECLINED, code=error.code)
    if isinstance(error, stripe.IdempotencyError) and status == 409:
        return Answer(Outcome.UNKNOWN, code=error.code, retry_after=1)  # the first request is still being executed
    if isinstance(error, stripe.IdempotencyError):
        raise error  # the same key for something else is a bug of ours, never a decline
    if isinstance(error, stripe.InvalidRequestError) and status in (400, 402, 404):
        # https://docs.stripe.com/error-codes#resource-missing
        absent = status == 404 and error.code == "resource_missing"
        return Answer(Outcome.DECLINED, code=error.code or "invalid_request", absent=absent)
    return Answer(Outcome.UNKNOWN, code=error.code, retry_after=retry_after(error))
