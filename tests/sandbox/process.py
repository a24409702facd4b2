"""Start services of the sandbox as real processes, and drive them: for every test that needs the outside world."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds a start may take on a busy machine


def free_port() -> int:
    """A port of loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(check: Callable[[], Any], seconds: float = 10.0) -> Any:
    """The first true value of `check`, asked again and again. Raises AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came true within {seconds} seconds")


Process = TypeVar("Process", bound="ServiceProcess")


@dataclass
class ServiceProcess:
    """A running service of the sandbox. url: where it answers, without a final slash."""

    url: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def stop(self, *, kill: bool = False) -> int:
        """End the process, gently unless `kill`; returns its exit code."""
        self.client.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL if kill else signal.SIGTERM)
        code = self.process.wait(20)
        self.log.close()
        return code

    def control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """One call under `/_sandbox`. Raises httpx.HTTPStatusError when it is refused."""
        answer = self.client.request(method, f"/_sandbox/{path}", json=body)
        answer.raise_for_status()
        found = answer.json()
        assert isinstance(found, dict)
        return found

    def plant(
        self,
        operation: str,
        kind: str,
        *,
        account: str | None = None,
        count: int = 1,
        delay_seconds: int | None = None,
    ) -> int:
        """Plant a fault; returns its id. See the service's `faults.py` for operations and kinds."""
        fault: dict[str, Any] = {"account": account, "operation": operation, "kind": kind, "count": count}
        if delay_seconds is not None:
            fault["delay_seconds"] = delay_seconds
        return int(self.control("POST", "faults", [fault])["planted"][0])

    def faults(self) -> list[dict[str, Any]]:
        """Every planted fault with what is left of it."""
        return list(self.control("GET", "faults")["faults"])

    def clear_faults(self) -> None:
        """Pull out every fault."""
        self.control("DELETE", "faults")

    def books(self, account: str) -> dict[str, Any]:
        """The account's books: the oracle."""
        answer = self.client.get("/_sandbox/books", params={"account": account})
        answer.raise_for_status()
        return dict(answer.json())

    def deliveries(self, account: str) -> list[dict[str, Any]]:
        """Every webhook delivery of an account, oldest first."""
        answer = self.client.get("/_sandbox/deliveries", params={"account": account})
        return list(answer.json()["deliveries"])

    def set_clock(self, offset_seconds: int) -> int:
        """Move business time to wall time plus so many seconds; returns the new business time."""
        return int(self.control("POST", "clock", {"offset_seconds": offset_seconds})["now"])


@dataclass
class SandboxProcess(ServiceProcess):
    """The payment provider."""

    def booked(self, account: str, intent: str) -> dict[str, Any]:
        """The books' line of one intent."""
        return next(line for line in self.books(account)["intents"] if line["id"] == intent)

    def act(self, intent: str, deed: str, **body: Any) -> dict[str, Any]:
        """`approve`, `decline`, `challenge`, `confirm_challenge`, `fail_challenge`, `pend`, `settle_pending`,
        `fail_pending`, `make_pix` or `pay_pix` (with `amount`); answers with the payment intent."""
        return self.control("POST", f"payments/{intent}/{deed}", body or None)

    def approve(self, intent: str) -> dict[str, Any]:
        """The issuer agrees."""
        return self.act(intent, "approve")

    def decline(self, intent: str) -> dict[str, Any]:
        """The issuer refuses."""
        return self.act(intent, "decline")

    def pay_pix(self, intent: str, amount: int | None = None) -> dict[str, Any]:
        """Money arrives by Pix, also late, twice, too much or too little (amount in cents)."""
        return self.act(intent, "pay_pix", **({} if amount is None else {"amount": amount}))

    def settle_refund(self, refund: str) -> dict[str, Any]:
        """A pending refund arrives."""
        return self.control("POST", f"refunds/{refund}/succeed")

    def fail_refund(self, refund: str) -> dict[str, Any]:
        """A refund comes back, also after it had succeeded."""
        return self.control("POST", f"refunds/{refund}/fail")

    def name_account(self, account: str, name: str, city: str = "Curitiba") -> None:
        """Give an account the name that payers see."""
        self.control("POST", "accounts", {"account": account, "name": name, "city": city})


def start_sandbox(
    database_url: str,
    *,
    port: int | None = None,
    webhook_rebase: str | None = None,
    environment: dict[str, str] | None = None,
) -> SandboxProcess:
    """Start `python -m sandbox.payments` on loopback and wait until it answers (see `start_service`)."""
    return start_service(
        SandboxProcess, "sandbox.payments", "SANDBOX_PORT", database_url, port, webhook_rebase, environment
    )


def start_service(
    kind: type[Process],
    module: str,
    port_variable: str,
    database_url: str,
    port: int | None,
    webhook_rebase: str | None,
    environment: dict[str, str] | None,
) -> Process:
    """Start a service of the sandbox on loopback and wait until it answers.

    database_url: PostgreSQL address of the sandbox's role. webhook_rebase: scheme and host to which all
    webhooks go instead of their own. Raises RuntimeError with its output when it does not come up.
    """
    port = port or free_port()
    told = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")},
        "DATABASE_SANDBOX_URL": database_url,
        port_variable: str(port),
        "ECOMMERCE_ENV": "test",
        **({"SANDBOX_WEBHOOK_REBASE": webhook_rebase} if webhook_rebase else {}),
        **(environment or {}),
    }
    log = tempfile.TemporaryFile()  # noqa: SIM115  # closed by stop()
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, env=told, stdout=log, stderr=log, start_new_session=True
    )
    service = kind(f"http://127.0.0.1:{port}", process, log)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if service.client.get("/healthz").status_code == 200:
                return service
        except httpx.TransportError:
            time.sleep(0.05)
    log.seek(0)
    output = log.read().decode(errors="replace")
    code = service.stop(kill=True)
    raise RuntimeError(f"the sandbox did not come up (exit code {code}):\n{output}")
