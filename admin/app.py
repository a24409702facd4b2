"""The merchant back office as one Flask application, mounted under /admin by `web.wsgi`.

How to add a screen
-------------------
1. `admin/<noun>.py` with a blueprint named like its area in `admin/navigation.py`, views of at most about 15 lines:
   `run(use_case, Command(...), reason=...)` and `read(query, Filter(...))` from `admin.context`; `@requires("...")`
   from `admin.access` under the route; `allows(...)` in templates and Python for buttons. No `try` for what the core
   refuses, unless the form shows it beside a field: `admin.errors` has a page for every kind.
2. Forms in `admin/forms/<noun>.py` (`FlaskForm`: the CSRF token is in `hidden(form)`), templates in
   `admin/templates/<noun>/`, which extend layout.html. Every POST needs the token, `csrf()` in hand-written forms.
3. One line in `SCREENS` below.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, g, session
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFProtect

from admin import auth as sign_in
from admin import errors, measuring, preferences, shell
from admin.access import allows, permissions_of
from admin.activity import activity
from admin.approvals import approvals
from admin.catalog import products
from admin.context import AdminSettings, Kernel, kernel, read, staff_session, store
from admin.desk import Desk, Person, StoreChoice
from admin.exceptions import exceptions
from admin.home import counts, home
from admin.imports import imports
from admin.inventory import inventory
from admin.jobs import deliveries
from admin.ledger import ledger
from admin.ledger_days import periods
from admin.messages import mailbox
from admin.orders import orders
from admin.payouts import payouts
from admin.runs import runs
from admin.settlements import settlements
from admin.shipping import shipping
from core.application import App
from core.identity.model import STAFF_SESSION_KEPT
from core.identity.queries import OwnStores, SoleStore, own_stores, sole_store
from core.identity.roles import Role
from ports.clock import Clock
from ports.lookups import Lookups, StaffSession

SCREENS: tuple[Blueprint, ...] = (
    home,
    orders,
    products,
    imports,
    inventory,
    shipping,
    exceptions,
    approvals,
    payouts,
    settlements,
    runs,
    ledger,
    periods,
    mailbox,
    activity,
    deliveries,
)

MAX_BODY = 64 * 1024 * 1024  # bytes; the largest body is a catalogue to import
_CSRF_SECONDS = 12 * 3600

ROLE_WORDS = {
    Role.OWNER: _l("Owner"),
    Role.MANAGER: _l("Manager"),
    Role.SUPPORT: _l("Support"),
    Role.FINANCE: _l("Finance"),
}


def create_admin(app: App, settings: AdminSettings, lookups: Lookups, *, clock: Clock) -> Flask:
    """The back office over `app`. `lookups` find the session by the cookie's secret."""
    flask = Flask("admin", static_folder=None)
    flask.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="ecommerce_staff",
        SESSION_COOKIE_PATH="/admin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.session_cookie_secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=STAFF_SESSION_KEPT.total_seconds()),
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=_CSRF_SECONDS,
    )
    flask.extensions["kernel"] = Kernel(app, settings, lookups, clock)
    measuring.install(flask)
    sign_in.install(flask)
    CSRFProtect(flask)
    preferences.install(flask)
    shell.install(flask, desk=_desk, now=clock.now, counts=counts)
    errors.install(flask)
    flask.jinja_env.globals.update(allows=allows, role_words=ROLE_WORDS)
    for screen in SCREENS:
        flask.register_blueprint(screen)
    return flask


def _desk() -> Desk:
    found = staff_session()
    if found is None:
        g.desk = Desk()  # the context asks for the language, which asks for the desk
        name = kernel().app.read(sole_store, SoleStore(), sign_in.nobody())
        return Desk(store_name=name) if name else Desk()
    person = Person(found.name, permissions_of(found), language=found.locale or None)
    # The context of a read asks for the language, which asks for the desk: this much of it is known already.
    g.desk = Desk(person=person)
    if found.store_id is None:
        return Desk(person=person)
    here = store()
    return Desk(here.name, here.locale, here.time_zone, person, _choices(found))


def _choices(found: StaffSession) -> tuple[StoreChoice, ...]:
    """The stores of somebody who had several at sign-in; others are spared the look-up."""
    if session.get("stores", 0) < 2:
        return ()
    memberships = read(own_stores, OwnStores(found.staff_id))
    return tuple(StoreChoice(str(m.store_id), m.store_name, m.store_id == found.store_id) for m in memberships)
