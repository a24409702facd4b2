"""Ask several accounts at once what it would cost, under one deadline. No transaction may be open."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context

from core.shared.errors import CoreError
from ports.carriers import CarrierAccount, Carriers, RateAnswer, RateRequest

AT_ONCE = 16  # questions on their way at the same time
LATE = "no answer in time"
# What nonsense from outside makes an adapter trip over; a call inside a transaction is none of these and goes through.
STUMBLES = (
    ArithmeticError, AttributeError, CoreError, LookupError, OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip


def ask_rates(
    questions: Sequence[tuple[CarrierAccount, RateRequest]], carriers: Carriers, seconds: float
) -> list[RateAnswer]:
    """The answers in the order of the questions, all within `seconds`; who is later has failed.

    An account of which nothing can be made, or whose carrier breaks its promise never to raise, has failed too: it must
    not take the others' offers away.
    """
    if not questions:
        return []
    pool = ThreadPoolExecutor(min(AT_ONCE, len(questions)), "rates")
    asked = [
        pool.submit(copy_context().run, _ask, carriers, account, request, seconds) for account, request in questions
    ]
    wait(asked, timeout=seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return [_answer(future) for future in asked]


def _ask(carriers: Carriers, account: CarrierAccount, request: RateRequest, seconds: float) -> RateAnswer:
    return carriers.of(account).rates(request, seconds)


def _answer(future: Future[RateAnswer]) -> RateAnswer:
    if not future.done() or future.cancelled():
        return RateAnswer(failed=LATE)
    try:
        return future.result()
    except STUMBLES as error:
        return RateAnswer(failed=f"{type(error).__name__}: {error}")
