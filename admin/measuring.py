"""One line in the log and two figures in the metrics for every page; the request's id on every answer."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from admin.context import User, request_id

_PAGES = Counter("ecommerce_admin_requests", "Pages of the back office answered.", ["method", "page", "status"])
_SECONDS = Histogram("ecommerce_admin_request_seconds", "How long pages took.", ["method", "page"])
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

_log = structlog.get_logger("admin")


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    page = request.endpoint or "unknown"
    if page == "shell.asset":
        return response
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    method = request.method if request.method in _METHODS else "other"
    _PAGES.labels(method, page, response.status_code).inc()
    _SECONDS.labels(method, page).observe(seconds)
    user = g.get("_login_user")  # who was looked up already; asking now could fail where the page did
    session = user.session if isinstance(user, User) else None
    _log.info(
        "page",
        method=method,
        page=page,
        status=response.status_code,
        request_id=request_id(),
        store=str(session.store_id) if session else None,
        actor_id=str(session.staff_id) if session else None,
        duration_ms=round(seconds * 1000, 1),
    )
    return response


def install(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_finish)
