"""Products through their use cases, on the database."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest

from core.catalog.errors import ProductIsReserved, ProductWasChanged, SkuTaken, SlugTaken, VariantWasOrdered
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Option
from core.catalog.queries import GetProduct, ShowOnSale, get_product, show_on_sale
from core.catalog.use_cases.archive import (
    ArchiveProduct,
    UnarchiveProduct,
    archive_product,
    unarchive_product,
)
from core.catalog.use_cases.create import CreateProduct, NewVariant, create_product
from core.catalog.use_cases.delete import DeleteProduct, delete_product
from core.catalog.use_cases.edit import EditProduct, VariantEdit, edit_product
from core.catalog.use_cases.edit_variants import EditVariants, edit_variants
from core.catalog.use_cases.publish import (
    PublishProduct,
    UnpublishProduct,
    publish_product,
    unpublish_product,
)
from core.catalog.use_cases.remove_variant import RemoveVariant, remove_variant
from core.catalog.use_cases.set_options import SetOptions, set_options
from core.catalog.use_cases.upload_picture import UploadPicture, upload_picture
from core.inventory.model import ReservationOwner
from core.media.errors import UnusablePicture
from core.shared.errors import CoreError, Invalid, NotFound
from core.shared.ids import ProductId
from core.shared.money import Money
from core.shared.state_machine import TransitionRefused
from ports.catalog import ProductView
from ports.inventory import StockClaim
from tests.catalogue import Catalogue, picture


def view(catalogue: Catalogue, product_id: ProductId) -> ProductView:
    return catalogue.read(get_product, GetProduct(product_id))


def edit(catalogue: Catalogue, product_id: ProductId, **changes: object) -> EditProduct:
    product = view(catalogue, product_id).product
    variants = tuple(VariantEdit(v.id, v.version, v.content()) for v in product.variants)
    return EditProduct(product.id, product.version, replace(product.content(), **changes), variants)  # type: ignore[arg-type]  # fields by name


def codes(error: CoreError) -> dict[str, str]:
    return {problem.field: problem.code for problem in error.problems}


def test_a_product_survives_its_way_to_the_database_and_back(catalogue: Catalogue) -> None:
    product_id = catalogue.product(
        "Camiseta Maré",
        sizes=("M", "P", "GG"),
        on_hand=7,
        vendor=" Ateliê  ",
        product_type="Camisetas",
        tags=("Verão", "verao", " algodão "),
        description_html="<p>Macia</p>",
        seo_title="Camiseta",
        seo_description="Macia",
        variant={"compare_at": 8990, "cost": 2000, "weight_grams": 180, "barcode": "789", "tracked": True},
    )
    shown = view(catalogue, product_id)
    product = shown.product
    assert (product.slug, product.vendor, product.tags) == ("camiseta-mare", "Ateliê", ("Verão", "algodão"))
    assert (product.status, product.published_at, product.version) == (ProductStatus.DRAFT, None, 0)
    assert product.options == (Option("Tamanho", ("M", "P", "GG")),)
    assert [v.title for v in product.variants] == ["M", "P", "GG"]
    first = product.variants[0]
    assert (first.price, first.compare_at, first.cost) == (
        Money(6990, "BRL"),
        Money(8990, "BRL"),
        Money(2000, "BRL"),
    )
    assert [(s.on_hand, s.reserved, s.ordered) for s in shown.stock.values()] == [(7, 0, False)] * 3
    with catalogue.transaction() as tx:
        loaded = tx.products.get(product_id)
    assert loaded == product


def test_two_options_keep_their_order_whatever_their_names(catalogue: Catalogue) -> None:
    options = (Option("Tamanho", ("P",)), Option("Cor", ("Azul",)))
    values = {"Tamanho": "P", "Cor": "Azul"}
    cmd = CreateProduct(catalogue.content(), (NewVariant(catalogue.variant(options=values)),), options)
    variant = view(catalogue, catalogue.run(create_product, cmd)).product.variants[0]
    assert variant.title == "P / Azul"
    assert list(variant.option_values) == ["Tamanho", "Cor"]


def test_addresses_are_made_free_and_taken_ones_refused(catalogue: Catalogue) -> None:
    slugs = [view(catalogue, catalogue.product("Café!")).product.slug for _ in range(3)]
    assert slugs == ["cafe", "cafe-2", "cafe-3"]
    with pytest.raises(SlugTaken) as refused:
        catalogue.product("Other", slug="cafe-2")
    assert codes(refused.value) == {"slug": "slug_taken"}


def test_everything_wrong_is_named_at_once(catalogue: Catalogue) -> None:
    variant = catalogue.variant(5000, compare_at=4000, cost=-1, weight_grams=-1, sku="x" * 65)
    with pytest.raises(Invalid) as refused:
        catalogue.run(create_product, CreateProduct(catalogue.content(" ", slug="A b"), (NewVariant(variant),)))
    assert codes(refused.value) == {
        "title": "required",
        "slug": "malformed",
        "variants.0.cost": "negative",
        "variants.0.compare_at": "not_above_price",
        "variants.0.weight_grams": "out_of_range",
        "variants.0.sku": "too_long",
    }
    content = replace(catalogue.variant(), price=Money(1, "EUR"))
    with pytest.raises(Invalid) as foreign:
        catalogue.run(create_product, CreateProduct(catalogue.content(), (NewVariant(content),)))
    assert codes(foreign.value) == {"variants.0.price": "currency"}
    assert catalogue.rows("SELECT 1 FROM products") == []


def test_a_sku_belongs_to_one_variant_of_the_store_and_two_may_swap(catalogue: Catalogue) -> None:
    catalogue.product("Caneca", variant={"sku": "CAN-1"})
    with pytest.raises(SkuTaken) as refused:
        catalogue.product("Copo", variant={"sku": "can-1 "})
    assert "Caneca, Default" in refused.value.problems[0].message
    product_id = catalogue.product("Bule", sizes=("P", "G"))
    small, large = view(catalogue, product_id).product.variants

    def save(*skus: str) -> None:
        current = view(catalogue, product_id).product.variants
        edits = (
            VariantEdit(v.id, v.version, replace(v.content(), sku=sku)) for v, sku in zip(current, skus, strict=True)
        )
        catalogue.run(edit_variants, EditVariants(product_id, tuple(edits)))

    save("BUL-P", "BUL-G")
    save("BUL-G", "BUL-P")
    after = view(catalogue, product_id).product
    assert [v.sku for v in after.variants] == ["BUL-G", "BUL-P"]
    assert [v.version for v in after.variants] == [2, 2]
    assert after.version == 0
    assert {small.id, large.id} == {v.id for v in after.variants}


def test_who_saves_second_is_told_what_differs_and_loses_nothing(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Caneca", sizes=("P", "M"))
    mine = edit(catalogue, product_id, title="Caneca Mar", vendor="Ateliê")
    theirs = edit(catalogue, product_id, title="Caneca Sol")
    assert catalogue.run(edit_product, theirs) == 1
    with pytest.raises(ProductWasChanged) as refused:
        catalogue.run(edit_product, mine)
    assert refused.value.fields == ("title", "vendor")
    assert refused.value.current.title == "Caneca Sol"
    assert catalogue.run(edit_product, replace(mine, version=1)) == 2


def test_a_variant_has_a_version_of_its_own(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Caneca", sizes=("P", "M"))
    form = edit(catalogue, product_id)
    small = form.variants[0]
    dearer = replace(small, content=replace(small.content, price=Money(7990, "BRL")))
    catalogue.run(edit_variants, EditVariants(product_id, (dearer,)))
    with pytest.raises(ProductWasChanged) as refused:
        catalogue.run(edit_variants, EditVariants(product_id, (dearer,)))
    assert refused.value.fields == ("variants.0",)
    catalogue.run(edit_variants, EditVariants(product_id, (form.variants[1],)))
    with pytest.raises(ProductWasChanged) as whole:
        catalogue.run(edit_product, form)
    assert whole.value.fields == ("variants.0.price",)


def test_options_are_renamed_in_place_and_new_combinations_cost_what_the_first_does(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Camiseta", sizes=("P", "M"), on_hand=2, variant={"weight_grams": 180})
    before = view(catalogue, product_id).product
    options = (Option("Size", ("P", "M", "G")), Option("Cor", ("Azul",)))
    catalogue.run(set_options, SetOptions(product_id, 0, options))
    after = view(catalogue, product_id)
    assert [v.title for v in after.product.variants] == ["P / Azul", "M / Azul", "G / Azul"]
    assert [v.id for v in after.product.variants][:2] == [v.id for v in before.variants]
    new = after.product.variants[2]
    assert (new.price, new.weight_grams, new.sku) == (Money(6990, "BRL"), 180, None)
    assert [s.on_hand for s in after.stock.values()] == [2, 2, 0]
    with pytest.raises(ProductWasChanged):
        catalogue.run(set_options, SetOptions(product_id, 0, options))


def test_only_a_variant_that_nobody_needs_can_be_removed(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Camiseta", sizes=("P", "M"), on_hand=2)
    small, medium = catalogue.variant_ids(product_id)
    owner = uuid4()
    with catalogue.transaction() as tx:
        tx.stock.reserve([StockClaim(small, 1, uuid4())], ReservationOwner.PAYMENT_SESSION, owner, None)
    with pytest.raises(ProductIsReserved):
        catalogue.run(remove_variant, RemoveVariant(small))
    with catalogue.transaction() as tx:
        tx.stock.release(ReservationOwner.PAYMENT_SESSION, owner)
    catalogue.run(remove_variant, RemoveVariant(small))
    with pytest.raises(Invalid):
        catalogue.run(remove_variant, RemoveVariant(medium))
    assert catalogue.variant_ids(product_id) == [medium]
    assert not issubclass(VariantWasOrdered, NotFound)


def test_a_product_goes_on_sale_and_off_again(catalogue: Catalogue) -> None:
    product_id = catalogue.product(slug="caneca")

    def on_sale() -> bool:
        try:
            return bool(catalogue.read(show_on_sale, ShowOnSale("caneca")))
        except NotFound:
            return False

    seen = []
    for use_case, command in (
        (publish_product, PublishProduct(product_id)),
        (unpublish_product, UnpublishProduct(product_id)),
        (publish_product, PublishProduct(product_id)),
        (archive_product, ArchiveProduct(product_id)),
        (unarchive_product, UnarchiveProduct(product_id)),
    ):
        before = catalogue.version()
        catalogue.run(use_case, command)  # type: ignore[arg-type]  # each with its own command
        seen.append((view(catalogue, product_id).product.status, on_sale(), catalogue.version() - before))
    assert seen == [
        ("published", True, 1),
        ("draft", False, 1),
        ("published", True, 1),
        ("archived", False, 1),
        ("draft", False, 0),
    ]
    with pytest.raises(TransitionRefused):
        catalogue.run(unarchive_product, UnarchiveProduct(product_id))
    names = [row["name"] for row in catalogue.rows("SELECT name FROM outbox ORDER BY aggregate_version, id")]
    assert names == [
        "catalog.product_created.v1",
        "catalog.product_published.v1",
        "catalog.product_withdrawn.v1",
        "catalog.product_published.v1",
        "catalog.product_withdrawn.v1",
    ]


def test_the_page_shows_the_new_price_with_the_commit(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Caneca", slug="caneca", sizes=("P", "M"), on_hand=1)
    catalogue.run(publish_product, PublishProduct(product_id))
    form = edit(catalogue, product_id, title="Caneca Mar", slug="caneca-mar")
    cheaper = replace(form.variants[1].content, price=Money(4990, "BRL"), compare_at=Money(6990, "BRL"))
    catalogue.run(edit_product, replace(form, variants=(replace(form.variants[1], content=cheaper),)))
    with pytest.raises(NotFound):
        catalogue.read(show_on_sale, ShowOnSale("caneca"))
    page = json.loads(catalogue.read(show_on_sale, ShowOnSale("caneca-mar")))
    assert page["title"] == "Caneca Mar"
    assert page["price"] == {"amount": 4990, "currency": "BRL"}
    assert page["price_max"] == {"amount": 6990, "currency": "BRL"}
    assert page["compare_at_price"] == {"amount": 6990, "currency": "BRL"}


def test_deleting_leaves_nothing_and_a_reserved_product_stays(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Caneca", on_hand=3)
    variant = catalogue.variant_ids(product_id)[0]
    catalogue.run(publish_product, PublishProduct(product_id))
    owner = uuid4()
    with catalogue.transaction() as tx:
        tx.stock.reserve([StockClaim(variant, 1, uuid4())], ReservationOwner.PAYMENT_SESSION, owner, None)
    with pytest.raises(ProductIsReserved):
        catalogue.run(delete_product, DeleteProduct(product_id))
    with catalogue.transaction() as tx:
        tx.stock.release(ReservationOwner.PAYMENT_SESSION, owner)
    catalogue.run(delete_product, DeleteProduct(product_id))
    for table in ("products", "variants", "stock_items", "reservations", "product_documents", "product_media"):
        assert catalogue.rows(f"SELECT 1 FROM {table}") == []
    with pytest.raises(NotFound):
        view(catalogue, product_id)


def test_descriptions_lose_what_could_harm(catalogue: Catalogue) -> None:
    typed = '<h2>Sol</h2><script>x()</script><p onclick="x()">a<img src=x onerror=x()>'
    typed += '<a href="javascript:x()">b</a></p>'
    product_id = catalogue.product(description_html=typed)
    cleaned = view(catalogue, product_id).product.description_html
    assert cleaned == '<h2>Sol</h2><p>a<a rel="noopener noreferrer nofollow">b</a></p>'


def test_a_picture_is_kept_once_described_and_taken_away(catalogue: Catalogue) -> None:
    product_id = catalogue.product(slug="caneca")
    catalogue.run(publish_product, PublishProduct(product_id))
    first = catalogue.run(upload_picture, UploadPicture(product_id, picture(), "Frente"))
    second = catalogue.run(upload_picture, UploadPicture(product_id, picture(), ""))
    shown = view(catalogue, product_id).product
    assert [p.id for p in shown.pictures] == [first, second]
    assert len(catalogue.rows("SELECT 1 FROM media")) == 1
    page = json.loads(catalogue.read(show_on_sale, ShowOnSale("caneca")))
    image = shown.pictures[0].image
    assert image is not None
    assert page["image"] == {"url": f"/media/{image.sha256}", "alt": "Frente", "width": 60, "height": 40}
    with catalogue.blobs.open(image.sha256) as file:
        assert file.read(2) == b"\xff\xd8"
    form = edit(catalogue, product_id)
    catalogue.run(edit_product, replace(form, pictures=((second, "Verso"),)))
    assert [(p.id, p.alt) for p in view(catalogue, product_id).product.pictures] == [(second, "Verso")]
    with pytest.raises(UnusablePicture):
        catalogue.run(upload_picture, UploadPicture(product_id, b"<svg/>"))


def test_what_staff_did_stands_in_the_activity_log(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Caneca")
    catalogue.run(edit_product, edit(catalogue, product_id, title="Caneca Mar"))
    rows = catalogue.rows("SELECT action, actor_label, changes FROM activity ORDER BY occurred_at")
    assert [row["action"] for row in rows] == ["catalog.create_product", "catalog.edit_product"]
    assert rows[1]["changes"][0]["before"] == {"title": "Caneca"}
    assert rows[1]["changes"][0]["after"] == {"title": "Caneca Mar"}
    assert view(catalogue, product_id).changes[0].action == "catalog.edit_product"
