"""What people decide about exceptions: each effect once, posted as shown, and above the limit by two of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.identity.roles import Role
from core.ledger.chart import AccountCode
from core.ledger.use_cases.backfill import Backfill, backfill
from core.reconciliation.approvals import Decision
from core.reconciliation.errors import (
    ApprovalNeeded,
    ApprovalPending,
    NoSettlements,
    NotDecidedSo,
    NothingOpen,
    OwnApproval,
)
from core.reconciliation.queries import (
    GetBench,
    GetException,
    GetFees,
    GetUnpaid,
    ListExceptions,
    ListRuns,
    get_bench,
    get_exception,
    get_exception_detail,
    get_fees,
    get_unpaid,
    list_candidates,
    list_exceptions,
    list_proposals,
    list_runs,
)
from core.reconciliation.use_cases.ask_approval import AskApproval, ask_approval
from core.reconciliation.use_cases.assign_exception import AssignException, assign_exception
from core.reconciliation.use_cases.comment_on_exception import CommentOnException, comment_on_exception
from core.reconciliation.use_cases.decide_approval import DecideApproval, decide_approval
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.reconciliation.use_cases.reopen_exception import ReopenException, reopen_exception
from core.reconciliation.use_cases.request_reconciliation import RequestReconciliation, request_reconciliation
from core.reconciliation.use_cases.resolve_exception import ResolveException, resolve_exception
from core.reconciliation.use_cases.set_approval_limit import SetApprovalLimit, set_approval_limit
from core.reconciliation.use_cases.write_off_exception import WriteOffException, write_off_exception
from core.shared.context import CallContext, Staff
from core.shared.errors import Forbidden, Invalid
from core.shared.ids import ExceptionId, PaymentAccountId
from core.shared.state_machine import TransitionRefused
from ports.reconciliation import ExceptionRow, NoteKind
from tests.core.reconciliation.provider import Books, brl, tell
from tests.core.reconciliation.test_planted import priced, settle
from tests.shop import Shop


class Bench:
    """A shop with one discrepancy of a kind on its first sale."""

    def __init__(self, shop: Shop, *kinds: str, seed: int = 5) -> None:
        self.shop = shop
        self.account: PaymentAccountId = priced(shop)
        self.books = Books(shop, self.account, seed, sales=4)
        for kind in kinds:
            self.books.plant(kind, self.books.sales[0])
        self.source = self.books.source()
        tell(shop, self.source)
        shop.run(backfill, Backfill(None))
        settle(shop, self.account)

    @property
    def open(self) -> list[ExceptionRow]:
        return list(self.shop.read(list_exceptions, ListExceptions()).rows)

    @property
    def one(self) -> ExceptionId:
        [row] = self.open
        return row.id

    def history(self, id_: ExceptionId) -> list[NoteKind]:
        return [line.kind for line in self.shop.read(get_exception_detail, GetException(id_)).history][::-1]

    def do(self, use_case: Any, command: Any, person: CallContext | None = None) -> Any:
        """Run it, a minute after whatever was before."""
        self.shop.clock.advance(minutes=1)
        return self.shop.run(use_case, command, person)

    def tell_all_again(self) -> None:
        """Lines that are older than what is read again are told as they are now."""
        self.source.lines_ = list(self.books.lines)
        self.shop.execute("DELETE FROM reconciliation_runs")
        self.shop.clock.advance(minutes=1)
        settle(self.shop, self.account)

    def person(self, role: Role) -> CallContext:
        return self.shop.as_(role)


def test_a_run_leaves_what_was_explained_and_opens_what_changed(shop: Shop) -> None:
    bench = Bench(shop, "amount_over")
    found = bench.one
    bench.do(resolve_exception, ResolveException(found, "Tip from the shopper."), bench.person(Role.FINANCE))
    settle(shop, bench.account)
    assert bench.open == []
    row = shop.read(get_exception, GetException(found))
    assert (row.resolution, row.resolved_by) == ("Tip from the shopper.", "Finance Example")
    line = bench.books.sales[0].line
    assert line is not None
    bench.books.lines = [li for li in bench.books.lines if li.external_id != line.external_id] + [line]
    bench.books.change(line, gross=-1)
    bench.tell_all_again()
    assert found in {row.id for row in bench.open}
    assert bench.history(found) == [NoteKind.OPENED, NoteKind.RESOLVED, NoteKind.RESTATED]


def test_what_fits_again_is_closed_by_nobody(shop: Shop) -> None:
    bench = Bench(shop, "amount_under")
    found, minor = bench.one, bench.open[0].amount.minor
    line = bench.books.sales[0].line
    assert line is not None
    bench.books.change(next(li for li in bench.books.lines if li.external_id == line.external_id), gross=minor)
    bench.tell_all_again()
    row = shop.read(get_exception, GetException(found))
    assert found not in {row.id for row in bench.open}
    assert (row.resolution, row.resolved_by) == ("money_fits", None)
    assert bench.history(found) == [NoteKind.OPENED, NoteKind.CLOSED]


def test_a_write_off_posts_what_was_shown_and_closes_the_item(shop: Shop) -> None:
    bench = Bench(shop, "unexpected_adjustment")
    found = bench.one
    detail = shop.read(get_exception_detail, GetException(found))
    if detail.open is None:  # not paid out yet: then nothing of it is in the books
        with pytest.raises(NothingOpen):
            bench.do(write_off_exception, WriteOffException(found, "Climate"), bench.person(Role.FINANCE))
        bench = paid_out(bench)
        detail = shop.read(get_exception_detail, GetException(found))
    assert detail.open is not None
    [shown] = [p for p in shop.read(list_proposals, GetException(found)) if p.decision is Decision.WRITE_OFF]
    bench.do(write_off_exception, WriteOffException(found, "Climate"), bench.person(Role.FINANCE))
    posted = shop.sql(
        "SELECT a.code, p.amount_minor FROM postings p JOIN journal_entries e ON e.id = p.entry_id"
        " JOIN ledger_accounts a ON a.id = p.account_id WHERE e.kind = 'closing_item' ORDER BY p.line"
    )
    assert [(row["code"], row["amount_minor"]) for row in posted] == [
        (line.account.code, line.amount.minor) for line in shown.postings
    ]
    assert shop.read(get_exception_detail, GetException(found)).open is None
    with pytest.raises(TransitionRefused):
        bench.do(write_off_exception, WriteOffException(found, "Again"), bench.person(Role.FINANCE))


def paid_out(bench: Bench) -> Bench:
    """The provider puts what waits into another payout."""
    bench.books.sales.clear()
    waiting = [line for line in bench.books.lines if line.payout_reference is None]
    bench.books.lines = waiting
    bench.books.payouts = []
    for index in range(3):  # each takes a share of what is left
        bench.books.payouts.append(bench.books._payout(index % 2))
    bench.source.lines_ = [*bench.source.lines_, *bench.books.lines]
    known = {line.external_id: line for line in bench.source.lines_}
    bench.source.lines_ = list(known.values())
    bench.source.payouts_ = [*bench.source.payouts_, *bench.books.payouts]
    settle(bench.shop, bench.account)
    return bench


def test_above_the_limit_it_takes_two(shop: Shop) -> None:
    bench = Bench(shop, "missing_internally")
    found = bench.one
    bench.do(set_approval_limit, SetApprovalLimit(100), bench.person(Role.OWNER))
    finance, owner = bench.person(Role.FINANCE), bench.person(Role.OWNER)
    with pytest.raises(ApprovalNeeded):
        bench.do(resolve_exception, ResolveException(found, "It is ours."), finance)
    asked = bench.do(ask_approval, AskApproval(found, Decision.RESOLVE, "It is ours.", "Please look"), finance)
    with pytest.raises(ApprovalPending):
        bench.do(ask_approval, AskApproval(found, Decision.RESOLVE, "Twice"), owner)
    with pytest.raises(OwnApproval):
        bench.do(decide_approval, DecideApproval(asked, True), finance)
    with pytest.raises(Forbidden):
        bench.do(decide_approval, DecideApproval(asked, True), bench.person(Role.SUPPORT))
    assert [row.approval for row in bench.open] == ["asked"]
    assert shop.read(get_bench, GetBench()).to_approve == 1
    bench.do(decide_approval, DecideApproval(asked, True, "Agreed"), owner)
    row = shop.read(get_exception, GetException(found))
    assert (row.state, row.resolution, row.resolved_by) == ("resolved", "It is ours.", "Owner Example")
    [approval] = shop.read(get_exception_detail, GetException(found)).approvals
    assert (approval.state, approval.asked_by, approval.decided_by) == ("used", "Finance Example", "Owner Example")
    with pytest.raises(TransitionRefused):
        bench.do(decide_approval, DecideApproval(asked, True), owner)
    assert bench.history(found) == [
        NoteKind.OPENED, NoteKind.APPROVAL_ASKED, NoteKind.APPROVED, NoteKind.RESOLVED,
    ]  # fmt: skip


def test_a_refusal_leaves_it_open_and_may_be_asked_again(shop: Shop) -> None:
    bench = Bench(shop, "missing_internally")
    bench.do(set_approval_limit, SetApprovalLimit(0), bench.person(Role.OWNER))
    found, finance = bench.one, bench.person(Role.FINANCE)
    asked = bench.do(ask_approval, AskApproval(found, Decision.RESOLVE, "Ours"), finance)
    bench.do(decide_approval, DecideApproval(asked, False, "Ask the bank"), bench.person(Role.OWNER))
    assert bench.one == found
    bench.do(ask_approval, AskApproval(found, Decision.RESOLVE, "The bank says ours"), finance)
    with pytest.raises(NotDecidedSo):
        bench.do(ask_approval, AskApproval(found, Decision.REFUND, "Back"), finance)


def test_an_approval_does_not_cover_another_amount(shop: Shop) -> None:
    bench = Bench(shop, "amount_over")
    bench.do(set_approval_limit, SetApprovalLimit(0), bench.person(Role.OWNER))
    found = bench.one
    asked = bench.do(ask_approval, AskApproval(found, Decision.RESOLVE, "Ours"), bench.person(Role.FINANCE))
    shop.execute("UPDATE reconciliation_exceptions SET amount_minor = amount_minor + 1")
    with pytest.raises(ApprovalNeeded):
        bench.do(decide_approval, DecideApproval(asked, True), bench.person(Role.OWNER))
    assert shop.sql("SELECT state FROM approvals") == [{"state": "asked"}]


def test_assign_comment_reopen(shop: Shop) -> None:
    bench = Bench(shop, "fee_mismatch")
    found, finance = bench.one, bench.person(Role.FINANCE)
    assert isinstance(finance.actor, Staff)
    bench.do(assign_exception, AssignException(found, finance.actor.id, "Finance Example"), finance)
    bench.do(comment_on_exception, CommentOnException(found, "Asked support."), finance)
    assert bench.open[0].owner_name == "Finance Example"
    mine = shop.read(list_exceptions, ListExceptions(owner=finance.actor.id)).rows
    assert [row.id for row in mine] == [found]
    assert shop.read(get_bench, GetBench(finance.actor.id)).mine == 1
    bench.do(resolve_exception, ResolveException(found, "Claimed"), finance)
    with pytest.raises(TransitionRefused):
        bench.do(assign_exception, AssignException(found, None), finance)
    bench.do(reopen_exception, ReopenException(found, "They refuse"), finance)
    assert bench.one == found
    assert bench.history(found) == [
        NoteKind.OPENED, NoteKind.ASSIGNED, NoteKind.COMMENT, NoteKind.RESOLVED, NoteKind.REOPENED,
    ]  # fmt: skip
    with pytest.raises(Invalid):
        bench.do(write_off_exception, WriteOffException(found, "x", AccountCode.DEPOSITS), finance)
    with pytest.raises(Invalid):
        bench.do(comment_on_exception, CommentOnException(found, "  "), finance)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.MANAGER])
def test_who_only_reads(shop: Shop, role: Role) -> None:
    bench = Bench(shop, "fee_mismatch")
    person, found = bench.person(role), bench.one
    assert shop.read(get_exception_detail, GetException(found), person).row.id == found
    for use_case, command in (
        (resolve_exception, ResolveException(found, "x")),
        (write_off_exception, WriteOffException(found, "x")),
        (assign_exception, AssignException(found, None)),
        (request_reconciliation, RequestReconciliation(bench.account)),
    ):
        with pytest.raises(Forbidden):
            bench.do(use_case, command, person)


def test_candidates_are_scored_with_reasons(shop: Shop) -> None:
    bench = Bench(shop, "missing_internally")
    found = bench.one
    row = shop.read(get_exception, GetException(found))
    books = bench.books
    twin = shop.wired.ids.new()
    books.put_payment(twin, "pix", row.amount.minor, 0, "expired", "pi_of_the_twin", books.start)
    best, *others = shop.read(list_candidates, GetException(found))
    assert best.facts.payment_id == twin
    assert [reason.value for reason in best.reasons] == ["same_amount", "same_day", "same_method", "cancelled"]
    assert best.score == 65
    assert all(other.score < best.score for other in others)


def test_what_is_not_paid_out_yet_and_what_methods_cost(shop: Shop) -> None:
    bench = Bench(shop)
    waiting = shop.sql("SELECT sum(net_minor)::bigint AS n FROM provider_lines WHERE payout_reference IS NULL")[0]["n"]
    buckets = shop.read(get_unpaid, GetUnpaid())
    assert sum(bucket.net.minor for bucket in buckets) == waiting
    assert {(bucket.days_from, bucket.days_to) for bucket in buckets} <= {(2, 8)}
    fees = shop.read(get_fees, GetFees(shop.clock.now().date() - timedelta(days=9), shop.clock.now().date()))
    assert sum(row.gross.minor for row in fees) == sum(sale.captured for sale in bench.books.sales)
    assert all(row.expected is not None and abs(row.expected.minor - row.fees.minor) <= row.payments for row in fees)
    [run] = shop.read(list_runs, ListRuns()).rows
    assert (run.state, run.trigger, run.dry_run, run.account_name) == ("done", "command", False, "Stripe")


def test_somebody_asks_for_a_run_and_a_job_does_it(shop: Shop) -> None:
    bench = Bench(shop)
    bench.do(request_reconciliation, RequestReconciliation(bench.account), bench.person(Role.FINANCE))
    [delivery] = shop.sql("SELECT subscriber, payload FROM deliveries WHERE subscriber = 'reconciliation.reconcile'")
    assert delivery["payload"] == {"account_id": str(bench.account), "trigger": "button", "dry_run": False}


def test_an_account_that_tells_nothing(shop: Shop) -> None:
    manual = shop.accounts["manual"]
    assert shop.run(reconcile, Reconcile(manual)) is None
    with pytest.raises(NoSettlements):
        settle(shop, manual)


def test_the_value_at_risk_is_the_order_of_the_list(shop: Shop) -> None:
    bench = Bench(shop, "amount_over", "fee_mismatch", "dispute_opened", "missing_internally")
    values = [row.amount.minor for row in bench.open]
    assert values == sorted(values, reverse=True)
    assert len(values) == 4
    summary = shop.read(get_bench, GetBench())
    assert (summary.open, sum(bucket.amount.minor for bucket in summary.at_risk)) == (4, sum(values))
    assert brl(0).currency == summary.at_risk[0].amount.currency
