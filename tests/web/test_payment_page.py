"""The payment page of an account whose form the shop shows itself, and what it says when nothing is to be paid."""

from __future__ import annotations

import json
import re
from uuid import UUID

from werkzeug.test import TestResponse

from ports.links import SESSION_PURPOSE
from tests.web.connected import PUBLIC_KEY, page_of, real
from tests.web.selling import RETURN_URL, Selling, path_of, selling
from tests.web.test_errors import problem

__all__ = ["real", "selling"]

POLICY = {
    "default-src": {"'self'"},
    "script-src": {"'self'", "https://*.js.stripe.com", "https://js.stripe.com"},
    "frame-src": {"'self'", "https://*.js.stripe.com", "https://js.stripe.com", "https://hooks.stripe.com"},
    "connect-src": {"'self'", "https://api.stripe.com"},
    "img-src": {"'self'", "data:"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}


def policy_of(page: TestResponse) -> dict[str, set[str]]:
    directives = [part.split() for part in page.headers["Content-Security-Policy"].split(";")]
    return {name: set(sources) for name, *sources in directives}


def data_of(page: TestResponse) -> dict[str, str]:
    """What the page hands to its script."""
    form = re.search(r'<form id="pay"[^>]*>', page.text)
    assert form is not None
    return dict(re.findall(r'data-(\w+)="([^"]*)"', form[0]))


def test_the_form_is_shown_with_what_it_is_for(real: Selling) -> None:
    session = real.session(real.cart(price=6990, quantity=2))
    page = page_of(real, session)
    assert page.status_code == 200
    intent = real.paying.intent(session["id"])
    data = data_of(page)
    assert data.pop("secret").startswith(f"{intent}_secret_")
    assert data == {
        "key": PUBLIC_KEY, "return": f"{RETURN_URL}?payment_session={session['id']}", "locale": "pt-BR"
    }  # fmt: skip
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert '<html lang="pt-BR">' in text
    assert "Pagar R$ 157,70" in text
    assert "Caneca Barro 300 ml" in text
    assert "R$ 139,80" in text
    assert "R$ 17,90" in text
    assert "<noscript>" in text


def test_only_this_page_lets_the_provider_in(real: Selling) -> None:
    page = page_of(real, real.session(real.cart()))
    assert policy_of(page) == POLICY
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    for path in ("/api/v1/docs", "/api/v1/openapi.json", "/pay/nobody", "/pay/assets/pay.css", "/healthz"):
        other = real.api("GET", path, key=None)
        assert "stripe" not in other.headers["Content-Security-Policy"], path


def test_nothing_is_inline_and_one_script_is_not_ours(real: Selling) -> None:
    page = page_of(real, real.session(real.cart()))
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.text)
    assert [body for _, body in scripts] == ["", ""]
    sources = [re.findall(r'src="([^"]+)"', attributes)[0] for attributes, _ in scripts]
    assert sources == ["https://js.stripe.com/dahlia/stripe.js", "/pay/assets/stripe.js"]
    assert re.search(r'\sstyle="|<style|\son\w+="', page.text) is None
    for path in re.findall(r'(?:src|href)="(/pay/assets/[^"]+)"', page.text):
        assert real.api("GET", path, key=None).status_code == 200, path
    assert real.api("GET", "/pay/assets/nothing.js", key=None).status_code == 404
    assert real.api("GET", "/pay/assets/..%2f..%2f__init__.py", key=None).status_code == 404


def test_the_store_s_language_is_spoken(real: Selling) -> None:
    session = real.session(real.cart())
    real.paying.shop.execute(
        "UPDATE payment_sessions SET quote = jsonb_set(quote, '{locale}', '\"en\"') WHERE id = :id", id=session["id"]
    )
    page = page_of(real, session)
    assert '<html lang="en">' in page.text
    assert "Pay for your order" in page.text
    assert "Back to the shop without paying" in page.text


