"""The judge: after every deed the books are what the model says, and in the end what the outside world says, too."""

from __future__ import annotations

from typing import Any

from core.ledger.use_cases.verify import Verify, verify
from tests.core.ledger.books import balances, kept
from tests.money.story import Story

REVENUE = ("4000", "4010", "4900", "4910", "2200")

_ORDERS = """
SELECT split_part(p.open_item, ':', 2) AS id, sum(p.amount_minor) FILTER (WHERE a.code = '2100')::bigint AS deposits,
  sum(p.amount_minor) FILTER (WHERE a.code = '1150')::bigint AS receivables
FROM postings p JOIN ledger_accounts a ON a.id = p.account_id WHERE p.open_item LIKE 'order:%' GROUP BY 1
"""
_CLEARING = """
SELECT i.open_item, i.amount_minor FROM ledger_open_items i
JOIN ledger_accounts a ON a.id = i.account_id
WHERE a.code = '1100' AND a.payment_account_id = :account AND i.amount_minor <> 0
"""
# What the records say was taken and given back, beside what the entries of their operations say.
_PAYMENTS = """
SELECT p.id, p.method, p.provider_reference, p.captured_minor, p.refunded_minor,
  coalesce((SELECT sum(x.amount_minor) FROM payment_operations o
     JOIN journal_entries e ON e.key = 'capture:' || o.id
     JOIN postings x ON x.number = e.number JOIN ledger_accounts a ON a.id = x.account_id AND a.code = '1100'
     WHERE o.payment_id = p.id), 0)::bigint AS captures,
  coalesce((SELECT -sum(x.amount_minor) FROM payment_operations o
     JOIN journal_entries e ON e.key IN ('refund:' || o.id, 'refund_reversed:' || o.id)
     JOIN postings x ON x.number = e.number JOIN ledger_accounts a ON a.id = x.account_id AND a.code = '1100'
     WHERE o.payment_id = p.id), 0)::bigint AS refunds
FROM payments p
"""


def after_each(story: Story) -> None:
    """Trial balance zero; every account and every customer's position as the model has them."""
    found = balances(story.stage.shop)
    assert sum(found.values()) == 0, "the trial balance"
    wanted = story.world.balances | story.world.settled(story.fees, story.paid_out)
    assert _grouped(found) == wanted
    positions = {
        row["id"]: {code: minor for code, minor in (("2100", row["deposits"]), ("1150", row["receivables"])) if minor}
        for row in story.stage.shop.sql(_ORDERS)
    }
    for sale in story.world.sales:
        due = {code: minor for code, minor in sale.balances.items() if minor and code != "revenue"}
        assert positions.get(sale.order, {}) == due, sale.order


def in_the_end(story: Story) -> None:
    """When all that was under way has arrived: books = records = journal, and clearing is what is not settled."""
    story.stage.days(6)
    story.reconcile()
    after_each(story)
    _books_records_journal(story)
    stage, seen = story.stage, story.stage.settlement()
    clearing = {
        row["open_item"]: row["amount_minor"]
        for row in stage.shop.sql(_CLEARING, account=stage.shop.accounts["stripe"])
    }
    assert clearing == seen.unsettled(stage.shop)
    assert sum(clearing.values()) == seen.balance
    assert sum(story.world.postage.values()) == stage.postage_charged()
    assert balances(stage.shop) == kept(stage.shop)
    assert list(stage.shop.run(verify, Verify()).findings) == []
    before = len(stage.shop.sql("SELECT number FROM journal_entries"))
    story.reconcile()
    assert len(stage.shop.sql("SELECT number FROM journal_entries")) == before, "a second look posted something"


def _books_records_journal(story: Story) -> None:
    """The provider's books, the payments' records and the journal name the same cents, payment by payment."""
    rows = {str(row["id"]): row for row in story.stage.shop.sql(_PAYMENTS)}
    books = {line["id"]: line for line in story.stage.settlement().books["intents"]}
    assert rows.keys() == {sale.payment for sale in story.world.sales}
    for sale in story.world.sales:
        row, wanted = rows[sale.payment], (sale.captured, sale.refunded)
        assert (row["captured_minor"], row["refunded_minor"]) == wanted
        assert (row["captures"], row["refunds"]) == wanted
        if row["method"] != "bank_transfer":
            book = books.pop(row["provider_reference"])
            assert (book["captured"], book["refunded"]) == wanted
    assert books == {}, "the provider has payments that nobody knows"


def _grouped(found: dict[str, int]) -> dict[str, int]:
    """Accounts as the model knows them."""
    revenue = sum(found.get(code, 0) for code in REVENUE)
    rest: dict[str, Any] = {code: minor for code, minor in found.items() if code not in REVENUE}
    return rest | ({"revenue": revenue} if revenue else {})
