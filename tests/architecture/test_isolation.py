"""As the application's role with one store bound, another store's rows do not exist: every table, by enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa

from adapters.provisioning import DatabaseAddresses
from tests.architecture.sample_rows import derived, sample, scoped_tables

TABLES = scoped_tables()
NAMES = [table.name for table in TABLES]
REFERENCES = [
    (table, key)
    for table in TABLES
    for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    if len(key.columns) == 2 and "store_id" in {column.name for column in key.columns}
]
APPEND_ONLY = {"activity", "timeline", "stock_movements", "outbox", "tracking_events", "carrier_answers"} | {
    "ledger_accounts", "journal_entries", "postings", "ledger_days", "ledger_balances", "ledger_open_items",
    "exception_comments",
}  # fmt: skip


@dataclass
class Stores:
    """Store A, bound, and store B, foreign: a row of each in every table."""

    engine: sa.Engine
    a: UUID
    b: UUID
    rows: dict[tuple[str, UUID], dict[str, Any]] = field(default_factory=dict)

    def bound(self, store: UUID | None) -> Any:
        return _Bound(self.engine, store)


class _Bound:
    """A transaction of the application's role; always rolled back."""

    def __init__(self, engine: sa.Engine, store: UUID | None) -> None:
        self._engine, self._store = engine, store

    def __enter__(self) -> sa.Connection:
        self._connection = self._engine.connect()
        self._transaction = self._connection.begin()
        if self._store is not None:
            self._connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(self._store)})
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._transaction.rollback()
        self._connection.close()


@pytest.fixture(scope="module")
def stores(database: DatabaseAddresses) -> Iterator[Stores]:
    superuser = sa.create_engine(database.superuser_url)
    engine = sa.create_engine(database.app_url, pool_size=2)
    both = Stores(engine, uuid4(), uuid4())
    with superuser.begin() as connection:
        # Rows of every table without the whole graph around them: references are checked where they are tested.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        store_table = TABLES[0].metadata.tables["stores"]
        for store in (both.a, both.b):
            connection.execute(sa.insert(store_table).values(**sample(store_table, store) | {"id": store}))
            for table in TABLES:
                both.rows[table.name, store] = sample(table, store)
                connection.execute(sa.insert(table).values(both.rows[table.name, store]))
    yield both
    with superuser.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in TABLES:
            connection.execute(sa.delete(table).where(table.c.store_id.in_([both.a, both.b])))
    engine.dispose()
    superuser.dispose()


def key_of(table: sa.Table, row: dict[str, Any]) -> sa.ColumnElement[bool]:
    return sa.and_(*[column == row[column.name] for column in table.primary_key])


def refusal(raised: pytest.ExceptionInfo[sa.exc.DBAPIError]) -> type[Any]:
    return type(raised.value.orig)


def test_every_table_is_here() -> None:
    assert len(NAMES) >= 35
    assert len(REFERENCES) >= 25


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_reads_see_the_bound_store_only(stores: Stores, table: sa.Table) -> None:
    with stores.bound(stores.a) as connection:
        seen = {row.store_id for row in connection.execute(sa.select(table.c.store_id))}
        assert seen == {stores.a}
        foreign = key_of(table, stores.rows[table.name, stores.b]) & (table.c.store_id == stores.b)
        assert connection.execute(sa.select(table).where(foreign)).first() is None


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_foreign_rows_cannot_be_changed_or_removed(stores: Stores, table: sa.Table) -> None:
    where = key_of(table, stores.rows[table.name, stores.b]) & (table.c.store_id == stores.b)
    for statement in (sa.update(table).where(where).values(store_id=stores.a), sa.delete(table).where(where)):
        with stores.bound(stores.a) as connection:
            if table.name in APPEND_ONLY:
                with pytest.raises(sa.exc.ProgrammingError) as raised:
                    connection.execute(statement)
                assert refusal(raised) is psycopg.errors.InsufficientPrivilege
            else:
                assert connection.execute(statement).rowcount == 0


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_nothing_can_be_put_into_a_foreign_store(stores: Stores, table: sa.Table) -> None:
    with stores.bound(stores.a) as connection, pytest.raises(sa.exc.ProgrammingError) as raised:
        connection.execute(sa.insert(table).values(sample(table, stores.b)))
    assert refusal(raised) is psycopg.errors.InsufficientPrivilege
    if table.name in APPEND_ONLY:
        return
    own = key_of(table, stores.rows[table.name, stores.a]) & (table.c.store_id == stores.a)
    with stores.bound(stores.a) as connection, pytest.raises(sa.exc.ProgrammingError) as raised:
        connection.execute(sa.update(table).where(own).values(store_id=stores.b))
    assert refusal(raised) is psycopg.errors.InsufficientPrivilege


