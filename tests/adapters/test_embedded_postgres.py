from __future__ import annotations

import os
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from adapters.embedded_postgres import LONGEST_SOCKET, PORT, Cluster, ClusterError, placement

PASSWORD = "it's a secret/with #signs?"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an unprivileged user reaches, which pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="ecommerce-cluster-") as made:
        Path(made).chmod(0o755)
        yield Path(made) / "postgres"


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder, durable=False)
    made.start(PASSWORD)
    yield made
    made.remove()


def ask(cluster: Cluster, query: str, password: str = PASSWORD) -> str:
    with psycopg.connect(cluster.superuser_url(password)) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


def server_pid(cluster: Cluster) -> int:
    return int(ask(cluster, "SELECT pg_read_file('postmaster.pid')").split()[0])


def test_a_new_cluster_has_our_locale_settings_and_passwords(cluster: Cluster) -> None:
    assert ask(cluster, "SELECT concat(datlocprovider, ':', datlocale) FROM pg_database LIMIT 1") == "b:C.UTF-8"
    assert ask(cluster, "SELECT lower('ÁGUA')") == "água"
    assert ask(cluster, "SHOW server_encoding") == "UTF8"
    assert ask(cluster, "SHOW listen_addresses") == ""
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(cluster, f"SHOW {name}") == "off"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(cluster, "SELECT 1", password="wrong")


def test_the_socket_folder_is_private_and_the_server_is_not_root(cluster: Cluster) -> None:
    assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
    assert Path("/proc", str(server_pid(cluster))).stat().st_uid != 0


def test_a_durable_cluster_syncs(folder: Path) -> None:
    cluster = Cluster(folder)
    cluster.start(PASSWORD)
    try:
        assert ask(cluster, "SELECT string_agg(setting, ',') FROM pg_settings WHERE name IN"
                   " ('fsync', 'full_page_writes', 'synchronous_commit')") == "on,on,on"  # fmt: skip
    finally:
        cluster.remove()


def test_data_outlives_stop_and_start(folder: Path, cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_url(PASSWORD)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    cluster.stop()
    assert not cluster.running
    with pytest.raises(psycopg.OperationalError):
        ask(cluster, "SELECT 1")
    Cluster(folder, durable=False).start(PASSWORD)
    assert ask(cluster, "SELECT n FROM kept") == "7"


def test_a_running_server_is_found_again(folder: Path, cluster: Cluster) -> None:
    before = server_pid(cluster)
    other = Cluster(folder, durable=False)
    other.start("a password that is not used any more")
    assert server_pid(other) == before


def test_starting_twice_at_once_makes_one_server(folder: Path) -> None:
    clusters = [Cluster(folder, durable=False) for _ in range(3)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda cluster: cluster.start(PASSWORD), clusters))
    try:
        assert len({server_pid(cluster) for cluster in clusters}) == 1
    finally:
        clusters[0].remove()


def test_a_killed_server_starts_again(cluster: Cluster) -> None:
    os.kill(server_pid(cluster), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while cluster.running:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    cluster.start(PASSWORD)
    assert ask(cluster, "SELECT 1") == "1"


def test_the_pid_of_another_program_is_not_taken_for_the_server(cluster: Cluster) -> None:
    cluster.stop()
    data = cluster.placement.home / "cluster"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    assert not cluster.running
    cluster.start(PASSWORD)
    assert ask(cluster, "SELECT 1") == "1"


def test_an_unfinished_cluster_is_made_anew(folder: Path) -> None:
    unfinished = folder / "cluster.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    cluster = Cluster(folder, durable=False)
    cluster.start(PASSWORD)
    try:
        assert ask(cluster, "SELECT 1") == "1"
    finally:
        cluster.remove()


def test_another_major_version_is_refused_by_name(folder: Path, cluster: Cluster) -> None:
    cluster.stop()
    version = cluster.placement.home / "cluster" / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(ClusterError, match="PostgreSQL 14's"):
        cluster.start(PASSWORD)


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    cluster = Cluster(deep, durable=False)
    cluster.start(PASSWORD)
    socket_dir = cluster.socket_dir
    try:
        assert len(str(socket_dir / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET
        assert ask(cluster, "SELECT 1") == "1"
    finally:
        cluster.remove()
    assert not socket_dir.exists()
    assert not deep.exists()


def test_a_failing_start_shows_the_servers_log(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.placement.home / "cluster" / "postgresql.conf").write_text("no_such_setting = on\n")
    with pytest.raises(ClusterError, match="no_such_setting"):
        cluster.start(PASSWORD)


def test_out_of_the_users_reach_everything_lies_outside_and_no_mode_changes(tmp_path: Path) -> None:
    home = tmp_path / "private home"
    home.mkdir(mode=0o700)
    folder = home / "clone" / ".data" / "postgres"
    cluster = Cluster(folder, durable=False)
    cluster.start(PASSWORD)
    try:
        lies_in = Path(ask(cluster, "SHOW data_directory")).parent
        if os.geteuid() == 0:
            assert lies_in == Path((folder / "outside").read_text().strip())
            assert stat.S_IMODE(lies_in.stat().st_mode) == 0o755
        else:  # the server is ours and reaches what we reach
            assert lies_in == folder
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert Cluster(tmp_path / "another").placement.home != lies_in
    finally:
        cluster.remove()
        Cluster(tmp_path / "another").remove()
    assert not lies_in.exists()
    assert not folder.exists()


def test_when_what_lay_outside_is_gone_that_is_said_and_reset_works(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "outside").write_text(str(tmp_path / "gone"))
    cluster = Cluster(folder)
    with pytest.raises(ClusterError, match="make reset"):
        cluster.start(PASSWORD)
    cluster.remove()
    assert not folder.exists()


def test_without_a_user_to_become_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pwd.getpwall", list)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(ClusterError, match="useradd"):
        placement.unprivileged_user()


def test_a_socket_folder_that_others_can_enter_is_refused(folder: Path) -> None:
    cluster = Cluster(folder, durable=False)
    cluster.socket_dir.mkdir(parents=True)
    cluster.socket_dir.chmod(0o755)
    with pytest.raises(ClusterError, match="private folder"):
        cluster.start(PASSWORD)
