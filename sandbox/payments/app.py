"""The Flask application: API, payment page, controls."""

from __future__ import annotations

import threading

import psycopg
from flask import Flask, Response, jsonify, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as PageNotFound

from sandbox.payments import api, control, money_control, page
from sandbox.payments.errors import server_error
from sandbox.payments.settings import API_VERSION, Settings
from sandbox.payments.store import Store


def build_app(settings: Settings) -> Flask:
    """The application over its books; opens no connection before the first request."""
    app = Flask(__name__, static_url_path="/static")
    app.extensions["sandbox"] = Store(settings)
    app.extensions["deliveries"] = threading.Event()
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask types the provider by its base class
    app.register_blueprint(api.blueprint)
    app.register_blueprint(page.blueprint)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(money_control.blueprint)
    app.after_request(_headers)
    app.register_error_handler(PageNotFound, _not_found)
    app.register_error_handler(psycopg.errors.DeadlockDetected, _busy)
    app.register_error_handler(500, _broken)

    @app.get("/healthz")
    def health() -> Response:
        with app.extensions["sandbox"].transaction() as books:
            books.execute("SELECT 1")
        return jsonify({"status": "ok", "api_version": API_VERSION})

    return app


def _headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _not_found(_error: HTTPException) -> tuple[str, int]:
    return render_template("missing.html"), 404


def _broken(_error: Exception) -> tuple[Response, int]:
    """A fault of our own, which Flask has logged, in the provider's envelope."""
    return jsonify(server_error().body), 500


def _busy(_error: Exception) -> tuple[Response, int]:
    """Two operations waited for one another; neither did anything, and the client may repeat."""
    message = "This object cannot be accessed right now because another API request is accessing it."
    error = {"type": "invalid_request_error", "code": "lock_timeout", "message": message}
    return jsonify({"error": error}), 429
