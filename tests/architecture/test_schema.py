"""The database as migrated: every merchant's table has its policy, references are composite, grants are as listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from adapters.postgres.tables import load_all
from adapters.provisioning import DatabaseAddresses, differences

# Tables with a store that no policy guards, and why. The application may read none of them.
UNSCOPED = {
    "search_documents": "fuzzy search needs its index, which row-level security takes away; definer functions only",
}
# Rows of no store, or that find the store; what the application may do with them.
GLOBAL: dict[str, set[str]] = {
    "staff": set(),
    "staff_sessions": set(),
    "sign_in_tries": set(),
    "schedules": {"SELECT"},
    "clock": {"SELECT"},
    "alembic_version": {"SELECT"},
}
APPEND_ONLY = {"activity", "timeline", "stock_movements", "outbox", "tracking_events", "carrier_answers"} | {
    "ledger_accounts", "journal_entries", "postings", "ledger_days", "exception_comments"
}  # fmt: skip
# Sums that triggers keep.
DERIVED = {"ledger_balances", "ledger_open_items"}


@pytest.fixture
def superuser(database: DatabaseAddresses) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    with psycopg.connect(database.superuser_url, row_factory=dict_row) as connection:
        yield connection


def scoped_tables() -> set[str]:
    tables = load_all().tables.values()
    named = {t.name for t in tables if t.schema is None and ("store_id" in t.c or t.name == "stores")}
    return named - set(UNSCOPED) - set(GLOBAL)


def test_migrations_make_the_tables(database: DatabaseAddresses) -> None:
    assert differences(database.owner_url) == []


def test_every_merchants_table_has_the_policy(superuser: psycopg.Connection[dict[str, Any]]) -> None:
    rows = superuser.execute(
        "SELECT c.relname, c.relrowsecurity, p.polname, pg_get_expr(p.polqual, p.polrelid) AS using,"
        " pg_get_expr(p.polwithcheck, p.polrelid) AS checked"
        " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
        " AND 'ecommerce_app'::regrole = ANY (p.polroles)"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
    ).fetchall()
    found = {row["relname"]: row for row in rows}
    for table in scoped_tables():
        row = found[table]
        column = "id" if table == "stores" else "store_id"
        assert row["relrowsecurity"], table
        for expression in (row["using"], row["checked"]):
            assert str(expression).startswith(f"({column} = ("), table
            assert "current_setting('app.store_id'::text)" in str(expression), table


def test_references_between_merchants_rows_are_composite() -> None:
    plain = [
        (table.name, [column.name for column in key.columns])
        for table in load_all().tables.values()
        if table.name in scoped_tables()
        for key in table.foreign_key_constraints
        if key.referred_table.name in scoped_tables() - {"stores"}
        and "store_id" not in {column.name for column in key.columns}
    ]
    assert plain == []


def test_what_the_application_may_do(superuser: psycopg.Connection[dict[str, Any]]) -> None:
    rows = superuser.execute(
        "SELECT table_schema, table_name, array_agg(privilege_type::text) AS granted"
        " FROM information_schema.role_table_grants WHERE grantee = 'ecommerce_app' GROUP BY 1, 2"
    ).fetchall()
    granted = {(row["table_schema"], row["table_name"]): set(row["granted"]) for row in rows}
    for (schema, table), rights in granted.items():
        if schema == "staging":
            assert rights == {"INSERT"}, table
        elif table in GLOBAL:
            assert rights == GLOBAL[str(table)], table
        elif table in APPEND_ONLY:
            assert rights == {"SELECT", "INSERT"}, table
        elif table in DERIVED:
            assert rights == {"SELECT"}, table
        elif table == "stores":
            assert rights == {"SELECT", "UPDATE"}
        else:
            assert table in scoped_tables(), f"{table} is granted and nobody said so"
            assert rights <= {"SELECT", "INSERT", "UPDATE", "DELETE"}, table
    for table in UNSCOPED:
        assert ("public", table) not in granted


def test_the_roles_are_plain(superuser: psycopg.Connection[dict[str, Any]]) -> None:
    rows = superuser.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,"
        " (SELECT count(*) FROM pg_auth_members m WHERE m.member = r.oid) AS member_of,"
        " (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) AS owns"
        " FROM pg_roles r WHERE rolname IN ('ecommerce_app', 'ecommerce_platform')"
    ).fetchall()
    assert len(rows) == 2
    for row in rows:
        assert not any(row[key] for key in row if key != "rolname"), row


def test_definer_functions_pin_their_search_path(superuser: psycopg.Connection[dict[str, Any]]) -> None:
    rows = superuser.execute(
        "SELECT proname, proconfig, pg_get_userbyid(proowner) AS owner,"
        " has_function_privilege('public', oid, 'EXECUTE') AS public"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert len(rows) > 5
    for row in rows:
        assert any(str(item).startswith("search_path=pg_catalog") for item in row["proconfig"] or []), row["proname"]
        assert row["owner"] == "ecommerce_owner", row["proname"]
        assert not row["public"], row["proname"]
