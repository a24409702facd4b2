"""Give back the money that an exception is about: asked of the provider once, and told truthfully."""

from __future__ import annotations

from flask_babel import gettext as _

from admin import exception_words
from admin.context import person, run
from core.aftersales.refunding import RefundImpossible
from core.aftersales.use_cases.refund_exception import RefundException, refund_exception
from core.aftersales.use_cases.refund_order import RefundRefused
from core.payments.errors import OverRefund
from core.payments.lifecycle import Outcome
from ports.reconciliation import ExceptionRow


def refund(row: ExceptionRow, reason: str, version: int | None) -> tuple[str, str]:
    """Refund it; what to say then, and in which tone.

    Raises TransitionRefused, ChangedSince, ApprovalNeeded; what the money itself speaks against is said, not raised.
    """
    what = exception_words.title(row)
    try:
        outcome = run(refund_exception, RefundException(row.id, reason, person().name, version), reason=reason)
    except (RefundImpossible, OverRefund):
        return _("This is more than is left of its payment. Nothing was refunded."), "crit"
    except RefundRefused as refusal:
        return _("The provider refuses this refund: %(why)s", why=refusal.message), "crit"
    if outcome is Outcome.UNKNOWN:
        return _("The provider has not answered yet. It is asked again by itself; this stays open until then."), "warn"
    if outcome is Outcome.PENDING:
        return _("%(what)s: the provider has taken the refund on.", what=what), "ok"
    return _("%(what)s: refunded.", what=what), "ok"
