"""The provider's books as figures: what of each item it still owes, what it kept, what it sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.shop import Shop

_SOURCES = {"refund": "refund", "refund_failure": "refund", "dispute": "dispute", "dispute_reversal": "dispute"}


@dataclass
class Settlement:
    """The account's lines and payouts as the provider's books have them."""

    books: dict[str, Any]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Without those of payouts themselves."""
        return [line for line in self.books["balance_transactions"] if line["reporting_category"] != "payout"]

    @property
    def fees(self) -> int:
        return sum(line["fee"] for line in self.lines if line["reporting_category"] != "dispute")

    @property
    def paid_out(self) -> int:
        return int(self.books["settlement"]["paid_out"])

    @property
    def balance(self) -> int:
        return int(self.books["settlement"]["balance"])

    def unsettled(self, shop: Shop) -> dict[str, int]:
        """By the item under which our clearing must have it: what is in no payout that arrived."""
        failed = {payout["id"] for payout in self.books["payouts"] if payout["status"] == "failed"}
        carried_by = {line["source"]: line["payout"] for line in self.lines
                      if line["reporting_category"] == "payout_reversal"}  # fmt: skip
        names, open_ = self._names(shop), Counter[str]()
        for line in self.lines:
            payout = line["payout"]
            while payout in failed:
                payout = carried_by[payout]
            if payout is None and line["reporting_category"] != "payout_reversal":
                open_[names[_key(line)]] += line["net"]
        return {item: minor for item, minor in open_.items() if minor}

    @staticmethod
    def _names(shop: Shop) -> dict[str, str]:
        """Our items by the provider's references."""
        rows = shop.sql(
            "SELECT provider_reference AS theirs, 'payment:' || id AS ours FROM payments"
            " UNION ALL SELECT provider_reference, 'refund:' || id FROM payment_operations WHERE kind = 'refund'"
            " UNION ALL SELECT reference, 'dispute:' || id FROM disputes"
        )
        return {row["theirs"]: row["ours"] for row in rows if row["theirs"]}


def _key(line: dict[str, Any]) -> str:
    """What the provider's line is about."""
    return str(line["source"] if line["reporting_category"] in _SOURCES else line["payment_intent"])
