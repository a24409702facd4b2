"""Sign-in and sign-out of staff, and the choice of a store.

The cookie holds the secret of a row in `staff_sessions`, which keeps only its digest; every request looks it up, so
a session that ended is worthless wherever its cookie was copied to. Signing in makes a new row and a new cookie.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import LoginManager, login_user, logout_user
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import BadRequest

from admin.context import User, context, kernel, person, read, run, staff_session
from admin.forms.auth import SignInForm
from admin.preferences import restore
from core.identity.errors import SignInPaused, SignInRefused
from core.identity.model import digest
from core.identity.queries import OwnStores, own_stores
from core.identity.use_cases.choose_store import ChooseStore
from core.identity.use_cases.choose_store import choose_store as move_to_store
from core.identity.use_cases.sign_in_staff import SignedIn, SignInStaff, sign_in_staff
from core.identity.use_cases.sign_out_staff import SignOutStaff, sign_out_staff
from core.shared.context import CallContext, Nobody
from core.shared.errors import NotFound
from core.shared.ids import StoreId

auth = Blueprint("auth", __name__)

# What can be seen without a session, and what a session without a store may still do.
PUBLIC = frozenset({"auth.sign_in", "shell.asset", "shell.preferences"})
STORELESS = PUBLIC | {"auth.sign_out", "auth.stores", "auth.choose_store"}


def signed_in_user(token: str) -> User | None:
    """Whoever holds the live session with this secret."""
    found = kernel().lookups.staff_session(digest(token), kernel().clock.wall())
    return User(token, found) if found else None


def refuse_nul() -> None:
    """No text of ours holds a NUL, and the database refuses it: a forged request, answered as such."""
    texts = (text for source in (request.args, request.form) for pair in source.items(multi=True) for text in pair)
    if "\x00" in request.path or any("\x00" in text for text in texts):
        raise BadRequest


def guard() -> AnyResponse | None:
    """Everything but the sign-in page needs a session, everything but the choice of a store needs a store."""
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    found = staff_session()
    if found is None:
        return redirect(sign_in_address(), 303)
    if found.store_id is None and request.endpoint not in STORELESS:
        return redirect(url_for("auth.stores"), 303)
    return None


def sign_in_address() -> str:
    """The sign-in page, which leads back to where one wanted to go; forms are not sent again."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    wanted = "" if here == "/" else "?" + urlencode({"next": here})
    return url_for("auth.sign_in") + wanted


def inside(address: str | None) -> str | None:
    """`address` when it is a path of this application, else None: nobody is sent elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    return None if any(c.isspace() or not c.isprintable() for c in address) else address


@auth.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Ask who somebody is; a wrong pair leaves the address, never the password, in the form."""
    if request.method == "GET" and staff_session() is not None:
        return redirect(url_for("home.index"), 303)
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("login.html", form=form), 422 if form.is_submitted() else 200
    current = staff_session()
    command = SignInStaff(
        email=form.email.data,
        password=form.password.data,
        address=request.remote_addr or "",
        keep=bool(form.remember.data),
        user_agent=request.headers.get("User-Agent", ""),
        previous=current.id if current else None,
    )
    try:
        found = kernel().app.run(sign_in_staff, command, nobody())
    except SignInPaused as pause:
        minutes = -(-pause.retry_after // 60)
        said = ngettext(
            "Too many wrong passwords. Try again in %(num)s minute.",
            "Too many wrong passwords. Try again in %(num)s minutes.",
            minutes,
        )
        return _refused(form, said), 429, {"Retry-After": str(pause.retry_after)}
    except SignInRefused as refusal:
        return _refused(form, _refusal(refusal.tries_left)), 401
    return _welcome(found, keep=command.keep)


def _refused(form: SignInForm, said: str) -> str:
    form.password.errors = [said]  # both fields are wrong together; it stands under the one typed last
    return render_template("login.html", form=form)


def _refusal(left: int) -> str:
    if left == 0:
        return str(_("E-mail and password do not match. No tries left: sign-in pauses for 15 minutes."))
    said = ngettext(
        "E-mail and password do not match. %(num)s try left, then 15 minutes pause.",
        "E-mail and password do not match. %(num)s tries left, then 15 minutes pause.",
        left,
    )
    return str(said)


def nobody() -> CallContext:
    """The caller of sign-in, also when somebody is signed in already."""
    return replace(context(), actor=Nobody(), store_id=None, actor_label="")


def _welcome(found: SignedIn, *, keep: bool) -> AnyResponse:
    session.clear()  # nothing of before sign-in is carried over, least of all what somebody else planted
    session.permanent = keep
    session["stores"] = len(found.memberships)
    user = signed_in_user(found.token)
    if user is None:
        raise LookupError("the session just begun is not there")
    login_user(user)
    answer = redirect(_destination(), 303)
    restore(answer, user.session)
    return answer


def _destination() -> str:
    wanted = inside(request.args.get("next"))
    return request.script_root + wanted if wanted else url_for("home.index")


@auth.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the session here and in the database."""
    run(sign_out_staff, SignOutStaff(person().id))
    logout_user()
    session.clear()
    return redirect(url_for("auth.sign_in"), 303)


@auth.get("/stores")
def stores() -> str:
    """The stores one may work in."""
    return render_template("stores.html", memberships=read(own_stores, OwnStores(person().staff_id)))


@auth.post("/store")
def choose_store() -> AnyResponse:
    """Go on working in another store, on the page that `next` names or the first."""
    who = person()
    membership = run(move_to_store, ChooseStore(who.staff_id, who.id, _store(request.form.get("store", ""))))
    flash(_("You are working in %(store)s now.", store=membership.store_name), "ok")
    wanted = inside(request.form.get("next"))
    return redirect(request.script_root + wanted if wanted else url_for("home.index"), 303)


def _store(text: str) -> StoreId:
    try:
        return StoreId(UUID(text))
    except ValueError:
        raise NotFound("There is no such store.") from None


def install(app: Flask) -> None:
    """Give `app` its sign-in."""
    # Templates ask the desk; the context processor would look the session up again to draw an error page.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the row decides; an address that changes on the train ends no session
    manager.user_loader(signed_in_user)
    app.before_request(refuse_nul)
    app.before_request(guard)
    app.register_blueprint(auth)
