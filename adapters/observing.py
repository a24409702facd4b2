"""What the application tells about itself: JSON lines on standard output and counters for Prometheus.

Ids, names of actions and durations only; no names, addresses, amounts or bodies of people.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from prometheus_client import Counter, Histogram

from core.shared.context import CallContext
from core.shared.errors import CoreError

_CALLS = Counter("ecommerce_calls", "Calls of use cases and queries.", ["action", "actor", "outcome"])
_SECONDS = Histogram("ecommerce_call_seconds", "How long use cases and queries took.", ["action"])


def configure_logs(level: str) -> None:
    """Write everything logged, by us and by libraries, as JSON lines to standard output.

    :param level: `debug`, `info`, `warning` or `error`
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # They tell every address that is fetched, and a label's or a document's opens it for whoever has it.
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)


class LogObserver:
    """Tells of every call of the core, anticipated refusals as such, anything else as an error."""

    def __init__(self) -> None:
        self._log = structlog.get_logger("core")

    def called(self, action: str, context: CallContext, error: BaseException | None, seconds: float) -> None:
        outcome = _outcome(error)
        _CALLS.labels(action, context.actor.kind, outcome).inc()
        _SECONDS.labels(action).observe(seconds)
        tell = self._log.error if outcome == "failed" else self._log.info
        tell(
            "call",
            action=action,
            outcome=outcome,
            request_id=context.request_id,
            store=str(context.store_id) if context.store_id else None,
            actor=context.actor.kind,
            actor_id=str(context.actor.id) if context.actor.id else None,
            duration_ms=round(seconds * 1000, 1),
            error=type(error).__name__ if outcome == "failed" else None,
        )


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "done"
    return error.code if isinstance(error, CoreError) else "failed"
