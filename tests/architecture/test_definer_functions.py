"""Every function that runs with its owner's rights and that the application may call, called with another store's ids
while store A is bound: what comes back is listed here, and a function that isn't listed fails."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.postgres.tables.identity import staff, staff_sessions
from adapters.postgres.tables.imports import import_rows
from adapters.postgres.tables.settlements import settlement_rows
from adapters.provisioning import DatabaseAddresses
from tests.architecture.sample_rows import sample
from tests.architecture.test_isolation import Stores, stores

__all__ = ["stores"]

Way = Mapping[str, Any]
Rows = list[dict[str, Any]]

ORIGIN = f"https://{secrets.token_hex(8)}.example"
WORDS = f"moringa {secrets.token_hex(8)}"
AT = datetime.now(UTC)
ZERO, LAST = UUID(int=0), UUID(int=2**128 - 1)

FUNCTIONS = sa.text(
    "SELECT p.oid::regprocedure::text FROM pg_proc p"
    " WHERE p.prosecdef AND has_function_privilege('ecommerce_app', p.oid, 'EXECUTE')"
    " AND p.pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)


@dataclass(frozen=True)
class World:
    """Both stores, and what store B's rows are known by."""

    both: Stores
    locale: str  # of store B
    session: dict[str, Any]  # of somebody who worked in B, and is no member any more
    person: dict[str, Any]  # what may be told of them

    def b(self, table: str) -> dict[str, Any]:
        return self.both.rows[table, self.both.b]


@dataclass(frozen=True)
class Bound:
    """A function for the bound store alone. Called by each of `ways`, which name B's rows: it finds them while B is
    bound, and nothing while A is."""

    sql: str
    ways: Callable[[World], Sequence[Way]]


@dataclass(frozen=True)
class Writer:
    """A function that writes for the bound store alone. `witness` reads B's side: it changes when B's rows are written
    while B is bound, and not while A is."""

    sql: str
    way: Callable[[World], Way]
    witness: str


@dataclass(frozen=True)
class Finder:
    """A function that finds the store before one is known, whatever is bound. `known` finds B's row, and of it no more
    than `told`; each of `vain` finds nothing."""

    sql: str
    known: Callable[[World], Way]
    told: Callable[[World], Way]
    vain: Callable[[World], Sequence[Way]]


@dataclass(frozen=True)
class Public:
    """A function that tells of all stores what everybody may know: of B exactly `told`."""

    sql: str
    told: Rows


def on_sale(world: World) -> Sequence[Way]:
    ends: dict[str, tuple[str, UUID]] = {
        "newest": ("9999-01-01", LAST), "title": ("", ZERO), "price_asc": ("-1", ZERO), "price_desc": ("999999", LAST)
    }  # fmt: skip
    vendor, tag = world.b("product_documents")["vendor_folded"], world.b("product_tags")["tag_folded"]
    return [
        {"vendor": filters[0], "tag": filters[1], "sort": sort, "key": key, "id": id_}
        for sort, end in ends.items()
        for key, id_ in ((None, None), end)
        for filters in ((None, None), (vendor, None), (None, tag), (vendor, tag))
    ]


def listed(world: World) -> Sequence[Way]:
    product, tag = world.b("products"), world.b("product_tags")["tag_folded"]
    ends: dict[tuple[str, bool], tuple[str, UUID]] = {
        ("changed", True): ("9999-01-01", LAST), ("changed", False): ("1970-01-01", ZERO),
        ("title", True): ("\U0010ffff", LAST), ("title", False): ("", ZERO),
    }  # fmt: skip
    filters = {"status": "published", "vendor": product["vendor_folded"], "tag": tag, "stock": product["stock_state"]}
    return [
        {**dict.fromkeys(filters), **given, "sort": sort, "falling": falling, "key": key, "id": id_}
        for (sort, falling), end in ends.items()
        for key, id_ in ((None, None), end)
        for given in ({}, filters, *({name: value} for name, value in filters.items()))
    ]


def variants(world: World) -> Sequence[Way]:
    first: Way = {"title": "", "product": ZERO, "position": 0, "variant": ZERO}
    nothing: Way = dict.fromkeys(first)
    return [{"state": state, **after} for state in (None, "in_stock", "reserved") for after in (nothing, first)]


