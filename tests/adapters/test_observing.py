"""What goes to standard output, and what does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import httpx, structlog
from adapters.observing import configure_logs
configure_logs("debug")
with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200))) as client:
    client.get("https://labels.example/who-has-this-address-sees-the-label")
structlog.get_logger("test").info("fetched", parcels=1)
"""


def test_addresses_that_are_fetched_stay_out_of_the_log() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    [line] = done.stdout.splitlines()
    told = json.loads(line)
    assert (told["event"], told["parcels"], told["level"]) == ("fetched", 1, "info")
    assert done.stderr == ""
