"""`Idempotency-Key` on POST routes (after draft-ietf-httpapi-idempotency-key-header).

    @resource.post("/carts/<token>/complete")
    @resource.response(201, OrderSchema)
    @idempotent(answer, required=True, caller="token")
    def complete(token: str) -> Response:
        placed = run(complete_checkout, CompleteCheckout(token))
        return answer({"order_id": str(placed.order_id)}, token=token)

The use case stores the ids it answers with (`tx.answer(order_id=...)`). A repeat does not run: `answer` renders again
from those ids, which it gets first, with the route's arguments by name, under `Idempotency-Replayed: true`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request

from core.shared.context import CallContext, Repeatable
from core.shared.errors import FieldProblem
from core.shared.repeats import Replayed
from web.calls import context
from web.errors import BadRequest

HEADER = "Idempotency-Key"
MAX_LENGTH = 255
DOCUMENTED = "idempotency_required"

View = Callable[..., Any]


def idempotent(
    answer: Callable[..., Any], *, required: bool = False, caller: str | None = None
) -> Callable[[View], View]:
    """Honour the request's key.

    :param answer: `answer(ids, **route_arguments)` renders the answer of the first time
    :param required: whether a request without a key is refused with 400 `idempotency_key_required`
    :param caller: the route's argument that names who repeats (a cart's token); else it is the actor
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            route_arguments = dict(request.view_args or {})
            g.call_context = _repeatable(context(), required, caller and str(route_arguments[caller]))
            try:
                return view(*args, **kwargs)
            except Replayed as replayed:
                response: Response = current_app.make_response(answer(replayed.answer, **route_arguments))
                response.headers["Idempotency-Replayed"] = "true"
                return response

        documented: dict[str, Any] = deepcopy(getattr(wrapper, "_apidoc", {}))
        documented[DOCUMENTED] = required
        wrapper._apidoc = documented  # type: ignore[attr-defined]  # where flask-smorest keeps what it documents
        return wrapper

    return decorate


def wish_key() -> str:
    """The request's key for what it asks of a provider: unique per caller, the same for each repeat.

    Raises BadRequest where the route requires no key and the request has none.
    """
    repeatable = context().repeatable
    if repeatable is None:
        raise _refused("idempotency_key_required", f"This route needs the header {HEADER}.")
    return hashlib.sha256(f"{repeatable.caller}\0{repeatable.route}\0{repeatable.key}".encode()).hexdigest()


def _repeatable(found: CallContext, required: bool, secret: str | None) -> CallContext:
    key = request.headers.get(HEADER)
    if key is None:
        if required:
            raise _refused("idempotency_key_required", f"This route needs the header {HEADER}.")
        return found
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= MAX_LENGTH):
        raise _refused("idempotency_key_malformed", f"{HEADER} has 1 to {MAX_LENGTH} printable ASCII characters.")
    rule = request.url_rule.rule if request.url_rule else request.path
    # The path belongs to what is repeated: the same key on another thing is another request.
    body = hashlib.sha256(request.path.encode() + b"\0" + request.get_data(cache=True)).digest()
    who = f"cart:{hashlib.sha256(secret.encode()).hexdigest()}" if secret else f"{found.actor.kind}:{found.actor.id}"
    return replace(found, repeatable=Repeatable(who, f"{request.method} {rule}", key, body))


def _refused(code: str, detail: str) -> BadRequest:
    return BadRequest(400, detail, code=code, problems=(FieldProblem(HEADER, code, detail),))
