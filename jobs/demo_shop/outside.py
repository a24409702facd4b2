"""The payers' side of the demo: the sandbox's provider told what its customers do. Plain HTTP, as from outside."""

from __future__ import annotations

from typing import Any

import httpx


class Outside:
    """The rehearsed payment provider, seen by a merchant's account and by the hands of its payers.

    :param url: where the sandbox answers
    :param secret_key: names the merchant's account there
    """

    def __init__(self, url: str, secret_key: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self._key = secret_key

    def close(self) -> None:
        self._client.close()

    def name_account(self, name: str, city: str) -> None:
        """What payers see of the merchant."""
        self._control("accounts", {"account": self._key.removeprefix("sk_test_"), "name": name, "city": city})

    def set_clock(self, offset_seconds: int) -> None:
        """Move the provider's business time to wall time plus this."""
        self._control("clock", {"offset_seconds": offset_seconds})

    def add_webhook(self, url: str) -> str:
        """Have events sent to `url`; returns the secret they are signed with."""
        created = self._api("POST", "/v1/webhook_endpoints", {"url": url, "enabled_events[0]": "*"})
        return str(created["secret"])

    def latest_payment(self) -> str:
        """The payment intent opened last."""
        return str(self._api("GET", "/v1/payment_intents", {"limit": "1"})["data"][0]["id"])

    def act(self, reference: str, deed: str, **body: Any) -> None:
        """Do what a payer or bank does: approve, decline, pay_pix, ..."""
        self._control(f"payments/{reference}/{deed}", body)

    def _control(self, path: str, body: dict[str, Any]) -> None:
        self._client.post(f"/_sandbox/{path}", json=body).raise_for_status()

    def _api(self, method: str, path: str, fields: dict[str, str]) -> dict[str, Any]:
        where = {"params": fields} if method == "GET" else {"data": fields}
        headers = {"Authorization": f"Bearer {self._key}"}
        answer = self._client.request(method, path, headers=headers, **where)  # type: ignore[arg-type]  # either
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
