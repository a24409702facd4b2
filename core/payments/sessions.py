"""A payment session: one attempt to pay one version of a cart, holding its stock until a deadline.

It is the checkout's saga as a row: each state names the step that is done, and so what undoing it needs.
"""

from __future__ import annotations

from enum import StrEnum

from core.shared.state_machine import Lifecycle


class SessionState(StrEnum):
    """`opening`: stock is held, the provider's answer not yet recorded; `closing`: the provider is being asked
    to cancel, stock still held; `cancelled` and `expired`: confirmed there, stock freed."""

    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class SessionStep(StrEnum):
    OPENED = "opened"
    CLOSE = "close"
    COMPLETE = "complete"
    CANCEL = "cancel"
    EXPIRE = "expire"


_S, _T = SessionState, SessionStep

LIVE_STATES = frozenset({SessionState.OPENING, SessionState.OPEN, SessionState.CLOSING})

SESSION_LIFECYCLE = Lifecycle(
    "payment session",
    SessionState,
    {SessionState.OPENING},
    {
        (_S.OPENING, _T.OPENED): _S.OPEN,
        (_S.OPENING, _T.CLOSE): _S.CLOSING,
        (_S.OPENING, _T.CANCEL): _S.CANCELLED,  # the provider refused to open it
        (_S.OPEN, _T.CLOSE): _S.CLOSING,
        (_S.CLOSING, _T.CLOSE): _S.CLOSING,
        (_S.CLOSING, _T.CANCEL): _S.CANCELLED,
        (_S.CLOSING, _T.EXPIRE): _S.EXPIRED,
        (_S.OPENING, _T.COMPLETE): _S.COMPLETED,
        (_S.OPEN, _T.COMPLETE): _S.COMPLETED,
        (_S.CLOSING, _T.COMPLETE): _S.COMPLETED,  # it was paid before it could be cancelled
    },
)