@pytest.mark.parametrize(
    ("table", "key"), REFERENCES, ids=[f"{t.name}-{'-'.join(c.name for c in k.columns)}" for t, k in REFERENCES]
)
def test_no_reference_reaches_a_foreign_row(stores: Stores, table: sa.Table, key: sa.ForeignKeyConstraint) -> None:
    row = sample(table, stores.a)
    for other in table.foreign_key_constraints:
        for column, element in zip(other.columns, other.elements, strict=True):
            if column.name != "store_id" and len(other.columns) == 2:
                row[column.name] = stores.rows[element.column.table.name, stores.a][element.column.name]
    row = row | _distinct(table)
    column = next(c for c in key.columns if c.name != "store_id")
    target = next(e.column for e in key.elements if e.parent.name == column.name)
    row[column.name] = stores.rows[target.table.name, stores.b][target.name]
    row = derived(table, row)
    with stores.bound(stores.a) as connection, pytest.raises(sa.exc.IntegrityError) as raised:
        connection.execute(sa.insert(table).values(row))
    assert refusal(raised) is psycopg.errors.ForeignKeyViolation


def _distinct(table: sa.Table) -> dict[str, Any]:
    """Fresh values for what would collide with the row that is there already, apart from references."""
    fresh = sample(table, uuid4())
    referring = {c.name for key in table.foreign_key_constraints for c in key.columns}
    return {name: value for name, value in fresh.items() if name not in referring and name != "store_id"}


@pytest.mark.parametrize("binding", [None, ""], ids=["unbound", "empty"])
@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_without_a_store_nothing_is_seen(stores: Stores, table: sa.Table, binding: str | None) -> None:
    with stores.bound(None) as connection:
        if binding is not None:
            connection.execute(sa.text("SELECT set_config('app.store_id', '', true)"))
        with pytest.raises(sa.exc.DBAPIError) as raised:
            connection.execute(sa.select(table.c.store_id))
    assert refusal(raised) in (psycopg.errors.UndefinedObject, psycopg.errors.InvalidTextRepresentation)


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE ecommerce_owner",
        "SET ROLE ecommerce_platform",
        "SET SESSION AUTHORIZATION ecommerce_owner",
        "TRUNCATE orders",
        "TRUNCATE activity",
        "ALTER TABLE orders DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY store ON orders",
        "CREATE TABLE public.mine (id int)",
        "SELECT * FROM staff",
        "SELECT * FROM staff_sessions",
        "SELECT * FROM sign_in_tries",
        "SELECT * FROM search_documents",
        "SELECT * FROM staging.import_rows",
        "SELECT * FROM sandbox.payment_intents",
        "UPDATE clock SET offset_seconds = 1",
    ],
)
def test_no_way_around(stores: Stores, statement: str) -> None:
    with stores.bound(stores.a) as connection, pytest.raises(sa.exc.ProgrammingError) as raised:
        connection.execute(sa.text(statement))
    assert refusal(raised) is psycopg.errors.InsufficientPrivilege


def test_turning_row_security_off_is_an_error_and_reset_changes_nothing(stores: Stores) -> None:
    with stores.bound(stores.a) as connection:
        connection.execute(sa.text("SET LOCAL row_security = off"))
        with pytest.raises(sa.exc.ProgrammingError) as raised:
            connection.execute(sa.text("SELECT * FROM orders"))
    assert refusal(raised) is psycopg.errors.InsufficientPrivilege
    with stores.bound(stores.a) as connection:
        connection.execute(sa.text("RESET ROLE"))
        assert connection.scalar(sa.text("SELECT current_user")) == "ecommerce_app"
        assert {row[0] for row in connection.execute(sa.text("SELECT store_id FROM orders"))} == {stores.a}


PUT = sa.text("SELECT put_search_document('product', :subject, true, :words, now())")
FIND = sa.text("SELECT subject_id FROM find_search_documents('product', :words, false, NULL, NULL, 10)")
DROP = sa.text("SELECT drop_search_document('product', :subject)")


def test_search_functions_stay_in_the_bound_store(stores: Stores) -> None:
    subject, words = uuid4(), f"moringa {uuid4().hex}"
    with stores.bound(stores.b) as connection:
        connection.execute(PUT, {"subject": subject, "words": words})
        assert connection.execute(FIND, {"words": words}).scalars().all() == [subject]
        connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(stores.a)})
        assert connection.execute(FIND, {"words": words}).scalars().all() == []
        connection.execute(DROP, {"subject": subject})
        connection.execute(PUT, {"subject": subject, "words": "something else"})
        connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(stores.b)})
        assert connection.execute(FIND, {"words": words}).scalars().all() == [subject]
