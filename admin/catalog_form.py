"""The product form: filled from a product, read into a command, compared when somebody else saved first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import product as combinations
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, FormField, HiddenField

from admin.forms.catalog import ContentForm, NewProductForm, OptionsForm, ProductForm, VariantForm
from admin.forms.money import store_currency
from core.catalog.comparing import Comparison, compare
from core.catalog.model import Option, Product, ProductContent
from core.catalog.use_cases.create import CreateProduct, NewVariant
from core.catalog.use_cases.edit import EditProduct, VariantEdit
from core.catalog.variant import VariantContent
from core.shared.ids import ProductPictureId, VariantId
from core.shared.money import Money


def fill(product: Product) -> ProductForm:
    """The form as it is shown first."""
    form = ProductForm(formdata=None, data=_values(product))
    form.opened.data = json.dumps(texts(form), ensure_ascii=False)
    return form


def _values(product: Product) -> dict[str, Any]:
    content = product.content()
    return {
        **{name: getattr(content, name) for name in content.__dataclass_fields__},
        "tags": ", ".join(product.tags),
        "version": product.version,
        "variants": [
            {
                "id": variant.id,
                "version": variant.version,
                "sku": variant.sku or "",
                "price": variant.price,
                "compare_at": variant.compare_at,
                "cost": variant.cost,
                "weight_grams": variant.weight_grams,
                "tracked": variant.tracked,
            }
            for variant in product.variants
        ],
        "pictures": [
            {"id": picture.id, "alt": picture.alt, "position": at, "remove": False}
            for at, picture in enumerate(product.pictures, start=1)
        ],
    }


def texts(form: Form) -> dict[str, str]:
    """Every value that a person can change, as text, by the name of its control."""
    found: dict[str, str] = {}
    for field in form:
        if isinstance(field, FormField):
            found |= texts(field.form)
        elif field.type == "FieldList":
            for entry in field:
                found |= texts(entry.form)
        elif isinstance(field, BooleanField):
            found[field.name] = "y" if field.data else ""
        elif not isinstance(field, HiddenField) and field.type != "CSRFTokenField":
            found[field.name] = str(field._value()).replace("\r\n", "\n")
    return found


def content_of(form: ContentForm) -> ProductContent:
    """What was typed about the product."""
    return ProductContent(
        title=form.title.data or "",
        slug=form.slug.data or "",
        description_html=form.description_html.data or "",
        vendor=form.vendor.data or "",
        product_type=form.product_type.data or "",
        tags=tuple((form.tags.data or "").split(",")),
        seo_title=form.seo_title.data or "",
        seo_description=form.seo_description.data or "",
    )


def edit_command(product: Product, form: ProductForm) -> EditProduct:
    """What saving the form asks for. Fields that the form does not show stay as they are."""
    known = {str(variant.id): variant.content() for variant in product.variants}
    variants = tuple(
        VariantEdit(VariantId(UUID(row.id.data)), int(row.version.data), _variant_content(known[row.id.data], row))
        for row in (entry.form for entry in form.variants)
        if row.id.data in known
    )
    pictures = sorted(
        (entry.form for entry in form.pictures if not entry.form.remove.data),
        key=lambda row: row.position.data if row.position.data is not None else 1000,
    )
    present = {str(picture.id) for picture in product.pictures}
    return EditProduct(
        product.id,
        int(form.version.data),
        content_of(form),
        variants,
        tuple((ProductPictureId(UUID(row.id.data)), row.alt.data or "") for row in pictures if row.id.data in present),
    )


def _variant_content(before: VariantContent, row: VariantForm) -> VariantContent:
    return replace(
        before,
        sku=row.sku.data or None,
        price=row.price.data or Money(0, store_currency()),
        compare_at=row.compare_at.data,
        cost=row.cost.data,
        weight_grams=row.weight_grams.data or 0,
        tracked=row.tracked.data,
    )


def options_of(form: OptionsForm | NewProductForm) -> tuple[Option, ...]:
    """The options that were named, each with its values."""
    rows = [entry.form for entry in form.options]
    return tuple(
        Option(row.name.data.strip(), tuple(value.strip() for value in row.values.data.split(",") if value.strip()))
        for row in rows
        if (row.name.data or "").strip()
    )


def create_command(form: NewProductForm) -> CreateProduct:
    """A variant for every combination of the options, all beginning alike."""
    options = options_of(form)
    names = [option.name for option in options]
    values = [dict(zip(names, each, strict=True)) for each in combinations(*(option.values for option in options))]
    variants = tuple(
        NewVariant(
            VariantContent(
                price=form.price.data or Money(0, store_currency()),
                option_values=each,
                sku=(form.sku.data or None) if not options else None,
                compare_at=form.compare_at.data,
                cost=form.cost.data,
                weight_grams=form.weight_grams.data or 0,
                tracked=form.tracked.data,
            ),
            (form.on_hand.data or 0) if form.tracked.data else 0,
        )
        for each in values
    )
    return CreateProduct(content_of(form), variants, options)


def field_of(form: Form, product: Product | None) -> Any:
    """Finds a form's field by the wire name of what it holds: `title`, `variants.2.price`."""

    def find(name: str) -> Field | None:
        head, _, rest = name.partition(".")
        if head == "variants" and product is not None and rest.partition(".")[0].isdigit():
            place, _, field = rest.partition(".")
            wanted = str(product.variants[int(place)].id)
            rows = [entry.form for entry in form.variants if entry.form.id.data == wanted]
            return rows[0][field] if rows and field in rows[0] else None
        if head == "variants" and rest:
            head = rest.partition(".")[2]
        return form[head] if head in form and form[head].type != "FieldList" else None

    return find


