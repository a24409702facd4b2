"""One product: its form, its options, its state, and what happens when two people save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response as AnyResponse

from admin.access import requires
from admin.catalog_form import against, chosen, edit_command, field_of, fill, labels, options_of, texts
from admin.context import kernel, read, run
from admin.forms import problems
from admin.forms.catalog import OptionsForm, ProductForm, UploadForm
from core.catalog.errors import ProductIsReserved, ProductWasChanged, ProductWasOrdered, SkuTaken, VariantWasOrdered
from core.catalog.queries import GetProduct, get_product
from core.catalog.use_cases.archive import ArchiveProduct, UnarchiveProduct, archive_product, unarchive_product
from core.catalog.use_cases.delete import DeleteProduct, delete_product
from core.catalog.use_cases.edit import edit_product
from core.catalog.use_cases.publish import PublishProduct, UnpublishProduct, publish_product, unpublish_product
from core.catalog.use_cases.remove_variant import RemoveVariant, remove_variant
from core.catalog.use_cases.set_options import SetOptions, set_options
from core.shared.errors import Invalid
from core.shared.ids import ProductId, VariantId
from ports.catalog import ProductView

# What the activity log's actions are called beside the person who did them.
CHANGE_WORDS = {
    "catalog.create_product": _l("made it"),
    "catalog.edit_product": _l("edited it"),
    "catalog.edit_variants": _l("edited variants"),
    "catalog.set_options": _l("changed its options"),
    "catalog.remove_variant": _l("took a variant away"),
    "catalog.publish_product": _l("put it on sale"),
    "catalog.unpublish_product": _l("took it off sale"),
    "catalog.archive_product": _l("archived it"),
    "catalog.unarchive_product": _l("brought it back"),
    "catalog.upload_picture": _l("added a picture"),
    "catalog.arrange_pictures": _l("arranged its pictures"),
    "imports.apply_import": _l("imported it"),
}


def _view(product_id: UUID) -> ProductView:
    return read(get_product, GetProduct(ProductId(product_id)))


@requires("catalog.product.read")
def show(product_id: UUID) -> str:
    view = _view(product_id)
    return _page(view, fill(view.product))


def _page(view: ProductView, form: ProductForm, top: str = "") -> str:
    """The product's page; rows of the grid that no longer exist are left out."""
    product = view.product
    rows = {str(entry.form.id.data): entry.form for entry in form.variants}
    pictures = {str(entry.form.id.data): entry.form for entry in form.pictures}
    shop = kernel().settings.storefront_url
    return render_template(
        "catalog/show.html",
        view=view,
        product=product,
        form=form,
        top=top,
        wrong=_wrong(form, product),
        grid=[(rows[str(v.id)], v, view.stock[v.id]) for v in product.variants if str(v.id) in rows],
        pictures=[(pictures[str(p.id)], p) for p in product.pictures if str(p.id) in pictures],
        upload=UploadForm(formdata=None),
        change_words=CHANGE_WORDS,
        in_shop=f"{shop}/products/{product.slug}",
    )


def _wrong(form: ProductForm, product: Any) -> list[tuple[str, str, str]]:
    """Every field with an error: its id, what it is called, what is wrong."""
    named = labels(form, product)
    found = []
    for field in form:
        inner = [sub for entry in field for sub in entry.form] if field.type == "FieldList" else [field]
        found += [(sub.id, named.get(sub.name, ""), str(sub.errors[0])) for sub in inner if sub.errors]
    return found


@requires("catalog.product.edit")
def save(product_id: UUID) -> AnyResponse | tuple[str, int]:
    """Save the whole form; what is wrong stands beside its field, and who was second is asked to choose."""
    view = _view(product_id)
    form = ProductForm(formdata=chosen(request.form))
    if not form.validate():
        return _page(view, form), 422
    try:
        run(edit_product, edit_command(view.product, form))
    except ProductWasChanged as stale:
        return _conflict(form, stale), 409
    except Invalid as refused:
        homeless = problems.show(refused, field_of(form, view.product))
        if isinstance(refused, SkuTaken):
            _name_owners(form, view, refused)
        return _page(view, form, " ".join(homeless)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".show", product_id=product_id), 303)


def _name_owners(form: ProductForm, view: ProductView, refused: SkuTaken) -> None:
    """A taken SKU says whose it is."""
    find = field_of(form, view.product)
    for name, owner in refused.owners.items():
        field = find(name)
        if field is not None:
            field.errors = [_("%(sku)s belongs to %(owner)s.", sku=field.data, owner=owner)]


def _conflict(form: ProductForm, stale: ProductWasChanged) -> str:
    """Choose where both changed; keep what only one did. The page carries everything that was typed."""
    current = stale.current
    comparison, opened, theirs = against(form, current)
    yours, named = texts(form), labels(form, current)
    merged = yours | {name: theirs[name] for name in comparison.only_theirs}
    fields = [
        {
            "name": name,
            "label": named.get(name, name),
            "opened": opened.get(name) or _("none"),
            "theirs": theirs[name] or _("none"),
            "yours": yours[name] or _("none"),
            "chosen": "yours",
        }
        for name in comparison.both
    ]
    return render_template(
        "catalog/conflict.html",
        product=current,
        view=_view(current.id),
        fields=fields,
        sides=[(name, theirs[name], yours[name]) for name in comparison.both],
        hidden=_hidden(form, current, merged, theirs),
        mine=_changes(comparison.only_yours, opened, yours, named),
        others=_changes(comparison.only_theirs, opened, theirs, named),
    )