def hashes(right: bytes) -> Sequence[Way]:
    """What is not the digest of the secret: half of it, more of it, another's, nothing."""
    wrong = (right[: len(right) // 2], right + b"\0", b"", secrets.token_bytes(32), None, right[::-1])
    return [{"hash": found} for found in wrong]


CALLS: dict[str, Bound | Writer | Finder | Public] = {
    "find_search_documents(text,text,boolean,timestamp with time zone,uuid,integer)": Bound(
        "SELECT * FROM find_search_documents('product', :words, :visible, :at, :id, 10)",
        lambda world: [
            {"words": WORDS, "visible": visible, "at": at, "id": LAST}
            for visible in (True, False)
            for at in (None, AT + timedelta(days=1))
        ],
    ),
    "find_on_sale(text,text,text,text,text,uuid,integer)": Bound(
        "SELECT * FROM find_on_sale(:words, :vendor, :tag, :sort, :key, :id, 10)", on_sale
    ),
    "find_products(text,text,text,text,text,text,boolean,text,uuid,integer)": Bound(
        "SELECT * FROM find_products(:words, :status, :vendor, :tag, :stock, :sort, :falling, :key, :id, 10)", listed
    ),
    "find_variants(text,text,text,uuid,integer,uuid,integer)": Bound(
        "SELECT * FROM find_variants(:words, :state, :title, :product, :position, :variant, 10)", variants
    ),
    "staged_import_rows(uuid,text)": Bound(
        "SELECT * FROM staged_import_rows(:import, :kind)",
        lambda world: [{"import": world.b("imports")["id"], "kind": kind} for kind in (None, "product")],
    ),
    "clear_import_rows(uuid)": Writer(
        "SELECT clear_import_rows(:import)",
        lambda world: {"import": world.b("imports")["id"]},
        "SELECT count(*) FROM staged_import_rows(:import)",
    ),
    "staged_settlement_rows(uuid,text)": Bound(
        "SELECT * FROM staged_settlement_rows(:run, 'line')",
        lambda world: [{"run": world.b("reconciliation_runs")["id"]}],
    ),
    "clear_settlement_rows(uuid)": Writer(
        "SELECT clear_settlement_rows(:run)",
        lambda world: {"run": world.b("reconciliation_runs")["id"]},
        "SELECT count(*) FROM staged_settlement_rows(:run, 'line')",
    ),
    "put_search_document(text,uuid,boolean,text,timestamp with time zone)": Writer(
        "SELECT put_search_document('product', :subject, false, 'other words', :at)",
        lambda world: {"subject": world.b("products")["id"], "at": AT},
        "SELECT count(*) FROM find_search_documents('product', :words, true, NULL, NULL, 10)",
    ),
    "put_search_documents(text,uuid[],boolean[],text[],timestamp with time zone[])": Writer(
        "SELECT put_search_documents('product', ARRAY[CAST(:subject AS uuid)], ARRAY[false], ARRAY['other words'],"
        " ARRAY[CAST(:at AS timestamptz)])",
        lambda world: {"subject": world.b("products")["id"], "at": AT},
        "SELECT count(*) FROM find_search_documents('product', :words, true, NULL, NULL, 10)",
    ),
    "drop_search_document(text,uuid)": Writer(
        "SELECT drop_search_document('product', :subject)",
        lambda world: {"subject": world.b("products")["id"]},
        "SELECT count(*) FROM find_search_documents('product', :words, true, NULL, NULL, 10)",
    ),
    # A secret is presented by whoever has it, and its digest is all that is looked for.
    "resolve_key(bytea)": Finder(
        "SELECT * FROM resolve_key(:hash)",
        lambda world: {"hash": world.b("api_keys")["token_hash"]},
        lambda world: {
            **{name: world.b("api_keys")[name] for name in ("id", "store_id", "kind", "label")},
            "origins": [ORIGIN],
            "locale": world.locale,
        },
        lambda world: [*hashes(world.b("api_keys")["token_hash"]), {"hash": world.session["token_hash"]}],
    ),
    "resolve_staff_session(bytea,timestamp with time zone)": Finder(
        "SELECT * FROM resolve_staff_session(:hash, :at)",
        lambda world: {"hash": world.session["token_hash"], "at": AT},
        lambda world: world.person,
        lambda world: [
            *({**way, "at": AT} for way in hashes(world.session["token_hash"])),
            {"hash": world.b("api_keys")["token_hash"], "at": AT},
            {"hash": world.session["token_hash"], "at": world.session["expires_at"]},
        ],
    ),
    "resolve_payment_session(bytea)": Finder(
        "SELECT * FROM resolve_payment_session(:hash)",
        lambda world: {"hash": world.b("payment_sessions")["secret_hash"]},
        lambda world: {name: world.b("payment_sessions")[name] for name in ("id", "store_id")},
        lambda world: [*hashes(world.b("payment_sessions")["secret_hash"]), {"hash": world.session["token_hash"]}],
    ),
    # An account's id stands in the address that a provider or a carrier calls, who proves itself by a signature.
    "resolve_payment_account(uuid)": Finder(
        "SELECT * FROM resolve_payment_account(:account)",
        lambda world: {"account": world.b("payment_accounts")["id"]},
        lambda world: {name: world.b("payment_accounts")[name] for name in ("id", "store_id", "provider")},
        lambda world: [{"account": found} for found in (None, uuid4(), world.both.b, world.b("payments")["id"])],
    ),
    "resolve_carrier_account(uuid)": Finder(
        "SELECT * FROM resolve_carrier_account(:account)",
        lambda world: {"account": world.b("carrier_accounts")["id"]},
        lambda world: {name: world.b("carrier_accounts")[name] for name in ("id", "store_id", "carrier")},
        lambda world: [
            {"account": found} for found in (None, uuid4(), world.both.b, world.b("payment_accounts")["id"])
        ],
    ),
    # A picture's address is the digest of its bytes: who has it whole saw the picture.
    "published_picture(text)": Finder(
        "SELECT published_picture(:hash) AS content_type WHERE published_picture(:hash) IS NOT NULL",
        lambda world: {"hash": world.b("media")["sha256"]},
        lambda world: {"content_type": world.b("media")["content_type"]},
        lambda world: [
            {"hash": found}
            for found in (
                world.b("media")["sha256"][:6],
                "",
                "%",
                None,
                world.both.rows["media", world.both.a]["sha256"],
            )
        ],
    ),
    # What a browser's preflight, which names no store, is answered from.
    "allowed_origins()": Public(
        "SELECT * FROM allowed_origins() AS origin ORDER BY origin",
        [{"origin": ORIGIN}],
    ),
}


@pytest.fixture(scope="module")
def world(stores: Stores, database: DatabaseAddresses) -> Iterator[World]:
    superuser = sa.create_engine(database.superuser_url)
    person = {**sample(staff, stores.b), "enabled": True}
    session = {
        **sample(staff_sessions, stores.b), "staff_id": person["id"], "store_id": stores.b, "revoked_at": None,
        "created_at": AT, "expires_at": AT + timedelta(hours=1), "token_hash": secrets.token_bytes(32),
    }  # fmt: skip
    told = {
        "id": session["id"], "staff_id": person["id"], "store_id": None, "role": None,
        **{name: person[name] for name in ("name", "email", "locale", "theme")},
    }  # fmt: skip
    table = staff.metadata.tables["stores"]
    with superuser.begin() as connection:
        connection.execute(sa.insert(staff).values(person))
        connection.execute(sa.insert(staff_sessions).values(session))
        locale = connection.scalar(sa.select(table.c.locale).where(table.c.id == stores.b))
    yield World(stores, str(locale), session, told)
    with superuser.begin() as connection:
        connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.id == session["id"]))
        connection.execute(sa.delete(staff).where(staff.c.id == person["id"]))
    superuser.dispose()