def chosen(form_data: MultiDict[str, str]) -> MultiDict[str, str]:
    """The posted values after a conflict: each choice made on its page decides the field of its name."""
    decided = MultiDict(form_data)
    for name, side in form_data.items():
        if name.startswith("choice-"):
            field = name.removeprefix("choice-")
            decided[field] = form_data.get(f"{'theirs' if side == 'theirs' else 'yours'}-{field}", "")
    return decided


def against(form: ProductForm, current: Product) -> tuple[Comparison, Mapping[str, str], Mapping[str, str]]:
    """Who changed what: the comparison, the values when the form was opened, and the saved ones.

    Saved variants and pictures are looked up by id, so that their places in your form don't matter.
    """
    saved_form = ProductForm(formdata=None, data=_values(current))
    saved = texts(saved_form)
    by_id = {entry.form.id.data: entry.form for entry in (*saved_form.variants, *saved_form.pictures)}
    theirs: dict[str, str] = {name: saved[name] for name in texts(form) if name in saved and "-" not in name}
    for entry in (*form.variants, *form.pictures):
        other = by_id.get(_as_id(entry.form.id.data))
        if other is not None:
            mine = texts(entry.form)
            values = {name.rpartition("-")[2]: value for name, value in texts(other).items()}
            theirs |= {name: values[name.rpartition("-")[2]] for name in mine}
    opened = _opened(form)
    return compare(opened, theirs, texts(form)), opened, theirs


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _opened(form: ProductForm) -> dict[str, str]:
    try:
        told = json.loads(form.opened.data or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def labels(form: ProductForm, product: Product) -> dict[str, str]:
    """What each control is called in a sentence: "Price, Terracota"."""
    found = {field.name: str(field.label.text) for field in form if field.type != "FieldList"}
    titles = {str(variant.id): variant.title for variant in product.variants}
    for entry in form.variants:
        title = titles.get(entry.form.id.data, "")
        for field in entry.form:
            found[field.name] = f"{field.label.text}, {title}" if len(titles) > 1 else str(field.label.text)
    for at, entry in enumerate(form.pictures, start=1):
        for field in entry.form:
            found[field.name] = _("Picture %(place)s: %(field)s", place=at, field=field.label.text)
    return found
