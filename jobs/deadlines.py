"""What has a deadline: live payment sessions, payments to ask about, orders whose money never came."""

from __future__ import annotations

from collections.abc import Sequence

from core.aftersales.use_cases.cancel_order import ExpireOrder, expire_order
from core.application import App
from core.checkout.use_cases.close_payment_session import ExpirePaymentSession, expire_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.shared.ids import OrderId, PaymentId
from jobs.schedule import Task
from jobs.tasks import Sweep
from ports.clock import Clock
from ports.deadlines import PaymentDeadlines
from ports.ids import Ids


def deadline_tasks(app: App, clock: Clock, ids: Ids, deadlines: PaymentDeadlines) -> Sequence[Task]:
    """The entries of the schedule that look at deadlines."""
    expire_sessions = Sweep(
        app,
        clock,
        ids,
        "checkout.expire_sessions",
        deadlines.sessions_past_deadline,
        expire_payment_session,
        ExpirePaymentSession,
    )
    settle_payments = Sweep(
        app,
        clock,
        ids,
        "payments.settle_pending",
        deadlines.payments_to_check,
        settle_payment,
        lambda id_: SettlePayment(PaymentId(id_)),
    )
    expire_orders = Sweep(
        app,
        clock,
        ids,
        "checkout.expire_orders",
        deadlines.orders_past_deadline,
        expire_order,
        lambda id_: ExpireOrder(OrderId(id_)),
    )
    return (
        Task(expire_sessions.name, 15, expire_sessions),
        Task(settle_payments.name, 30, settle_payments),
        Task(expire_orders.name, 60, expire_orders),
    )
