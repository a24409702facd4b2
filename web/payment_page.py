"""/pay/<secret>: the payment page's address at the shop. It sends the shopper on to where money is asked for.

The secret is all there is to it: whoever holds it may pay this one session.
"""

from __future__ import annotations

from flask import Blueprint, redirect
from werkzeug import Response

from core.checkout.queries import FindPaymentPage, find_payment_page
from core.identity.model import digest
from core.shared.context import CallContext, Job
from core.shared.errors import NotFound
from web.calls import kernel
from web.request_ids import request_id

payment_page = Blueprint("payment_page", __name__)

_MAX_SECRET = 100


@payment_page.get("/pay/<secret>")
def pay(secret: str) -> Response:
    """To the provider's page, or back to the shop when there is nothing left to pay."""
    found = kernel().lookups.payment_session(digest(secret)) if len(secret) <= _MAX_SECRET else None
    if found is None:
        raise NotFound()
    context = CallContext(found.store_id, Job("payment_page"), request_id())
    return redirect(kernel().app.read(find_payment_page, FindPaymentPage(found.id), context), 303)
