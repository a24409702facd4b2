"""A repeat under the same Idempotency-Key has one effect and the same answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import jsonify
from flask_smorest import Api as Smorest

from adapters.postgres import idempotency
from core.shared.context import CallContext, Repeatable
from core.shared.errors import CoreError, Rejected
from core.shared.permission import permission
from core.shared.repeats import Replayed, RequestInFlight
from ports.unit_of_work import UnitOfWork
from tests.shop import Shop
from tests.web.conftest import Api
from tests.web.test_errors import problem
from web.calls import run
from web.idempotency import idempotent
from web.resource import Resource


@dataclass(frozen=True)
class Note:
    text: str


@permission("storefront.cart.change")
def write_note(cmd: Note, /, *, uow: UnitOfWork) -> str:
    note = uuid4()
    with uow() as tx:
        tx.note("order", note, "test.noted", {"text": cmd.text})
        if cmd.text == "refuse":
            raise Rejected("Not this one.")
        tx.answer(note=str(note))
    return str(note)


def answer(ids: dict[str, str], **route: str) -> Any:
    response = jsonify(note=ids["note"], token=route["token"])
    response.status_code = 201
    return response


@pytest.fixture
def notes(api: Api) -> Api:
    """The API with one more route, which writes a note."""
    resource = Resource("notes", description="")

    def write(token: str) -> Any:
        from flask import request

        return answer({"note": run(write_note, Note(request.get_json()["text"]))}, token=token)

    resource.add_url_rule("/notes/<token>", "free", idempotent(answer, caller="token")(write), methods=["POST"])
    resource.add_url_rule("/notes/<token>/strict", "strict", idempotent(answer, required=True)(write), methods=["POST"])
    smorest: Smorest = api.flask.extensions["api"]
    smorest.register_blueprint(resource)
    return api


def post(notes: Api, key: str | None, text: str = "hello", path: str = "/api/v1/notes/cart-1") -> Any:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return notes("POST", path, json={"text": text}, headers=headers)


def count(notes: Api) -> int:
    return int(notes.shop.sql("SELECT count(*) AS n FROM timeline WHERE name = 'test.noted'")[0]["n"])


def test_a_repeat_gets_the_first_answer(notes: Api) -> None:
    first, second = post(notes, "k-1"), post(notes, "k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert count(notes) == 1


def test_without_a_key_each_request_counts(notes: Api) -> None:
    assert post(notes, None).get_json() != post(notes, None).get_json()
    assert count(notes) == 2


def test_another_body_or_thing_under_the_same_key_is_refused(notes: Api) -> None:
    post(notes, "k-1", path="/api/v1/notes/cart-1/strict")
    for text, path in (("other", "/api/v1/notes/cart-1/strict"), ("hello", "/api/v1/notes/cart-2/strict")):
        problem(post(notes, "k-1", text, path), 422, "idempotency_key_reused")
    assert count(notes) == 1


def test_carts_have_keys_of_their_own(notes: Api) -> None:
    assert post(notes, "k-1").status_code == post(notes, "k-1", path="/api/v1/notes/cart-2").status_code == 201
    assert count(notes) == 2


@pytest.mark.parametrize("key", ["", " " * 300, "é", "x" * 256])
def test_a_malformed_key(notes: Api, key: str) -> None:
    problem(post(notes, key), 400, "idempotency_key_malformed")


def test_a_key_of_255_characters_is_fine(notes: Api) -> None:
    assert post(notes, "x" * 255).status_code == 201


def test_a_route_may_require_a_key(notes: Api) -> None:
    body = problem(post(notes, None, path="/api/v1/notes/cart-1/strict"), 400, "idempotency_key_required")
    assert body["errors"][0]["field"] == "Idempotency-Key"
    assert count(notes) == 0


def test_a_refusal_is_not_kept(notes: Api) -> None:
    problem(post(notes, "k-1", "refuse"), 422, "rejected")
    assert count(notes) == 0
    problem(post(notes, "k-1", "refuse"), 422, "rejected")
    assert notes.shop.sql("SELECT count(*) AS n FROM idempotency_keys")[0]["n"] == 0


def test_many_at_once_have_one_effect(notes: Api) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(post(notes, "k-1"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {found.status_code for found in answers} <= {201, 409}
    assert len({found.get_json()["note"] for found in answers if found.status_code == 201}) == 1
    assert count(notes) == 1


def test_the_document_names_the_header(notes: Api) -> None:
    document = notes("GET", "/api/v1/openapi.json", key=None).get_json()
    for path, required in (("/api/v1/notes/{token}", False), ("/api/v1/notes/{token}/strict", True)):
        parameters = document["paths"][path]["post"]["parameters"]
        assert [p["required"] for p in parameters if p["name"] == "Idempotency-Key"] == [required]


@dataclass(frozen=True)
class Errand:
    """What happens while the outside world is asked, between the claim and the answer."""

    outside: Callable[[], object]
    fails: bool = False


@permission("storefront.cart.change")
def run_errand(cmd: Errand, /, *, uow: UnitOfWork) -> str:
    errand = uuid4()
    with uow() as tx:
        tx.note("order", errand, "test.begun", {})
    cmd.outside()
    if cmd.fails:
        raise Rejected("The world said no.")
    with uow() as tx:
        tx.note("order", errand, "test.noted", {})
        tx.answer(note=str(errand))
    return str(errand)


@pytest.fixture
def repeatable(api: Api) -> CallContext:
    return replace(api.shop.storefront, repeatable=Repeatable("tests", "POST /errands", "k-1", b"body"))


def kept(shop: Shop) -> list[tuple[Any, bool]]:
    """The answer and whether somebody holds the claim, of every key."""
    rows = shop.sql("SELECT answer, claimed_until > now() AS held FROM idempotency_keys")
    return [(row["answer"], bool(row["held"])) for row in rows]


@pytest.fixture(params=["told", "not told"])
def run_out(request: pytest.FixtureRequest, api: Api, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the first claim run out; `told`, its holder's clock says so, else only the row it is about to answer."""
    if request.param == "told":
        monkeypatch.setattr(idempotency, "CLAIM", timedelta(seconds=-1))
        return lambda: monkeypatch.setattr(idempotency, "CLAIM", timedelta(minutes=1))
    return lambda: api.shop.execute("UPDATE idempotency_keys SET claimed_until = claimed_until - interval '61 seconds'")


