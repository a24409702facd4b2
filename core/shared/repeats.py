"""What a request with an Idempotency-Key may meet instead of running."""

from __future__ import annotations

from core.shared.errors import Conflict, CoreError, Rejected


class Replayed(CoreError):
    """This very request was answered before; `answer` holds the ids it was answered with."""

    code = "replayed"

    def __init__(self, answer: dict[str, str]) -> None:
        super().__init__()
        self.answer = answer


class KeyReused(Rejected):
    """The Idempotency-Key was used for a request with another body."""

    code = "idempotency_key_reused"


class RequestInFlight(Conflict):
    """A request with this Idempotency-Key is being worked on."""

    code = "request_in_flight"
