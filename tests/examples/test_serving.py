"""`python -m examples.storefront` as a process: it serves, it stops when told, it refuses half a setting."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

COMMAND = [sys.executable, "-m", "examples.storefront"]
NAMES = ("ECOMMERCE_API", "ECOMMERCE_PUBLISHABLE_KEY", "STOREFRONT_PORT", "STOREFRONT_URL", "STOREFRONT_SECRET_KEY")


def environment(**settings: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in NAMES} | settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            return httpx.get(address, timeout=2).text == "ok\n"
        except httpx.TransportError:
            time.sleep(0.1)
    return False


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(stop: signal.Signals) -> None:
    port = free_port()
    env = environment(ECOMMERCE_API="http://127.0.0.1:9", ECOMMERCE_PUBLISHABLE_KEY="pk_1", STOREFRONT_PORT=str(port))
    with subprocess.Popen(COMMAND, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            assert answers(f"http://127.0.0.1:{port}/healthz", 20)
            process.send_signal(stop)
            assert process.wait(10) == 0
        finally:
            process.kill()


def test_it_names_every_setting_that_is_missing_and_does_not_start() -> None:
    ended = subprocess.run(COMMAND, env=environment(), capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    for name in NAMES[:3]:
        assert name in ended.stderr
