"""Imports in the back office: a file is checked, looked at, applied, and told about while and after that."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse
from werkzeug.datastructures import FileStorage

from admin.access import requires
from admin.context import kernel, person, read, run
from admin.forms.imports import UploadForm
from admin.import_effects import effects, if_stopped
from admin.import_words import SEPARATORS, changed_products, reason
from core.imports.errors import UnusableFile
from core.imports.model import Import, ImportState
from core.imports.queries import (
    ExportRefusedRows,
    GetImport,
    ListChanges,
    ListImports,
    ListProblems,
    export_refused_rows,
    get_import,
    list_changes,
    list_imports,
    list_problems,
)
from core.imports.use_cases.cancel_import import CancelImport, cancel_import
from core.imports.use_cases.check_import import CheckImport, check_import
from core.imports.use_cases.confirm_import import ConfirmImport, confirm_import
from core.imports.use_cases.start_import import StartImport, start_import
from core.shared.ids import ImportId
from ports.imports import ProblemFilter
from ports.paging import PageRequest

imports = Blueprint("imports", __name__, url_prefix="/products/imports")

PAGE = 50
LAST = 5
AT_ONCE = 256 * 1024  # bytes: a file up to this is checked before the page answers, a larger one by a job
BLOCK = 1 << 20

TEMPLATES = {
    ImportState.CHECKING: "imports/checking.html",
    ImportState.CHECKED: "imports/check.html",
    ImportState.APPLYING: "imports/run.html",
    ImportState.DONE: "imports/run.html",
    ImportState.CANCELLED: "imports/run.html",
    ImportState.FAILED: "imports/failed.html",
}


@imports.get("/")
@requires("imports.import.read")
def index() -> str:
    return _index(UploadForm(formdata=None))


def _index(form: UploadForm) -> str:
    cursor = request.args.get("cursor") or None
    page = read(list_imports, ListImports(PageRequest(PAGE, cursor)))
    return render_template(
        "imports/index.html",
        form=form,
        page=page,
        older=url_for(".index", cursor=page.next) if page.next else None,
        first=url_for(".index") if cursor else None,
    )


@imports.post("/")
@requires("imports.import.run")
def upload() -> AnyResponse | tuple[str, int]:
    """Take a file in and check it: a small one at once, a large one by a job."""
    form = UploadForm()
    if not form.validate():
        return _index(form), 422
    file: FileStorage = form.file.data
    small = _size(file) <= AT_ONCE
    try:
        import_id = run(
            start_import,
            StartImport(file.filename or "products.csv", _blocks(file), person().name, in_background=not small),
        )
    except UnusableFile as refused:
        form.file.errors = [_("The file is empty.") if not _size(file) else refused.message]
        return _index(form), 422
    if small:
        run(check_import, CheckImport(import_id))
    return redirect(url_for(".show", import_id=import_id), 303)


def _size(file: FileStorage) -> int:
    file.stream.seek(0, 2)
    size = file.stream.tell()
    file.stream.seek(0)
    return size


def _blocks(file: FileStorage) -> Iterator[bytes]:
    while block := file.stream.read(BLOCK):
        yield block


@imports.get("/<uuid:import_id>")
@requires("imports.import.read")
def show(import_id: UUID) -> str:
    """The check, the running import or its result: what the import's state asks for."""
    id_ = ImportId(import_id)
    import_ = read(get_import, GetImport(id_))
    cursor = request.args.get("cursor") or None
    problems = read(list_problems, ListProblems(ProblemFilter(id_), PageRequest(PAGE, cursor)))
    checked = import_.state is ImportState.CHECKED
    return render_template(
        TEMPLATES[import_.state],
        imported=import_,
        problems=problems,
        reason=reason,
        older=url_for(".show", import_id=import_id, cursor=problems.next, _anchor="refused") if problems.next else None,
        newer=url_for(".show", import_id=import_id, _anchor="refused") if cursor else None,
        changed=changed_products(read(list_changes, ListChanges(id_))) if checked else [],
        effects=effects(import_),
        if_stopped=if_stopped(import_),
        separators=SEPARATORS,
        pace=_pace(import_),
        last=[row for row in read(list_imports, ListImports(PageRequest(LAST + 1))).rows if row.id != import_id][:LAST],
    )


def _pace(import_: Import) -> tuple[int, int] | None:
    """Rows a second so far and seconds left, None while nothing can be said."""
    if import_.started_at is None or not import_.applied.rows:
        return None
    until = import_.finished_at or kernel().clock.now()
    seconds = max(1, round((until - import_.started_at).total_seconds()))
    rate = max(1, import_.applied.rows // seconds)
    return rate, (import_.checked.rows - import_.applied.rows) // rate


@imports.post("/<uuid:import_id>/apply")
@requires("imports.import.run")
def confirm(import_id: UUID) -> AnyResponse:
    """Start applying, or go on after a stop."""
    run(confirm_import, ConfirmImport(ImportId(import_id)))
    return redirect(url_for(".show", import_id=import_id), 303)


@imports.post("/<uuid:import_id>/stop")
@requires("imports.import.run")
def stop(import_id: UUID) -> AnyResponse:
    """Stop after the products that are being written, or discard a check."""
    id_ = ImportId(import_id)
    was_started = read(get_import, GetImport(id_)).started_at is not None
    run(cancel_import, CancelImport(id_))
    if was_started:
        return redirect(url_for(".show", import_id=import_id), 303)
    flash(_("The file was discarded. Nothing was written."), "ok")
    return redirect(url_for(".index"), 303)


@imports.get("/<uuid:import_id>/refused.csv")
@requires("imports.import.read")
def refused(import_id: UUID) -> Response:
    """The refused rows, to be corrected and handed in again. Excel needs the mark to see UTF-8."""
    id_ = ImportId(import_id)
    content = "\N{ZERO WIDTH NO-BREAK SPACE}" + read(export_refused_rows, ExportRefusedRows(id_))
    response = Response(content, content_type="text/csv; charset=utf-8")
    name = read(get_import, GetImport(id_)).file_name.rpartition(".")[0] or "products"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-refused.csv")
    return response
