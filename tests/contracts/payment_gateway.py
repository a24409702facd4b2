"""What every payment gateway must do, whatever it speaks to. A provider is proved by one line in a test:

class TestManual(PaymentGatewayContract, plugin="manual"): ...

with a `stand`: its gateway, and what plays the world around it. One that is reached over a network is held to
`tests.contracts.remote_gateway` as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

import pytest

from adapters.guard import TransactionOpen, transaction
from core.payments.lifecycle import Outcome
from core.shared.address import Address
from core.shared.ids import PaymentId
from core.shared.money import Money
from ports.payments import NotSupported, OpenRequest, PaymentGateway, Tender, TenderStatus

CONTRACTS: dict[str, list[type[PaymentGatewayContract]]] = {}


class Stand(Protocol):
    """A gateway and the world around it."""

    @property
    def gateway(self) -> PaymentGateway: ...

    def pay(self, reference: str) -> None:
        """The shopper does what this tender asks for, where it asks for anything."""
        ...

    def effects(self, reference: str) -> Mapping[str, int] | None:
        """What the provider's own books say of a tender: counts of `captures`, `refunds`, `cancellations`; sums of
        `captured` and `refunded`. None when nobody keeps any."""
        ...


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


MARIAS = Address(
    name="Maria Souza", postal_code="80020310", street="Rua XV de Novembro", number="100", city="Curitiba", region="PR"
)


def a_request(method: str, amount: int = 12990, **changes: Any) -> OpenRequest:
    values: dict[str, Any] = {
        "key": f"open-{uuid4()}",
        "payment_id": PaymentId(uuid4()),
        "amount": brl(amount),
        "method": method,
        "capture_at_once": True,
        "description": "Casa Ipê",
        "email": "maria@example.com",
        "name": "Maria Souza",
        "tax_id": "52998224725",
        "return_url": "http://127.0.0.1:8000/pay/secret",
        "expires_at": (datetime.now(UTC) + timedelta(minutes=30)).replace(microsecond=0),
        "locale": "pt-BR",
        "due_days": 3 if method == "boleto" else None,
        "address": MARIAS,
    }
    return OpenRequest(**{**values, **changes})


@dataclass(frozen=True)
class Paid:
    """A tender whose money is there."""

    reference: str
    amount: Money


def opened(stand: Stand, request: OpenRequest) -> Tender:
    """Open a tender that the provider takes."""
    answer = stand.gateway.open(request)
    assert (answer.outcome, answer.code) == (Outcome.SUCCEEDED, None)
    assert answer.tender is not None
    assert answer.reference == answer.tender.reference
    return answer.tender


def look(stand: Stand, reference: str) -> Tender:
    answer = stand.gateway.look_up(reference)
    assert answer.outcome is Outcome.SUCCEEDED
    assert answer.tender is not None
    return answer.tender


class PaymentGatewayContract:
    """The part that everybody keeps. What a provider does not declare, it must refuse."""

    def __init_subclass__(cls, plugin: str | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if plugin is not None:
            CONTRACTS.setdefault(plugin, []).append(cls)

    @pytest.fixture
    def stand(self) -> Stand:
        """The gateway under test, in working order."""
        raise NotImplementedError

    def later(self, stand: Stand) -> str | None:
        """A method whose money is promised first and captured by a request of ours."""
        able = stand.gateway.capabilities.manual_capture | stand.gateway.capabilities.confirmed_by_hand
        return min(able, default=None)

    def promised(self, stand: Stand, amount: int = 12990) -> Tender:
        """A tender that waits to be captured."""
        method = self.later(stand)
        assert method is not None, "nothing to capture: say so in a test of its own"
        at_once = method not in stand.gateway.capabilities.manual_capture
        tender = opened(stand, a_request(method, amount, capture_at_once=at_once))
        stand.pay(tender.reference)
        return look(stand, tender.reference)

    def captured(self, stand: Stand, amount: int = 12990) -> Paid:
        tender = self.promised(stand, amount)
        answer = stand.gateway.capture(tender.reference, brl(amount), f"capture-{uuid4()}")
        assert answer.outcome is Outcome.SUCCEEDED
        return Paid(tender.reference, brl(amount))

    def check(self, stand: Stand, reference: str, **wanted: int) -> None:
        """Compare with the provider's books, where there are any."""
        books = stand.effects(reference)
        if books is not None:
            assert {name: books[name] for name in wanted} == wanted

    # -- opening -------------------------------------------------------------------------------------------

    def test_the_same_key_opens_one_tender(self, stand: Stand) -> None:
        for method in stand.gateway.capabilities.methods:
            request = a_request(method)
            first, again = opened(stand, request), opened(stand, request)
            assert first.reference == again.reference
            assert opened(stand, a_request(method)).reference != first.reference

    def test_amount_and_payment_id_come_back(self, stand: Stand) -> None:
        for method in stand.gateway.capabilities.methods:
            request = a_request(method, 4321)
            reference = opened(stand, request).reference
            for tender in (opened(stand, request), look(stand, reference)):
                assert (tender.amount, tender.payment_id) == (brl(4321), request.payment_id)
                assert (tender.captured, tender.authorised, tender.refunds) == (brl(0), brl(0), ())

    def test_a_tender_nobody_paid_is_not_paid(self, stand: Stand) -> None:
        waiting = {TenderStatus.NEEDS_SHOPPER, TenderStatus.AWAITING, TenderStatus.PENDING}
        for method, awaited in stand.gateway.capabilities.methods.items():
            tender = opened(stand, a_request(method))
            assert tender.status in waiting
            assert (tender.status is TenderStatus.AWAITING) == awaited

    def test_methods_that_are_not_declared_are_refused(self, stand: Stand) -> None:
        with pytest.raises(NotSupported):
            stand.gateway.open(a_request("gold"))
        for method in stand.gateway.capabilities.methods.keys() - stand.gateway.capabilities.manual_capture:
            with pytest.raises(NotSupported):
                stand.gateway.open(a_request(method, capture_at_once=False))

    # -- capturing -----------------------------------------------------------------------------------------

    def test_the_same_key_captures_once(self, stand: Stand) -> None:
        tender = self.promised(stand)
        assert tender.captured == brl(0)
        key = f"capture-{uuid4()}"
        for _ in range(2):
            answer = stand.gateway.capture(tender.reference, brl(12990), key)
            assert answer.outcome is Outcome.SUCCEEDED
            assert answer.tender is not None
            assert (answer.tender.status, answer.tender.captured) == (TenderStatus.CAPTURED, brl(12990))
        self.check(stand, tender.reference, captures=1, captured=12990)

    def test_part_of_it_is_captured_or_refused_as_declared(self, stand: Stand) -> None:
        tender = self.promised(stand)
        if not stand.gateway.capabilities.partial_capture:
            with pytest.raises(NotSupported):
                stand.gateway.capture(tender.reference, brl(5000), "part")
            return
        answer = stand.gateway.capture(tender.reference, brl(5000), "part")
        assert answer.outcome is Outcome.SUCCEEDED
        assert answer.tender is not None
        assert (answer.tender.captured, answer.tender.refunds) == (brl(5000), ())
        self.check(stand, tender.reference, captures=1, captured=5000, refunded=0)

    # -- letting go ----------------------------------------------------------------------------------------

    def test_a_tender_is_cancelled_once(self, stand: Stand) -> None:
        for method in stand.gateway.capabilities.methods:
            reference = opened(stand, a_request(method)).reference
            for key in ("first", "first", "second"):
                answer = stand.gateway.cancel(reference, f"{key}-{reference}")
                assert answer.outcome is Outcome.SUCCEEDED
                assert answer.tender is not None
                assert answer.tender.status is TenderStatus.CANCELLED
            self.check(stand, reference, cancellations=1, captured=0)

    # -- giving back ---------------------------------------------------------------------------------------

    def test_the_same_key_refunds_once(self, stand: Stand) -> None:
        paid = self.captured(stand)
        if not stand.gateway.capabilities.refunds:
            with pytest.raises(NotSupported):
                stand.gateway.refund(paid.reference, brl(1000), "refund")
            return
        first, again = (stand.gateway.refund(paid.reference, brl(1000), f"a-{paid.reference}") for _ in range(2))
        assert first.outcome in (Outcome.SUCCEEDED, Outcome.PENDING)
        assert first.reference
        assert again.reference == first.reference
        other = stand.gateway.refund(paid.reference, brl(2000), f"b-{paid.reference}")
        assert other.reference != first.reference
        self.check(stand, paid.reference, refunds=2, refunded=3000)

    def test_more_than_was_paid_is_not_given_back(self, stand: Stand) -> None:
        paid = self.captured(stand)
        if stand.gateway.capabilities.refunds:
            answer = stand.gateway.refund(paid.reference, paid.amount + brl(1), f"much-{paid.reference}")
            assert answer.outcome is Outcome.DECLINED
            assert answer.code
        self.check(stand, paid.reference, refunds=0, refunded=0)

    # -- honesty -------------------------------------------------------------------------------------------

    def test_what_is_not_declared_is_refused(self, stand: Stand) -> None:
        gateway, declared = stand.gateway, stand.gateway.capabilities
        reference = opened(stand, a_request(next(iter(declared.methods)))).reference
        if not declared.page:
            with pytest.raises(NotSupported):
                gateway.page(reference, "http://shop.example/")
        if not declared.webhooks:
            with pytest.raises(NotSupported):
                gateway.read_webhook({}, b"{}", datetime.now(UTC))
        assert declared.manual_capture | declared.confirmed_by_hand <= declared.methods.keys()

    def test_nothing_is_asked_inside_a_transaction(self, stand: Stand) -> None:
        gateway = stand.gateway
        request = a_request(next(iter(gateway.capabilities.methods)))
        reference = opened(stand, request).reference
        with transaction():
            for ask in (
                lambda: gateway.open(request),
                lambda: gateway.look_up(reference),
                lambda: gateway.capture(reference, brl(1), "k"),
                lambda: gateway.cancel(reference, "k"),
                lambda: gateway.refund(reference, brl(1), "k"),
                lambda: gateway.page(reference, "http://shop.example/"),
            ):
                with pytest.raises(TransactionOpen):
                    ask()
