"""The web server as a process: it starts, shares its counters, finishes what it began, and says what it lacks."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.shop import Shop, environment_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, **environment_for(database, tmp_path, PORT=str(port), WEB_WORKERS="2", WEB_THREADS="2")}
    process = subprocess.Popen([sys.executable, "-m", "web"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _until_it_answers(url, process)
        yield url, process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def _until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            with urlopen(f"{url}/healthz", timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the server never answered")


def test_two_workers_serve_one_shop(address: tuple[str, subprocess.Popen[bytes]], shop: Shop) -> None:
    url, _process = address
    for _ in range(20):
        with urlopen(Request(f"{url}/api/v1/store", headers={"X-Store-Key": shop.key}), timeout=10) as answer:
            assert answer.status == 200
    with urlopen(f"{url}/readyz", timeout=10) as answer:
        assert answer.status == 200
    with urlopen(f"{url}/admin", timeout=10) as answer:
        assert answer.url == f"{url}/admin/sign-in"
    with urlopen(f"{url}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    # Whichever worker is asked, it tells what both have counted.
    found = re.search(r'ecommerce_http_requests_total\{[^}]*route="/api/v1/store"[^}]*\} (\S+)', text)
    assert found
    assert float(found[1]) == 20


def test_missing_settings_are_all_named_and_nothing_starts(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "ECOMMERCE_ENV": "production", "PORT": "80800"}
    ended = subprocess.run(
        [sys.executable, "-m", "web"], env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    for name in ("PUBLIC_URL", "DATABASE_URL", "SECRET_KEY", "JWT_SIGNING_KEYS", "PORT"):
        assert name in ended.stderr
    assert "Traceback" not in ended.stderr