BIND = sa.text("SELECT set_config('app.store_id', :store, true)")
PREPARE = (
    "UPDATE api_keys SET revoked_at = NULL, origins = ARRAY[:origin]",
    "UPDATE products SET status = 'published'",
    "UPDATE variants SET product_id = :product, stock_state = 'in_stock', position = 1",
    "UPDATE stock_items SET variant_id = :variant, reserved = 1",
    "UPDATE product_documents SET product_id = :product",
    "UPDATE product_tags SET product_id = :product",
    "UPDATE product_media SET product_id = :product, media_id = :media",
    "UPDATE carrier_accounts SET enabled = true",
    "SELECT put_search_document('product', :product, true, :words, :at)",
)


def prepare(connection: sa.Connection, world: World) -> None:
    """Bind B and make its rows such as each function finds."""
    connection.execute(BIND, {"store": str(world.both.b)})
    names = {"origin": ORIGIN, "words": WORDS, "at": AT}
    rows = {"product": world.b("products")["id"], "variant": world.b("variants")["id"], "media": world.b("media")["id"]}
    for statement in PREPARE:
        connection.execute(sa.text(statement), {**names, **rows})
    staged = {**sample(import_rows, world.both.b), "import_id": world.b("imports")["id"], "kind": "product"}
    connection.execute(sa.insert(import_rows).values(staged))
    told = {**sample(settlement_rows, world.both.b), "run_id": world.b("reconciliation_runs")["id"], "kind": "line"}
    connection.execute(sa.insert(settlement_rows).values(told))


