"""One line in the log and two figures in the metrics for every request. No query strings, no bodies, no addresses."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from core.shared.context import CallContext
from web.request_ids import request_id

_REQUESTS = Counter("ecommerce_http_requests", "Requests answered.", ["method", "route", "status"])
_SECONDS = Histogram("ecommerce_http_request_seconds", "How long requests took.", ["method", "route"])
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Asked every few seconds by machines.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

_log = structlog.get_logger("web")


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "unknown"
    method = request.method if request.method in _METHODS else "other"
    _REQUESTS.labels(method, route, response.status_code).inc()
    _SECONDS.labels(method, route).observe(seconds)
    if route not in _QUIET:
        context = g.get("call_context")
        known = isinstance(context, CallContext)
        _log.info(
            "request",
            method=method,
            route=route,
            status=response.status_code,
            request_id=request_id(),
            store=str(context.store_id) if known else None,
            actor=context.actor.kind if known else None,
            duration_ms=round(seconds * 1000, 1),
        )
    return response


def install(flask: Flask) -> None:
    flask.before_request(_start)
    flask.after_request(_finish)
