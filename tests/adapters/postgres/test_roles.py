from __future__ import annotations

import psycopg
import pytest

from adapters.postgres.migrate import SchemaBehind, differences, migrate, require_current
from adapters.postgres.roles import ROLES, bootstrap_roles
from adapters.provisioning import DatabaseAddresses
from tests.database import TestServer

URLS = ("app_url", "platform_url", "owner_url", "sandbox_url")


def test_each_role_logs_in_as_itself_without_rights_over_others(database: DatabaseAddresses) -> None:
    for name in URLS:
        with psycopg.connect(getattr(database, name)) as connection:
            found = connection.execute(
                "SELECT current_user, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb,"
                " (SELECT count(*) FROM pg_auth_members m WHERE m.member = r.oid)"
                " FROM pg_roles r WHERE rolname = current_user"
            ).fetchone()
        assert found == (f"ecommerce_{name.removesuffix('_url')}", False, 0)


@pytest.mark.parametrize("name", ["app_url", "platform_url"])
def test_app_and_platform_own_nothing_and_create_nothing(database: DatabaseAddresses, name: str) -> None:
    with psycopg.connect(getattr(database, name), autocommit=True) as connection:
        owned = connection.execute(
            "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = current_user::regrole"
        ).fetchone()
        assert owned == (0,)
        for schema in ("public", "staging", "sandbox"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"CREATE TABLE {schema}.mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TEMPORARY TABLE mine (id int)")


def test_the_sandbox_sees_its_own_schema_alone(fresh_database: DatabaseAddresses) -> None:
    with psycopg.connect(fresh_database.sandbox_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE charges (id int)")
        assert connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'charges'").fetchall() == [
            ("sandbox",)
        ]
        for table in ("public.orders", "staging.import_rows"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT 1 FROM {table}")
    for url in (fresh_database.app_url, fresh_database.platform_url):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT 1 FROM sandbox.charges")


def test_bootstrap_again_changes_nothing_but_passwords(
    database_server: TestServer, fresh_database: DatabaseAddresses
) -> None:
    info = psycopg.conninfo.conninfo_to_dict
    passwords = {
        f"ecommerce_{name.removesuffix('_url')}": str(info(getattr(fresh_database, name))["password"]) for name in URLS
    }
    assert set(passwords) == set(ROLES)
    dbname = str(info(fresh_database.app_url)["dbname"])
    for _ in range(2):
        bootstrap_roles(fresh_database.superuser_url, passwords, dbname)
    migrate(fresh_database.owner_url)
    require_current(fresh_database.app_url)
    assert differences(fresh_database.owner_url) == []


def test_a_schema_that_is_behind_is_refused_by_name(
    database_server: TestServer, fresh_database: DatabaseAddresses
) -> None:
    require_current(fresh_database.platform_url)
    with psycopg.connect(fresh_database.owner_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(SchemaBehind, match="0000"):
        require_current(fresh_database.app_url)
    with psycopg.connect(fresh_database.owner_url) as connection:
        connection.execute("DROP TABLE alembic_version")
    with pytest.raises(SchemaBehind, match="none"):
        require_current(fresh_database.app_url)
