"""What carriers answered about prices at the checkout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.cart.carrier_answers import CarrierAnswer


class CarrierAnswerRepository(Protocol):
    """Answers to the bound store's questions."""

    def known(self, question: str, since: datetime, wanted: UUID | None = None) -> Sequence[CarrierAnswer]:
        """Of each enabled account the last answer and the last failure to answer after `since`, and the answer
        `wanted` if it is one to that question; in one statement.

        :param question: the key of a DeliveryQuestion
        """
        ...

    def add(self, answers: Sequence[CarrierAnswer]) -> None:
        """Keep new answers, in one statement."""
        ...
