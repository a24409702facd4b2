"""What a carrier over a network must do when it is slow, fails, answers nonsense, or sends webhooks.

Whatever is planted, postage is bought once, counted in the carrier's own books; a doubt is never a refusal and never a
success; what is asked by accident twice has one effect.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol
from uuid import uuid4

import pytest

from core.logistics.tracking import ParcelStatus
from core.shared.errors import Unavailable
from ports.carriers import Carrier, PostageAnswer, PostageOutcome, Rate, RateRequest
from ports.payments import WebhookRejected
from tests.contracts.carriers import CarrierContract, Stand, a_parcel

NOT_DONE = ("timeout_before_effect", "error_500_before_effect", "error_429")
DONE = ("timeout_after_effect", "error_500_after_effect", "half_body", "nonsense")
FAULTS = NOT_DONE + DONE
BOUGHT, REFUSED, UNKNOWN = PostageOutcome.PURCHASED, PostageOutcome.REFUSED, PostageOutcome.UNKNOWN
GIVEN_BACK = (PostageOutcome.VOIDED, PostageOutcome.VOID_REQUESTED)


class RemoteStand(Stand, Protocol):
    """A carrier that can be made to fail, and whose parcels can be scanned."""

    secrets: Sequence[str]

    def plant(self, operation: str, kind: str, seconds: int | None = None) -> None:
        """Let the next `rates`, `purchase`, `find`, `void` or `track` end as `kind` of `FAULTS` says; the next label be
        `late_label` by so many seconds, or `bad_label`."""
        ...

    def silence(self) -> None:
        """Let nothing be answered until `speak`."""
        ...

    def speak(self) -> None: ...

    def unserved(self) -> RateRequest:
        """A parcel that no service takes."""
        ...

    def unacceptable(self) -> RateRequest:
        """A parcel that is offered prices, but refused when it comes to buying."""
        ...

    def asked(self, reference: str) -> int:
        """How many requests to buy this shipment's postage the carrier has seen, whatever came of them."""
        ...

    def sold(self) -> int:
        """How many labels the account has been charged for."""
        ...

    def given_back(self, reference: str) -> int:
        """How often this shipment's postage was taken back, or is to be."""
        ...

    def scan(self, number: str) -> None:
        """Somebody at the carrier takes the parcel."""
        ...

    def webhook(self, number: str) -> tuple[dict[str, str], bytes]:
        """Headers and body of a genuine webhook about a parcel's latest news."""
        ...


def offer(stand: Stand, request: RateRequest | None = None) -> Rate:
    answer = stand.carrier.rates(request or a_parcel(), 5.0)
    assert answer.failed is None
    return min(answer.rates, key=lambda rate: rate.price.minor)


def buy(carrier: Carrier, rate: Rate) -> PostageAnswer:
    return carrier.purchase(rate.shipment_reference, rate.id, str(uuid4()))


def bought(stand: Stand) -> PostageAnswer:
    answer = buy(stand.carrier, offer(stand))
    assert answer.outcome is BOUGHT
    return answer


def number_of(answer: PostageAnswer) -> str:
    assert answer.tracking_number is not None
    return answer.tracking_number


def reference_of(answer: PostageAnswer) -> str:
    assert answer.reference is not None
    return answer.reference


