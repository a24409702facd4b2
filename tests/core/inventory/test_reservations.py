"""Claims on stock: all or nothing, never more than there is, and always equal to their sums."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.queries import ShowOnSale, show_on_sale
from core.catalog.use_cases.publish import PublishProduct, publish_product
from core.inventory.errors import StockBelowReserved
from core.inventory.model import MovementKind, ReservationOwner
from core.inventory.use_cases.adjust import AdjustStock, adjust_stock
from core.shared.errors import Invalid, NotFound
from core.shared.ids import ProductId
from ports.inventory import Shortage, StockClaim
from tests.catalogue import Catalogue

SESSION, ORDER = ReservationOwner.PAYMENT_SESSION, ReservationOwner.ORDER
SOON = datetime.now(UTC) + timedelta(minutes=15)


def reserve(catalogue: Catalogue, claims: Sequence[tuple[UUID, int]], owner: UUID | None = None) -> Sequence[Shortage]:
    lines = [StockClaim(variant_id, quantity, uuid4()) for variant_id, quantity in claims]
    with catalogue.transaction() as tx:
        return tx.stock.reserve(lines, SESSION, owner or uuid4(), SOON)


def levels(catalogue: Catalogue, variant_id: UUID) -> tuple[int, int]:
    row = catalogue.rows("SELECT on_hand, reserved FROM stock_items WHERE variant_id = :id", id=variant_id)[0]
    return row["on_hand"], row["reserved"]


def assert_sums(catalogue: Catalogue) -> None:
    """On hand is the sum of movements, reserved the sum of live reservations, and nothing is below zero."""
    wrong = catalogue.rows("""
        SELECT i.id FROM stock_items i
        WHERE i.on_hand <> (SELECT coalesce(sum(m.quantity), 0) FROM stock_movements m WHERE m.stock_item_id = i.id)
           OR i.reserved <> (SELECT coalesce(sum(r.quantity), 0) FROM reservations r
                             WHERE r.stock_item_id = i.id AND r.state = 'live')
           OR i.reserved < 0 OR i.on_hand < i.reserved""")
    assert wrong == []


def test_claims_on_one_variant_add_up_and_are_held_until_released(catalogue: Catalogue) -> None:
    variant = catalogue.variant_ids(catalogue.product(on_hand=5))[0]
    owner = uuid4()
    assert reserve(catalogue, [(variant, 2), (variant, 1)], owner) == []
    assert levels(catalogue, variant) == (5, 3)
    assert len(catalogue.rows("SELECT 1 FROM reservations")) == 1
    with catalogue.transaction() as tx:
        assert tx.stock.release(SESSION, owner) == 1
    with catalogue.transaction() as tx:
        assert tx.stock.release(SESSION, owner) == 0
    assert levels(catalogue, variant) == (5, 0)
    assert_sums(catalogue)


def test_when_anything_is_short_nothing_is_held_and_every_short_line_is_named(catalogue: Catalogue) -> None:
    plenty, scarce = (catalogue.variant_ids(catalogue.product(on_hand=n))[0] for n in (9, 2))
    short = reserve(catalogue, [(plenty, 3), (scarce, 2), (scarce, 1)])
    assert [(s.variant_id, s.wanted, s.available) for s in short] == [(scarce, 3, 2)] * 2
    assert len({s.line_id for s in short}) == 2
    assert levels(catalogue, plenty) == (9, 0)
    assert catalogue.rows("SELECT 1 FROM reservations") == []


def test_what_is_not_tracked_is_never_short_and_what_is_gone_always_is(catalogue: Catalogue) -> None:
    untracked = catalogue.variant_ids(catalogue.product(variant={"tracked": False}))[0]
    gone = uuid4()
    assert reserve(catalogue, [(untracked, 1000)]) == []
    assert [(s.variant_id, s.available) for s in reserve(catalogue, [(gone, 1)])] == [(gone, 0)]
    with catalogue.transaction() as tx:
        assert tx.stock.available([untracked, gone]) == {untracked: None}


def test_a_reservation_passes_to_the_order_without_end_and_on_hand_stays(catalogue: Catalogue) -> None:
    variant = catalogue.variant_ids(catalogue.product(on_hand=3))[0]
    session, order = uuid4(), uuid4()
    reserve(catalogue, [(variant, 2)], session)
    later = SOON + timedelta(days=1)
    with catalogue.transaction() as tx:
        assert tx.stock.extend(SESSION, session, later) == 1
    assert catalogue.rows("SELECT expires_at FROM reservations") == [{"expires_at": later}]
    with catalogue.transaction() as tx:
        assert tx.stock.pass_on(SESSION, session, ORDER, order) == 1
    with catalogue.transaction() as tx:
        assert tx.stock.release(SESSION, session) == 0
    rows = catalogue.rows("SELECT owner_kind, owner_id, expires_at, state FROM reservations")
    assert rows == [{"owner_kind": "order", "owner_id": order, "expires_at": None, "state": "live"}]
    assert levels(catalogue, variant) == (3, 2)


def test_reserved_units_cannot_be_adjusted_away(catalogue: Catalogue) -> None:
    variant = catalogue.variant_ids(catalogue.product(on_hand=5))[0]
    reserve(catalogue, [(variant, 4)])
    with pytest.raises(StockBelowReserved) as refused, catalogue.transaction() as tx:
        tx.stock.adjust(variant, None, -2, MovementKind.ADJUST, "count")
    assert (refused.value.reserved, refused.value.on_hand, refused.value.wanted) == (4, 5, 3)
    with pytest.raises(Invalid), catalogue.transaction() as tx:
        tx.stock.adjust(variant, None, 0, MovementKind.ADJUST, "count")
    with pytest.raises(NotFound), catalogue.transaction() as tx:
        tx.stock.adjust(uuid4(), None, 1, MovementKind.ADJUST, "count")
    assert levels(catalogue, variant) == (5, 4)


def test_the_document_changes_only_when_availability_crosses_zero(catalogue: Catalogue) -> None:
    product = catalogue.product(slug="caneca", on_hand=2)
    variant = catalogue.variant_ids(product)[0]
    catalogue.run(publish_product, PublishProduct(product))

    def in_stock() -> bool:
        return b'"in_stock":true' in catalogue.read(show_on_sale, ShowOnSale("caneca"))

    before, owner = catalogue.version(), uuid4()
    reserve(catalogue, [(variant, 1)])
    assert (in_stock(), catalogue.version()) == (True, before)
    reserve(catalogue, [(variant, 1)], owner)
    assert (in_stock(), catalogue.version()) == (False, before + 1)
    with catalogue.transaction() as tx:
        tx.stock.adjust(variant, None, 1, MovementKind.ADJUST, "found one")
    assert (in_stock(), catalogue.version()) == (True, before + 2)
    with catalogue.transaction() as tx:
        tx.stock.release(SESSION, owner)
    assert (in_stock(), catalogue.version()) == (True, before + 2)


def test_two_last_units_of_one_product_leave_no_stale_document(catalogue: Catalogue) -> None:
    """Each transaction sees the other's unit go only after its commit; the product's row makes them take turns."""
    product = catalogue.product(slug="caneca", sizes=("P", "M"), on_hand=1)
    catalogue.run(publish_product, PublishProduct(product))
    small, medium = catalogue.variant_ids(product)
    barrier = threading.Barrier(2)

    def take(variant: UUID) -> None:
        barrier.wait()
        reserve(catalogue, [(variant, 1)])

    _together([lambda: take(small), lambda: take(medium)])
    assert b'"in_stock":true' not in catalogue.read(show_on_sale, ShowOnSale("caneca"))


@pytest.mark.race
def test_the_last_unit_goes_to_exactly_one(catalogue: Catalogue) -> None:
    scarce, plenty = (catalogue.variant_ids(catalogue.product(on_hand=n))[0] for n in (3, 100))
    won: list[bool] = []
    barrier = threading.Barrier(8)

    def claim(turn: int) -> None:
        claims = [(scarce, 1), (plenty, 1)]
        barrier.wait()
        for _ in range(3):
            won.append(not reserve(catalogue, claims if turn % 2 else claims[::-1]))

    _together([lambda turn=turn: claim(turn) for turn in range(8)])
    assert sum(won) == 3
    assert levels(catalogue, scarce) == (3, 3)
    assert levels(catalogue, plenty) == (100, 3)
    assert_sums(catalogue)


@pytest.mark.race
def test_claims_counts_and_edits_of_one_product_never_deadlock(catalogue: Catalogue) -> None:
    """Stock is locked before its product everywhere, the store's catalogue version last of all."""
    products = [catalogue.product(f"Caneca {n}", sizes=("P", "M"), on_hand=1) for n in range(2)]
    for product in products:
        catalogue.run(publish_product, PublishProduct(product))
    variants = [variant for product in products for variant in catalogue.variant_ids(product)]
    barrier = threading.Barrier(6)

    def claim(turn: int) -> None:
        barrier.wait()
        for _ in range(6):
            owner = uuid4()
            reserve(catalogue, [(variant, 1) for variant in (variants if turn % 2 else variants[::-1])], owner)
            with catalogue.transaction() as tx:
                tx.stock.release(SESSION, owner)

    def count(turn: int) -> None:
        barrier.wait()
        for _ in range(6):
            for change in (1, -1):
                with contextlib.suppress(StockBelowReserved):
                    command = AdjustStock(variants[turn], change, "count")
                    catalogue.run(adjust_stock, command)

    def edit(product: ProductId) -> None:
        barrier.wait()
        for n in range(6):
            with catalogue.transaction() as tx:
                found = tx.products.get(product)
                found.edit(replace(found.content(), title=f"Caneca {n}"))
                tx.products.save(found)

    claims = [lambda turn=turn: claim(turn) for turn in range(2)]
    counts = [lambda turn=turn: count(turn) for turn in (0, 3)]
    _together([*claims, *counts, *(lambda product=product: edit(product) for product in products)])
    assert_sums(catalogue)


