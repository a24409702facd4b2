"""Stories of orders: how each was paid, what went wrong with its money, and what became of its goods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.aftersales.use_cases.cancel_order import CancelOrder, ExpireOrder, cancel_order, expire_order
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.checkout.errors import Declined
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.identity.roles import Role
from core.logistics.tracking import ParcelStatus
from core.orders.use_cases.add_note import AddNote, add_note
from jobs.demo_shop.agenda import Story, next_day
from jobs.demo_shop.outside import Outside
from jobs.demo_shop.packing import PackingRoom
from jobs.demo_shop.store import DemoShop
from jobs.demo_shop.till import Till
from ports.orders import OrderDetail

_NOTES = (
    "Cliente pediu embrulho para presente, sem nota de preço na caixa.",
    "Ligou perguntando o prazo; confirmei pelo telefone.",
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What the provider gets wrong about a payment: a kind of `sandbox plant`, and by how many minor units."""

    kind: str
    amount: int | None = None


@dataclass(slots=True)
class Stories:
    """Each method is a story: `life` is what its parcel is to live, `wrong` what the provider gets wrong."""

    shop: DemoShop
    till: Till
    packing: PackingRoom

    @property
    def outside(self) -> Outside:
        return self.shop.accounts.outside

    def _later(self, **span: float) -> datetime:
        return self.shop.clock.now() + timedelta(**span)

    # -- paid, and sent ------------------------------------------------------------------------------------

    def card(self, life: str, wrong: Wrong | None) -> Story:
        self._card(life, wrong)
        yield from ()

    def card_after_decline(self, life: str, _wrong: Wrong | None) -> Story:
        token = self.till.cart()
        reference = self.till.pay(token, "card")
        self.outside.act(reference, "decline")
        try:
            self.till.complete(token)
        except Declined:
            self.outside.act(reference, "approve")
        self.packing.hand(self.till.complete(token).id, life)
        yield from ()

    def pix(self, life: str, wrong: Wrong | None) -> Story:
        self._pix(life, wrong)
        yield from ()

    def boleto(self, life: str, wrong: Wrong | None) -> Story:
        """Paid at a bank on the next working morning; word of it comes on the one after."""
        order, reference = self._placed("boleto")
        yield next_day(self.shop.clock.now(), 11, working=True)
        self.outside.act(reference, "pay_boleto")
        yield next_day(self.shop.clock.now(), 8, 10, working=True)
        self._settle(order)
        self._err(reference, wrong)
        self.packing.hand(order.id, life)

    def transfer(self, life: str, _wrong: Wrong | None) -> Story:
        order = self._by_hand("bank_transfer")
        yield self._later(hours=20)
        wish = RecordPayment(order.id, order.payments[0].id, order.total, "demo")
        self.shop.run(record_payment, wish, self.shop.staff[Role.MANAGER])
        self.packing.hand(order.id, life)

    def cash(self, _life: str, _wrong: Wrong | None) -> Story:
        """Paid to a courier of the town, whose number somebody types and who is asked by telephone."""
        order = self._by_hand("cash_on_delivery")
        yield next_day(self.shop.clock.now(), 11)
        parcel_id = self.packing.send_by_hand(order.id, "Motoboy Curitiba", f"MB-{order.number}")
        yield self._later(hours=7)
        self.packing.report(parcel_id, ParcelStatus.DELIVERED, "Entregue em mãos")
        wish = RecordPayment(order.id, order.payments[0].id, order.total, "demo")
        self.shop.run(record_payment, wish, self.shop.staff[Role.MANAGER])

    def card_in_two(self, _life: str, _wrong: Wrong | None) -> Story:
        """One piece goes at once, the rest follows."""
        order, _ = self._approved(lines=2)
        self.packing.send_part(order.id, order.lines[0].id)
        yield from ()

    def card_label_voided(self, _life: str, _wrong: Wrong | None) -> Story:
        self.packing.label_and_void(self._card(None).id)
        yield from ()

    def card_label_ready(self, _life: str, _wrong: Wrong | None) -> Story:
        self.packing.label(self._card(None).id)
        yield from ()

    # -- money back ----------------------------------------------------------------------------------------

    def card_refunded(self, life: str, wrong: Wrong | None) -> Story:
        """The customer changes their mind after the goods came."""
        order = self._card(life, wrong)
        yield self._later(days=9)
        self._refund_all(order, "Desistência em 7 dias")

    def card_part_refunded(self, life: str, _wrong: Wrong | None) -> Story:
        order = self._card(life)
        yield self._later(days=8)
        self._refund_one(order, "Peça lascada no transporte")
        self._note(order, "Caneca chegou lascada, foto no e-mail. Devolvido o valor de uma peça.")

    def card_cancelled(self, _life: str, _wrong: Wrong | None) -> Story:
        order = self._card(None)
        yield self._later(hours=2)
        wish = CancelOrder(order.id, "Cliente comprou a cor errada", "demo")
        self.shop.run(cancel_order, wish, self.shop.staff[Role.SUPPORT])
        self._refund_all(order, "Pedido cancelado")

    def pix_refunded(self, life: str, _wrong: Wrong | None) -> Story:
        """One piece is sold out: its money goes back before the rest is sent. A Pix refund is not instant."""
        order = self._pix(None)
        self._refund_one(order, "Peça em falta no estoque")
        yield self._later(hours=1)
        self._settle(order)
        if any(line.quantity > 1 for line in order.lines) or len(order.lines) > 1:
            self.packing.hand(order.id, life)

    def card_disputed(self, life: str, _wrong: Wrong | None) -> Story:
        yield from self._disputed(life, "product_not_received", None)

    def card_dispute_won(self, life: str, _wrong: Wrong | None) -> Story:
        yield from self._disputed(life, "unrecognized", "win")

    def card_dispute_lost(self, life: str, _wrong: Wrong | None) -> Story:
        yield from self._disputed(life, "fraudulent", "lose")

    def _disputed(self, life: str, reason: str, end: str | None) -> Story:
        order, reference = self._approved()
        self.packing.hand(order.id, life)
        yield self._later(days=12)
        dispute = self.outside.dispute(reference, reason)
        yield self._later(days=2)
        self.outside.decide(dispute, "answer")
        if end is not None:
            yield self._later(days=7)
            self.outside.decide(dispute, end)

    # -- money that does not fit ---------------------------------------------------------------------------

    def pix_expired(self, _life: str, _wrong: Wrong | None) -> Story:
        order, _ = self._placed("pix")
        yield from self._expires(order, hours=1)

    def pix_late(self, _life: str, _wrong: Wrong | None) -> Story:
        order, reference = self._placed("pix")
        yield from self._expires(order, hours=1)
        self.outside.act(reference, "pay_pix")
        self._settle(order)

    def pix_twice(self, life: str, _wrong: Wrong | None) -> Story:
        order, reference = self._placed("pix")
        for _ in range(2):
            self.outside.act(reference, "pay_pix")
        self._settle(order)
        self.packing.hand(order.id, life)
        yield from ()

    def pix_over(self, life: str, _wrong: Wrong | None) -> Story:
        order, reference = self._placed("pix")
        self.outside.act(reference, "pay_pix", amount=order.total.minor + 1_000)
        self._settle(order)
        self.packing.hand(order.id, life)
        yield from ()

    def pix_under(self, _life: str, _wrong: Wrong | None) -> Story:
        order, reference = self._placed("pix")
        self.outside.act(reference, "pay_pix", amount=order.total.minor - 500)
        self._settle(order)
        yield from ()

    def boleto_expired(self, _life: str, _wrong: Wrong | None) -> Story:
        """Nobody pays: the nightly sweep lets the order go."""
        self._placed("boleto")
        yield from ()

    def transfer_expired(self, _life: str, _wrong: Wrong | None) -> Story:
        yield from self._expires(self._by_hand("bank_transfer"), hours=24 * 5 + 1)

    def pix_waiting(self, _life: str, _wrong: Wrong | None) -> Story:
        self._placed("pix")
        yield from ()

    def boleto_waiting(self, _life: str, _wrong: Wrong | None) -> Story:
        self._placed("boleto")
        yield from ()

    def transfer_waiting(self, _life: str, _wrong: Wrong | None) -> Story:
        self._by_hand("bank_transfer")
        yield from ()

    # -- parts ---------------------------------------------------------------------------------------------

    def _card(self, life: str | None, wrong: Wrong | None = None) -> OrderDetail:
        order, reference = self._approved()
        self._err(reference, wrong)
        if life is not None:
            self.packing.hand(order.id, life)
        if order.number % 7 == 0:
            self._note(order, _NOTES[order.number % len(_NOTES)])
        return order

    def _approved(self, lines: int | None = None) -> tuple[OrderDetail, str]:
        token = self.till.cart(lines)
        reference = self.till.pay(token, "card")
        self.outside.act(reference, "approve")
        return self.till.complete(token), reference

    def _pix(self, life: str | None, wrong: Wrong | None = None) -> OrderDetail:
        order, reference = self._placed("pix")
        self.outside.act(reference, "pay_pix")
        self._settle(order)
        self._err(reference, wrong)
        if life is not None:
            self.packing.hand(order.id, life)
        return self.till.order(order.id)

    def _placed(self, method: str) -> tuple[OrderDetail, str]:
        token = self.till.cart()
        reference = self.till.pay(token, method)
        return self.till.complete(token), reference

    def _by_hand(self, method: str) -> OrderDetail:
        return self._placed(method)[0]

    def _err(self, reference: str, wrong: Wrong | None) -> None:
        if wrong is not None:
            self.outside.err(wrong.kind, reference, wrong.amount)

    def _settle(self, order: OrderDetail) -> None:
        self.shop.run(settle_payment, SettlePayment(order.payments[0].id))

    def _expires(self, order: OrderDetail, hours: int) -> Story:
        yield self._later(hours=hours)
        self.shop.run(expire_order, ExpireOrder(order.id))
        yield self._later(minutes=7)

    def _refund_all(self, order: OrderDetail, note: str) -> None:
        quantities = {line.id: line.quantity for line in order.lines}
        self._refund(RefundOrder(order.id, order.payments[0].id, "demo", quantities, order.shipping, note=note))

    def _refund_one(self, order: OrderDetail, note: str) -> None:
        self._refund(RefundOrder(order.id, order.payments[0].id, "demo", {order.lines[0].id: 1}, note=note))

    def _refund(self, wish: RefundOrder) -> None:
        support = self.shop.staff[Role.SUPPORT]
        self.shop.run(refund_order, replace(wish, requested_by=support.actor_label or ""), support)

    def _note(self, order: OrderDetail, text: str) -> None:
        self.shop.run(add_note, AddNote(order.id, text), self.shop.staff[Role.SUPPORT])
