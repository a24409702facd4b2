"""Products in the back office: list, form, conflict, pictures, and what a role may."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.catalog.queries import GetProduct, get_product
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.shared.ids import ProductId
from core.shared.money import Money
from ports.catalog import ProductView
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.posting import posted
from tests.catalogue import picture
from tests.shop import ORIGIN, Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def browser(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.MANAGER)


def product_of(shop: Shop, variant_id: object) -> ProductId:
    return ProductId(shop.sql("SELECT product_id FROM variants WHERE id = :v", v=variant_id)[0]["product_id"])


def view(shop: Shop, product_id: ProductId) -> ProductView:
    found: ProductView = shop.read(get_product, GetProduct(product_id))
    return found


def new_product(browser: Browser, **typed: str) -> str:
    """Make a product by the form; returns the path of its page."""
    browser.get("/products/new")
    form = posted(browser.last, "product") | {"title": "Caneca Barro", "price": "69,90"} | typed
    answer = browser.post("/products/new", form)
    assert answer.status_code == 303, answer.text
    return str(answer.location).removeprefix("/admin")


def names(html: str) -> list[str]:
    return re.findall(r'<a class="name"[^>]*data-open>([^<]+)</a>', html)


def test_an_empty_catalogue_says_what_it_is_for(browser: Browser) -> None:
    page = browser.get("/products/").text
    assert "Everything you sell is kept here" in page
    assert "/admin/products/new" in page


def test_a_product_is_made_with_its_options_and_opened(browser: Browser, shop: Shop) -> None:
    path = new_product(
        browser,
        **{
            "options-0-name": "Cor",
            "options-0-values": "Terracota, Musgo",
            "options-1-name": "Tamanho",
            "options-1-values": "P,M",
            "on_hand": "3",
            "tags": "barro, feito à mão",
            "cost": "24,10",
        },
    )
    page = browser.get(path).text
    assert "Terracota / P" in page
    assert "65,5" in page
    product = view(shop, product_of_path(path)).product
    assert [v.title for v in product.variants] == ["Terracota / P", "Terracota / M", "Musgo / P", "Musgo / M"]
    assert {v.price for v in product.variants} == {Money(6990, "BRL")}
    assert product.tags == ("barro", "feito à mão")
    assert "is a draft now" in page


def product_of_path(path: str) -> ProductId:
    return ProductId(UUID(path.split("/")[-1]))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " "}, "This is needed."),
        ({"price": "69.9.0"}, "Write an amount like 1.289,90."),
        ({"price": "69,999"}, "Write an amount like"),
        ({"price": "-5,00"}, "This has to be zero or more."),
        ({"compare_at": "50,00"}, "The price before has to be above the price."),
        ({"slug": "Não Vale"}, "This is not written as it should be."),
        ({"weight_grams": "ten"}, "Write a whole number."),
        ({"options-0-name": "Cor", "options-0-values": "Azul, azul"}, "This is not written as it should be."),
        ({"options-0-name": "Cor", "options-0-values": ""}, "between 1 and 250 variants"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser: Browser, typed: dict[str, str], said: str) -> None:
    browser.get("/products/new")
    form = posted(browser.last, "product") | {"title": "Caneca", "price": "69,90", "vendor": "Ateliê X"} | typed
    answer = browser.post("/products/new", form)
    assert answer.status_code == 422
    assert said in answer.text
    again = posted(answer.text, "product")
    assert again["vendor"] == "Ateliê X"
    assert all(again[name] == value for name, value in typed.items())
    assert names(browser.get("/products/").text) == []


def test_the_form_saves_what_changed(browser: Browser, shop: Shop) -> None:
    path = new_product(browser, **{"options-0-name": "Cor", "options-0-values": "Azul, Verde"})
    form = posted(browser.get(path).text, "product")
    changed = {
        "title": "Caneca Mar",
        "description_html": "<p>Nova</p><script>x</script>",
        "variants-1-price": "1.289,90",
        "variants-1-sku": "CAN-VER",
        "variants-1-weight_grams": "410",
    }
    del form["variants-0-tracked"]
    assert browser.post(path, form | changed).status_code == 303
    product = view(shop, product_of_path(path)).product
    assert (product.title, product.description_html) == ("Caneca Mar", "<p>Nova</p>")
    first, second = product.variants
    assert (first.tracked, first.price) == (False, Money(6990, "BRL"))
    assert (second.price, second.sku, second.weight_grams) == (Money(128990, "BRL"), "CAN-VER", 410)
    assert (product.version, first.version, second.version) == (1, 1, 1)


def test_a_taken_sku_says_whose_it_is(browser: Browser, shop: Shop) -> None:
    shop.product("Bule Esmaltado", sku="BUL-900")
    path = new_product(browser)
    form = posted(browser.get(path).text, "product") | {"variants-0-sku": "bul-900", "vendor": "Tijucas"}
    answer = browser.post(path, form)
    assert answer.status_code == 422
    assert "bul-900 belongs to Bule Esmaltado, Default." in answer.text
    assert posted(answer.text, "product")["vendor"] == "Tijucas"


def test_who_saves_second_chooses_and_both_are_kept(admin: Flask, browser: Browser, shop: Shop) -> None:
    path = new_product(browser, vendor="Ateliê")
    mine = posted(browser.get(path).text, "product")
    other = signed_in(admin, shop, Role.OWNER)
    theirs = posted(other.get(path).text, "product")
    changed = {"title": "Caneca Sol", "variants-0-cost": "26,40", "seo_title": "Sol"}
    assert other.post(path, theirs | changed).status_code == 303
    answer = browser.post(path, mine | {"title": "Caneca Mar", "variants-0-price": "72,90"})
    assert answer.status_code == 409
    page = answer.text
    assert "Owner Example saved this product at" in page
    assert "1 field differs" in page
    assert re.findall(r'name="choice-([^"]+)"', page) == ["title", "title"]
    merge = posted(page, "merge")
    assert merge["choice-title"] == "yours"
    assert browser.post(path, merge).status_code == 303
    product = view(shop, product_of_path(path)).product
    variant = product.variants[0]
    assert (product.title, product.vendor, product.seo_title) == ("Caneca Mar", "Ateliê", "Sol")
    assert (variant.price, variant.cost) == (Money(7290, "BRL"), Money(2640, "BRL"))


def test_their_value_can_be_chosen_too(admin: Flask, browser: Browser, shop: Shop) -> None:
    path = new_product(browser)
    mine = posted(browser.get(path).text, "product")
    other = signed_in(admin, shop, Role.OWNER)
    other.post(path, posted(other.get(path).text, "product") | {"title": "Caneca Sol"})
    page = browser.post(path, mine | {"title": "Caneca Mar", "vendor": "Meu"}).text
    browser.post(path, posted(page, "merge") | {"choice-title": "theirs"})
    product = view(shop, product_of_path(path)).product
    assert (product.title, product.vendor) == ("Caneca Sol", "Meu")


def test_pictures_are_sent_described_ordered_and_taken_away(browser: Browser, shop: Shop) -> None:
    path = new_product(browser)
    browser.get(path)
    files = [(BytesIO(picture(40 + n, 40)), f"{n}.png") for n in range(3)] + [(BytesIO(b"<svg/>"), "evil.svg")]
    answer = browser.client.post(
        f"/admin{path}/pictures", data={"csrf_token": browser.token, "files": files}, content_type="multipart/form-data"
    )
    assert answer.status_code == 303
    page = browser.get(path).text
    assert "3 pictures added" in page
    assert "evil.svg can&#39;t be used" in page
    shown = re.findall(r'src="/admin(/products/pictures/[0-9a-f]{64})"', page)
    assert len(shown) == 3
    sent = browser.client.get(f"/admin{shown[0]}")
    assert (sent.status_code, sent.content_type, sent.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    form = posted(page, "product")
    form |= {"pictures-0-position": "3", "pictures-2-position": "1"}
    form |= {"pictures-2-alt": "Frente", "pictures-1-remove": "y"}
    assert browser.post(path, form).status_code == 303
    product = view(shop, product_of_path(path)).product
    assert [p.image.width for p in product.pictures if p.image] == [42, 40]
    assert [p.alt for p in product.pictures] == ["Frente", ""]


def test_an_imported_address_shows_the_placeholder(browser: Browser, shop: Shop) -> None:
    path = new_product(browser)
    shop.execute(
        "INSERT INTO product_media (id, store_id, product_id, source_url, alt, position)"
        " VALUES (gen_random_uuid(), :s, :p, 'https://burst.example/shirt.jpg', '', 0)",
        s=shop.store_id,
        p=product_of_path(path),
    )
    page = browser.get(path).text
    assert "Not fetched yet" in page
    assert 'src="https://' not in page


def test_a_product_goes_on_sale_off_and_away(browser: Browser, shop: Shop) -> None:
    path = new_product(browser)
    product_id = product_of_path(path)
    seen = []
    for action in ("publish", "unpublish", "archive", "unarchive"):
        browser.get(path)
        browser.post(f"{path}/state", {"action": action})
        seen.append(str(view(shop, product_id).product.status))
    assert seen == ["published", "draft", "archived", "draft"]
    assert "1 variant is deleted for good." in browser.get(f"{path}/delete").text
    assert browser.post(f"{path}/delete").location == "/admin/products/"
    assert browser.get(path).status_code == 404


def test_an_ordered_product_is_never_offered_for_deletion(browser: Browser, shop: Shop) -> None:
    variant = shop.product(stock=3)
    token = shop.cart({variant: 1})
    command = OpenPaymentSession(token, "bank_transfer", f"{ORIGIN}/done", (ORIGIN,))
    shop.run(open_payment_session, command, shop.storefront)
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    path = f"/products/{product_of(shop, variant)}"
    page = browser.get(path).text
    assert f"{path}/delete" not in page
    assert browser.post(f"{path}/delete").location == f"/admin{path}"
    assert "was ordered before, so it can only be archived" in browser.get(path).text


def test_the_list_is_searched_filtered_sorted_and_paged(browser: Browser, shop: Shop) -> None:
    new_product(browser, title="Café Mantiqueira", vendor="Sítio Boa Vista", tags="torrado")
    new_product(browser, title="Água de Coco", on_hand="2")
    shop.product("Bule", sku="BUL-900", stock=0)
    assert set(names(browser.get("/products/").text)) == {"Café Mantiqueira", "Água de Coco", "Bule"}
    assert names(browser.get("/products/?q=cafe").text) == ["Café Mantiqueira"]
    assert names(browser.get("/products/?q=bul-9").text) == ["Bule"]
    assert names(browser.get("/products/?status=published").text) == ["Bule"]
    assert names(browser.get("/products/?vendor=sitio+boa+vista&tag=torrado").text) == ["Café Mantiqueira"]
    assert names(browser.get("/products/?stock=in_stock").text) == ["Água de Coco"]
    assert names(browser.get("/products/?stock=sold_out&status=published").text) == ["Bule"]
    assert names(browser.get("/products/?sort=title").text) == ["Água de Coco", "Bule", "Café Mantiqueira"]
    assert names(browser.get("/products/?sort=title&order=desc").text) == ["Café Mantiqueira", "Bule", "Água de Coco"]
    assert "No product is like that" in browser.get("/products/?q=zzz").text
    assert browser.get("/products/?cursor=nonsense").status_code == 422


def test_the_list_pages_by_the_last_row(browser: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.catalog_index.PAGE", 2)
    for n in range(5):
        shop.product(f"Produto {n}", publish=False)
    for query in ("sort=title", "sort=title&order=desc", "q=produto", "", "q=produto&status=draft"):
        walked, path = [], f"/products/?{query}"
        while path:
            page = browser.get(path).text
            walked += names(page)
            following = re.search(r'rel="next" href="/admin([^"]+)"', page)
            path = following.group(1).replace("&amp;", "&") if following else ""
        assert (query, sorted(walked)) == (query, [f"Produto {n}" for n in range(5)])


def test_several_are_published_at_once_and_the_others_named(browser: Browser, shop: Shop) -> None:
    on_sale = product_of(shop, shop.product("Um"))
    draft = product_of(shop, shop.product("Dois", publish=False))
    browser.get("/products/")
    data = {"csrf_token": browser.token, "action": "publish", "ids": [str(on_sale), str(draft)], "back": "status=draft"}
    answer = browser.client.post("/admin/products/bulk", data=data)
    assert answer.location == "/admin/products/?status=draft"
    page = browser.get("/products/").text
    assert "1 product is on sale now." in page
    assert "1 product stayed as it is" in page


def test_options_are_edited_on_their_own_page(browser: Browser, shop: Shop) -> None:
    path = new_product(browser, **{"options-0-name": "Cor", "options-0-values": "Azul"})
    form = posted(browser.get(f"{path}/options").text, "product")
    assert form["options-0-values"] == "Azul"
    assert browser.post(f"{path}/options", form | {"options-0-values": "Azul, Verde"}).status_code == 303
    product = view(shop, product_of_path(path)).product
    assert [v.title for v in product.variants] == ["Azul", "Verde"]
    browser.get(path)
    assert browser.post(f"{path}/options", form).status_code == 409


def test_support_reads_and_changes_nothing(admin: Flask, browser: Browser, shop: Shop) -> None:
    path = new_product(browser)
    support = signed_in(admin, shop, Role.SUPPORT)
    page = support.get(path).text
    assert "data-save-bar" not in page
    assert "Put on sale" not in page
    assert support.get("/products/new").status_code == 403
    form = posted(page, "product")
    assert support.post(path, form | {"title": "x"}).status_code == 403
