"""An order's own money in the books: each row of the posting table, and every order in which facts may arrive."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.ledger.chart import AccountCode as A
from core.ledger.facts import LineFact, OrderBooks, OrderFact
from core.ledger.order_posting import captured, refunded
from tests.core.ledger.bookkeeping import Journal, at, brl, capture, line, lines_of, order, parcel, refund

MUGS = line(1, 3, 10000, discount=500, tax=1800)
PLATE = line(2, 1, 5000, tax=900)
SHOP = order(MUGS, PLATE, shipping=1790)


def test_a_capture_is_a_deposit_until_goods_leave() -> None:
    journal = Journal(SHOP)
    assert lines_of(journal.capture(capture(16790))) == [("1100", 16790), ("2100", -16790)]
    whole = parcel(1, {MUGS: 3, PLATE: 1})
    journal.fulfilments.append(whole)
    assert lines_of(journal.leave(whole)) == [
        ("2100", 16790), ("4910", 500), ("2200", -2700), ("4000", -12800), ("4010", -1790),
    ]  # fmt: skip
    assert A.DEPOSITS not in journal.balances()


def test_shipping_goes_with_the_first_fulfilment_and_shares_add_up() -> None:
    journal = Journal(SHOP)
    journal.capture(capture(16790))
    first, second = parcel(1, {MUGS: 1}), parcel(2, {MUGS: 2, PLATE: 1})
    journal.fulfilments += [first, second]
    assert lines_of(journal.leave(first)) == [
        ("2100", 5124), ("4910", 167), ("2200", -600), ("4000", -2901), ("4010", -1790),
    ]  # fmt: skip
    assert lines_of(journal.leave(second)) == [("2100", 11666), ("4910", 333), ("2200", -2100), ("4000", -9899)]
    assert A.DEPOSITS not in journal.balances()


def test_goods_before_money_are_a_receivable_that_the_capture_closes() -> None:
    journal = Journal(SHOP)
    whole = parcel(1, {MUGS: 3, PLATE: 1})
    journal.fulfilments.append(whole)
    entry = journal.leave(whole)
    assert ("1150", 16790) in lines_of(entry)
    assert lines_of(journal.capture(capture(16790, 2))) == [("1100", 16790), ("1150", -16790)]


def test_a_refund_before_the_goods_left_takes_the_deposit_and_one_after_is_a_return_with_its_tax() -> None:
    journal = Journal(SHOP)
    journal.capture(capture(16790))
    called_off = refund(5000, 1, (PLATE, 1, 5000))
    journal.refunds.append(called_off)
    assert lines_of(journal.refund(called_off)) == [("2100", 5000), ("1100", -5000)]
    mugs = parcel(2, {MUGS: 3})
    journal.fulfilments.append(mugs)
    journal.leave(mugs)
    assert A.DEPOSITS not in journal.balances()
    returned = refund(3334, 3, (MUGS, 1, 3334))
    journal.refunds.append(returned)
    assert lines_of(journal.refund(returned)) == [("2200", 600), ("4900", 2734), ("1100", -3334)]


def test_a_return_while_another_line_waits_leaves_its_deposit_alone() -> None:
    journal = Journal(SHOP)
    journal.capture(capture(16790))
    mugs = parcel(1, {MUGS: 3})
    journal.fulfilments.append(mugs)
    journal.leave(mugs)
    returned = refund(10000, 2, (MUGS, 3, 10000))
    journal.refunds.append(returned)
    journal.refund(returned)
    assert journal.balances()[A.DEPOSITS] == -5000


def test_what_was_given_away_before_goods_left_is_a_return_once_they_do() -> None:
    journal = Journal(SHOP)
    journal.capture(capture(16790))
    goodwill = refund(1000, 1)
    journal.refunds.append(goodwill)
    journal.refund(goodwill)
    whole = parcel(2, {MUGS: 3, PLATE: 1})
    journal.fulfilments.append(whole)
    journal.leave(whole)
    balances = journal.balances()
    assert (balances[A.RETURNS], A.DEPOSITS in balances, A.RECEIVABLES in balances) == (1000, False, False)


def test_a_refund_that_failed_after_all_leaves_no_trace_in_the_balances() -> None:
    journal = Journal(SHOP)
    journal.capture(capture(16790))
    before = journal.balances()
    failing = refund(1000, 1, failed=5)
    journal.refunds.append(failing)
    journal.refund(failing)
    entry = journal.fail(failing)
    assert entry is not None
    assert (entry.reverses, entry.fact_at) == (f"refund:{failing.operation_id}", at(5))
    assert journal.balances() == before


def test_goods_that_had_not_left_are_taken_back() -> None:
    journal = Journal(SHOP)
    journal.capture(capture(16790))
    before = journal.balances()
    wrong = parcel(1, {MUGS: 1}, back=2)
    journal.fulfilments.append(wrong)
    journal.leave(wrong)
    journal.come_back(wrong)
    assert journal.balances() == before


def test_the_money_of_no_order_is_owed_to_its_payment() -> None:
    entry = captured(replace(capture(700), order_id=None), None, OrderBooks())
    assert [str(p.open_item).partition(":")[0] for p in entry.postings] == ["payment", "payment"]
    back = refunded(replace(refund(700, 1), order_id=None), None, OrderBooks())
    assert lines_of(back) == [("2100", 700), ("1100", -700)]


def test_what_does_not_travel_goes_with_the_first_goods() -> None:
    voucher = line(3, 2, 999, travels=False)
    bought = order(MUGS, voucher)
    journal = Journal(bought)
    journal.capture(capture(bought.total.minor))
    mugs = parcel(1, {MUGS: 3})
    journal.fulfilments.append(mugs)
    journal.leave(mugs)
    assert A.DEPOSITS not in journal.balances()


# -- every order of facts --------------------------------------------------------------------------------------------

_amounts = st.integers(0, 100_000)


@st.composite
def orders(draw: st.DrawFn) -> OrderFact:
    lines = []
    for number in range(draw(st.integers(1, 4))):
        total = draw(_amounts)
        tax = draw(st.integers(0, total))
        lines.append(line(number, draw(st.integers(1, 7)), total, discount=draw(_amounts), tax=tax))
    return order(*lines, shipping=draw(_amounts))


@st.composite
def parcels(draw: st.DrawFn, of: OrderFact) -> list[dict[LineFact, int]]:
    """All pieces of `of`, split over parcels; each has at least one."""
    split: list[dict[LineFact, int]] = [{} for _ in range(draw(st.integers(1, 4)))]
    for each in of.lines:
        for _ in range(each.quantity):
            box = split[draw(st.integers(0, len(split) - 1))]
            box[each] = box.get(each, 0) + 1
    return [box for box in split if box]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_shares_of_all_fulfilments_add_up_to_the_order(data: st.DataObject) -> None:
    bought = data.draw(orders())
    journal = Journal(bought)
    boxes = [parcel(step, box, back=50) for step, box in enumerate(data.draw(parcels(bought)), start=1)]
    journal.fulfilments += boxes
    leaving = data.draw(st.permutations(boxes))
    for number, box in enumerate(leaving):
        journal.leave(box)
        if data.draw(st.booleans()):  # it had not left after all, and goes in a later one
            journal.come_back(box)
            again = parcel(100 + number, {each: box.pieces[each.id] for each in bought.lines if each.id in box.pieces})
            journal.fulfilments.append(again)
            journal.leave(again)
    books = journal.books
    tax, discounts = bought.tax.minor, sum(each.discount.minor for each in bought.lines)
    assert books.delivered == bought.total.minor
    assert (books.shipping, books.tax, books.discounts) == (bought.shipping.minor, tax, discounts)
    assert books.sales == bought.total.minor - bought.shipping.minor + discounts - tax


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_in_whatever_order_facts_arrive_the_customer_ends_in_the_same_position(data: st.DataObject) -> None:
    bought = data.draw(orders())
    total = bought.total.minor
    boxes = [parcel(step, box) for step, box in enumerate(data.draw(parcels(bought)), start=1)]
    money = [capture(part.minor, 10 + n) for n, part in enumerate(brl(total).allocate([1, 2])) if part]
    back = data.draw(st.integers(0, total))
    goodwill = [refund(part.minor, 20 + n) for n, part in enumerate(brl(back).allocate([2, 1])) if part]
    given_before = data.draw(st.booleans())
    if given_before:
        goodwill = [refund(fact.amount.minor, -10 + n) for n, fact in enumerate(goodwill)]

    def run(sequence: tuple[object, ...]) -> dict[A, int]:
        journal = Journal(bought, refunds=list(goodwill), fulfilments=list(boxes))
        for fact in sequence:
            step = {"CaptureFact": journal.capture, "FulfilmentFact": journal.leave, "RefundFact": journal.refund}
            step[type(fact).__name__](fact)  # type: ignore[operator]  # each takes its own kind of fact
        return journal.balances()

    facts = [*money, *boxes, *goodwill]
    ends = [run(tuple(facts)), run(tuple(data.draw(st.permutations(facts))))]
    for end in ends:
        assert sum(end.values()) == 0
        assert end.get(A.CLEARING, 0) == total - back
        # Everything left and was paid: nobody owes anything, what went back was given or returned.
        assert (end.get(A.DEPOSITS, 0), end.get(A.RECEIVABLES, 0)) == (0, 0)
    if given_before:
        assert ends[0] == ends[1]


def test_every_order_of_four_facts() -> None:
    """Capture, refund of a line not sent, goods: all 24 orders end alike, whoever was quicker."""
    called_off = refund(5000, 1, (PLATE, 1, 5000))
    mugs, wrong = parcel(2, {MUGS: 3}), refund(1000, 3)
    facts = [("capture", capture(16790)), ("refund", called_off), ("leave", mugs), ("refund", wrong)]
    ends = []
    for sequence in itertools.permutations(facts):
        journal = Journal(SHOP, refunds=[called_off, wrong], fulfilments=[mugs])
        for step, fact in sequence:
            getattr(journal, step)(fact)
        ends.append({code: minor for code, minor in journal.balances().items() if code in (A.DEPOSITS, A.RECEIVABLES)})
    assert ends == [{}] * 24
