"""Webhook endpoints: who wants to be told what."""

from __future__ import annotations

from typing import Any

from sandbox.ids import new_id
from sandbox.payments.errors import Answer, invalid
from sandbox.payments.listing import page
from sandbox.payments.parameters import merged
from sandbox.payments.records import Endpoint, find, insert, save
from sandbox.payments.store import Call
from sandbox.payments.wire import endpoint_json

TOLD = frozenset(
    {
        "*",
        "payment_intent.created",
        "payment_intent.requires_action",
        "payment_intent.processing",
        "payment_intent.amount_capturable_updated",
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.canceled",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.failed",
        "payout.reconciliation_completed",
        "charge.pending",
        "charge.succeeded",
        "charge.failed",
        "charge.captured",
        "charge.refunded",
        "charge.expired",
        "charge.refund.updated",
        "refund.created",
        "refund.updated",
        "refund.failed",
    }
)
FAMILIES = ("account.", "balance.", "charge.", "customer.", "payment_method.", "payout.", "radar.", "review.")


def _wanted(events: list[str]) -> list[str]:
    """Event types as given. Those of families that this provider never emits are kept, and stay silent."""
    if not events:
        raise invalid("enabled_events names at least one event", param="enabled_events")
    for event in events:
        if event not in TOLD and not event.startswith(FAMILIES):
            raise invalid(
                f"Invalid enabled_events: must be one of the known event types, not {event}", param="enabled_events"
            )
    return events


def create(call: Call, given: dict[str, Any]) -> Answer:
    """POST /v1/webhook_endpoints; the only answer that tells the signing secret."""
    endpoint = Endpoint(
        id=new_id("we"),
        account=call.account,
        created=call.now,
        url=given["url"],
        secret=new_id("whsec", 32),
        enabled_events=_wanted(given["enabled_events"]),
        description=given.get("description"),
        metadata=merged({}, given.get("metadata", {})),
    )
    insert(call.books, endpoint)
    return Answer(200, endpoint_json(endpoint, with_secret=True))


def retrieve(call: Call, _given: dict[str, Any], endpoint_id: str) -> Answer:
    """GET /v1/webhook_endpoints/{endpoint}."""
    return Answer(200, endpoint_json(find(call, Endpoint, endpoint_id)))


def listed(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/webhook_endpoints."""
    return Answer(200, page(call, Endpoint, given, "/v1/webhook_endpoints", endpoint_json))


def update(call: Call, given: dict[str, Any], endpoint_id: str) -> Answer:
    """POST /v1/webhook_endpoints/{endpoint}."""
    endpoint = find(call, Endpoint, endpoint_id, lock=True)
    endpoint.url = given.get("url", endpoint.url)
    endpoint.description = given.get("description", endpoint.description)
    endpoint.metadata = merged(endpoint.metadata, given.get("metadata", {}))
    if "enabled_events" in given:
        endpoint.enabled_events = _wanted(given["enabled_events"])
    if "disabled" in given:
        endpoint.status = "disabled" if given["disabled"] else "enabled"
    save(call.books, endpoint)
    return Answer(200, endpoint_json(endpoint))


def delete(call: Call, _given: dict[str, Any], endpoint_id: str) -> Answer:
    """DELETE /v1/webhook_endpoints/{endpoint}, with what was still to be delivered there."""
    endpoint = find(call, Endpoint, endpoint_id, lock=True)
    call.books.execute("DELETE FROM sandbox.webhook_endpoints WHERE id = %s", (endpoint.id,))
    return Answer(200, {"id": endpoint.id, "object": "webhook_endpoint", "deleted": True})
