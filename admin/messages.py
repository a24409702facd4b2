"""The mailbox: every message to customers as it was written."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext as _l

from admin.access import requires
from admin.context import read
from core.messages.queries import GetMessage, ListMessages, get_message, list_messages
from core.shared.ids import MessageId
from ports.paging import PageRequest

mailbox = Blueprint("mailbox", __name__, url_prefix="/messages")

KINDS = {"order_confirmation": _l("Order confirmation")}

# A letter is drawn in a frame of its own: it may bring its own style and nothing else, neither script nor address.
LETTER_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox",
    )
)


@mailbox.get("/")
@requires("messages.message.read")
def index() -> str:
    """Messages, newest first."""
    recipient = request.args.get("q", "").strip() or None
    page = read(list_messages, ListMessages(recipient, PageRequest(50, request.args.get("cursor"))))
    return render_template("messages/index.html", page=page, recipient=recipient, kinds=KINDS)


@mailbox.get("/<uuid:message_id>")
@requires("messages.message.read")
def show(message_id: UUID) -> str:
    """One message: its head, the letter in a frame, and its plain text."""
    message = read(get_message, GetMessage(MessageId(message_id)))
    return render_template("messages/show.html", message=message, kinds=KINDS, plain="text" in request.args)


@mailbox.get("/<uuid:message_id>/letter")
@requires("messages.message.read")
def letter(message_id: UUID) -> Response:
    """The message's HTML alone, for the frame of its page."""
    message = read(get_message, GetMessage(MessageId(message_id)))
    answer = Response(message.html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