def test_a_return_address_in_the_page_s_own_is_not_believed(real: Selling) -> None:
    session = real.session(real.cart())
    page = page_of(real, session, "?return_url=http://thief.example/&payment_session=x")
    assert "thief" not in page.text
    assert data_of(page)["return"] == f"{RETURN_URL}?payment_session={session['id']}"
    refused = real.pay(real.cart(), json={"method": "card", "return_url": "http://thief.example/"})
    problem(refused, 422, "return_url_refused")


def test_what_was_paid_is_not_asked_for_again(real: Selling) -> None:
    cart = real.cart()
    session = real.session(cart)
    real.approve(session)
    waiting = page_of(real, session)  # the provider knows, the shop not yet
    assert "Seu pagamento está em análise" in waiting.text
    assert real.complete(cart).status_code == 201
    for page in (waiting, paid := page_of(real, session)):
        assert page.status_code == 200
        assert 'id="pay"' not in page.text
        assert "<script" not in page.text
        assert "stripe" not in page.headers["Content-Security-Policy"]
        assert f'href="{RETURN_URL}?payment_session={session["id"]}"' in page.text
    assert "Recebemos o seu pagamento" in paid.text


def test_a_declined_card_may_be_followed_by_another(real: Selling) -> None:
    session = real.session(real.cart())
    real.paying.sandbox.decline(real.paying.intent(session["id"]))
    assert data_of(page_of(real, session))["key"] == PUBLIC_KEY


def test_a_session_that_ended_is_said_calmly(real: Selling) -> None:
    cart = real.cart(quantity=2)
    session = real.session(cart)
    line = real.api("GET", cart).get_json()["lines"][0]["id"]
    assert real.api("PATCH", f"{cart}/lines/{line}", json={"quantity": 1}).status_code == 200
    page = page_of(real, session)
    assert page.status_code == 200
    assert "Este pagamento foi encerrado" in page.text
    assert 'id="pay"' not in page.text


def test_a_pix_is_shown_by_the_provider(real: Selling) -> None:
    session = real.session(real.cart(), "pix")
    secret = real.paying.shop.wired.plain["links"].secret(SESSION_PURPOSE, UUID(session["id"]))
    page = real.api("GET", f"/pay/{secret}", key=None)
    assert page.status_code == 303
    assert real.paying.intent(session["id"]) in page.headers["Location"]


def test_a_secret_opens_its_own_store_s_session_only(real: Selling, selling: Selling) -> None:
    """Each page shows its own store, whoever asks; half a secret, or one of another purpose, shows nothing."""
    theirs, ours = selling.session(selling.cart()), real.session(real.cart(price=4200))
    assert page_of(selling, ours).text.count("R$\N{NO-BREAK SPACE}42,00") == 1
    assert page_of(real, theirs).headers["Location"].startswith(selling.paying.sandbox.url)
    secret = path_of(ours["next_action"]["url"]).rpartition("/")[2]
    for wrong in (secret[:-1], secret.swapcase(), ours["id"], f"{secret}A"):
        problem(real.api("GET", f"/pay/{wrong}", key=None), 404, "not_found")


def test_a_provider_that_is_silent_leaves_nothing_half_shown(real: Selling) -> None:
    session = real.session(real.cart())
    real.paying.sandbox.plant("payment_intents.retrieve", "error_500_before_effect", account=real.paying.account)
    answer = page_of(real, session)
    problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert "secret" not in json.dumps(answer.get_json())


def test_people_are_told_of_the_silence_and_may_try_again(real: Selling) -> None:
    session = real.session(real.cart())
    path = path_of(session["next_action"]["url"])
    people = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "pt-BR"}
    real.paying.sandbox.plant("payment_intents.retrieve", "error_500_before_effect", account=real.paying.account)
    page = real.api("GET", path, key=None, headers=people)
    assert (page.status_code, page.content_type) == (503, "text/html; charset=utf-8")
    assert int(page.headers["Retry-After"]) > 0
    assert "O provedor de pagamento não responde. Nada foi cobrado." in page.text
    assert f'href="{path}"' in page.text
    assert "stripe" not in page.headers["Content-Security-Policy"]
    assert real.api("GET", path, key=None, headers=people).status_code == 200
