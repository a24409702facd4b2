"""The web process: the API with the back office mounted beside it, made in the worker, never at import.

granian calls `create` in each worker; with gunicorn: `gunicorn "web.wsgi:create()"`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from wsgiref.types import WSGIApplication

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from adapters.settings import Settings
from adapters.wiring import Wired, configure_logs, settle, wire
from admin.app import create_admin
from web.app import create_api


def create(env: Mapping[str, str] | None = None) -> WSGIApplication:
    """Both applications as one.

    :param env: the environment, `os.environ` by default
    :raises SettingsError: naming everything missing
    """
    settings = Settings.from_environment(os.environ if env is None else env)
    configure_logs(settings.log_level)
    application = mount(settings, wire(settings))
    settle()
    return application


def mount(settings: Settings, wired: Wired) -> WSGIApplication:
    """The API at the root, the back office under /admin; proxies are believed as far as the settings say."""
    api = create_api(
        wired.app,
        settings,
        wired.lookups,
        tokens=wired.plain["tokens"],
        clock=wired.clock,
        blobs=wired.plain["blobs"],
    )
    admin = create_admin(wired.app, settings, wired.lookups, clock=wired.clock)
    both: WSGIApplication = DispatcherMiddleware(api, {"/admin": admin})
    if settings.trusted_proxy_count:
        count = settings.trusted_proxy_count
        both = ProxyFix(both, x_for=count, x_proto=count, x_host=count, x_prefix=count)
    return both