def _changes(names: tuple[str, ...], before: Any, after: Any, named: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": named.get(name, name),
            "before": before.get(name) or None,
            "after": after[name] or None,
            "code": name.endswith("-sku"),
        }
        for name in names
    ]


def _hidden(form: ProductForm, current: Any, merged: dict[str, str], theirs: Any) -> list[tuple[str, str]]:
    """Everything that the next try posts beside the choices: merged values, ids, the versions saved meanwhile."""
    versions = {str(variant.id): str(variant.version) for variant in current.variants}
    fields = [(name, value) for name, value in merged.items() if value]
    fields += [("version", str(current.version)), ("opened", fill(current).opened.data)]
    for entry in (*form.variants, *form.pictures):
        fields.append((entry.form.id.name, entry.form.id.data))
    for entry in form.variants:
        fields.append((entry.form.version.name, versions.get(entry.form.id.data, "0")))
    return fields


@requires("catalog.product.edit")
def options(product_id: UUID) -> str:
    view = _view(product_id)
    rows = [{"name": option.name, "values": ", ".join(option.values)} for option in view.product.options]
    rows += [{}] * (3 - len(rows))
    return _options(view, OptionsForm(formdata=None, data={"version": view.product.version, "options": rows}))


def _options(view: ProductView, form: OptionsForm, top: str = "") -> str:
    return render_template("catalog/options.html", view=view, product=view.product, form=form, top=top)


@requires("catalog.product.edit")
def save_options(product_id: UUID) -> AnyResponse | tuple[str, int]:
    """Make the variants all combinations of the options."""
    view = _view(product_id)
    form = OptionsForm()
    version = form.version.data or ""
    if not form.validate() or not version.isdecimal():
        return _options(view, form), 422
    try:
        run(set_options, SetOptions(ProductId(product_id), int(version), options_of(form)))
    except ProductWasChanged:
        return _options(view, form, _("Somebody else saved this product meanwhile. Look at it, then save again.")), 409
    except VariantWasOrdered:
        return _options(view, form, _("A combination that was ordered can't go: keep its values.")), 422
    except ProductIsReserved:
        return _options(view, form, _("A combination is in somebody's payment right now. Try again later.")), 422
    except Invalid as refused:
        return _options(view, form, " ".join(map(problems.sentence, refused.problems))), 422
    return redirect(url_for(".show", product_id=product_id, _anchor="variants"), 303)


_MOVES: dict[str, tuple[Callable[..., None], Callable[[ProductId], Any]]] = {
    "publish": (publish_product, PublishProduct),
    "unpublish": (unpublish_product, UnpublishProduct),
    "archive": (archive_product, ArchiveProduct),
    "unarchive": (unarchive_product, UnarchiveProduct),
}


@requires("catalog.product.read")
def move(product_id: UUID) -> AnyResponse:
    """Publish, take off sale, archive or bring back."""
    action = request.form.get("action", "")
    if action not in _MOVES:
        abort(400)
    use_case, command = _MOVES[action]
    run(use_case, command(ProductId(product_id)))
    told = {
        "publish": _("It is on sale now."),
        "unpublish": _("It is a draft now; nobody can buy it."),
        "archive": _("It is archived; nobody can buy it."),
        "unarchive": _("It is back, as a draft."),
    }
    flash(told[action], "ok")
    return redirect(url_for(".show", product_id=product_id), 303)


@requires("catalog.product.read")
def confirm(product_id: UUID, action: str) -> str:
    """What archiving or deleting will do, in figures, as a page of its own."""
    view = _view(product_id)
    return render_template("catalog/confirm.html", view=view, product=view.product, action=action)


@requires("catalog.product.delete")
def delete(product_id: UUID) -> AnyResponse:
    """Delete a product that was never ordered."""
    title = _view(product_id).product.title
    try:
        run(delete_product, DeleteProduct(ProductId(product_id)))
    except ProductWasOrdered:
        flash(_("%(title)s was ordered before, so it can only be archived.", title=title), "warn")
        return redirect(url_for(".show", product_id=product_id), 303)
    except ProductIsReserved:
        flash(_("Somebody is paying for %(title)s right now. Try again in an hour.", title=title), "warn")
        return redirect(url_for(".show", product_id=product_id), 303)
    flash(_("%(title)s is deleted.", title=title), "ok")
    return redirect(url_for(".index"), 303)


@requires("catalog.product.edit")
def take_variant_away(product_id: UUID, variant_id: UUID) -> AnyResponse:
    """Remove one variant that was never ordered."""
    try:
        run(remove_variant, RemoveVariant(VariantId(variant_id)))
    except (VariantWasOrdered, ProductIsReserved, Invalid):
        flash(_("This variant has to stay: it was ordered, is being paid for, or is the last one."), "warn")
    return redirect(url_for(".show", product_id=product_id, _anchor="variants"), 303)
