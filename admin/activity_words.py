"""What a row of the activity log says: a verb for the action, a word for each field, values for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from admin import filters
from admin.activity_fields import field_word
from admin.masking import PERSONAL, masked
from admin.order_words import explanation
from admin.status import UnknownStatus, status
from core.shared.money import Money
from ports.activity import ActivityRow, ChangeRow

SHOWN = 4  # fields of one row; the rest is counted

ACTIONS: Mapping[str, LazyString] = {
    "aftersales.cancel_order": _l("cancelled an order"),
    "aftersales.expire_order": _l("cancelled an unpaid order"),
    "aftersales.hand_over": _l("handed over what no parcel carries"),
    "aftersales.hand_over_paid": _l("handed over what no parcel carries"),
    "aftersales.preview_refund": _l("worked out a refund"),
    "aftersales.preview_payment": _l("worked out the recording of a payment"),
    "aftersales.record_payment": _l("recorded a payment"),
    "aftersales.refund_exception": _l("gave money of an exception back"),
    "aftersales.refund_order": _l("gave money back"),
    "aftersales.ship_fulfilment": _l("sent goods off"),
    "aftersales.ship_many": _l("sent goods off"),
    "cart.create_cart": _l("opened a cart"),
    "catalog.archive_product": _l("archived a product"),
    "catalog.arrange_pictures": _l("arranged pictures"),
    "catalog.create_product": _l("created a product"),
    "catalog.delete_product": _l("deleted a product"),
    "catalog.edit_product": _l("changed a product"),
    "catalog.edit_variants": _l("changed variants"),
    "catalog.publish_product": _l("put a product on sale"),
    "catalog.remove_variant": _l("took a variant away"),
    "catalog.set_options": _l("changed a product's options"),
    "catalog.unarchive_product": _l("brought a product back"),
    "catalog.unpublish_product": _l("took a product off sale"),
    "catalog.upload_picture": _l("added a picture"),
    "checkout.change_cart": _l("changed a cart"),
    "checkout.complete_checkout": _l("placed an order"),
    "checkout.expire_payment_session": _l("closed a payment session"),
    "checkout.open_payment_session": _l("opened a payment session"),
    "checkout.settle_payment": _l("asked about a payment"),
    "checkout.process_webhook": _l("read a payment webhook"),
    "identity.choose_preferences": _l("chose language or theme"),
    "identity.choose_store": _l("changed to the store"),
    "identity.create_key": _l("created a key"),
    "identity.create_staff": _l("added a person"),
    "identity.end_session": _l("ended a session"),
    "identity.log_in_shopper": _l("signed in to the shop"),
    "identity.log_out_shopper": _l("signed out of the shop"),
    "identity.refresh_shopper": _l("stayed signed in to the shop"),
    "identity.register_shopper": _l("opened a customer account"),
    "identity.revoke_key": _l("revoked a key"),
    "identity.sign_in_staff": _l("signed in"),
    "identity.sign_out_staff": _l("signed out"),
    "imports.apply_import": _l("applied an import"),
    "imports.cancel_import": _l("stopped an import"),
    "imports.check_import": _l("checked an import"),
    "imports.confirm_import": _l("confirmed an import"),
    "imports.start_import": _l("started an import"),
    "inventory.adjust_stock": _l("adjusted stock"),
    "ledger.backfill": _l("posted what was in no entry"),
    "ledger.close_day": _l("closed a day of the books"),
    "ledger.post_capture": _l("posted a capture"),
    "ledger.post_goods_left": _l("posted goods that left"),
    "ledger.post_label": _l("posted postage"),
    "ledger.post_label_void": _l("took voided postage out of the books"),
    "ledger.post_refund": _l("posted a refund"),
    "ledger.reopen_day": _l("opened a day of the books again"),
    "ledger.reverse_goods_left": _l("took goods that came back out of the books"),
    "ledger.reverse_refund": _l("took a failed refund out of the books"),
    "ledger.set_exception_limit": _l("set the limit of closing a day"),
    "logistics.add_carrier_account": _l("connected a carrier account"),
    "logistics.buy_batch": _l("had labels of a batch bought"),
    "logistics.cancel_fulfilment": _l("called a shipment off"),
    "logistics.choose_offers": _l("chose offers for a batch"),
    "logistics.close_batch": _l("handed a batch over"),
    "logistics.enter_tracking": _l("typed a tracking number"),
    "logistics.measure_parcel": _l("measured a parcel"),
    "logistics.offer_carrier_rates": _l("set whether carriers' prices are offered"),
    "logistics.plan_fulfilment": _l("planned a shipment"),
    "logistics.process_carrier_webhook": _l("read a carrier's webhook"),
    "logistics.purchase_label": _l("bought a label"),
    "logistics.quote_batch": _l("had prices of a batch asked for"),
    "logistics.quote_rates": _l("asked carriers for prices"),
    "logistics.receive_carrier_webhook": _l("received a carrier's webhook"),
    "logistics.remove_from_batch": _l("took a parcel out of a batch"),
    "logistics.report_parcel": _l("said where a parcel is"),
    "logistics.reverse_fulfilment": _l("took back that goods left"),
    "logistics.settle_label": _l("asked about a label"),
    "logistics.settle_void": _l("asked for a label's money back"),
    "logistics.start_batch": _l("began a batch"),
    "logistics.stop_batch": _l("stopped a batch"),
    "logistics.switch_carrier_account": _l("switched a carrier account"),
    "logistics.sync_tracking": _l("asked where parcels are"),
    "logistics.take_offer": _l("took another offer"),
    "logistics.void_label": _l("gave a label back"),
    "logistics.work_on_batch": _l("worked on a batch"),
    "messages.confirm_order": _l("wrote an order confirmation"),
    "messages.discard_delivery": _l("discarded a delivery"),
    "messages.replay_delivery": _l("replayed a delivery"),
    "messages.run_schedule_now": _l("ran a scheduled job"),
    "messages.send_message": _l("sent a message"),
    "messages.tell_order": _l("wrote where an order is"),
    "orders.add_note": _l("wrote a comment"),
    "orders.archive_order": _l("archived an order"),
    "orders.reopen_order": _l("opened an order again"),
    "payments.add_account": _l("connected a payment account"),
    "payments.capture_payment": _l("captured a payment"),
    "payments.receive_webhook": _l("received a payment webhook"),
    "reconciliation.ask_approval": _l("asked for approval"),
    "reconciliation.assign_exception": _l("handed an exception on"),
    "reconciliation.comment_on_exception": _l("wrote about an exception"),
    "reconciliation.decide_approval": _l("decided about an approval"),
    "reconciliation.reconcile": _l("compared settlements"),
    "reconciliation.reopen_exception": _l("opened an exception again"),
    "reconciliation.request_reconciliation": _l("asked for a comparison"),
    "reconciliation.resolve_exception": _l("resolved an exception"),
    "reconciliation.set_approval_limit": _l("set the limit of approvals"),
    "reconciliation.set_fee_contract": _l("wrote a fee contract down"),
    "reconciliation.write_off_exception": _l("wrote an exception off"),
    "stores.create_store": _l("created the store"),
    "stores.set_delivery_rates": _l("changed the delivery table"),
}

HIDDEN = frozenset({"id", "version", "currency", "position", "prefix", "explanation", "quote"})
AMOUNTS = frozenset({"total", "items", "discount", "shipping", "tax", "amount"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one thing; a side is None where there was or is nothing. `code`: an id."""

    label: str
    before: str | None
    after: str | None
    code: bool = False
    change: str = ""
    loud: bool = False