def rows_of(connection: sa.Connection, sql: str, parameters: Way) -> Rows:
    return [dict(row) for row in connection.execute(sa.text(sql), {"words": WORDS, **parameters}).mappings()]


def only(kind: type[Any]) -> list[str]:
    return [signature for signature, call in CALLS.items() if isinstance(call, kind)]


def test_every_function_is_listed(world: World) -> None:
    with world.both.bound(world.both.a) as connection:
        assert connection.scalars(FUNCTIONS).all() == sorted(CALLS)


@pytest.mark.parametrize("signature", only(Bound))
def test_a_function_for_the_bound_store_finds_nothing_of_another(world: World, signature: str) -> None:
    call = CALLS[signature]
    assert isinstance(call, Bound)
    for way in call.ways(world):
        with world.both.bound(None) as connection:
            prepare(connection, world)
            assert rows_of(connection, call.sql, way), f"{way} finds nothing to hide"
            connection.execute(BIND, {"store": str(world.both.a)})
            assert rows_of(connection, call.sql, way) == [], way


@pytest.mark.parametrize("signature", only(Bound) + only(Writer))
@pytest.mark.parametrize("binding", [None, ""], ids=["unbound", "empty"])
def test_a_function_for_the_bound_store_refuses_to_work_without_one(
    world: World, signature: str, binding: str | None
) -> None:
    call = CALLS[signature]
    assert isinstance(call, Bound | Writer)
    way = call.ways(world)[0] if isinstance(call, Bound) else call.way(world)
    with world.both.bound(None) as connection:
        if binding is not None:
            connection.execute(BIND, {"store": binding})
        with pytest.raises(sa.exc.DBAPIError, match=r"app\.store_id|invalid input syntax for type uuid"):
            rows_of(connection, call.sql, way)


@pytest.mark.parametrize("signature", only(Writer))
def test_a_function_for_the_bound_store_writes_nothing_of_another(world: World, signature: str) -> None:
    call = CALLS[signature]
    assert isinstance(call, Writer)
    with world.both.bound(None) as connection:
        prepare(connection, world)
        before = rows_of(connection, call.witness, call.way(world))
        connection.execute(BIND, {"store": str(world.both.a)})
        rows_of(connection, call.sql, call.way(world))
        connection.execute(BIND, {"store": str(world.both.b)})
        assert rows_of(connection, call.witness, call.way(world)) == before
        rows_of(connection, call.sql, call.way(world))
        assert rows_of(connection, call.witness, call.way(world)) != before, "the witness sees nothing"


@pytest.mark.parametrize("signature", only(Finder))
def test_a_function_that_finds_the_store_takes_the_whole_secret_and_tells_little(world: World, signature: str) -> None:
    call = CALLS[signature]
    assert isinstance(call, Finder)
    with world.both.bound(None) as connection:
        prepare(connection, world)
        connection.execute(BIND, {"store": str(world.both.a)})
        assert rows_of(connection, call.sql, call.known(world)) == [call.told(world)]
        for way in call.vain(world):
            assert rows_of(connection, call.sql, way) == [], way


@pytest.mark.parametrize("signature", only(Public))
def test_a_public_function_tells_what_everybody_may_know(world: World, signature: str) -> None:
    call = CALLS[signature]
    assert isinstance(call, Public)
    with world.both.bound(world.both.a) as connection:
        before = rows_of(connection, call.sql, {})
        prepare(connection, world)
        connection.execute(BIND, {"store": str(world.both.a)})
        assert [row for row in rows_of(connection, call.sql, {}) if row not in before] == call.told
