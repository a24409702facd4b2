"""How an errand ended: our records, the journal, the carrier's and the provider's books; each effect once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.ledger.use_cases.verify import Verify, verify
from tests.core.ledger.books import balances
from tests.kill.errands import Desk, Errand
from tests.kill.office import Office
from tests.kill.verdict import STOCK

_STATE = """
SELECT (SELECT jsonb_agg(jsonb_build_array(state, paid_minor IS NOT NULL, label_sha256 IS NOT NULL) ORDER BY state)
     FROM shipments WHERE order_id = :order AND state <> 'refused') AS labels,
  (SELECT jsonb_agg(jsonb_build_array(p.tracking_number IS NOT NULL, p.status, p.next_poll_at > :now))
     FROM parcels p JOIN fulfilments f ON f.id = p.fulfilment_id WHERE f.order_id = :order) AS parcels,
  (SELECT jsonb_agg(t.raw_code ORDER BY t.at, t.raw_code) FROM tracking_events t JOIN parcels p ON p.id = t.parcel_id
     JOIN fulfilments f ON f.id = p.fulfilment_id WHERE f.order_id = :order) AS scans,
  (SELECT jsonb_build_array(status, payment_status, fulfilment_status) FROM orders WHERE id = :order) AS order,
  (SELECT jsonb_agg(jsonb_build_array(kind, amount) ORDER BY kind, amount) FROM (
     SELECT e.kind, sum(p.amount_minor) FILTER (WHERE p.amount_minor > 0) AS amount
     FROM journal_entries e JOIN postings p ON p.number = e.number WHERE e.order_id = :order
     GROUP BY e.number, e.kind) j) AS journal,
  (SELECT jsonb_agg(name ORDER BY name) FROM outbox WHERE name NOT LIKE 'messages.%'
     AND name <> 'logistics.label_refused.v1' AND payload->>'order_id' = CAST(:order AS text)) AS events
"""
_SETTLED = """
SELECT (SELECT jsonb_agg(jsonb_build_array(l.category, l.gross_minor, l.fee_minor, l.posted,
     l.payout_reference IS NOT NULL) ORDER BY l.category) FROM provider_lines l WHERE l.match_id = :payment) AS lines,
  (SELECT jsonb_agg(jsonb_build_array(y.amount_minor, y.status, y.announced_posted, y.lines_read)) FROM payouts y
     WHERE y.reference IN (SELECT payout_reference FROM provider_lines WHERE match_id = :payment)) AS payouts,
  (SELECT count(*) FROM match_groups WHERE payment_id = :payment) AS groups,
  (SELECT jsonb_agg(kind ORDER BY kind) FROM reconciliation_exceptions WHERE payment_id = :payment) AS exceptions,
  (SELECT jsonb_agg(jsonb_build_array(e.kind, p.amount_minor) ORDER BY e.kind, p.amount_minor)
     FROM postings p JOIN journal_entries e ON e.number = p.number
     WHERE p.open_item = 'payment:' || CAST(:payment AS text)) AS clearing
"""
_CLOSED = """
SELECT (SELECT count(*) FROM ledger_days WHERE day = CAST(:day AS date) AND closed) AS closings,
  (SELECT max(day) FROM ledger_days WHERE closed) = CAST(:day AS date) AS newest
"""
_LEFT_OVER = "SELECT state FROM reconciliation_runs WHERE state NOT IN ('done', 'failed')"


def state(office: Office, errand: Errand, at: Desk) -> dict[str, Any]:
    """Everything that a repeat must not make different, without ids and times."""
    shop = office.shop
    (found,) = shop.sql(_STATE, order=at.order_id, now=shop.clock.now())
    if errand.ready == "paid_out":
        found |= shop.sql(_SETTLED, payment=at.payment_id)[0]
    if at.day:
        found |= shop.sql(_CLOSED, day=at.day)[0]
    return {**found, "carrier": _carrier(office, at)}


def _carrier(office: Office, at: Desk) -> dict[str, int]:
    """What happened to the order's postage in the carrier's books, and how often it was asked to sell."""
    references = {row["r"] for row in office.shop.sql(
        "SELECT shipment_reference AS r FROM shipments WHERE order_id = :o", o=at.order_id)}  # fmt: skip
    books = office.carrier.books(office.books_of[1])
    entries = [entry for entry in books["entries"] if entry["kind"] != "shipment_created"]  # an offer
    counted = Counter(entry["kind"] for entry in entries if entry["shipment"] in references)
    for request in books["requests"]:
        if request["object"] in references and request["operation"] == "shipments.buy":
            counted["asked to sell"] += request["times"]
    return dict(counted)


def judge(office: Office, errand: Errand, at: Desk) -> None:
    """No label twice, stock adds up, and the books are zero, sealed, and the outside world's."""
    shop, carrier = office.shop, _carrier(office, at)
    assert carrier.get("asked to sell", 0) <= 1, "asked to sell the same postage twice"
    assert carrier.get("postage_bought", 0) <= 1
    for item in shop.sql(STOCK):
        assert item["on_hand"] == item["moved"], item
        assert item["reserved"] == item["held"] <= item["on_hand"], item
    found = balances(shop)
    assert sum(found.values()) == 0
    assert (
        found.get("5000", 0) == -found.get("2300", 0) == office.carrier.books(office.books_of[1])["totals"]["charged"]
    )
    assert list(shop.run(verify, Verify()).findings) == []
    if errand.ready == "paid_out":
        settlement = office.stage.sandbox.books(office.books_of[0])["settlement"]
        assert (found["1110"], found["6100"]) == (settlement["paid_out"], settlement["fees"])
        assert shop.sql(_LEFT_OVER) == [], "a run that nobody works on"
