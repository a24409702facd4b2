"""What carriers answered at the checkout, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.json import plain
from adapters.postgres.session import Session
from adapters.postgres.tables.cart import carrier_answers
from adapters.postgres.tables.logistics import carrier_accounts
from core.cart.carrier_answers import CarrierAnswer, CarrierPrice
from core.shared.ids import CarrierAccountId
from core.shared.money import Money

_a = carrier_answers.c
_PLACED = (
    sa.select(
        carrier_answers,
        sa.func.row_number()
        .over(partition_by=(_a.account_id, _a.failed.is_(None)), order_by=(_a.asked_at.desc(), _a.id.desc()))
        .label("place"),
    )
    .join(
        carrier_accounts,
        sa.and_(
            carrier_accounts.c.store_id == _a.store_id,
            carrier_accounts.c.id == _a.account_id,
            carrier_accounts.c.enabled,
        ),
    )
    .where(_a.question == sa.bindparam("question"), _a.asked_at > sa.bindparam("since"))
    .subquery()
)
_KNOWN = sa.select(_PLACED).where(
    sa.or_(_PLACED.c.place == 1, _PLACED.c.id == sa.bindparam("wanted", type_=sa.UUID(as_uuid=True)))
)


class PostgresCarrierAnswers:
    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, question: str, since: datetime, wanted: UUID | None = None) -> Sequence[CarrierAnswer]:
        rows = self._session.rows(_KNOWN, {"question": question, "since": since, "wanted": wanted})
        return [_to_answer(row) for row in rows]

    def add(self, answers: Sequence[CarrierAnswer]) -> None:
        rows = [{"store_id": self._session.store_id, **_values(answer)} for answer in answers]
        self._session.write(sa.insert(carrier_answers).values(rows))


def _values(answer: CarrierAnswer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "account_id": answer.account_id,
        "question": answer.question,
        "asked_at": answer.asked_at,
        "failed": answer.failed,
        "prices": plain(answer.prices),
        "refusals": list(answer.refusals),
    }


def _to_answer(row: sa.RowMapping) -> CarrierAnswer:
    return CarrierAnswer(
        id=row["id"],
        account_id=CarrierAccountId(row["account_id"]),
        question=row["question"],
        asked_at=row["asked_at"],
        prices=tuple(_to_price(document) for document in row["prices"]),
        failed=row["failed"],
        refusals=tuple(row["refusals"]),
    )


def _to_price(document: dict[str, Any]) -> CarrierPrice:
    days = document["days"]
    return CarrierPrice(
        carrier=document["carrier"],
        service=document["service"],
        price=Money(document["price"]["amount"], document["price"]["currency"]),
        days=None if days is None else (days[0], days[1]),
        rate_id=document["rate_id"],
        shipment_reference=document["shipment_reference"],
    )
