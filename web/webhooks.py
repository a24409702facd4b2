"""Webhooks of payment providers and carriers: verified over the raw body, kept, and answered at once.

What a webhook means is worked out afterwards; of money, from what the provider tells when it is asked.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from core.logistics.use_cases.receive_webhook import (
    ForgedCarrierWebhook,
    ReceiveCarrierWebhook,
    receive_carrier_webhook,
)
from core.payments.use_cases.receive_webhook import ForgedWebhook, ReceiveWebhook, receive_webhook
from core.shared.context import CallContext, Job
from core.shared.errors import NotFound
from core.shared.ids import CarrierAccountId, PaymentAccountId
from web.calls import kernel
from web.errors import BadRequest
from web.request_ids import request_id

webhooks = Blueprint("webhooks", __name__)

MAX_BODY = 262_144  # bytes; an event holds one object of the provider's, some kilobytes


@webhooks.post("/webhooks/payments/<provider>/<uuid:account>")
def receive(provider: str, account: UUID) -> Response:
    """Keep a provider's webhook. 400 when it is forged, 200 also for one that was received before."""
    request.max_content_length = MAX_BODY
    known = kernel().lookups.payment_account(account)
    if known is None or known.provider != provider:
        raise NotFound()
    context = CallContext(known.store_id, Job("webhooks"), request_id(), actor_label=provider)
    command = ReceiveWebhook(PaymentAccountId(account), _headers(), request.get_data(cache=False))
    try:
        new = kernel().app.run(receive_webhook, command, context)
    except ForgedWebhook as forged:
        raise BadRequest(400, forged.message, code=forged.code) from forged
    return jsonify(received=True, repeated=not new)


@webhooks.post("/webhooks/carriers/<carrier>/<uuid:account>")
def receive_from_carrier(carrier: str, account: UUID) -> Response:
    """Keep a carrier's webhook. 400 when it is forged, 200 also for one that was received before."""
    request.max_content_length = MAX_BODY
    known = kernel().lookups.carrier_account(account)
    if known is None or known.carrier != carrier:
        raise NotFound()
    context = CallContext(known.store_id, Job("webhooks"), request_id(), actor_label=carrier)
    command = ReceiveCarrierWebhook(CarrierAccountId(account), _headers(), request.get_data(cache=False))
    try:
        new = kernel().app.run(receive_carrier_webhook, command, context)
    except ForgedCarrierWebhook as forged:
        raise BadRequest(400, forged.message, code=forged.code) from forged
    return jsonify(received=True, repeated=not new)


def _headers() -> dict[str, str]:
    """The headers by their names in title case, as the signature's is asked for."""
    return {name.title(): value for name, value in request.headers.items()}
