"""Search by metadata: what of the query language is played, and that the rest is refused."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.description import check
from tests.sandbox.process import SandboxProcess


def make(api: stripe.StripeClient, **metadata: str) -> str:
    params: Any = {"amount": 5000, "currency": "brl", "payment_method_types": ["card"], "metadata": metadata}
    return str(api.v1.payment_intents.create(params).id)


def found(api: stripe.StripeClient, query: str) -> list[str]:
    return [intent.id for intent in api.v1.payment_intents.search({"query": query}).data]


def test_intents_are_found_by_their_metadata_newest_first(api: stripe.StripeClient) -> None:
    first, second, other = make(api, payment="p-1"), make(api, payment="p-1", shop="a"), make(api, payment="p-2")
    assert found(api, "metadata['payment']:'p-1'") == [second, first]
    assert found(api, 'metadata["payment"]:"p-1" AND metadata["shop"]:"a"') == [second]
    assert found(api, "metadata['payment']:'p-2'") == [other]
    assert found(api, "metadata['payment']:'p'") == []


def test_a_quote_inside_is_escaped(api: stripe.StripeClient) -> None:
    wanted = make(api, note="d'água")
    assert found(api, r"metadata['note']:'d\'água'") == [wanted]


def test_another_account_finds_nothing(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    make(api, payment="p-1")
    answer = sandbox.client.get(
        "/v1/payment_intents/search",
        params={"query": "metadata['payment']:'p-1'"},
        headers={"Authorization": "Bearer sk_test_somebody_else"},
    )
    assert (answer.status_code, answer.json()["data"], answer.json()["has_more"]) == (200, [], False)


@pytest.mark.parametrize(
    "query",
    ["amount>100", "metadata['a']:null", "metadata['a']~'b'", "metadata['a']:'b' OR metadata['c']:'d'", "x", "-x", "'"],
)
def test_what_is_not_played_is_refused(sandbox: SandboxProcess, account: str, query: str) -> None:
    headers = {"Authorization": f"Bearer sk_test_{account}"}
    answer = sandbox.client.get("/v1/payment_intents/search", params={"query": query}, headers=headers)
    check("error", answer.json())
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "query")
    assert sandbox.client.get("/v1/payment_intents/search", headers=headers).status_code == 400
    page = {"query": "metadata['a']:'b'", "page": "2"}
    assert sandbox.client.get("/v1/payment_intents/search", params=page, headers=headers).status_code == 400


def test_a_second_page_is_refused_rather_than_left_out(api: stripe.StripeClient) -> None:
    for _ in range(2):
        make(api, payment="p-1")
    with pytest.raises(stripe.InvalidRequestError, match="second page"):
        api.v1.payment_intents.search({"query": "metadata['payment']:'p-1'", "limit": 1})
