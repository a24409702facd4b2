"""The table of subscriptions and the actors are the same set, and every payload makes its command."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from core.aftersales.use_cases.hand_over import HandOverPaid
from core.imports.events import ImportConfirmed, ImportStarted
from core.ledger.events import BackfillRequested
from core.logistics.events import FulfilmentReversed, GoodsLeft, LabelPurchased, LabelVoided
from core.messages.model import MessageWritten
from core.orders.events import OrderPlaced
from core.payments.events import PaymentCaptured, RefundFailed, RefundSucceeded, WebhookReceived
from core.shared.events import Event
from core.shared.ids import (
    FulfilmentId,
    ImportId,
    MessageId,
    OperationId,
    OrderId,
    PaymentAccountId,
    PaymentId,
    ShipmentId,
    WebhookId,
)
from core.shared.money import Money
from core.subscriptions import SUBSCRIPTIONS
from jobs.subscribers import SUBSCRIBERS

BY_NAME = {subscriber.name: subscriber for subscriber in SUBSCRIBERS}


def test_the_table_names_exactly_the_actors_there_are() -> None:
    assert {actor for actors in SUBSCRIPTIONS.values() for actor in actors} == set(BY_NAME)
    assert len(BY_NAME) == len(SUBSCRIBERS)


ID = uuid4()
EVENTS: tuple[tuple[Event, str], ...] = (
    (OrderPlaced(OrderId(ID), Money(100, "BRL")), "order_id"),
    (MessageWritten(MessageId(ID)), "message_id"),
    (WebhookReceived(WebhookId(ID), PaymentAccountId(uuid4()), "pi_1", None), "webhook_id"),
    (WebhookReceived(WebhookId(ID), PaymentAccountId(uuid4()), None, PaymentId(uuid4())), "webhook_id"),
    (ImportStarted(ImportId(ID)), "import_id"),
    (ImportConfirmed(ImportId(ID)), "import_id"),
    (PaymentCaptured(PaymentId(uuid4()), OrderId(ID), "card", OperationId(ID), Money(1, "BRL")), "operation_id"),
    (RefundSucceeded(PaymentId(uuid4()), None, "card", OperationId(ID), Money(1, "BRL")), "operation_id"),
    (RefundFailed(PaymentId(uuid4()), None, "card", OperationId(ID), Money(1, "BRL"), None), "operation_id"),
    (GoodsLeft(FulfilmentId(uuid4()), OrderId(ID)), "order_id"),
    (FulfilmentReversed(FulfilmentId(ID), OrderId(uuid4())), "fulfilment_id"),
    (LabelPurchased(ShipmentId(ID), OrderId(uuid4()), Money(1, "BRL")), "shipment_id"),
    (LabelVoided(ShipmentId(ID), OrderId(uuid4()), Money(1, "BRL")), "shipment_id"),
    (BackfillRequested(str(ID)), "after"),
)


@pytest.mark.parametrize(("event", "field"), EVENTS, ids=lambda value: getattr(value, "name", ""))
def test_an_events_payload_becomes_the_command_it_came_from(event: Event, field: str) -> None:
    for name in SUBSCRIPTIONS[event.name]:
        command = BY_NAME[name].command(event.payload())
        of_order = isinstance(command, HandOverPaid)
        assert getattr(command, "order_id" if of_order else field) == UUID(str(ID))


def test_money_of_no_order_hands_nothing_over() -> None:
    captured = PaymentCaptured(PaymentId(uuid4()), None, "card", OperationId(ID), Money(1, "BRL"))
    assert BY_NAME["logistics.hand_over"].command(captured.payload()) == HandOverPaid(None)
