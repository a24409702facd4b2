"""Roles of staff and what each caller may do. A role is a fixed set of permissions.

Permissions are `context.noun.verb`. Machines and the platform have sets too: a publishable key may sell, a
signed-in shopper may also see their own orders, a job may do what no person is asked for.
"""

from __future__ import annotations

from enum import StrEnum

from core.shared.context import Actor, Job, Key, Nobody, Shopper


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    SUPPORT = "support"
    FINANCE = "finance"


_READ_SHOP = frozenset({
    "stores.store.read",
    "catalog.product.read",
    "inventory.stock.read",
    "orders.order.read",
    "messages.message.read",
    "activity.entry.read",
    "logistics.fulfilment.read",
})  # fmt: skip

_RUN_CATALOGUE = frozenset({
    "catalog.product.create",
    "catalog.product.edit",
    "catalog.product.publish",
    "catalog.product.archive",
    "catalog.product.delete",
    "media.picture.upload",
    "inventory.stock.adjust",
    "imports.import.read",
    "imports.import.run",
})  # fmt: skip

_SERVE_ORDERS = frozenset({
    "orders.note.write",
    "orders.order.cancel",
    "orders.order.archive",
    "payments.payment.capture",
    "payments.payment.record",
    "payments.payment.refund",
    "reconciliation.exception.read",
    "reconciliation.payout.read",
    "logistics.fulfilment.ship",
    "logistics.label.buy",
    "logistics.label.void",
    "logistics.parcel.edit",
})  # fmt: skip

_WATCH_MONEY = frozenset({
    "reconciliation.exception.read",
    "reconciliation.exception.resolve",
    "reconciliation.exception.assign",
    "reconciliation.exception.write_off",
    "reconciliation.exception.approve",
    "reconciliation.payout.read",
    "reconciliation.run.start",
    "reconciliation.contract.edit",
    "payments.payment.record",
    "payments.payment.refund",
    "orders.note.write",
})  # fmt: skip

_KEEP_BOOKS = frozenset({
    "ledger.entry.read",
    "ledger.day.close",
    "ledger.day.reopen",
})  # fmt: skip

_RUN_PLATFORM = frozenset({
    "messages.delivery.read",
    "messages.delivery.replay",
    "messages.delivery.discard",
    "messages.schedule.run",
    "logistics.account.manage",
})  # fmt: skip

_SELL = frozenset({
    "storefront.store.read",
    "storefront.product.read",
    "storefront.cart.change",
    "storefront.cart.read",
    "storefront.checkout.pay",
    "storefront.checkout.complete",
    "storefront.order.read",
    "identity.shopper.register",
    "identity.shopper.sign_in",
})  # fmt: skip

_SIGN_IN = frozenset({"identity.staff.sign_in"})

# Their own session, also before a store is chosen.
OWN_SESSION = frozenset({"identity.session.manage"})

_OWN_ACCOUNT = frozenset({"storefront.account.read", "storefront.account.sign_out"})

_PLATFORM_ONLY = frozenset({
    "checkout.session.expire",
    "checkout.payment.settle",
    "checkout.order.expire",
    "payments.webhook.receive",
    "payments.webhook.process",
    "messages.message.send",
    "ledger.fact.post",
    "imports.import.apply",
    "stores.store.create",
    "identity.staff.create",
    "identity.key.create",
    "payments.account.create",
    "logistics.label.settle",
    "logistics.batch.work",
    "logistics.fulfilment.hand_over",
    "logistics.tracking.sync",
    "logistics.webhook.receive",
    "logistics.webhook.process",
})  # fmt: skip

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: _READ_SHOP | _RUN_CATALOGUE | _SERVE_ORDERS | _WATCH_MONEY | _KEEP_BOOKS | _RUN_PLATFORM,
    Role.MANAGER: _READ_SHOP | _RUN_CATALOGUE | _SERVE_ORDERS | _RUN_PLATFORM,
    Role.SUPPORT: _READ_SHOP | _SERVE_ORDERS,
    Role.FINANCE: _READ_SHOP | _WATCH_MONEY | _KEEP_BOOKS,
}

EVERY_PERMISSION = (
    frozenset().union(*ROLE_PERMISSIONS.values()) | _SELL | _OWN_ACCOUNT | _SIGN_IN | OWN_SESSION | _PLATFORM_ONLY
)

# What a secret key may be given as scopes; nothing that moves other people's sessions or the platform's work.
KEY_SCOPES = _READ_SHOP | _RUN_CATALOGUE | _SERVE_ORDERS


def permissions_of_kind(actor: Actor) -> frozenset[str] | None:
    """The permissions that follow from what `actor` is, or None when a look-up has to say (staff, secret key)."""
    if isinstance(actor, Job):
        return EVERY_PERMISSION
    if isinstance(actor, Shopper):
        return _SELL | _OWN_ACCOUNT
    if isinstance(actor, Nobody):
        return _SIGN_IN
    if isinstance(actor, Key) and not actor.secret:
        return _SELL
    return None
