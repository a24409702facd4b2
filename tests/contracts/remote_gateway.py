"""What a payment gateway must do when its provider declines, is slow, fails, or sends webhooks.

Whatever is planted, the same key has one effect, counted in the provider's own books, and a doubt is never a decline.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import uuid4

import pytest

from core.payments.lifecycle import Outcome
from ports.payment_page import EmbeddedForm, Redirect
from ports.payments import Answer, PaymentGateway, TenderStatus, WebhookRejected
from tests.contracts.payment_gateway import PaymentGatewayContract, Stand, a_request, brl, look, opened

FAULTS = ("timeout_after_effect", "timeout_before_effect", "error_500_after_effect", "error_500_before_effect",
          "error_429")  # fmt: skip


class RemoteStand(Stand, Protocol):
    """A provider that can be made to fail, and whose shoppers' cards can be refused."""

    def decline(self, reference: str) -> None:
        """The issuer refuses."""
        ...

    def money_comes(self, reference: str) -> None:
        """What was awaited of a tender arrives, and word of it, too."""
        ...

    def plant(self, operation: str, kind: str) -> None:
        """Let the next `open`, `look_up`, `capture`, `cancel` or `refund` end as `kind` of `FAULTS` says."""
        ...

    def silence(self) -> None:
        """Let nothing be answered until `speak`."""
        ...

    def speak(self) -> None: ...

    def opened_with(self, payment_id: str) -> int:
        """How many tenders the provider's books hold for a payment of ours."""
        ...

    def webhook(self, reference: str, payment_id: str, at: datetime) -> tuple[dict[str, str], bytes]:
        """Headers and body of a genuine webhook about a tender, signed at `at`."""
        ...


