"""Two shops (money taken at once, and by hand), the rehearsed provider, and processes that can be killed."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from adapters.provisioning import DatabaseAddresses
from adapters.wiring import background
from core.identity.roles import Role
from core.shared.errors import CoreError
from core.shared.repeats import Replayed, RequestInFlight
from jobs.deadlines import deadline_tasks
from tests.database import TestServer
from tests.kill.scenarios import Scenario, Situation, capture, complete, open_session, settle
from tests.sandbox.carrier_process import CarrierProcess, start_carrier
from tests.sandbox.process import ROOT, SandboxProcess, free_port, start_sandbox
from tests.shop import Shop, StoppedClock, open_shop

ATTEMPTS = 4  # of a client who repeats


class Named(Protocol):
    """A deed that the forks know."""

    @property
    def name(self) -> str: ...


class Forks:
    """The process that forks those which die."""

    def __init__(self, log: IO[bytes], database: DatabaseAddresses, data_dir: Path, settings: dict[str, str]) -> None:
        self._log = log
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        self._send({"database": asdict(database), "data_dir": str(data_dir), "settings": settings})

    def _send(self, line: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def run(self, order: dict[str, Any]) -> tuple[int, int]:
        """Have one deed done; the signal that ended it (0: none) and its exit code."""
        self._send(order)
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        assert answer, f"the warm process ended: {self.said()}"
        signal, code = json.loads(answer)
        return signal, code

    def said(self) -> str:
        """What the processes printed so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-4000:]

    def stop(self) -> None:
        self._process.communicate(timeout=20)


