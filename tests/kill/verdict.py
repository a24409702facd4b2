"""How it ended: our records, the provider's books, the stock; and what must hold whatever happened."""

from __future__ import annotations

from typing import Any

from tests.kill.scenarios import Scenario, Situation
from tests.kill.stage import Stage

_STATE = """
SELECT (SELECT state FROM carts WHERE id = :cart) AS cart,
  (SELECT jsonb_agg(jsonb_build_array(method, state) ORDER BY created_at) FROM payment_sessions WHERE cart_id = :cart)
    AS sessions,
  (SELECT jsonb_agg(jsonb_build_object('state', state, 'authorised', authorised_minor, 'captured', captured_minor,
     'refunded', refunded_minor, 'refunding', refunding_minor, 'order', order_id IS NOT NULL,
     'open', check_at IS NOT NULL)
     ORDER BY created_at) FROM payments WHERE cart_id = :cart) AS payments,
  (SELECT jsonb_agg(jsonb_build_array(o.kind, o.state, o.amount_minor) ORDER BY o.kind, o.state, o.amount_minor)
     FROM payment_operations o JOIN payments p ON p.id = o.payment_id WHERE p.cart_id = :cart) AS operations,
  (SELECT jsonb_agg(jsonb_build_object('status', status, 'payment', payment_status, 'reason', cancel_reason,
     'number', number IS NOT NULL)) FROM orders WHERE cart_id = :cart) AS orders,
  (SELECT jsonb_agg(l.refunded_quantity ORDER BY l.position) FROM order_lines l JOIN orders o ON o.id = l.order_id
     WHERE o.cart_id = :cart) AS refunded_pieces,
  (SELECT count(*) FROM refunds r JOIN orders o ON o.id = r.order_id WHERE o.cart_id = :cart) AS refunds,
  (SELECT jsonb_agg(jsonb_build_array(r.owner_kind, r.state, r.quantity, r.expires_at IS NULL)
     ORDER BY r.owner_kind, r.state)
     FROM reservations r JOIN stock_items i ON i.id = r.stock_item_id WHERE i.variant_id = :variant) AS reservations,
  (SELECT jsonb_build_array(on_hand, reserved) FROM stock_items WHERE variant_id = :variant) AS stock,
  (SELECT jsonb_agg(name ORDER BY name) FROM outbox WHERE aggregate_id IN (
     SELECT id FROM payments WHERE cart_id = :cart UNION ALL SELECT id FROM orders WHERE cart_id = :cart)) AS events,
  (SELECT jsonb_agg(e.kind ORDER BY e.kind) FROM reconciliation_exceptions e JOIN payments p ON p.id = e.payment_id
     WHERE p.cart_id = :cart) AS exceptions
"""

STOCK = """
SELECT i.id, i.on_hand, i.reserved,
  coalesce((SELECT sum(quantity) FROM stock_movements m WHERE m.stock_item_id = i.id), 0) AS moved,
  coalesce((SELECT sum(quantity) FROM reservations r WHERE r.stock_item_id = i.id AND r.state = 'live'), 0) AS held
FROM stock_items i
"""

_BOOKED = (
    "status",
    "authorised",
    "captured",
    "released",
    "refunded",
    "charges",
    "captures",
    "cancellations",
    "refunds",
)


def state(stage: Stage, scenario: Scenario, at: Situation) -> dict[str, Any]:
    """Everything that a repeat must not make different, without ids and times."""
    shop = stage.shop(scenario)
    ours = shop.sql(_STATE, cart=at.cart_id, variant=at.variant_id)[0]
    return {**ours, "books": [{name: line[name] for name in _BOOKED} for line in booked(stage, scenario, at)]}


def booked(stage: Stage, scenario: Scenario, at: Situation) -> list[dict[str, Any]]:
    """What the provider has about this cart, found by the payment's id that we sent along."""
    shop = stage.shop(scenario)
    ours = {str(row["id"]) for row in shop.sql("SELECT id FROM payments WHERE cart_id = :c", c=at.cart_id)}
    lines = stage.sandbox.books(stage.books_of[scenario.by_hand])["intents"]
    return [line for line in lines if line["metadata"].get("payment_id") in ours]


def judge(stage: Stage, scenario: Scenario, at: Situation) -> None:
    """The sandbox's books are our records, each effect counted once there; stock adds up; one order at most."""
    shop = stage.shop(scenario)
    for item in shop.sql(STOCK):
        assert item["on_hand"] == item["moved"], item
        assert item["reserved"] == item["held"] <= item["on_hand"], item
    orders = shop.sql("SELECT id FROM orders WHERE cart_id = :c", c=at.cart_id)
    payments = shop.sql("SELECT * FROM payments WHERE cart_id = :c", c=at.cart_id)
    promised = [p for p in payments if p["state"] in ("authorised", "captured")]
    assert len(orders) <= 1
    assert not promised or len(orders) == 1, "money without an order"
    lines = {line["metadata"]["payment_id"]: line for line in booked(stage, scenario, at)}
    assert len(lines) == len(booked(stage, scenario, at)), "a tender was opened twice"
    for payment in payments:
        if payment["provider"] == "stripe" and payment["provider_reference"]:
            _agree(payment, lines[str(payment["id"])])
    operations = shop.sql(
        "SELECT o.kind, sum(o.amount_minor) AS amount FROM payment_operations o JOIN payments p ON p.id = o.payment_id"
        " WHERE p.cart_id = :c AND o.state = 'succeeded' GROUP BY o.kind",
        c=at.cart_id,
    )
    sums = {row["kind"]: row["amount"] for row in operations}
    assert sums.get("capture", 0) == sum(p["captured_minor"] for p in payments)
    assert sums.get("refund", 0) == sum(p["refunded_minor"] for p in payments)


def _agree(payment: dict[str, Any], line: dict[str, Any]) -> None:
    assert line["id"] == payment["provider_reference"]
    assert line["captured"] == payment["captured_minor"], (line, payment)
    assert line["refunded"] == payment["refunded_minor"], (line, payment)
    assert line["charges"] <= 1
    assert line["captures"] <= 1
    assert line["cancellations"] <= 1
    over = payment["state"] in ("voided", "expired")
    assert over == (line["status"] == "canceled" or line["expirations"] > 0), (line, payment)