class RemoteGatewayContract(PaymentGatewayContract):
    @pytest.fixture
    def stand(self) -> RemoteStand:
        raise NotImplementedError

    def test_a_declined_card_says_why_and_may_try_again(self, stand: RemoteStand) -> None:
        reference = opened(stand, a_request(self.method(stand))).reference
        stand.decline(reference)
        tender = look(stand, reference)
        assert tender.status is TenderStatus.DECLINED
        assert tender.decline_code
        assert tender.captured == brl(0)
        stand.pay(reference)
        assert look(stand, reference).status is TenderStatus.CAPTURED
        self.check(stand, reference, captures=1, captured=12990)

    def method(self, stand: Stand) -> str:
        """A method that the shopper acts on, and whose money is there at once or not at all."""
        methods = stand.gateway.capabilities.methods
        return min(name for name, awaited in methods.items() if not awaited)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_opening_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        request = a_request(self.method(stand))
        stand.plant("open", kind)
        self._never_declined(lambda: stand.gateway.open(request))
        tender = opened(stand, request)
        assert tender.payment_id == request.payment_id
        assert stand.opened_with(str(request.payment_id)) == 1

    def test_a_repeat_finds_what_was_opened_under_a_key_that_is_forgotten(self, stand: RemoteStand) -> None:
        request = a_request(self.method(stand))
        first = opened(stand, request)
        again = opened(stand, replace(request, key=f"as-if-forgotten-{uuid4()}", repeated=True))
        assert again.reference == first.reference
        new = opened(stand, a_request(self.method(stand), repeated=True))  # asked for, and it never arrived
        assert new.reference != first.reference
        assert stand.opened_with(str(request.payment_id)) == 1

    def test_a_refusal_to_open_says_that_there_is_none_only_after_looking(self, stand: RemoteStand) -> None:
        for repeated in (False, True):
            answer = stand.gateway.open(a_request(self.method(stand), 1, repeated=repeated))
            assert (answer.outcome, answer.absent, answer.tender) == (Outcome.DECLINED, True, None)
        stand.silence()
        answer = stand.gateway.open(a_request(self.method(stand), 1, repeated=True))
        assert (answer.outcome, answer.absent) == (Outcome.UNKNOWN, False)
        stand.speak()

    @pytest.mark.parametrize("kind", FAULTS)
    def test_capturing_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        reference, key = self.promised(stand).reference, f"c-{uuid4()}"
        stand.plant("capture", kind)
        self._never_declined(lambda: stand.gateway.capture(reference, brl(12990), key))
        answer = stand.gateway.capture(reference, brl(12990), key)
        assert answer.outcome is Outcome.SUCCEEDED
        assert answer.tender is not None
        assert answer.tender.captured == brl(12990)
        self.check(stand, reference, captures=1, captured=12990)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_cancelling_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        reference, key = self.promised(stand).reference, f"v-{uuid4()}"
        stand.plant("cancel", kind)
        self._never_declined(lambda: stand.gateway.cancel(reference, key))
        assert stand.gateway.cancel(reference, key).outcome is Outcome.SUCCEEDED
        self.check(stand, reference, cancellations=1, captured=0)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_refunding_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        reference, key = self.captured(stand).reference, f"r-{uuid4()}"
        stand.plant("refund", kind)
        self._never_declined(lambda: stand.gateway.refund(reference, brl(1000), key))
        answer = stand.gateway.refund(reference, brl(1000), key)
        assert answer.outcome is Outcome.SUCCEEDED
        assert [(r.key, r.amount, r.reference) for r in look(stand, reference).refunds] == [
            (key, brl(1000), answer.reference)
        ]
        self.check(stand, reference, refunds=1, refunded=1000)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_looking_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        reference = opened(stand, a_request(self.method(stand))).reference
        stand.plant("look_up", kind)
        answer = stand.gateway.look_up(reference)
        assert (answer.outcome, answer.tender) == (Outcome.UNKNOWN, None)
        assert look(stand, reference).reference == reference

    def test_a_provider_that_says_nothing_leaves_everything_unknown(self, stand: RemoteStand) -> None:
        waiting, paid = self.promised(stand).reference, self.captured(stand).reference
        request, gateway = a_request(self.method(stand)), stand.gateway
        asks: tuple[Callable[[], Answer], ...] = (
            lambda: gateway.open(request),
            lambda: gateway.look_up(waiting),
            lambda: gateway.capture(waiting, brl(12990), "k-capture"),
            lambda: gateway.cancel(waiting, "k-cancel"),
            lambda: gateway.refund(paid, brl(1000), "k-refund"),
        )
        stand.silence()
        assert [ask().outcome for ask in asks] == [Outcome.UNKNOWN] * len(asks)
        stand.speak()
        self.check(stand, waiting, captures=0, cancellations=0)
        self.check(stand, paid, refunds=0)
        assert stand.opened_with(str(request.payment_id)) == 0

    def test_awaited_money_comes_and_is_given_back_where_that_is_possible(self, stand: RemoteStand) -> None:
        declared = stand.gateway.capabilities
        assert declared.not_refundable <= declared.methods.keys()
        for method in sorted(name for name, awaited in declared.methods.items() if awaited):
            tender = opened(stand, a_request(method))
            assert (tender.status, tender.captured) == (TenderStatus.AWAITING, brl(0))
            assert tender.next_action is not None
            stand.money_comes(tender.reference)
            paid = look(stand, tender.reference)
            assert (paid.status, paid.captured, paid.next_action) == (TenderStatus.CAPTURED, brl(12990), None)
            answer = stand.gateway.refund(tender.reference, brl(1000), f"r-{uuid4()}")
            if method in declared.not_refundable:
                assert (answer.outcome, bool(answer.code)) == (Outcome.DECLINED, True)
            else:
                assert answer.outcome in (Outcome.SUCCEEDED, Outcome.PENDING)
            self.check(stand, tender.reference, captured=12990, refunds=int(method not in declared.not_refundable))

    def test_late_money_that_goes_back_is_told(self, stand: RemoteStand) -> None:
        """It came to a tender that was cancelled, and is nobody's sale; what was given back of it is a fact all the
        same."""
        declared = stand.gateway.capabilities
        method = next(name for name, waits in declared.methods.items() if waits and name not in declared.not_refundable)
        tender = opened(stand, a_request(method))
        assert stand.gateway.cancel(tender.reference, f"v-{uuid4()}").outcome is Outcome.SUCCEEDED
        stand.money_comes(tender.reference)
        key = f"r-{uuid4()}"
        answer = stand.gateway.refund(tender.reference, brl(12990), key)
        assert answer.outcome in (Outcome.SUCCEEDED, Outcome.PENDING)
        told = look(stand, tender.reference)
        assert (told.captured, [(r.key, r.amount) for r in told.refunds]) == (brl(12990), [(key, brl(12990))])
        self.check(stand, tender.reference, captured=12990, refunds=1)

    def test_captured_money_cannot_be_cancelled(self, stand: RemoteStand) -> None:
        reference = self.captured(stand).reference
        answer = stand.gateway.cancel(reference, f"v-{uuid4()}")
        assert answer.outcome is Outcome.DECLINED
        assert answer.tender is not None
        assert (answer.tender.status, answer.tender.captured) == (TenderStatus.CAPTURED, brl(12990))
        self.check(stand, reference, captures=1, cancellations=0)

    def test_what_was_let_go_cannot_be_captured(self, stand: RemoteStand) -> None:
        reference = self.promised(stand).reference
        assert stand.gateway.cancel(reference, f"v-{uuid4()}").outcome is Outcome.SUCCEEDED
        assert stand.gateway.capture(reference, brl(12990), f"c-{uuid4()}").outcome is Outcome.DECLINED
        self.check(stand, reference, captures=0, cancellations=1)

    def test_more_than_is_left_is_not_given_back(self, stand: RemoteStand) -> None:
        reference = self.captured(stand).reference
        assert stand.gateway.refund(reference, brl(12000), f"r-{uuid4()}").outcome is Outcome.SUCCEEDED
        answer = stand.gateway.refund(reference, brl(991), f"r-{uuid4()}")
        assert (answer.outcome, bool(answer.code)) == (Outcome.DECLINED, True)
        self.check(stand, reference, refunds=1, refunded=12000)

    def test_a_tender_that_never_was_is_no_doubt(self, stand: RemoteStand) -> None:
        answer = stand.gateway.look_up("pi_nobody")
        assert (answer.outcome, answer.absent) == (Outcome.DECLINED, True)

    def test_the_payment_page_is_somewhere(self, stand: RemoteStand) -> None:
        reference = opened(stand, a_request(self.method(stand))).reference
        if stand.gateway.capabilities.page:
            found = stand.gateway.page(reference, "http://shop.example/?a=1")
            assert isinstance(found, EmbeddedForm) or (isinstance(found, Redirect) and reference in found.url)

    # -- webhooks ------------------------------------------------------------------------------------------

    def test_a_genuine_webhook_says_which_tender(self, stand: RemoteStand) -> None:
        request, now = a_request(self.method(stand)), datetime.now(UTC)
        reference = opened(stand, request).reference
        headers, body = stand.webhook(reference, str(request.payment_id), now)
        notice = stand.gateway.read_webhook(headers, body, now + timedelta(seconds=200))
        assert (notice.reference, notice.payment_id) == (reference, request.payment_id)
        assert notice.external_id
        assert notice.kind

    def test_a_webhook_that_is_not_genuine_is_rejected(self, stand: RemoteStand) -> None:
        now = datetime.now(UTC)
        headers, body = stand.webhook("pi_1", str(uuid4()), now)
        broken = {name: value.replace("v1=", "v1=0") for name, value in headers.items()}
        cases = [
            (headers, body + b" ", now),
            (headers, body, now + timedelta(minutes=6)),
            (headers, body, now - timedelta(minutes=6)),
            (broken, body, now),
            ({}, body, now),
            (headers, b"", now),
        ]
        gateway: PaymentGateway = stand.gateway
        for told, content, at in cases:
            with pytest.raises(WebhookRejected):
                gateway.read_webhook(told, content, at)

    @staticmethod
    def _never_declined(ask: Callable[[], Answer]) -> None:
        assert ask().outcome in (Outcome.UNKNOWN, Outcome.SUCCEEDED)
