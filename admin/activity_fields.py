"""The words for fields, as rows of the activity log name them before their values."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

# By the name under which a repository tells the log of a change; an amount's name is without its "_minor".
FIELDS: Mapping[str, LazyString] = {
    "alt": _l("What it shows"),
    "amount": _l("Amount"),
    "applied": _l("Rows applied"),
    "authorised": _l("Authorised"),
    "bank_transfer_days": _l("Days for a transfer"),
    "barcode": _l("EAN"),
    "cancel_reason": _l("Reason"),
    "cancelled_at": _l("Cancelled"),
    "capture_policy": _l("When cards are captured"),
    "captured": _l("Captured"),
    "card_seconds": _l("Seconds for a card"),
    "checked": _l("Rows checked"),
    "columns": _l("Columns"),
    "compare_at": _l("Price before"),
    "cost": _l("Cost"),
    "countries": _l("Countries"),
    "created_at": lazy_pgettext("time", "Created"),
    "currencies": _l("Currencies"),
    "decline_code": _l("Decline code"),
    "description": _l("Description"),
    "description_html": _l("Description"),
    "details": _l("Details"),
    "dialect": _l("Form of the file"),
    "email": _l("E-mail"),
    "enabled": _l("Enabled"),
    "expires_at": _l("Ends"),
    "failed": _l("Rows failed"),
    "failure": _l("Error"),
    "file_name": _l("File"),
    "job": _l("Job"),
    "kind": _l("Kind"),
    "label": _l("Name"),
    "left_reference": _l("Our reference"),
    "locale": _l("Language"),
    "locales": _l("Languages"),
    "method": _l("Payment"),
    "name": _l("Name"),
    "on_hand": _l("On hand"),
    "opened_at": _l("Since"),
    "option_values": _l("Options"),
    "options": _l("Options"),
    "order_prefix": _l("Prefix of order numbers"),
    "origin": _l("Sender's address"),
    "origins": _l("Web addresses"),
    "pictures": _l("Pictures"),
    "pix_minutes": _l("Minutes for Pix"),
    "price": _l("Price"),
    "prices_include_tax": _l("Prices with tax"),
    "product_type": _l("Category"),
    "provider": _l("The provider"),
    "published_at": _l("On sale since"),
    "refunded": _l("Refunded"),
    "requires_shipping": _l("Is shipped"),
    "reserved": _l("Reserved"),
    "resolution": _l("What became of the money"),
    "resolved_at": lazy_pgettext("exception", "Resolved"),
    "revoked_at": _l("Ended"),
    "right_reference": _l("The provider's reference"),
    "role": _l("Role"),
    "run_at": _l("Due"),
    "scopes": _l("Rights"),
    "sent_at": _l("Sent"),
    "seo_description": _l("Description for search engines"),
    "seo_title": _l("Title for search engines"),
    "sku": _l("SKU"),
    "slug": _l("Address"),
    "state": _l("State"),
    "status": _l("Status"),
    "subject": _l("Subject"),
    "tags": _l("Tags"),
    "tax_category": _l("Tax category"),
    "theme": _l("Theme"),
    "time_zone": _l("Time zone"),
    "title": _l("Title"),
    "token_rotation": _l("Link to the order"),
    "total": _l("Total"),
    "tracked": _l("Stock counted"),
    "vendor": _l("Maker"),
    "weight_grams": _l("Weight, g"),
}


def field_word(name: str) -> str:
    """What the field `name` is called; one without a word shows its name."""
    plain = name.removesuffix("_minor")
    return str(FIELDS.get(plain) or plain.replace("_", " ").capitalize())
