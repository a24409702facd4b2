"""What is refused, and in which words; what is accepted is known to the provider's description."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest
import stripe

from sandbox.payments.accepted import ACCEPTED
from sandbox.payments.api import ROUTES
from sandbox.payments.errors import ApiError
from sandbox.payments.parameters import nested
from tests.sandbox.description import check, check_answer, description
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_cards import pay, raw

FORM = {"amount": "5000", "currency": "brl"}


def send(
    sandbox: SandboxProcess, account: str, form: dict[str, str], path: str = "/v1/payment_intents"
) -> httpx.Response:
    return sandbox.client.post(path, data=form, headers={"Authorization": f"Bearer sk_test_{account}"})


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amout": "5"}, "parameter_unknown", "amout"),
        ({"payment_method_data[kind]": "pix"}, "parameter_unknown", "payment_method_data[kind]"),
        ({"application_fee_amount": "5"}, "parameter_unknown", "application_fee_amount"),
        ({"amount": None}, "parameter_missing", "amount"),
        ({"payment_method_data[pix]": ""}, "parameter_missing", "payment_method_data[type]"),
        ({"amount": "12.90"}, "parameter_invalid_integer", "amount"),
        ({"amount": "0"}, "parameter_invalid_integer", "amount"),
        ({"amount": "49"}, "amount_too_small", "amount"),
        ({"amount": "100000000"}, "amount_too_large", "amount"),
        ({"currency": "xyz"}, None, "currency"),
        ({"capture_method": "sometimes"}, None, "capture_method"),
        ({"confirm": "yes"}, None, "confirm"),
        ({"return_url": "javascript:alert(1)"}, "url_invalid", "return_url"),
        ({"payment_method": ""}, "parameter_invalid_empty", "payment_method"),
        ({"payment_method": "pm_unknown"}, "resource_missing", "payment_method"),
        ({"metadata[k]": "v" * 501}, None, "metadata[k]"),
        ({"expand[0]": "customer.default_source"}, None, "expand"),
        ({"payment_method_types[0]": "klarna"}, None, "payment_method_types[0]"),
    ],
)
def test_a_wrong_parameter_is_named(
    sandbox: SandboxProcess, account: str, change: dict[str, Any], code: str | None, param: str
) -> None:
    form = {name: value for name, value in {**FORM, **change}.items() if value is not None}
    answer = send(sandbox, account, form)
    check("error", answer.json())
    error = answer.json()["error"]
    assert answer.status_code in {400, 404}
    assert (error["type"], error.get("code"), error["param"]) == ("invalid_request_error", code, param)
    assert answer.headers["Request-Id"].startswith("req_")
    assert sandbox.books(account)["totals"]["intents"] == 0


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer",
        "Bearer pk_test_abc",
        "Bearer sk_live_abc",
        "Basic !!",
        "Digest sk_test_abc",
    ],
)
def test_no_key_no_answer(sandbox: SandboxProcess, header: str | None) -> None:
    answer = sandbox.client.get("/v1/account", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    check("error", answer.json())


def test_basic_authentication_names_the_account_too(sandbox: SandboxProcess, account: str) -> None:
    token = base64.b64encode(f"sk_test_{account}:".encode()).decode()
    answer = sandbox.client.get("/v1/account", headers={"Authorization": f"Basic {token}"})
    assert answer.json()["id"] == f"acct_{account}"
    check_answer("GET", "/v1/account", answer.status_code, answer.json())


def test_accounts_do_not_see_one_another(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = pay(api)
    headers = {"Authorization": f"Bearer sk_test_{account}_b"}
    for path in (f"payment_intents/{intent.id}", f"charges/{intent.latest_charge}"):
        answer = sandbox.client.get(f"/v1/{path}", headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource_missing")
    assert sandbox.client.get("/v1/payment_intents", headers=headers).json()["data"] == []


def test_another_version_is_refused(sandbox: SandboxProcess, account: str) -> None:
    headers = {"Authorization": f"Bearer sk_test_{account}", "Stripe-Version": "2020-08-27"}
    assert sandbox.client.get("/v1/account", headers=headers).status_code == 400


def test_unknown_paths_are_refused_in_json(sandbox: SandboxProcess) -> None:
    answer = sandbox.client.get("/v1/invoices")
    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json()["error"]["message"]


def test_lists_come_in_pages(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    made = [api.v1.payment_intents.create({"amount": 5000, "currency": "brl"}).id for _ in range(5)]
    first = api.v1.payment_intents.list({"limit": 2})
    assert ([each.id for each in first.data], first.has_more) == (made[:2:-1], True)
    rest = api.v1.payment_intents.list({"limit": 10, "starting_after": made[3]})
    assert ([each.id for each in rest.data], rest.has_more) == (made[2::-1], False)
    back = api.v1.payment_intents.list({"limit": 2, "ending_before": made[0]})
    assert ([each.id for each in back.data], back.has_more) == ([made[2], made[1]], True)
    assert [each.id for each in first.auto_paging_iter()] == made[::-1]
    now = api.v1.payment_intents.retrieve(made[0]).created
    assert api.v1.payment_intents.list({"created": {"gt": now + 60}}).data == []
    assert len(api.v1.payment_intents.list({"created": {"gte": now - 60}}).data) == 5
    answer = sandbox.client.get("/v1/payment_intents", headers={"Authorization": f"Bearer sk_test_{account}"})
    check_answer("GET", "/v1/payment_intents", 200, answer.json())
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.list({"limit": 101})


def test_events_can_be_read_back_by_type(api: stripe.StripeClient) -> None:
    pay(api)
    found = api.v1.events.list({"types": ["payment_intent.succeeded", "charge.succeeded"]}).data
    assert [event.type for event in found] == ["payment_intent.succeeded", "charge.succeeded"]
    check("event", raw(found[0]))


def test_a_method_and_expansions_validate(api: stripe.StripeClient) -> None:
    intent = pay(api)
    whole = api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge", "payment_method"]})
    check("payment_intent", raw(whole))
    assert raw(whole)["latest_charge"]["object"] == "charge"
    check("payment_method", raw(api.v1.payment_methods.retrieve(str(intent.payment_method))))
    listed = api.v1.payment_intents.list({"expand": ["data.latest_charge"]}).data[0]
    assert raw(listed)["latest_charge"]["id"] == intent.latest_charge


def test_brackets_make_a_tree() -> None:
    assert nested([("a[b][c]", "1"), ("a[d]", "2"), ("l[]", "x"), ("l[]", "y")]) == {
        "a": {"b": {"c": "1"}, "d": "2"},
        "l": {"0": "x", "1": "y"},
    }
    for pairs in ([("a", "1"), ("a[b]", "2")], [("a", "1"), ("a", "2")], [("a]b", "1")], [("[a]", "1")]):
        with pytest.raises(ApiError):
            nested(pairs)


@pytest.mark.parametrize("operation", sorted(ACCEPTED))
def test_every_accepted_parameter_is_the_providers(operation: str) -> None:
    method, path = next((row[0], row[1]) for row in ROUTES if row[2] == operation)
    known = _known(method.lower(), path)
    assert set(ACCEPTED[operation]) <= known


def _known(method: str, path: str) -> set[str]:
    """Parameters of an operation by the description, whatever it calls the path's variables."""
    ours = ["*" if part.startswith("<") else part for part in f"/v1{path}".split("/")]
    for theirs, operations in description()["paths"].items():
        if ["*" if part.startswith("{") else part for part in theirs.split("/")] == ours and method in operations:
            found = {each["name"] for each in operations[method].get("parameters", [])}
            content = operations[method].get("requestBody", {}).get("content", {})
            for each in content.values():
                found |= set(each["schema"].get("properties", {}))
            return found
    raise AssertionError(f"the provider has no {method} {path}")
