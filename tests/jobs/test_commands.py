"""The command line for deliveries and the clock, against a real database and a stand-in for the sandbox."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from jobs.cli import main
from jobs.commands._discrepancies import LINES, MOVEMENTS, PAGES, PAYOUTS
from jobs.commands.sandbox import CARRIERS, LIVES, SHARED
from sandbox import faults
from sandbox.carrier import faults as carrier_faults
from sandbox.payments import faults as payment_faults
from sandbox.payments import planting
from tests.jobs.bench import Bench

DOWN = [{"field": "kind", "message": "is wrong"}]


class Sandbox(ThreadingHTTPServer):
    """Keeps what it is told; answers 500 when `down`."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, Any]] = []
        self.down = False
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Sandbox

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told.append((self.command, self.path, body))
        self._answer({"planted": [7], "now": 0})

    def do_GET(self) -> None:
        self._answer({"faults": [{"id": 7, "kind": "error_429"}]})

    def _answer(self, document: dict[str, Any]) -> None:
        body = json.dumps({"error": {"message": "down", "errors": DOWN}} if self.server.down else document).encode()
        self.send_response(500 if self.server.down else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _cli(bench: Bench, *arguments: str, **more: str) -> Result:
    return CliRunner().invoke(main, arguments, env={**bench.environment, **more})


def _dead(bench: Bench) -> str:
    subject = bench.emit("broken")
    bench.owner.execute(
        "UPDATE deliveries SET state = 'dead', attempts = 8, last_error = E'RuntimeError: a bug\\nsecond line'"
    )
    return str(bench.delivery(subject)["id"])


def test_dead_letters_are_listed_replayed_and_discarded(bench: Bench) -> None:
    assert "No delivery is dead." in _cli(bench, "deliveries", "list").output
    id_ = _dead(bench)
    listed = _cli(bench, "deliveries", "list").output
    assert id_ in listed
    assert "tries 8  RuntimeError: a bug" in listed
    assert "second line" not in listed
    done = _cli(bench, "deliveries", "replay", id_)
    assert (done.exit_code, done.output) == (0, f"{id_} is due now.\n")
    again = _cli(bench, "deliveries", "replay", id_)
    assert again.exit_code == 1
    assert "Only a dead delivery" in again.output
    gone = _cli(bench, "deliveries", "discard", id_, "--reason", "entered by hand")
    assert gone.exit_code == 0
    row = bench.owner.execute("SELECT state, discard_reason FROM deliveries WHERE id = %s", [id_]).fetchone()
    assert row == {"state": "discarded", "discard_reason": "entered by hand"}
    entry = bench.owner.execute(
        "SELECT reason, actor_kind FROM activity WHERE action = 'messages.discard_delivery'"
    ).fetchone()
    assert entry == {"reason": "entered by hand", "actor_kind": "job"}


def test_a_delivery_that_is_none_and_a_reason_that_is_none_are_refused(bench: Bench) -> None:
    assert "no such delivery" in _cli(bench, "deliveries", "replay", str(uuid4())).output
    empty = _cli(bench, "deliveries", "discard", _dead(bench), "--reason", "  ")
    assert (empty.exit_code, empty.output) == (1, "Error: A reason is needed.\n")
    assert _cli(bench, "deliveries", "discard", str(uuid4())).exit_code == 2


def _offset(bench: Bench) -> int:
    row = bench.owner.execute("SELECT offset_seconds FROM clock").fetchone()
    assert row is not None
    return int(row["offset_seconds"])


def test_the_clock_moves_here_and_in_the_sandbox(bench: Bench, sandbox: Sandbox) -> None:
    there = {"SANDBOX_PAYMENTS_URL": sandbox.url}
    assert _cli(bench, "clock").output == "The business clock is the wall's.\n"
    assert _cli(bench, "clock", "+1d", **there).output == "The business clock is 1 day, 0:00:00 ahead.\n"
    assert _cli(bench, "clock", "+2h30m", **there).exit_code == 0
    assert _offset(bench) == 95_400
    assert _cli(bench, "clock", "-1d", **there).output == "The business clock is 2:30:00 ahead.\n"
    assert _cli(bench, "clock", "reset", **there).exit_code == 0
    assert _offset(bench) == 0
    assert [body for _, _, body in sandbox.told] == [{"offset_seconds": n} for n in (86_400, 95_400, 9_000, 0)]
    assert {path for _, path, _ in sandbox.told} == {"/_sandbox/clock"}


def test_nothing_moves_when_the_sandbox_does_not(bench: Bench, sandbox: Sandbox) -> None:
    sandbox.down = True
    moved = _cli(bench, "clock", "+1d", SANDBOX_PAYMENTS_URL=sandbox.url)
    assert moved.exit_code == 1
    assert _offset(bench) == 0


def test_both_sandboxes_move_or_none(bench: Bench, sandbox: Sandbox) -> None:
    there = {"SANDBOX_PAYMENTS_URL": sandbox.url, "SANDBOX_CARRIER_URL": sandbox.url}
    assert _cli(bench, "clock", "+1d", **there).exit_code == 0
    assert [body["offset_seconds"] for _, _, body in sandbox.told] == [86_400, 86_400]
    moved = _cli(bench, "clock", "+1d", **{**there, "SANDBOX_CARRIER_URL": "http://127.0.0.1:9"})
    assert moved.exit_code == 1
    assert "did not move" in moved.output
    assert [body["offset_seconds"] for _, _, body in sandbox.told[2:]] == [172_800, 86_400]
    assert _offset(bench) == 86_400


@pytest.mark.parametrize("move", ["1d", "+1", "+d", "tomorrow", "+1y", "+9999999w"])
def test_a_move_that_is_none_is_refused(bench: Bench, move: str) -> None:
    assert _cli(bench, "clock", move).exit_code != 0
    assert _offset(bench) == 0


def test_the_clock_of_production_stays(bench: Bench) -> None:
    moved = _cli(bench, "clock", "+1d", ECOMMERCE_ENV="production", PUBLIC_URL="https://shop.example")
    assert moved.exit_code == 1
    assert "production" in moved.output
    assert _offset(bench) == 0


def test_faults_are_planted_and_shown(bench: Bench, sandbox: Sandbox) -> None:
    there = {"SANDBOX_PAYMENTS_URL": sandbox.url}
    planted = _cli(bench, "sandbox", "plant", "error_429", "capture", "--count", "2", "--delay", "0", **there)
    assert planted.output == "Planted 7.\n"
    assert sandbox.told == [
        (
            "POST",
            "/_sandbox/faults",
            [{"kind": "error_429", "operation": "capture", "count": 2, "delay_seconds": 0}],
        )
    ]
    assert json.loads(_cli(bench, "sandbox", "faults", **there).output) == {"id": 7, "kind": "error_429"}
    assert "no sandbox" in _cli(bench, "sandbox", "faults").output


def test_the_carrier_has_faults_of_its_own(bench: Bench, sandbox: Sandbox) -> None:
    there = {"SANDBOX_CARRIER_URL": sandbox.url, "SANDBOX_PAYMENTS_URL": "http://127.0.0.1:9"}
    planted = _cli(bench, "sandbox", "--carrier", "plant", "life_lost", "life", "--account", "loja", **there)
    assert (planted.exit_code, planted.output) == (0, "Planted 7.\n")
    fault = {"kind": "life_lost", "operation": "life", "count": 1, "account": "loja"}
    assert sandbox.told == [("POST", "/_sandbox/faults", [fault])]
    assert json.loads(_cli(bench, "sandbox", "--carrier", "faults", **there).output) == {"id": 7, "kind": "error_429"}
    assert "SANDBOX_CARRIER_URL" in _cli(bench, "sandbox", "--carrier", "faults").output
    sandbox.down = True
    assert "down (kind: is wrong)" in _cli(bench, "sandbox", "--carrier", "faults", **there).output


@pytest.mark.parametrize(
    ("told", "path", "body"),
    [
        (("amount_over", "--account", "loja", "--target", "re_1", "--amount", "250"), "discrepancies",
         {"account": "loja", "kind": "amount_over", "target": "re_1", "amount": 250}),
        (("missing_line", "--account", "loja", "--target", "pi_1", "--category", "refund"), "discrepancies",
         {"account": "loja", "kind": "missing_line", "target": "pi_1", "category": "refund"}),
        (("reserve_held", "--account", "loja", "--amount", "900"), "discrepancies",
         {"account": "loja", "kind": "reserve_held", "amount": 900}),
        (("dispute_opened", "--target", "pi_1", "--amount", "5"), "payments/pi_1/dispute", {"amount": 5}),
        (("dispute_lost", "--target", "du_1"), "disputes/du_1/lose", {}),
        (("payout_failed", "--target", "po_1"), "payouts/po_1/fail", {}),
        (("payout_short", "payout", "--account", "loja"), "faults",
         [{"kind": "payout_short", "operation": "payout", "count": 1, "account": "loja"}]),
        (("fee_differs", "settlement:charge"), "faults",
         [{"kind": "fee_differs", "operation": "settlement:charge", "count": 1}]),
    ],
)  # fmt: skip
def test_discrepancies_are_planted(bench: Bench, sandbox: Sandbox, told: tuple[str, ...], path: str, body: Any) -> None:
    planted = _cli(bench, "sandbox", "plant", *told, SANDBOX_PAYMENTS_URL=sandbox.url)
    assert (planted.exit_code, planted.output) == (0, "Planted 7.\n" if path == "faults" else "Planted [7].\n")
    assert sandbox.told == [("POST", f"/_sandbox/{path}", body)]


@pytest.mark.parametrize(
    "told", [("missing_line",), ("reserve_held", "--account", "a"), ("dispute_won",), ("unknown_charge",)]
)
def test_what_a_discrepancy_lacks_is_said(bench: Bench, sandbox: Sandbox, told: tuple[str, ...]) -> None:
    refused = _cli(bench, "sandbox", "plant", *told, SANDBOX_PAYMENTS_URL=sandbox.url)
    assert (refused.exit_code, sandbox.told) == (2, [])
    assert "missing" in refused.output or "needs" in refused.output


def test_the_kinds_of_faults_are_those_of_the_sandboxes() -> None:
    assert set(SHARED) == faults.REQUEST_KINDS | faults.WEBHOOK_KINDS
    assert set(CARRIERS) == carrier_faults.BODY_KINDS | carrier_faults.LABEL_KINDS
    assert set(LIVES) == carrier_faults.LIFE_KINDS
    assert set(LINES) == payment_faults.LINE_KINDS
    assert set(PAYOUTS) == payment_faults.PAYOUT_KINDS
    assert set(PAGES) == payment_faults.LISTING_KINDS
    assert (*LINES, *MOVEMENTS) == planting.KINDS


def test_help_names_every_command_and_what_it_is_for(bench: Bench) -> None:
    shown = _cli(bench, "--help").output
    for name in ("web", "background", "sandbox", "clock", "deliveries", "carriers"):
        assert name in shown
        assert _cli(bench, name, "--help").exit_code == 0
