"""Products on the wire: their shape for the document only, since products are stored as the bytes that are served."""

from __future__ import annotations

import marshmallow as ma

from ports.catalog import DocumentSort
from web.pagination import PageArguments
from web.schemas.money import MoneySchema
from web.schemas.shape import Shape


class ProductArguments(PageArguments):
    """Query parameters of the product list."""

    q = ma.fields.String(
        load_default="",
        validate=ma.validate.Length(0, 200),
        metadata={"description": "Text in name, vendor, SKU, tags or address; case and accents don't count."},
    )
    tag = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 255))
    vendor = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 255))
    sort = ma.fields.Enum(DocumentSort, by_value=True, load_default=DocumentSort.NEWEST)


class ImageSchema(Shape):
    url = ma.fields.String(required=True)
    alt = ma.fields.String(required=True)
    width = ma.fields.Integer(required=True)
    height = ma.fields.Integer(required=True)


class OptionSchema(Shape):
    name = ma.fields.String(required=True)
    values = ma.fields.List(ma.fields.String(), required=True)


class VariantSchema(Shape):
    id = ma.fields.UUID(required=True)
    sku = ma.fields.String(required=True, allow_none=True)
    title = ma.fields.String(required=True)
    options = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    price = ma.fields.Nested(MoneySchema, required=True)
    compare_at_price = ma.fields.Nested(MoneySchema, required=True, allow_none=True)
    in_stock = ma.fields.Boolean(required=True)


class ProductSchema(Shape):
    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    vendor = ma.fields.String(required=True)
    product_type = ma.fields.String(required=True)
    tags = ma.fields.List(ma.fields.String(), required=True)
    price = ma.fields.Nested(MoneySchema, required=True, metadata={"description": "The lowest of its variants."})
    price_max = ma.fields.Nested(MoneySchema, required=True)
    compare_at_price = ma.fields.Nested(MoneySchema, required=True, allow_none=True)
    in_stock = ma.fields.Boolean(required=True)
    image = ma.fields.Nested(ImageSchema, required=True, allow_none=True)
    options = ma.fields.List(ma.fields.Nested(OptionSchema), required=True)
    variants = ma.fields.List(ma.fields.Nested(VariantSchema), required=True)


class VariantDetailSchema(VariantSchema):
    barcode = ma.fields.String(required=True, allow_none=True)
    weight_grams = ma.fields.Integer(required=True)
    image = ma.fields.Nested(ImageSchema, required=True, allow_none=True)


class SeoSchema(Shape):
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)


class ProductDetailSchema(ProductSchema):
    description_html = ma.fields.String(required=True, metadata={"description": "Sanitised HTML."})
    images = ma.fields.List(ma.fields.Nested(ImageSchema), required=True)
    seo = ma.fields.Nested(SeoSchema, required=True)
    variants = ma.fields.List(ma.fields.Nested(VariantDetailSchema), required=True)
