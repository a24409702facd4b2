"""A shop with two web processes in front of it, and clients that all want the same."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import httpx

from adapters.clock import SystemClock
from adapters.provisioning import DatabaseAddresses
from tests.database import TestServer
from tests.sandbox.process import ROOT, SandboxProcess, eventually, free_port, start_sandbox
from tests.shop import ORIGIN, Shop, environment_for, open_shop

PATIENCE = 60.0  # seconds a client goes on asking
ANSWERED = ("checkout.open_payment_session", "checkout.complete_checkout")


@dataclass
class Started:
    """A process of the application, and what it logs."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def lines(self) -> list[dict[str, Any]]:
        """What it logged."""
        self.log.seek(0)
        return [json.loads(line) for line in self.log.read().splitlines() if line.startswith(b"{")]

    def failed(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line.get("level") == "error"]

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        self.log.close()


@dataclass
class WebProcess(Started):
    """One `python -m web` with a single worker."""

    url: str

    def answered(self) -> int:
        """How many requests of the race it did, by its own log."""
        return sum(line.get("action") in ANSWERED for line in self.lines())


@dataclass
class Market:
    """The shop, the provider, the processes, and the database server's log from where the race began."""

    database: DatabaseAddresses
    shop: Shop
    sandbox: SandboxProcess
    account: str
    webs: list[WebProcess]
    server_log: Path
    log_from: int
    codes: list[tuple[str, int, str]] = field(default_factory=list)  # (route, status, problem code) of every answer
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, client: httpx.Client, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        headers = {"X-Store-Key": self.shop.key, "Idempotency-Key": key}
        answer = client.post(f"/api/v1{path}", json=body, headers=headers)
        code = answer.json().get("code", "") if answer.status_code >= 400 else ""
        with self._lock:
            self.codes.append((path.rpartition("/")[2], answer.status_code, code))
        return answer

    def client(self, number: int) -> httpx.Client:
        """A client of one of the processes, by turns."""
        return httpx.Client(base_url=self.webs[number % len(self.webs)].url, timeout=PATIENCE, trust_env=False)

    def reserve(self, client: httpx.Client, token: str) -> httpx.Response:
        body = {"method": "card", "return_url": f"{ORIGIN}/return"}
        return self.post(client, f"/carts/{token}/payment-sessions", body, secrets.token_hex(8))

    def pay(self, client: httpx.Client, token: str, session: str) -> httpx.Response:
        """The shopper approves at the provider and comes back to complete, with one key until there is an answer; the
        last one, or the provider's refusal."""
        rows = self.shop.sql("SELECT provider_reference AS r FROM payments WHERE session_id = :s", s=session)
        approve = f"{self.sandbox.url}/_sandbox/payments/{rows[0]['r']}/approve"
        approved = httpx.post(approve, timeout=PATIENCE, trust_env=False)
        if approved.is_client_error:  # the deadline was first: the provider takes no money for it any more
            return approved
        approved.raise_for_status()
        key, until = secrets.token_hex(8), time.monotonic() + PATIENCE
        while True:
            answer = self.post(client, f"/carts/{token}/complete", {}, key)
            if answer.status_code not in (202, 503) or time.monotonic() > until:
                return answer
            time.sleep(float(answer.headers["Retry-After"]))

    def hold_cards_for(self, seconds: int) -> None:
        """From now on a card holds stock for so long."""
        self.shop.execute("UPDATE stores SET card_seconds = :s", s=seconds)

    @contextmanager
    def background(self, folder: Path) -> Iterator[None]:
        """The real background process, whose schedule looks at deadlines; nothing of it may fail."""
        told = environment_for(self.database, folder, SANDBOX_PAYMENTS_URL=self.sandbox.url)
        started = Started(*_start("jobs.background", folder, told))
        try:
            yield
            assert started.failed() == [], started.failed()
        finally:
            started.stop()

    def deadlocks(self) -> list[str]:
        """What the database server said of deadlocks since the race began."""
        with self.server_log.open(errors="replace") as log:
            log.seek(self.log_from)
            return [line for line in log if "deadlock" in line.lower()]

    def judge(self, scarce: UUID, units: int) -> None:
        """Exactly `units` were sold and charged, nothing failed, and stock equals its sums."""
        orders = self.shop.sql("SELECT id, number, payment_status, quantity FROM orders ORDER BY number")
        assert len(orders) == units
        assert [o["number"] for o in orders] == list(range(1001, 1001 + units)), "numbers have gaps"
        assert {o["payment_status"] for o in orders} == {"paid"}
        totals = self.sandbox.books(self.account)["totals"]
        assert (totals["charges"], totals["captures"]) == (units, units)
        assert totals["captured"] == self.shop.sql("SELECT sum(total_minor) AS t FROM orders")[0]["t"]
        assert [line for line in self.codes if line[1] >= 500] == []
        assert self.deadlocks() == []
        for web in self.webs:
            assert web.failed() == []
            assert web.answered() >= 40, "this process took no part"
        for item in self.shop.sql(_STOCK):
            assert (item["on_hand"], item["reserved"]) == (item["moved"], item["held"]), item
            assert item["held"] == item["sold"] + item["in_session"], item
            if item["variant_id"] == scarce:
                assert (item["on_hand"], item["reserved"], item["sold"]) == (units, units, units)


_STOCK = """
SELECT i.variant_id, i.on_hand, i.reserved,
  coalesce((SELECT sum(quantity) FROM stock_movements m WHERE m.stock_item_id = i.id), 0) AS moved,
  coalesce((SELECT sum(quantity) FROM reservations r WHERE r.stock_item_id = i.id AND r.state = 'live'), 0) AS held,
  coalesce((SELECT sum(quantity) FROM reservations r WHERE r.stock_item_id = i.id AND r.state = 'live'
            AND r.owner_kind = 'payment_session'), 0) AS in_session,
  coalesce((SELECT sum(l.quantity) FROM order_lines l WHERE l.variant_id = i.variant_id), 0) AS sold
FROM stock_items i
"""


@contextmanager
def open_market(server: TestServer, folder: Path) -> Iterator[Market]:
    """A database, a provider and two web processes for one race."""
    name = f"race_{secrets.token_hex(5)}"
    database = server.create(name)
    with ExitStack() as stack:
        stack.callback(server.drop, name)
        sandbox = start_sandbox(database.sandbox_url)
        stack.callback(sandbox.stop)
        shop = open_shop(database, folder, SystemClock(), SANDBOX_PAYMENTS_URL=sandbox.url, WEB_THREADS="8")
        stack.callback(shop.wired.engines.dispose)
        account = f"race_{secrets.token_hex(5)}"
        shop.add_stripe(f"sk_test_{account}")
        webs = [_start_web(database, folder / f"web{n}", sandbox.url) for n in range(2)]
        for web in webs:
            stack.callback(web.stop)
        for web in webs:
            eventually(partial(_ready, web.url), 60)
        yield Market(database, shop, sandbox, account, webs, server.log_file, server.log_file.stat().st_size)


def _start_web(database: DatabaseAddresses, folder: Path, sandbox_url: str) -> WebProcess:
    port = free_port()
    told = environment_for(
        database, folder, PORT=str(port), WEB_WORKERS="1", WEB_THREADS="4", SANDBOX_PAYMENTS_URL=sandbox_url
    )
    return WebProcess(*_start("web", folder, told), f"http://127.0.0.1:{port}")


def _start(module: str, folder: Path, told: dict[str, str]) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    folder.mkdir()
    log = (folder / "log").open("w+b")
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={**os.environ, **told},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    return process, log


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
