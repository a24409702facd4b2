"""Settlements in words: parts of a payout, kinds of lines, why a line and a payment belong together."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from admin.order_words import method, order_number, provider
from core.reconciliation.candidates import Reason
from core.reconciliation.rules import MatchPass, Trigger
from ports.payouts import PartKind, PayoutLine, PayoutPart
from ports.settlements import LineCategory

PARTS: Mapping[PartKind, LazyString] = {
    PartKind.SALES: _l("Sales"),
    PartKind.FEES: _l("Processing fees"),
    PartKind.REFUNDS: _l("Refunds"),
    PartKind.REFUND_FAILURES: _l("Refunds that came back"),
    PartKind.DISPUTES: _l("Disputes"),
    PartKind.DISPUTE_FEES: _l("Dispute fees"),
    PartKind.RESERVES: _l("Reserves"),
    PartKind.RETURNED: _l("Payout came back"),
    PartKind.ADJUSTMENTS: _l("Adjustments"),
    PartKind.DUPLICATES: _l("Lines told twice"),
    PartKind.REMAINDER: _l("Remainder nobody can name"),
}

CATEGORIES: Mapping[LineCategory, LazyString] = {
    LineCategory.CHARGE: _l("Sale"),
    LineCategory.CAPTURE_REVERSAL: _l("Sale let go"),
    LineCategory.REFUND: lazy_pgettext("settlement", "Refund"),
    LineCategory.REFUND_FAILURE: _l("Refund came back"),
    LineCategory.DISPUTE: _l("Dispute"),
    LineCategory.DISPUTE_REVERSAL: _l("Dispute given back"),
    LineCategory.FEE: _l("Fee"),
    LineCategory.PAYOUT: _l("Payout"),
    LineCategory.PAYOUT_REVERSAL: _l("Payout came back"),
    LineCategory.RESERVE: _l("Reserve held"),
    LineCategory.RESERVE_RELEASE: _l("Reserve released"),
    LineCategory.OTHER: _l("New kind of line"),
}

PASSES: Mapping[MatchPass, LazyString] = {
    MatchPass.PROVIDER_REFERENCE: _l("Provider's reference"),
    MatchPass.MERCHANT_REFERENCE: _l("Our reference"),
    MatchPass.AMOUNT_AND_DATE: _l("Amount and date, each the only one"),
}

TRIGGERS: Mapping[Trigger, LazyString] = {
    Trigger.EVENT: _l("Word from the provider"),
    Trigger.SCHEDULE: _l("Every night"),
    Trigger.BUTTON: lazy_pgettext("trigger", "By hand"),
    Trigger.COMMAND: _l("Command line"),
}

REASONS: Mapping[Reason, LazyString] = {
    Reason.SAME_AMOUNT: _l("same amount"),
    Reason.SAME_DAY: _l("same day"),
    Reason.SAME_METHOD: _l("same method"),
    Reason.SAME_REFERENCE: _l("same reference"),
    Reason.SAME_ACCOUNT: _l("same account"),
    Reason.OTHER_AMOUNT: _l("another amount"),
    Reason.OTHER_DAY: _l("another day"),
    Reason.OTHER_METHOD: _l("another method"),
    Reason.MATCHED_ALREADY: _l("explains another line"),
    Reason.CANCELLED: _l("came to nothing"),
}


def part_name(part: PayoutPart) -> str:
    """A row of the explanation: sales say by which method."""
    if part.kind is PartKind.SALES and part.method:
        return str(_("%(method)s sales", method=method(part.method)))
    return str(PARTS[part.kind])


def line_name(line: PayoutLine) -> str:
    """What a line of the provider is about: "Pix sale"; one that no rule knows keeps the provider's word."""
    if line.category is LineCategory.OTHER:
        return line.raw_category
    if line.category is LineCategory.CHARGE and line.method:
        return str(_("%(method)s sale", method=method(line.method)))
    return str(CATEGORIES[line.category])


def ours_name(line: PayoutLine) -> str:
    """What our books have beside the line: the order, where there is one."""
    what = str(CATEGORIES[line.category])
    return f"{order_number(line.order_number)}, {what.lower()}" if line.order_number else what


def pass_name(word: str) -> str:
    """Why two belong together, by the word of the pass; one of another release shows its own."""
    return str(_PASS_WORDS.get(word, word))


def provider_name(name: str) -> str:
    """The provider as the head of a column: "Stripe"."""
    return str(provider(name)).capitalize() if name == "manual" else provider(name)


def short(reference: str) -> str:
    """A reference that fits into a cell: the middle of a long one is left out."""
    return reference if len(reference) <= _FITS else f"{reference[:8]}…{reference[-6:]}"


_FITS = 18
_PASS_WORDS: Mapping[str, LazyString] = {name.value: word for name, word in PASSES.items()}