@dataclass
class Stage:
    """Where the deeds are done. The shops' clock and the provider's go together. `settings`: where everybody finds
    the provider, and the carrier, who is there from the first time that `carrier` is asked for."""

    database: DatabaseAddresses
    data_dir: Path
    sandbox: SandboxProcess
    forks: Forks
    settings: dict[str, str]
    patience: str = "20"  # seconds that a request to the provider may take
    clock: StoppedClock = field(default_factory=StoppedClock)
    shops: dict[bool, Shop] = field(default_factory=dict)
    books_of: dict[bool, str] = field(default_factory=dict)
    opened: list[Shop] = field(default_factory=list)
    _carrier: CarrierProcess | None = None

    def carrier(self) -> CarrierProcess:
        if self._carrier is None:
            port = int(self.settings["SANDBOX_CARRIER_URL"].rpartition(":")[2])
            self._carrier = start_carrier(self.database.sandbox_url, port=port)
        return self._carrier

    def shop(self, scenario: Scenario) -> Shop:
        if scenario.by_hand not in self.shops:
            self._open(scenario.by_hand)
        return self.shops[scenario.by_hand]

    def _open(self, by_hand: bool) -> None:
        shop = open_shop(self.database, self.data_dir, self.clock, **self.settings)
        account = f"kill_{secrets.token_hex(5)}"
        retries = "1" if float(self.patience) > 5 else "0"
        shop.add_stripe(f"sk_test_{account}", timeout=self.patience, retries=retries)
        if by_hand:
            shop.execute("UPDATE stores SET capture_policy = 'by_hand'")
        self.shops[by_hand], self.books_of[by_hand] = shop, account
        self.opened.append(shop)

    def close(self) -> None:
        for shop in self.opened:
            shop.wired.engines.dispose()
        if self._carrier is not None:
            self._carrier.stop()

    def wait(self, seconds: int) -> None:
        """Time goes by, here and at the provider."""
        self.clock.advance(seconds=seconds)
        self.sandbox.set_clock(round((self.clock.at - datetime.now(UTC)).total_seconds()))

    # -- up to the deed ------------------------------------------------------------------------------------

    def prepare(self, scenario: Scenario) -> Situation:
        """A cart, and what happened to it before the deed."""
        return self.prepare_in(self.shop(scenario), scenario)

    def prepare_in(self, shop: Shop, scenario: Scenario) -> Situation:
        """The same in any shop that takes the scenario's method."""
        variant = shop.product(price=2500, stock=9)
        token = shop.cart({variant: 2})
        cart = shop.sql("SELECT cart_id FROM cart_lines WHERE variant_id = :v", v=variant)[0]["cart_id"]
        staff = shop.as_(Role.MANAGER).actor.id
        at = Situation(
            str(shop.store_id), str(shop.key_id), str(staff), token, scenario.method, str(cart), str(variant)
        )
        if scenario.ready != "cart":
            open_session(shop, at)
            at = self.known(shop, at)
        if scenario.method == "card" and scenario.ready in ("paid", "placed", "captured"):
            self.sandbox.approve(at.reference)
        if scenario.ready in ("placed", "placed_paid", "captured"):
            complete(shop, at)
            at = self.known(shop, at)
        if scenario.ready == "placed_paid":
            self.sandbox.pay_pix(at.reference)
            if scenario.deed is not settle:
                settle(shop, at)
        if scenario.ready == "captured":
            capture(shop, at)
        if scenario.wait:
            self.wait(scenario.wait)
        return at

    @staticmethod
    def known(shop: Shop, at: Situation) -> Situation:
        """The situation with what came to be meanwhile."""
        found = shop.sql(
            "SELECT p.id, p.session_id, p.provider_reference, p.order_id, l.id AS line_id FROM payments p"
            " LEFT JOIN order_lines l ON l.order_id = p.order_id WHERE p.cart_id = :c",
            c=at.cart_id,
        )
        if not found:
            return at
        row = found[0]
        return replace(
            at,
            payment_id=str(row["id"]),
            session_id=str(row["session_id"]),
            reference=row["provider_reference"] or "",
            order_id=str(row["order_id"] or ""),
            line_id=str(row["line_id"] or ""),
        )

    # -- the deed ------------------------------------------------------------------------------------------

    def run_apart(self, scenario: Named, at: Any, **how: str) -> tuple[int, int]:
        """The deed in another process: undisturbed with a `log` to write to, or in a fork killed at `failpoint`."""
        order = {"scenario": scenario.name, "situation": asdict(at), "now": self.clock.at.isoformat()}
        return self.forks.run(order | how)

    def repeat(self, scenario: Scenario, at: Situation) -> None:
        """The client asks again, with the same key, until there is an answer."""
        shop, refusals = self.shop(scenario), []
        for _ in range(ATTEMPTS):
            self.wait(4)
            try:
                scenario.deed(shop, at)
            except Replayed:
                return
            except RequestInFlight:
                shop.execute("UPDATE idempotency_keys SET claimed_until = created_at WHERE answer IS NULL")
            except CoreError as refusal:
                refusals.append(refusal)
            else:
                return
        raise AssertionError(f"{scenario.name}: no answer after {ATTEMPTS} requests: {refusals!r}")

    def sweep(self, scenario: Scenario) -> None:
        """Minutes later the schedule looks at what is due, more than once, as it would."""
        wired = self.shop(scenario).wired
        ports = background(wired)
        tasks = deadline_tasks(wired.app, wired.clock, wired.ids, ports.deadlines)
        for seconds in scenario.rounds:
            self.wait(seconds)
            for task in tasks:
                result = task.run(threading.Event())
                assert not result.counts["failed"], f"{task.name}: {result.error}"


@contextmanager
def open_stage(server: TestServer, folder: Path, patience: str = "20") -> Iterator[Stage]:
    """A database and a provider of its own: the schedule sweeps all stores, and clocks are moved.

    :param patience: seconds that a request to the provider may take
    """
    name = f"stage_{secrets.token_hex(5)}"
    database = server.create(name)
    with ExitStack() as stack:
        stack.callback(server.drop, name)
        sandbox = start_sandbox(database.sandbox_url)
        stack.callback(sandbox.stop)
        log = stack.enter_context((folder / "children.log").open("w+b"))
        settings = {
            "SANDBOX_PAYMENTS_URL": sandbox.url,
            "SANDBOX_CARRIER_URL": f"http://127.0.0.1:{free_port()}",
        }
        forks = Forks(log, database, folder, settings)
        stack.callback(forks.stop)
        stage = Stage(database, folder, sandbox, forks, settings, patience)
        stack.callback(stage.close)
        yield stage