class RemoteCarrierContract(CarrierContract):
    @pytest.fixture
    def stand(self) -> RemoteStand:
        raise NotImplementedError

    # -- rates ---------------------------------------------------------------------------------------------

    def test_offers_are_in_the_asked_currency_and_can_be_told_apart(self, stand: RemoteStand) -> None:
        answer = stand.carrier.rates(a_parcel(), 5.0)
        assert answer.failed is None
        assert len({(rate.carrier, rate.service) for rate in answer.rates}) == len(answer.rates) > 0
        assert {rate.price.currency for rate in answer.rates} == {"BRL"}
        assert all(rate.price.minor > 0 and rate.id and rate.shipment_reference for rate in answer.rates)
        assert stand.sold() == 0

    def test_no_offer_is_no_error(self, stand: RemoteStand) -> None:
        answer = stand.carrier.rates(stand.unserved(), 5.0)
        assert (list(answer.rates), answer.failed) == ([], None)
        assert answer.refusals
        assert all(refusal.text for refusal in answer.refusals)

    def test_prices_in_another_currency_are_no_offers(self, stand: RemoteStand) -> None:
        answer = stand.carrier.rates(a_parcel(currency="USD"), 5.0)
        assert (list(answer.rates), answer.failed) == ([], None)
        assert any("BRL" in refusal.text for refusal in answer.refusals)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_asking_for_prices_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        stand.plant("rates", kind)
        before = time.monotonic()
        answer = stand.carrier.rates(a_parcel(), 0.5)
        assert time.monotonic() - before < 1.5
        assert (list(answer.rates), list(answer.refusals), bool(answer.failed)) == ([], [], True)
        assert offer(stand).price.minor > 0

    # -- buying --------------------------------------------------------------------------------------------

    def test_postage_is_what_was_offered(self, stand: RemoteStand) -> None:
        rate = offer(stand)
        answer = buy(stand.carrier, rate)
        told = answer.outcome, answer.reference, answer.carrier, answer.service, answer.price
        assert told == (BOUGHT, rate.shipment_reference, rate.carrier, rate.service, rate.price)
        assert answer.tracking_number
        assert stand.carrier.find(rate.shipment_reference) == answer
        assert (stand.asked(rate.shipment_reference), stand.sold()) == (1, 1)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_buying_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        rate = offer(stand)
        stand.plant("purchase", kind)
        assert buy(stand.carrier, rate).outcome is UNKNOWN
        found = stand.carrier.find(rate.shipment_reference)
        assert (found.outcome, found.reference) == (BOUGHT if kind in DONE else REFUSED, rate.shipment_reference)
        assert (found.price == rate.price, bool(found.tracking_number)) == (kind in DONE, kind in DONE)
        assert (stand.asked(rate.shipment_reference), stand.sold()) == (1, int(kind in DONE))

    def test_what_is_bought_again_is_sold_once(self, stand: RemoteStand) -> None:
        rate = offer(stand)
        first = buy(stand.carrier, rate)
        assert buy(stand.carrier, rate).outcome in (BOUGHT, UNKNOWN)
        assert stand.carrier.find(rate.shipment_reference) == first
        assert stand.sold() == 1

    def test_two_at_once_are_sold_one(self, stand: RemoteStand) -> None:
        rate = offer(stand)
        with ThreadPoolExecutor(2) as pool:
            outcomes = {answer.outcome for answer in pool.map(lambda _: buy(stand.carrier, rate), range(2))}
        assert BOUGHT in outcomes
        assert outcomes <= {BOUGHT, UNKNOWN}
        assert stand.sold() == 1

    def test_a_refusal_is_in_the_carriers_words(self, stand: RemoteStand) -> None:
        rate = offer(stand, stand.unacceptable())
        answer = buy(stand.carrier, rate)
        assert (answer.outcome, bool(answer.reason), answer.tracking_number) == (REFUSED, True, None)
        assert stand.carrier.find(rate.shipment_reference).outcome is REFUSED
        assert (stand.asked(rate.shipment_reference), stand.sold()) == (1, 0)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_finding_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        answer = bought(stand)
        stand.plant("find", kind)
        assert stand.carrier.find(reference_of(answer)).outcome is UNKNOWN
        assert stand.carrier.find(reference_of(answer)) == answer

    def test_a_shipment_that_nobody_knows_is_a_doubt(self, stand: RemoteStand) -> None:
        assert stand.carrier.find("shp_nobody/../shipments").outcome is UNKNOWN

    # -- labels --------------------------------------------------------------------------------------------

    def test_the_label_is_a_paper(self, stand: RemoteStand) -> None:
        answer = bought(stand)
        assert answer.label_ready
        label = stand.carrier.label(reference_of(answer))
        assert label is not None
        assert label.media_type in ("application/pdf", "image/png")
        assert label.content.startswith((b"%PDF-", b"\x89PNG"))

    def test_a_label_that_is_still_drawn_is_there_later(self, stand: RemoteStand) -> None:
        stand.plant("label", "late_label", seconds=1)
        answer = bought(stand)
        assert (answer.label_ready, stand.carrier.label(reference_of(answer))) == (False, None)
        time.sleep(1.1)
        assert stand.carrier.find(reference_of(answer)).label_ready
        assert stand.carrier.label(reference_of(answer)) is not None

    def test_a_label_that_is_none_is_refused(self, stand: RemoteStand) -> None:
        stand.plant("label", "bad_label")
        answer = bought(stand)
        with pytest.raises(Unavailable, match="is none"):
            stand.carrier.label(reference_of(answer))

    @pytest.mark.parametrize("kind", FAULTS)
    def test_fetching_a_label_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        answer = bought(stand)
        stand.plant("find", kind)
        with pytest.raises(Unavailable):
            stand.carrier.label(reference_of(answer))
        assert stand.carrier.label(reference_of(answer)) is not None

    # -- giving back ---------------------------------------------------------------------------------------

    def test_postage_is_given_back_once(self, stand: RemoteStand) -> None:
        reference = reference_of(bought(stand))
        for _ in range(2):
            assert stand.carrier.void(reference).outcome in GIVEN_BACK
        assert stand.given_back(reference) == 1

    def test_what_was_scanned_is_not_given_back(self, stand: RemoteStand) -> None:
        answer = bought(stand)
        stand.scan(number_of(answer))
        assert stand.carrier.void(reference_of(answer)).outcome is PostageOutcome.VOID_REFUSED
        assert stand.given_back(reference_of(answer)) == 0

    def test_what_was_not_bought_is_not_given_back(self, stand: RemoteStand) -> None:
        answer = stand.carrier.void(offer(stand).shipment_reference)
        assert (answer.outcome, bool(answer.reason)) == (PostageOutcome.VOID_REFUSED, True)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_giving_back_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        reference = reference_of(bought(stand))
        stand.plant("void", kind)
        assert stand.carrier.void(reference).outcome is UNKNOWN
        assert stand.carrier.void(reference).outcome in GIVEN_BACK
        assert stand.given_back(reference) == 1

    # -- tracking ------------------------------------------------------------------------------------------

    def test_where_a_parcel_is(self, stand: RemoteStand) -> None:
        number = number_of(bought(stand))
        stand.scan(number)
        tracked = stand.carrier.track([number]).parcels[number]
        assert (tracked.known, tracked.tracking_number) == (True, number)
        assert [seen.status for seen in tracked.events] == [ParcelStatus.LABEL_CREATED, ParcelStatus.ACCEPTED]
        assert all(seen.raw_code and seen.local_time and seen.at for seen in tracked.events)

    def test_a_number_that_nobody_knows_is_no_error(self, stand: RemoteStand) -> None:
        known, nobody = number_of(bought(stand)), "QB999999999BR"
        answer = stand.carrier.track([nobody, known])
        assert answer.failed is None
        assert answer.parcels[known].known
        assert nobody not in answer.parcels or not answer.parcels[nobody].known

    def test_numbers_are_asked_for_as_people_type_them(self, stand: RemoteStand) -> None:
        number = number_of(bought(stand))
        typed = f"{number[:2]} {number[2:]}".lower()
        assert stand.carrier.track([typed]).parcels[typed].known

    def test_as_many_at_once_as_declared_and_no_more(self, stand: RemoteStand) -> None:
        most = stand.carrier.capabilities.max_track_batch
        known = number_of(bought(stand))
        numbers = [known] + [f"XX{place:09d}ZZ" for place in range(most)]
        answer = stand.carrier.track(numbers[:most])
        assert (answer.failed, answer.parcels[known].known) == (None, True)
        with pytest.raises(ValueError, match=str(most)):
            stand.carrier.track(numbers)

    @pytest.mark.parametrize("kind", FAULTS)
    def test_tracking_through_a_fault(self, stand: RemoteStand, kind: str) -> None:
        number = number_of(bought(stand))
        stand.plant("track", kind, seconds=7 if kind == "error_429" else None)
        answer = stand.carrier.track([number])
        assert (dict(answer.parcels), bool(answer.failed)) == ({}, True)
        assert answer.retry_after == (7 if kind == "error_429" else None)
        assert stand.carrier.track([number]).parcels[number].known

    # -- webhooks ------------------------------------------------------------------------------------------

    def test_a_genuine_webhook_tells_of_a_parcel(self, stand: RemoteStand) -> None:
        number = number_of(bought(stand))
        notice = stand.carrier.read_webhook(*stand.webhook(number))
        assert (notice.tracking_number, bool(notice.external_id), bool(notice.kind)) == (number, True, True)
        assert notice.tracked is not None
        assert notice.tracked.events == stand.carrier.track([number]).parcels[number].events

    def test_a_webhook_that_is_not_genuine_is_rejected(self, stand: RemoteStand) -> None:
        headers, body = stand.webhook(number_of(bought(stand)))
        forged = {name: value[:-1] + ("0" if value[-1] != "0" else "1") for name, value in headers.items()}
        odd = dict.fromkeys(headers, "\u0661")
        for told, content in ((headers, body + b" "), (forged, body), (odd, body), ({}, body), (headers, b"")):
            with pytest.raises(WebhookRejected):
                stand.carrier.read_webhook(told, content)

    # -- what nobody may see -------------------------------------------------------------------------------

    def test_silence_is_a_doubt_about_everything(self, stand: RemoteStand) -> None:
        rate, sold = offer(stand), bought(stand)
        stand.silence()
        assert stand.carrier.rates(a_parcel(), 5.0).failed
        assert stand.carrier.track([number_of(sold)]).failed
        asks: tuple[Callable[[], PostageAnswer], ...] = (
            lambda: buy(stand.carrier, rate),
            lambda: stand.carrier.find(reference_of(sold)),
            lambda: stand.carrier.void(reference_of(sold)),
        )
        assert [ask().outcome for ask in asks] == [UNKNOWN] * len(asks)
        stand.speak()
        assert (stand.asked(rate.shipment_reference), stand.sold()) == (1, 1)

    def test_secrets_stand_in_no_log_and_no_answer(self, stand: RemoteStand, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        told: list[object] = [stand.carrier, sold := bought(stand), stand.carrier.label(reference_of(sold))]
        stand.silence()
        told += [stand.carrier.rates(a_parcel(), 5.0), stand.carrier.void(reference_of(sold))]
        told += [stand.carrier.track([number_of(sold)])]
        with pytest.raises(WebhookRejected) as rejected:
            stand.carrier.read_webhook({}, b"{}")
        shown = "\n".join([*map(repr, told), str(rejected.value), caplog.text, *map(str, caplog.records)])
        assert caplog.records, "nothing was logged: this proves nothing"
        assert [secret for secret in stand.secrets if secret in shown] == []