def test_a_slow_first_request_gets_the_answer_of_the_repeat_that_took_over(
    api: Api, repeatable: CallContext, run_out: Callable[[], None]
) -> None:
    answers: list[str] = []

    def taken_over() -> None:
        run_out()
        answers.append(api.shop.run(run_errand, Errand(lambda: None), repeatable))

    with pytest.raises(Replayed) as replayed:
        api.shop.run(run_errand, Errand(taken_over), repeatable)
    assert replayed.value.answer == {"note": answers[0]}
    assert count(api) == 1, "the slow one's effect came on top"
    assert kept(api.shop) == [({"note": answers[0]}, False)]


@pytest.mark.parametrize("fails", [False, True], ids=["goes on", "fails"])
def test_a_slow_first_request_leaves_the_claim_of_the_repeat_alone(
    api: Api, repeatable: CallContext, run_out: Callable[[], None], fails: bool
) -> None:
    asked, taken_over, ended = threading.Event(), threading.Event(), threading.Event()
    outcomes: list[type[CoreError]] = []

    def outside() -> None:
        asked.set()
        assert taken_over.wait(10)

    def first() -> None:
        try:
            api.shop.run(run_errand, Errand(outside, fails), repeatable)
        except CoreError as error:
            outcomes.append(type(error))
        ended.set()

    def first_ends() -> None:
        taken_over.set()
        assert ended.wait(10)
        assert kept(api.shop) == [(None, True)], "the first took the repeat's claim away"

    thread = threading.Thread(target=first)
    thread.start()
    assert asked.wait(10)
    run_out()
    answer = api.shop.run(run_errand, Errand(first_ends), repeatable)
    thread.join()
    assert outcomes == [Rejected if fails else RequestInFlight]
    assert count(api) == 1
    assert kept(api.shop) == [({"note": answer}, False)]


def test_a_claim_that_ran_out_and_nobody_took_over_is_claimed_on(
    api: Api, repeatable: CallContext, run_out: Callable[[], None]
) -> None:
    answer = api.shop.run(run_errand, Errand(run_out), repeatable)
    assert kept(api.shop) == [({"note": answer}, False)]


def test_a_failed_request_gives_its_claim_back(api: Api, repeatable: CallContext) -> None:
    with pytest.raises(Rejected):
        api.shop.run(run_errand, Errand(lambda: None, fails=True), repeatable)
    assert kept(api.shop) == []
