"""The demo's finance: settlements compared every night, exceptions decided every week, days closed after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.aftersales.use_cases.refund_exception import RefundException, refund_exception
from core.identity.roles import Role
from core.ledger.use_cases.close_day import CloseDay, close_day
from core.reconciliation.approvals import Decision
from core.reconciliation.kinds import ExceptionKind
from core.reconciliation.queries import GetException, ListExceptions, list_exceptions, list_proposals
from core.reconciliation.use_cases.ask_approval import AskApproval, ask_approval
from core.reconciliation.use_cases.assign_exception import AssignException, assign_exception
from core.reconciliation.use_cases.comment_on_exception import CommentOnException, comment_on_exception
from core.reconciliation.use_cases.decide_approval import DecideApproval, decide_approval
from core.reconciliation.use_cases.resolve_exception import ResolveException, resolve_exception
from core.reconciliation.use_cases.write_off_exception import WriteOffException, write_off_exception
from core.shared.context import CallContext
from core.shared.ids import StaffId
from jobs.demo_shop.agenda import ZONE, Story, next_day
from jobs.demo_shop.errands import NIGHTLY, Errands
from jobs.demo_shop.store import DemoShop
from ports.paging import PageRequest
from ports.reconciliation import ExceptionRow

CLOSED_AFTER = timedelta(days=10)  # what is open by then is decided, and the days are closed
MONDAY = 0

_PREFERRED = (Decision.REFUND, Decision.WRITE_OFF, Decision.RESOLVE)
_WORDS: dict[ExceptionKind, str] = {
    ExceptionKind.FEE_MISMATCH: "Tarifa da semana da promoção; o Stripe não devolve.",
    ExceptionKind.DUPLICATE_PROVIDER_LINE: "Lançado duas vezes no Stripe; estornado no repasse seguinte.",
    ExceptionKind.MISSING_AT_PROVIDER: "Chamado 48812: o Stripe confirma que o valor não foi liquidado.",
    ExceptionKind.UNEXPECTED_ADJUSTMENT: "Ajuste do adquirente sem contrapartida.",
    ExceptionKind.DISPUTE_LOST: "Banco deu razão ao titular.",
    ExceptionKind.DISPUTE_WON: "Comprovante de entrega aceito pelo banco.",
    ExceptionKind.PAYOUT_SHORT: "Diferença cobrada do banco e creditada por fora.",
}
_OTHERWISE = "Conferido com o extrato."


@dataclass(slots=True)
class CountingRoom:
    """Finance and, where it takes two, the owner."""

    shop: DemoShop
    errands: Errands

    @property
    def finance(self) -> CallContext:
        return self.shop.staff[Role.FINANCE]

    def nights(self) -> Story:
        """What the schedule does of itself, once a night."""
        while True:
            yield next_day(self.shop.clock.now(), 4, 30)
            self.errands.deliver()
            self.errands.do(*NIGHTLY)
            self.errands.deliver()

    def mondays(self) -> Story:
        """Decide what is old enough, then close its days."""
        while True:
            yield next_day(self.shop.clock.now(), 10)
            if self.shop.clock.now().astimezone(ZONE).weekday() == MONDAY:
                before = self.shop.clock.now() - CLOSED_AFTER
                for row in self._open(before):
                    self._decide(row)
                self._close(before)

    def hand_out(self) -> None:
        """What is open goes to somebody by value: the largest to finance with a word, the next waits for the owner."""
        finance, owner = self.finance, self.shop.staff[Role.OWNER]
        for at, row in enumerate(self._open(self.shop.clock.now())):
            if at == 0:
                self._assign(row, finance)
                words = CommentOnException(row.id, "Pedi o extrato detalhado ao provedor, chamado 49120.")
                self.shop.run(comment_on_exception, words, finance)
            elif at == 1:
                self._assign(row, owner)
            elif at == 2:
                wish = AskApproval(row.id, Decision.RESOLVE, _words(row), "Pode conferir comigo?")
                self.shop.run(ask_approval, wish, finance)

    def _open(self, before: datetime) -> Sequence[ExceptionRow]:
        wanted = ListExceptions(before=before, page=PageRequest(limit=100))
        rows: Sequence[ExceptionRow] = self.shop.read(list_exceptions, wanted, self.finance).rows
        return rows

    def _assign(self, row: ExceptionRow, to: CallContext) -> None:
        assignee = StaffId(to.actor.id) if to.actor.id else None
        self.shop.run(assign_exception, AssignException(row.id, assignee, to.actor_label), self.finance)

    def _close(self, before: datetime) -> None:
        day = before.astimezone(ZONE).date() - timedelta(days=1)
        self.shop.run(close_day, CloseDay(day, self.finance.actor_label or ""), self.finance)

    def _decide(self, row: ExceptionRow) -> None:
        """The first of refund, write-off and explanation that can be done; above the limit with the owner's word."""
        possible = {one.decision: one for one in self.shop.read(list_proposals, GetException(row.id), self.finance)}
        chosen = next(possible[one] for one in _PREFERRED if one in possible)
        if chosen.needs_approval:
            wish = AskApproval(row.id, chosen.decision, _words(row), "Acima do limite.")
            approval = self.shop.run(ask_approval, wish, self.finance)
            self.shop.run(decide_approval, DecideApproval(approval, True, "De acordo."), self.shop.staff[Role.OWNER])
            if chosen.decision is not Decision.REFUND:
                return
        self._carry_out(row, chosen.decision)

    def _carry_out(self, row: ExceptionRow, decision: Decision) -> None:
        words = _words(row)
        if decision is Decision.REFUND:
            support = self.shop.staff[Role.SUPPORT]
            self.shop.run(refund_exception, RefundException(row.id, words, support.actor_label or ""), support)
        elif decision is Decision.WRITE_OFF:
            self.shop.run(write_off_exception, WriteOffException(row.id, words), self.finance)
        else:
            self.shop.run(resolve_exception, ResolveException(row.id, words), self.finance)


def _words(row: ExceptionRow) -> str:
    return _WORDS.get(row.kind, _OTHERWISE)
