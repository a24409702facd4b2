"""The carrier's side of the demo: the merchant's account at the rehearsed carrier. Plain HTTP, as from outside."""

from __future__ import annotations

import httpx


class CarrierDesk:
    """The rehearsed carrier, seen by a merchant's account and by whoever moves its clock.

    :param url: where the sandbox answers
    :param api_key: names the merchant's account there
    """

    def __init__(self, url: str, api_key: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        self._key = api_key

    def close(self) -> None:
        self._client.close()

    def set_clock(self, offset_seconds: int) -> None:
        """Move the carrier's business time to wall time plus this."""
        self._client.post("/_sandbox/clock", json={"offset_seconds": offset_seconds}).raise_for_status()

    def add_webhook(self, url: str, secret: str) -> None:
        """Have events sent to `url` from now on, signed with `secret`."""
        wanted = {"webhook": {"url": url, "webhook_secret": secret}}
        self._client.post("/v2/webhooks", json=wanted, auth=(self._key, "")).raise_for_status()

    def choose_life(self, number: str, life: str) -> None:
        """Let a parcel live another life from its next step on; `sandbox/carrier/lives.py` has them."""
        self._client.post(f"/_sandbox/parcels/{number}/life", json={"life": life}).raise_for_status()

    def advance(self, number: str) -> None:
        """Let the next step of a parcel's life happen now."""
        self._client.post(f"/_sandbox/parcels/{number}/advance", json={"steps": 1}).raise_for_status()
