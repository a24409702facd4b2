"""Products in the back office: which address leads to which view."""

from __future__ import annotations

from flask import Blueprint

from admin import catalog_export, catalog_index, catalog_page, catalog_pictures

products = Blueprint("products", __name__, url_prefix="/products")

products.get("/", endpoint="index")(catalog_index.index)
products.get("/export", endpoint="export")(catalog_export.export)
products.post("/bulk", endpoint="bulk")(catalog_index.bulk)
products.get("/new", endpoint="new")(catalog_index.new)
products.post("/new", endpoint="create")(catalog_index.create)
products.get("/<uuid:product_id>", endpoint="show")(catalog_page.show)
products.post("/<uuid:product_id>", endpoint="save")(catalog_page.save)
products.get("/<uuid:product_id>/options", endpoint="options")(catalog_page.options)
products.post("/<uuid:product_id>/options", endpoint="save_options")(catalog_page.save_options)
products.post("/<uuid:product_id>/state", endpoint="move")(catalog_page.move)
products.get("/<uuid:product_id>/<any(archive, delete):action>", endpoint="confirm")(catalog_page.confirm)
products.post("/<uuid:product_id>/delete", endpoint="delete")(catalog_page.delete)
products.post("/<uuid:product_id>/variants/<uuid:variant_id>/remove", endpoint="remove_variant")(
    catalog_page.take_variant_away
)
products.post("/<uuid:product_id>/pictures", endpoint="upload")(catalog_pictures.upload)
products.get("/pictures/<sha256>", endpoint="picture")(catalog_pictures.picture)
