"""ONE table of strings: which actors are told about which event. `jobs.actors` implements them; a test compares.

Adding a subscriber here starts deliveries with the next event; facts from before are a migration's work.
"""

from __future__ import annotations

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "orders.order_placed.v1": ("messages.confirm_order", "logistics.hand_over"),
    "messages.message_written.v1": ("messages.send_message",),
    "payments.webhook_received.v1": ("payments.process_webhook",),
    "payments.payment_captured.v1": ("ledger.post_capture", "logistics.hand_over"),
    "payments.refund_succeeded.v1": ("ledger.post_refund",),
    "payments.refund_failed.v1": ("ledger.reverse_refund",),
    "logistics.goods_left.v1": ("ledger.post_goods_left", "messages.tell_goods_left"),
    "logistics.fulfilment_reversed.v1": ("ledger.reverse_goods_left",),
    "logistics.label_purchased.v1": ("ledger.post_label",),
    "logistics.label_voided.v1": ("ledger.post_label_void",),
    "logistics.parcel_moved.v1": ("messages.tell_parcel_moved",),
    "logistics.carrier_webhook_received.v1": ("logistics.process_webhook",),
    "logistics.batch_work_requested.v1": ("logistics.work_on_batch",),
    "ledger.backfill_requested.v1": ("ledger.backfill",),
    "payments.settlement_moved.v1": ("reconciliation.reconcile",),
    "reconciliation.run_requested.v1": ("reconciliation.reconcile",),
    "imports.import_started.v1": ("imports.check_import",),
    "imports.import_confirmed.v1": ("imports.apply_import",),
}
