"""The Flask application: API, label files, controls."""

from __future__ import annotations

import threading

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as PathNotFound

from sandbox.carrier import api, control
from sandbox.carrier.errors import missing, server_error
from sandbox.carrier.settings import Settings
from sandbox.carrier.store import Store


def build_app(settings: Settings) -> Flask:
    """The application over its books; opens no connection before the first request."""
    app = Flask(__name__, static_folder=None)
    app.extensions["sandbox"] = Store(settings)
    app.extensions["deliveries"] = threading.Event()
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask types the provider by its base class
    app.register_blueprint(api.blueprint)
    app.register_blueprint(control.blueprint)
    app.register_error_handler(PathNotFound, _not_found)
    app.register_error_handler(500, _broken)

    @app.get("/healthz")
    def health() -> Response:
        with app.extensions["sandbox"].transaction() as books:
            books.execute("SELECT 1")
        return jsonify({"status": "ok"})

    return app


def _not_found(_error: HTTPException) -> Response:
    return api.respond(missing("resource").body, 404)


def _broken(_error: Exception) -> Response:
    """A fault of our own, which Flask has logged, in the provider's envelope."""
    return api.respond(server_error().body, 500)
