"""Scripted lives of parcels: what is seen of one, hour by hour after its label was bought. Pure data.

Statuses and details: https://docs.easypost.com/docs/trackers (`status`, `status_detail`).
"""

from __future__ import annotations

from dataclasses import dataclass

ORIGIN, HUB, DESTINATION = "origin", "hub", "destination"


@dataclass(frozen=True, slots=True)
class Step:
    """hours: of business time after the purchase, for a service of one day; others stretch them."""

    hours: float
    status: str
    detail: str
    code: str
    message: str
    place: str


_POSTED = (
    Step(0, "pre_transit", "label_created", "PRE", "Etiqueta emitida", ORIGIN),
    Step(5, "in_transit", "received_at_origin_facility", "PO/01", "Objeto postado", ORIGIN),
    Step(9, "in_transit", "departed_origin_facility", "DO/01", "Objeto encaminhado", ORIGIN),
    Step(15, "in_transit", "arrived_at_facility", "RO/01", "Objeto em trânsito", HUB),
    Step(20, "in_transit", "arrived_at_destination", "DO/02", "Objeto recebido na unidade", DESTINATION),
)
_OUT = Step(24, "out_for_delivery", "out_for_delivery", "OEC/01", "Objeto saiu para entrega", DESTINATION)
_DELIVERED = Step(29, "delivered", "arrived_at_destination", "BDE/01", "Objeto entregue ao destinatário", DESTINATION)
_ATTEMPT = Step(29, "failure", "delivery_exception", "BDE/20", "Destinatário ausente", DESTINATION)
_OUT_AGAIN = Step(48, "out_for_delivery", "out_for_delivery", "OEC/01", "Objeto saiu para entrega", DESTINATION)
_RETURNING = Step(54, "return_to_sender", "return", "BDE/21", "Objeto em devolução ao remetente", DESTINATION)

LIVES: dict[str, tuple[Step, ...]] = {
    "delivered": (*_POSTED, _OUT, _DELIVERED),
    "second_attempt": (
        *_POSTED,
        _OUT,
        _ATTEMPT,
        _OUT_AGAIN,
        Step(53, "delivered", "arrived_at_destination", "BDE/01", "Objeto entregue ao destinatário", DESTINATION),
    ),
    "returned": (
        *_POSTED,
        _OUT,
        _ATTEMPT,
        _OUT_AGAIN,
        Step(53, "failure", "delivery_exception", "BDE/20", "Destinatário ausente", DESTINATION),
        _RETURNING,
        Step(70, "return_to_sender", "in_transit", "RO/09", "Objeto em trânsito ao remetente", HUB),
        Step(90, "return_to_sender", "received_at_origin_facility", "BDE/23", "Objeto devolvido ao remetente", ORIGIN),
    ),
    "collected": (
        *_POSTED,
        Step(26, "available_for_pickup", "arrived_at_pickup_location", "LDI/01", "Aguardando retirada", DESTINATION),
        Step(60, "delivered", "arrived_at_destination", "BDE/70", "Objeto retirado pelo destinatário", DESTINATION),
    ),
    "delayed": (
        *_POSTED,
        Step(30, "in_transit", "delayed", "RO/45", "Atraso no transporte", HUB),
        Step(70, "out_for_delivery", "out_for_delivery", "OEC/01", "Objeto saiu para entrega", DESTINATION),
        Step(75, "delivered", "arrived_at_destination", "BDE/01", "Objeto entregue ao destinatário", DESTINATION),
    ),
    "lost": (*_POSTED[:4], Step(120, "failure", "lost", "BDE/80", "Objeto não localizado", HUB)),
    "refused": (
        *_POSTED,
        _OUT,
        Step(29, "return_to_sender", "refused", "BDE/22", "Recusado pelo destinatário", DESTINATION),
        Step(60, "return_to_sender", "received_at_origin_facility", "BDE/23", "Objeto devolvido ao remetente", ORIGIN),
    ),
    "delivered_in_error": (
        *_POSTED,
        _OUT,
        _DELIVERED,
        Step(40, "return_to_sender", "return", "BDE/21", "Entregue por engano, em devolução", DESTINATION),
        Step(60, "return_to_sender", "received_at_origin_facility", "BDE/23", "Objeto devolvido ao remetente", ORIGIN),
    ),
    "held": (
        *_POSTED[:4],
        Step(24, "in_transit", "held", "PAR/17", "Retido para fiscalização", HUB),
        Step(72, "out_for_delivery", "out_for_delivery", "OEC/01", "Objeto saiu para entrega", DESTINATION),
        Step(78, "delivered", "arrived_at_destination", "BDE/01", "Objeto entregue ao destinatário", DESTINATION),
    ),
    "silent": (_POSTED[0],),
}


def due_at(life: str, step: int, bought_at: int, days: int) -> int | None:
    """When a life's step number `step` happens, in seconds of business time; None after the last."""
    steps = LIVES[life]
    return None if step >= len(steps) else bought_at + int(steps[step].hours * 3600 * max(1, days * 0.8))
