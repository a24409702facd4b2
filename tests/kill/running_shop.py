"""The demo shop of a real `ecommerce run`: its shoppers over the API, its staff at the desk, its books at the provider.

One process of the tree can be made to die at a failpoint; whoever was asking asks again until there is an answer.
"""

from __future__ import annotations

import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

from adapters.provisioning import Cluster, addresses
from tests.admin.posting import posted
from tests.roads.live import ADDRESS, CONTACT
from tests.running import Run, wait_for

PATIENCE = 60.0  # seconds until a repeated request has its answer
UNKEPT = httpx.Limits(max_keepalive_connections=0)  # whoever repeats finds a worker that lives


class RunningShop:
    """The tree on a data folder of its own, started again and again; requests that went wrong are in `heard`."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self.run = Run(folder, port)
        self.heard: list[str] = []
        self.api, self.desk, self.sandbox = (httpx.Client(timeout=30, trust_env=False, limits=UNKEPT) for _ in range(3))
        self.return_url = ""
        self._once = folder
        self._before: dict[int, str] = {}

    def start(self, failpoint: str | None = None) -> None:
        """Start the tree, or start it again; with a failpoint the first process that gets there dies."""
        self._once = self._folder.with_name(f"died-{time.monotonic_ns()}")
        told = {"ECOMMERCE_FAILPOINT": failpoint, "ECOMMERCE_FAILPOINT_ONCE": str(self._once)} if failpoint else {}
        self.run = Run(self._folder, self._port, **told).start().ready()
        self._before, self.heard = self.run.processes(), []

    def stop(self) -> None:
        """As by Ctrl-C; nothing may be left."""
        assert self.run.end(signal.SIGINT) == 0
        assert self.run.processes() == {}

    def meet(self) -> None:
        """Know the shop's addresses, and sign its owner in."""
        demo = self.run.demo()
        self.api.base_url, self.desk.base_url = f"{demo['api'].rstrip('/')}/api/v1", demo["admin"]
        self.api.headers["X-Store-Key"] = demo["publishable_key"]
        self.sandbox.base_url = f"{demo['sandbox'].rstrip('/')}/_sandbox"
        self.return_url = f"{demo['storefront'].rstrip('/')}/checkout/return"
        login = next(login for login in demo["logins"] if login["role"] == "owner")
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.desk.get("sign-in").text)
        assert token is not None
        form = {"csrf_token": token[1], "email": login["email"], "password": login["password"]}
        assert self.desk.post("sign-in", data=form).status_code == 303

    def sql(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Rows of all stores, as the database's superuser sees them."""
        keys = self.run.data.read("secrets.json") or {}
        cluster = Cluster(self.run.data.postgres)
        url = addresses(cluster, keys["superuser_password"], keys["role_passwords"], "ecommerce").superuser_url
        with psycopg.connect(url, row_factory=dict_row) as connection:
            found = connection.execute(statement.encode(), values)
            return found.fetchall() if found.description else []

    # -- people ------------------------------------------------------------------------------------------------

    def cart(self) -> str:
        """The path of a cart that is ready to be paid, with two pieces of one article."""
        articles = self.api.get("/products", params={"limit": 50}).raise_for_status().json()["data"]
        variant = next(v for article in articles for v in article["variants"] if v["in_stock"])
        cart = f"/carts/{self.api.post('/carts', json={}).raise_for_status().json()['token']}"
        self.api.post(f"{cart}/lines", json={"variant_id": variant["id"], "quantity": 2}).raise_for_status()
        self.api.patch(cart, json={"contact": CONTACT}).raise_for_status()
        self.api.put(f"{cart}/addresses", json={"shipping": ADDRESS}).raise_for_status()
        option = self.api.get(f"{cart}/shipping-options").raise_for_status().json()["data"][0]
        self.api.put(f"{cart}/shipping-option", json={"id": option["id"]}).raise_for_status()
        return cart

    def session(self, cart: str) -> str:
        """Have a card asked for; the payment session's id."""
        body = {"method": "card", "return_url": self.return_url}
        headers = {"Idempotency-Key": f"session of {cart}"}
        sent = self.until(201, lambda: self.api.post(f"{cart}/payment-sessions", json=body, headers=headers))
        return str(sent.json()["id"])

    def approve(self, session: str) -> None:
        """The card's issuer agrees."""
        intent = self.sql("SELECT provider_reference AS r FROM payments WHERE session_id = %s", session)[0]["r"]
        self.sandbox.post(f"/payments/{intent}/approve").raise_for_status()

    def complete(self, cart: str) -> str:
        """The order's number."""
        headers = {"Idempotency-Key": f"order of {cart}"}
        sent = self.until(201, lambda: self.api.post(f"{cart}/complete", json={}, headers=headers))
        return str(sent.json()["number"])

    def submit(self, number: str, deed: str, *, preview: bool = False, **typed: str) -> None:
        """Fill the form of an order that does `deed`, agree to its figures, and send it until it is answered."""
        path, form = f"orders/{number}/{deed}", f"{deed}-form"
        page = self.desk.get(path)
        assert page.status_code == 200, page.text
        if preview:
            page = self.desk.post(path, data=posted(page.text, form) | typed | {"step": "preview"})
        agreed = posted(page.text, form) | typed | {"step": deed}
        self.until(303, lambda: self.desk.post(path, data=agreed))

    def until(self, status: int, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask again while nobody answers or the first request counts as being worked on."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = ask()
            except httpx.TransportError as broken:
                self.heard.append(repr(broken))
            else:
                if answer.status_code == status:
                    return answer
                self.heard.append(f"{answer.status_code} {answer.text}")
                assert answer.status_code in (202, 409), self.heard
                # The minute for which the dead holds its claim goes by.
                self.sql("UPDATE idempotency_keys SET claimed_until = created_at WHERE answer IS NULL")
            time.sleep(0.3)
        raise AssertionError(f"no answer within {PATIENCE} s: {self.heard}")

    # -- the dead ----------------------------------------------------------------------------------------------

    def died(self) -> str:
        """The command line of the process that died, after as many as before do their work again."""
        assert self._once.exists(), f"nobody died: {self.heard}"
        pid = int(self._once.read_text())
        wait_for(lambda: _programs(self.run.processes()) == _programs(self._before), f"a successor of {pid}")
        assert pid not in self.run.processes()
        return self._before[pid]

    def abandon(self) -> None:
        """Leave no connection, process or file, whatever happened."""
        for client in (self.api, self.desk, self.sandbox):
            client.close()
        done = self.run.command("reset")
        assert done.returncode == 0, done.stderr
        assert self.run.processes() == {}
        assert not self._folder.exists()


def _programs(processes: dict[int, str]) -> Counter[str]:
    """How many processes there are of each program of ours; the database's come and go with connections."""
    return Counter(line for line in processes.values() if " -m " in line)
