"""A shop on a database of its own that is really served: the API over HTTP, webhooks that arrive by it, and the
background's work done when the test says so."""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
from werkzeug.serving import BaseWSGIServer

from adapters.wiring import background
from core.payments.use_cases.add_account import AddAccount, add_account
from core.shared.ids import PaymentAccountId
from jobs.actors import Work
from jobs.deadlines import deadline_tasks
from jobs.leases import Leases
from jobs.subscribers import SUBSCRIBERS
from tests.paying import PayingShop
from tests.sandbox.process import eventually
from tests.shop import ORIGIN

RETURN_URL = f"{ORIGIN}/checkout/return"
ADDRESS = {"name": "Maria Souza", "postal_code": "05422-012", "street": "Rua dos Pinheiros", "number": "1047",
           "complement": "apto 62", "district": "Pinheiros", "city": "São Paulo", "region": "SP",
           "country": "BR"}  # fmt: skip
CONTACT = {"email": "maria@example.com", "name": "Maria Souza", "tax_id": "529.982.247-25"}


@dataclass
class Live(PayingShop):
    """url: where the API answers."""

    url: str = ""
    server: BaseWSGIServer | None = None
    client: httpx.Client = field(init=False)

    def connect(self) -> None:
        """Join shop and provider: an account here whose webhooks the provider sends, signed, to this API."""
        account_id = PaymentAccountId(uuid4())
        answer = httpx.post(
            f"{self.sandbox.url}/v1/webhook_endpoints",
            data={"url": f"{self.url}/webhooks/payments/stripe/{account_id}", "enabled_events[0]": "*"},
            headers={"Authorization": f"Bearer sk_test_{self.account}"},
            trust_env=False,
        )
        answer.raise_for_status()
        config = {"secret_key": f"sk_test_{self.account}", "webhook_secret": answer.json()["secret"],
                  "api_base": "sandbox", "timeout": "5", "retries": "0"}  # fmt: skip
        self.shop.run(add_account, AddAccount("stripe", "Stripe", ("card", "pix"), config, account_id=account_id))
        self.shop.accounts["stripe"] = account_id
        self.client = httpx.Client(
            base_url=f"{self.url}/api/v1", headers={"X-Store-Key": self.shop.key}, timeout=30, trust_env=False
        )

    # -- what runs behind --------------------------------------------------------------------------------------

    def work_off(self) -> int:
        """Do every delivery that waits, as the background's actors do; returns how many there were."""
        queue = background(self.shop.wired).deliveries
        leases = Leases(queue, 1000)
        done = 0
        while leased := queue.lease(100, 60):
            for delivery in leased:
                subscriber = next(s for s in SUBSCRIBERS if s.name == delivery.subscriber)
                Work(subscriber, self.shop.wired.app, queue, leases)(
                    delivery_id=str(delivery.id),
                    attempt=delivery.attempt,
                    store_id=str(delivery.store_id),
                    request_id=delivery.request_id,
                )
                done += 1
        return done

    def janitor(self) -> None:
        """What the schedule does about deadlines and about payments without word, once each."""
        wired = self.shop.wired
        for task in deadline_tasks(wired.app, wired.clock, wired.ids, background(wired).deadlines):
            result = task.run(threading.Event())
            assert result.counts.get("failed", 0) == 0, (task.name, result)

    def told(self, events: int) -> None:
        """Wait until that many different webhooks were received, and do what they ask for."""
        eventually(lambda: self.count("webhooks") >= events)
        self.work_off()

    def settled(self) -> None:
        """Wait until the provider has nothing more to send, and do what was received asks for."""
        waiting = {"pending", "sending"}
        eventually(lambda: not [d for d in self.sandbox.deliveries(self.account) if d["state"] in waiting], 20)
        self.work_off()

    # -- what a shopper does -----------------------------------------------------------------------------------

    def cart(self, slug_or_variant: Any, quantity: int = 1) -> str:
        """The path of a cart that is ready to be paid, put together over the API."""
        cart = f"/carts/{self.post('/carts', {})['token']}"
        self.post(f"{cart}/lines", {"variant_id": str(slug_or_variant), "quantity": quantity})
        self.client.patch(cart, json={"contact": CONTACT}).raise_for_status()
        self.client.put(f"{cart}/addresses", json={"shipping": ADDRESS}).raise_for_status()
        option = self.client.get(f"{cart}/shipping-options").raise_for_status().json()["data"][0]
        self.client.put(f"{cart}/shipping-option", json={"id": option["id"]}).raise_for_status()
        return cart

    def post(self, path: str, body: Any, **headers: str) -> dict[str, Any]:
        """POST and the answer's body. Raises httpx.HTTPStatusError when it is refused."""
        answer = self.client.post(path, json=body, headers=headers)
        return dict(answer.raise_for_status().json())

    def pay_by(self, cart: str, method: str) -> dict[str, Any]:
        """Open a payment session."""
        return self.post(f"{cart}/payment-sessions", {"method": method, "return_url": RETURN_URL})

    def complete(self, cart: str, key: str | None = None) -> httpx.Response:
        return self.client.post(f"{cart}/complete", json={}, headers={"Idempotency-Key": key or secrets.token_hex(8)})

    def page(self, session: dict[str, Any]) -> httpx.Response:
        """The payment page, as a browser gets there."""
        first = httpx.get(session["next_action"]["url"], trust_env=False)
        assert first.status_code == 303, first.text
        return httpx.get(first.headers["Location"], trust_env=False)

    def press(self, page: httpx.Response, deed: str) -> httpx.Response:
        """Press the button of the page whose form ends with `deed`, as it stands there."""
        for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL):
            action = re.search(r'action="([^"]+)"', form)
            if action and action[1].endswith(f"/{deed}"):
                values = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
                data = {name: unescape(value) for name, value in values.items()}
                return httpx.post(f"{self.sandbox.url}{action[1]}", data=data, trust_env=False)
        raise AssertionError(f"the page has no button for {deed}: {page.text}")

    @staticmethod
    def came_back(answer: httpx.Response) -> dict[str, list[str]]:
        """The query that the shopper comes back to the shop with."""
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"].startswith(RETURN_URL)
        return parse_qs(urlsplit(answer.headers["Location"]).query)

    def stock(self) -> tuple[int, int]:
        """On hand and reserved, all together."""
        row = self.shop.sql("SELECT sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_items")[0]
        return int(row["on_hand"]), int(row["reserved"])
