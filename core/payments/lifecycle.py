"""The payment's state machine, keyed by (state, operation, outcome).

An operation is something asked of the provider or observed there; its outcome is one of four. A time-out is
UNKNOWN, never DECLINED, and moves nothing. Late and double money are facts too, so a voided or expired payment
can still become captured; what that means for the shop is decided elsewhere.
"""

from __future__ import annotations

from enum import StrEnum

from core.shared.state_machine import Lifecycle


class PaymentState(StrEnum):
    """One tender. `created`: the shopper has not acted; `awaiting`: word of the money is still to come."""

    CREATED = "created"
    AWAITING = "awaiting"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    DECLINED = "declined"
    VOIDED = "voided"
    EXPIRED = "expired"


class Operation(StrEnum):
    AUTHORISE = "authorise"
    CAPTURE = "capture"
    VOID = "void"
    EXPIRE = "expire"
    REFUND = "refund"


class Outcome(StrEnum):
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    PENDING = "pending"
    UNKNOWN = "unknown"


class OperationState(StrEnum):
    """Where one request to the provider stands. `requested`: committed by us, the answer not yet recorded."""

    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    PENDING = "pending"
    UNKNOWN = "unknown"


LIVE_OPERATIONS = frozenset(
    {OperationState.REQUESTED, OperationState.SUCCEEDED, OperationState.PENDING, OperationState.UNKNOWN}
)

_S, _O, _R = PaymentState, Operation, Outcome


def _table() -> dict[tuple[PaymentState, tuple[Operation, Outcome]], PaymentState]:
    table: dict[tuple[PaymentState, tuple[Operation, Outcome]], PaymentState] = {}
    for state in (_S.CREATED, _S.AWAITING, _S.DECLINED):
        table |= {
            (state, (_O.AUTHORISE, _R.SUCCEEDED)): _S.AUTHORISED,
            (state, (_O.AUTHORISE, _R.PENDING)): _S.AWAITING,
            (state, (_O.AUTHORISE, _R.DECLINED)): _S.DECLINED,
            (state, (_O.AUTHORISE, _R.UNKNOWN)): state,
            (state, (_O.CAPTURE, _R.SUCCEEDED)): _S.CAPTURED,
            (state, (_O.EXPIRE, _R.SUCCEEDED)): _S.EXPIRED,
        }
    for state in (_S.CREATED, _S.AWAITING, _S.DECLINED, _S.AUTHORISED):
        table |= {
            (state, (_O.VOID, _R.SUCCEEDED)): _S.VOIDED,
            (state, (_O.VOID, _R.DECLINED)): state,
            (state, (_O.VOID, _R.PENDING)): state,
            (state, (_O.VOID, _R.UNKNOWN)): state,
        }
    table |= {
        (_S.AUTHORISED, (_O.CAPTURE, _R.SUCCEEDED)): _S.CAPTURED,
        (_S.AUTHORISED, (_O.CAPTURE, _R.DECLINED)): _S.AUTHORISED,
        (_S.AUTHORISED, (_O.CAPTURE, _R.PENDING)): _S.AUTHORISED,
        (_S.AUTHORISED, (_O.CAPTURE, _R.UNKNOWN)): _S.AUTHORISED,
        (_S.AUTHORISED, (_O.EXPIRE, _R.SUCCEEDED)): _S.EXPIRED,
        (_S.CAPTURED, (_O.CAPTURE, _R.SUCCEEDED)): _S.CAPTURED,
        (_S.VOIDED, (_O.CAPTURE, _R.SUCCEEDED)): _S.CAPTURED,
        (_S.EXPIRED, (_O.CAPTURE, _R.SUCCEEDED)): _S.CAPTURED,
    }
    table |= {(_S.CAPTURED, (_O.REFUND, outcome)): _S.CAPTURED for outcome in Outcome}
    return table


PAYMENT_LIFECYCLE = Lifecycle("payment", PaymentState, {PaymentState.CREATED}, _table())
