"""A payment session: one attempt to pay one version of a cart, holding its stock until a deadline.

It is the checkout's saga as a row: each state names the step that is done, and so what undoing it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.shared.ids import CartId, PaymentId
from core.shared.money import Money
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


@dataclass(slots=True)
class PaymentSession:
    """One attempt to pay one version of a cart. The quote is frozen, the stock is held until `expires_at`."""

    id: UUID
    cart_id: CartId
    cart_version: int
    payment_id: PaymentId
    method: str
    amount: Money
    secret_hash: bytes
    quote: Mapping[str, Any]
    return_url: str
    created_at: datetime
    expires_at: datetime | None
    state: SessionState = SessionState.OPENING
    next_action: Mapping[str, Any] | None = None
    version: int = 0

    @property
    def live(self) -> bool:
        return self.state in LIVE_STATES

    def overdue(self, now: datetime) -> bool:
        """Past its deadline: only money that came already makes an order of it, all else is let go."""
        return self.expires_at is not None and self.expires_at <= now

    def _step(self, step: SessionStep) -> None:
        self.state = SESSION_LIFECYCLE.after(self.state, step)

    def opened(self, next_action: Mapping[str, Any] | None) -> None:
        self._step(SessionStep.OPENED)
        self.next_action = next_action

    def close(self) -> None:
        self._step(SessionStep.CLOSE)

    def complete(self) -> None:
        self._step(SessionStep.COMPLETE)

    def end(self, *, expired: bool) -> None:
        """The provider confirmed that no money will come by this session."""
        self._step(SessionStep.EXPIRE if expired else SessionStep.CANCEL)
