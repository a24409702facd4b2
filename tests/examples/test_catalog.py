"""List and product page over the contract."""

from __future__ import annotations

import pytest

from tests.examples.conftest import Browser


def test_the_list_shows_products_with_price_flag_and_picture(visitor: Browser) -> None:
    page = visitor.get("/")
    assert page.status_code == 200
    assert "Caneca Barro" in page.text
    assert "R$\u00a0159,90" in page.text
    assert "−15 %" in page.text
    assert "http://api.example/media/mug" in page.text
    assert "/static/placeholder-" in page.text  # the plate has no picture
    assert "2 cores" in page.text
    assert "Esgotado" in page.text


def test_search_filter_sort_and_pages_stay_in_the_addresses(visitor: Browser) -> None:
    assert "Caneca" not in visitor.get("/?q=tábua").text
    assert "Café Mantiqueira" in visitor.get("/?tag=café").text
    first = visitor.get("/?sort=price_asc").text
    assert first.index("Café Mantiqueira") < first.index("Caneca Barro")
    assert "/?sort=price_asc&amp;cursor=6" in first
    second = visitor.get("/?sort=price_asc&cursor=6").text
    assert "Garrafa" in second
    assert "Mostrar mais" not in second
    assert "Voltar ao começo" in second


def test_an_unknown_sort_is_the_default_and_an_empty_search_has_a_way_out(visitor: Browser) -> None:
    assert visitor.get("/?sort=nonsense").status_code == 200
    page = visitor.get("/?q=nada-disso")
    assert "Ver todas as peças" in page.text
    assert "nada-disso" in page.text


def test_a_cursor_that_is_no_longer_good_begins_again(visitor: Browser) -> None:
    page = visitor.get("/?q=caneca&cursor=stale")
    assert page.status_code == 302
    assert page.location == "/?q=caneca&sort=newest"


def test_what_a_visitor_types_is_text(visitor: Browser) -> None:
    assert "<script>x" not in visitor.get("/?q=<script>x").text


def test_a_choice_leads_to_its_variant_with_its_price_and_picture(visitor: Browser) -> None:
    page = visitor.get("/products/caneca-barro?variant=v-terracota-400ml")
    assert 'name="variant" value="v-terracota-400ml"' in page.text
    assert "R$\u00a079,90" in page.text
    assert "variant=v-musgo-300ml" in page.text  # no green one of 400 ml: the nearest that exists


def test_a_variant_out_of_stock_cannot_be_added(visitor: Browser) -> None:
    page = visitor.get("/products/caneca-barro?variant=v-musgo-300ml")
    assert "Esta peça está esgotada." in page.text
    assert "Adicionar à sacola" not in page.text


def test_a_product_without_options_shows_none(visitor: Browser) -> None:
    page = visitor.get("/products/cafe")
    assert "Default Title" not in page.text
    assert "410 g" in page.text


@pytest.mark.parametrize("path", ["/products/gone", "/nowhere", "/orders/1", "/products/..%2Fstore"])
def test_unknown_things_are_404_in_the_shop_s_look(visitor: Browser, path: str) -> None:
    page = visitor.get(path)
    assert page.status_code == 404
    assert "Página não encontrada" in page.text


def test_headers_allow_our_own_things_and_the_api_s_pictures_only(visitor: Browser) -> None:
    page = visitor.get("/products/caneca-barro")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; img-src 'self' data: http://api.example;")
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "<style" not in page.text
    assert " style=" not in page.text
    cookies = page.headers.getlist("Set-Cookie")
    assert cookies
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
