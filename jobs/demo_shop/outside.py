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
        self._client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        self._key = secret_key
        self._account = secret_key.removeprefix("sk_test_")

    def close(self) -> None:
        self._client.close()

    def name_account(self, name: str, city: str) -> None:
        """What payers see of the merchant."""
        self._control("accounts", {"account": self._account, "name": name, "city": city})

    def set_clock(self, offset_seconds: int) -> None:
        """Move the provider's business time to wall time plus this."""
        self._control("clock", {"offset_seconds": offset_seconds})

    def fees(self) -> dict[str, tuple[int, int]]:
        """What the provider takes by contract: basis points and minor units by method."""
        told = self._client.get("/_sandbox/fees").raise_for_status().json()["fees"]
        return {method: (fee["basis_points"], fee["fixed"]) for method, fee in told.items()}

    def add_webhook(self, url: str) -> tuple[str, str]:
        """Make an endpoint at `url`, which is told nothing yet; its id and the secret that events are signed with."""
        created = self._api("POST", "/v1/webhook_endpoints", {"url": url, "enabled_events[0]": "*"})
        self._api("POST", f"/v1/webhook_endpoints/{created['id']}", {"disabled": "true"})
        return str(created["id"]), str(created["secret"])

    def tell(self, endpoint: str) -> None:
        """From now on the endpoint is told what happens."""
        self._api("POST", f"/v1/webhook_endpoints/{endpoint}", {"disabled": "false"})

    def latest_payment(self) -> str:
        """The payment intent opened last."""
        return str(self._api("GET", "/v1/payment_intents", {"limit": "1"})["data"][0]["id"])

    def act(self, reference: str, deed: str, **body: Any) -> None:
        """Do what a payer or bank does: approve, decline, pay_pix, pay_boleto, ..."""
        self._control(f"payments/{reference}/{deed}", body)

    def dispute(self, reference: str, reason: str) -> str:
        """The cardholder objects to all of a payment; the dispute's id."""
        return str(self._control(f"payments/{reference}/dispute", {"reason": reason})["id"])

    def decide(self, dispute: str, deed: str) -> None:
        """`answer`, `win` or `lose` a dispute."""
        self._control(f"disputes/{dispute}/{deed}", {})

    def err(self, kind: str, target: str | None = None, amount: int | None = None) -> None:
        """Be wrong about a movement that is not paid out yet, or make one that nobody asked for.

        :param amount: minor units by which it is wrong, or of the movement
        """
        wish = {"account": self._account, "kind": kind, "target": target, "amount": amount}
        self._control("discrepancies", {name: value for name, value in wish.items() if value is not None})

    def err_next_payout(self, kind: str) -> None:
        """Be wrong about the payout that comes next: `payout_short`, `payout_over` or `payout_failed`."""
        fault = {"account": self._account, "operation": "payout", "kind": kind, "count": 1}
        self._client.post("/_sandbox/faults", json=[fault]).raise_for_status()

    def _control(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = self._client.post(f"/_sandbox/{path}", json=body).raise_for_status().json()
        return told

    def _api(self, method: str, path: str, fields: dict[str, str]) -> dict[str, Any]:
        where = {"params": fields} if method == "GET" else {"data": fields}
        headers = {"Authorization": f"Bearer {self._key}"}
        answer = self._client.request(method, path, headers=headers, **where)  # type: ignore[arg-type]  # either
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
