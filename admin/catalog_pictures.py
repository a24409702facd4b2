"""Pictures of products in the back office: sent in, and shown before anything is published."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response as AnyResponse

from admin.access import requires
from admin.context import read, run
from admin.forms.catalog import UploadForm
from core.catalog.use_cases.upload_picture import UploadPicture, upload_picture
from core.media.errors import UnusablePicture
from core.media.queries import OpenPicture, open_picture
from core.shared.ids import ProductId

MAX_FILES = 20


@requires("media.picture.upload")
def upload(product_id: UUID) -> AnyResponse:
    """Add each file as a picture; one that is none is named and the others still go in."""
    form = UploadForm()
    files = [file for file in (form.files.data or [])[:MAX_FILES] if file]
    added = 0
    for file in files:
        try:
            run(upload_picture, UploadPicture(ProductId(product_id), file.read()))
            added += 1
        except UnusablePicture:
            flash(
                _("%(name)s can't be used: JPEG, PNG, WebP or GIF, at most 20 MB.", name=file.filename or "?"),
                "warn",
            )
    if added:
        flash(
            ngettext(
                "%(num)s picture added. Say in words what it shows.",
                "%(num)s pictures added. Say in words what they show.",
                added,
            ),
            "ok",
        )
    elif not files:
        flash(_("No file was chosen."), "info")
    return redirect(url_for(".show", product_id=product_id, _anchor="media"), 303)


@requires("catalog.product.read")
def picture(sha256: str) -> AnyResponse:
    """A picture of the store; its content never changes, but only its staff may see it."""
    found, content = read(open_picture, OpenPicture(sha256))
    response = Response(content, content_type=found.content_type)
    response.set_etag(found.sha256)
    response.cache_control.private = True
    response.cache_control.max_age = 86400
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response.make_conditional(request)
