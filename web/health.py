"""What machines ask: is the process alive, can it serve, what has it counted."""

from __future__ import annotations

import os

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from core.shared.errors import Unavailable
from web.calls import kernel

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own; set by `web.__main__` before the workers start

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> Response:
    """The database answers and has this code's schema."""
    if not kernel().lookups.schema_is_current():
        raise Unavailable("The database does not answer, or lacks migrations.")
    return jsonify(status="ready")


@health.get("/metrics")
def metrics() -> Response:
    """The counters of all worker processes together, in Prometheus' text format."""
    registry = REGISTRY
    if os.environ.get(MULTIPROCESS):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped in prometheus_client
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