def acted(row: ActivityRow) -> str:
    """What somebody did: "changed a product"; an action without a word is told by its name."""
    return str(ACTIONS.get(row.action, row.action.partition(".")[2].replace("_", " ")))


def changes_of(row: ActivityRow) -> list[Change]:
    """The fields that the row changed, at most SHOWN of them and then how many more."""
    found = [change for one in row.changes for change in _fields(one)]
    if len(found) <= SHOWN:
        return found
    more = ngettext("%(num)s more field", "%(num)s more fields", len(found) - SHOWN)
    return [*found[:SHOWN], Change(str(more), "", "")]


def _fields(one: ChangeRow) -> list[Change]:
    before, after = one.before or {}, one.after or {}
    currency = after.get("currency") or before.get("currency")
    found = []
    for name in {**before, **after}:
        if _is_noise(name, one):
            continue
        old, new = (_state(one.kind, name, side) or _value(name, side.get(name), currency) for side in (before, after))
        if old != new:
            found.append(Change(field_word(name), old, new))
    return found


def _is_noise(name: str, one: ChangeRow) -> bool:
    """What tells a person nothing: ids, and of a new thing what is still nothing."""
    if name in HIDDEN or (name.endswith(("_id", "_hash")) and name not in PERSONAL):
        return True
    return one.before is None and not (one.after or {}).get(name)


def _state(kind: str, name: str, side: Mapping[str, Any]) -> str | None:
    """The word of a status as the screens show it; None for what is no status, or one that no screen shows."""
    if name not in ("status", "state") or not isinstance(side.get(name), str):
        return None
    try:
        return str(status(kind, side[name]).word)
    except UnknownStatus:
        return None


def _value(name: str, value: Any, currency: str | None) -> str | None:
    if value is None or value in ("", [], {}):
        return None
    if name in PERSONAL and name != "name":
        return str(masked(value, name))
    match value:
        case {"amount": int(minor), "currency": str(code)}:
            return filters.money(Money(minor, code))
        case bool():
            return str(_("yes") if value else _("no"))
        case int() if currency and (name.endswith("_minor") or name in AMOUNTS):
            return filters.money(Money(value, currency))
        case int():
            return filters.number(value)
        case [dict(), *_rest]:
            return str(ngettext("%(num)s entry", "%(num)s entries", len(value)))
        case list():
            return ", ".join(map(str, value))
        case dict():
            return ", ".join(f"{key}: {masked(item, str(key))}" for key, item in value.items())[:120]
    return _text(explanation(str(value)) if name == "resolution" else str(value))


def _text(value: str) -> str:
    if len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T":
        try:
            return filters.exact(datetime.fromisoformat(value))
        except ValueError:
            pass  # looks like a time and is none: shown as it is
    return value if len(value) <= 160 else f"{value[:157]}…"