def _together(jobs: Sequence[object]) -> None:
    """Run all jobs at once; what one raises is raised here."""
    raised: list[BaseException] = []

    def guarded(job: object) -> None:
        try:
            assert callable(job)
            job()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.integers(0, 3), st.integers(0, 1), st.integers(1, 4)),
        st.tuples(st.just("release"), st.integers(0, 3)),
        st.tuples(st.just("pass_on"), st.integers(0, 3)),
        st.tuples(st.just("adjust"), st.integers(0, 1), st.integers(-4, 4).filter(bool)),
    ),
    max_size=14,
)


@given(steps=_steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_keeps_stock_equal_to_its_sums(catalogue: Catalogue, steps: list[tuple[Any, ...]]) -> None:
    """A model in Python beside the database: what may succeed does, what may not does nothing."""
    variants = [catalogue.variant_ids(catalogue.product(on_hand=4))[0] for _ in range(2)]
    owners, on_hand = [uuid4() for _ in range(4)], [4, 4]
    held: dict[tuple[int, int], int] = {}
    for step in steps:
        match step:
            case ("reserve", owner, which, quantity):
                taken = sum(n for (_, of), n in held.items() if of == which)
                short = reserve(catalogue, [(variants[which], quantity)], owners[owner])
                assert bool(short) == (on_hand[which] - taken < quantity)
                if not short:
                    held[owner, which] = held.get((owner, which), 0) + quantity
            case ("release", owner):
                with catalogue.transaction() as tx:
                    tx.stock.release(SESSION, owners[owner])
                held = {key: n for key, n in held.items() if key[0] != owner}
            case ("pass_on", owner):
                with catalogue.transaction() as tx:
                    tx.stock.pass_on(SESSION, owners[owner], ORDER, owners[owner])
                held = {(-1 - who if who == owner else who, of): n for (who, of), n in _merged(held, owner).items()}
            case ("adjust", which, change):
                taken = sum(n for (_, of), n in held.items() if of == which)
                try:
                    with catalogue.transaction() as tx:
                        tx.stock.adjust(variants[which], None, change, MovementKind.ADJUST, "count")
                    on_hand[which] += change
                    assert on_hand[which] >= taken
                except StockBelowReserved:
                    assert on_hand[which] + change < taken
    for which, variant in enumerate(variants):
        assert levels(catalogue, variant) == (on_hand[which], sum(n for (_, of), n in held.items() if of == which))
    assert_sums(catalogue)


def _merged(held: dict[tuple[int, int], int], owner: int) -> dict[tuple[int, int], int]:
    """What `owner` passes on joins what it passed on before."""
    merged = dict(held)
    for which in (0, 1):
        before = merged.pop((-1 - owner, which), 0)
        if before:
            merged[owner, which] = merged.get((owner, which), 0) + before
    return merged
