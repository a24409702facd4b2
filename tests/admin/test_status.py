"""The one table of states is total, and says who has to act."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel

from admin.status import DERIVED, STATUSES, UnknownStatus, shown_fulfilment, shown_payment, status
from core.logistics.batch import BatchState
from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.tracking import ParcelStatus

# The axes of docs/domain.md, written out once more so that a state added there is missed here.
AXES = {
    "order": "draft open cancelled archived",
    "payment": "awaiting authorised partially_paid paid overpaid partially_refunded refunded disputed voided expired",
    "fulfilment": "unfulfilled partially_fulfilled fulfilled in_transit delivered",
    "return": "none requested in_transit received closed",
    "delivery": "waiting leased done dead discarded",
    "product": "draft published archived",
}
SHIPPING = {"shipment": FulfilmentState, "label": LabelState, "parcel": ParcelStatus, "batch": BatchState}
IMPORT_JOB = "checking checked applying done failed cancelled"
EXCEPTION = "open waiting resolved reopened"


@pytest.mark.parametrize("axis", AXES)
def test_each_axis_has_exactly_its_states(axis: str) -> None:
    assert set(STATUSES[axis]) == set(AXES[axis].split())


@pytest.mark.parametrize("axis", SHIPPING)
def test_shipping_has_exactly_the_states_of_its_machines(axis: str) -> None:
    assert set(STATUSES[axis]) == {str(state) for state in SHIPPING[axis]}


def test_jobs_and_exceptions_have_all_their_states() -> None:
    assert set(IMPORT_JOB.split()) <= set(STATUSES["import"])
    assert set(EXCEPTION.split()) <= set(STATUSES["exception"])


def test_a_derived_word_is_never_a_state() -> None:
    for axis, derived in DERIVED.items():
        assert not derived.keys() & STATUSES[axis].keys()


def test_an_unknown_state_is_refused_by_name() -> None:
    with pytest.raises(UnknownStatus, match="payment: stolen"):
        status("payment", "stolen")


@pytest.mark.parametrize(
    ("axis", "loud"),
    [
        ("order", {"on_hold"}),
        ("payment", {"authorised", "partially_paid", "overpaid", "disputed"}),
        ("fulfilment", {"partially_fulfilled", "to_ship", "delivery_problem"}),
        ("return", {"requested", "received"}),
    ],
)
def test_loud_is_what_somebody_has_to_act_on(axis: str, loud: set[str]) -> None:
    known = {**STATUSES[axis], **DERIVED.get(axis, {})}
    assert {state for state, look in known.items() if look.loud} == loud


def test_only_loud_states_are_warning_or_critical() -> None:
    for table in (STATUSES, DERIVED):
        for axis, states in table.items():
            for state, look in states.items():
                assert look.loud or look.tone in {"neu", "ok"}, f"{axis}: {state}"


def test_words_are_those_of_the_design() -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        assert str(status("payment", "partially_refunded").word) == "Part refunded"
        assert str(status("fulfilment", "to_ship").word) == "To ship"
        assert str(status("product", "published").word) == "On sale"


def test_what_is_paid_open_and_unfulfilled_is_to_ship() -> None:
    assert shown_fulfilment("unfulfilled", order="open", payment="paid") == "to_ship"
    assert shown_fulfilment("unfulfilled", order="open", payment="awaiting") == "unfulfilled"
    assert shown_fulfilment("unfulfilled", order="cancelled", payment="paid") == "unfulfilled"
    assert shown_fulfilment("unfulfilled", order="open", payment="paid", travels=False) == "unfulfilled"
    assert shown_fulfilment("delivered", order="open", payment="paid") == "delivered"


def test_an_awaited_payment_says_by_which_method() -> None:
    assert shown_payment("awaiting", "pix") == "awaiting_pix"
    assert shown_payment("awaiting", "card") == "awaiting"
    assert shown_payment("paid", "pix") == "paid"
