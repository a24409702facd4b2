"""Deeds of cardholders who object, of the provider that pays out, and of the merchant's bank."""

from __future__ import annotations

from tests.money.model import Dispute
from tests.money.story import Story

FEE = 5500  # cents that the provider keeps of a dispute, by its contract
LONGEST = 6  # days until what came is sent, over a weekend


def dispute(story: Story) -> str | None:
    """A cardholder objects, to all that was kept of a payment or to a part."""
    sale = story.some(lambda sale: sale.method == "card" and sale.captured > sale.refunded and sale.dispute is None)
    if sale is None:
        return None
    kept = sale.captured - sale.refunded
    amount = kept if story.chance.random() < 0.6 else story.chance.randint(1, kept)
    told = story.stage.sandbox.act(story.intent(sale), "dispute", amount=amount)
    sale.dispute = Dispute(str(told["id"]), amount, FEE)
    story.reconcile()
    return f"{amount} of {sale.order}"


def decide(story: Story) -> str | None:
    """The cardholder's bank decides."""
    sale = story.some(lambda sale: sale.dispute is not None and sale.dispute.outcome == "open")
    if sale is None or sale.dispute is None:
        return None
    deed = story.chance.choice(["win", "lose"])
    story.stage.sandbox.control("POST", f"disputes/{sale.dispute.id}/{deed}")
    sale.dispute.outcome = {"win": "won", "lose": "lost"}[deed]
    story.reconcile()
    return f"{deed} {sale.dispute.amount} of {sale.order}"


def payout(story: Story) -> str | None:
    """Days pass until the provider sends something, if there is anything to be sent."""
    before = {payout["id"] for payout in story.stage.settlement().books["payouts"]}
    if story.stage.settlement().balance <= 0:
        return None
    sent: list[int] = []
    for _ in range(LONGEST):
        story.stage.days(1)
        payouts = story.stage.settlement().books["payouts"]
        sent = [told["amount"] for told in payouts if told["id"] not in before]
        if sent:
            break
    story.reconcile()
    return f"{sent}" if sent else None


def payout_fails(story: Story) -> str | None:
    """The merchant's bank sends one back, as it may for five business days."""
    now = story.stage.shop.clock.at.timestamp()
    young = [
        payout["id"] for payout in story.stage.settlement().books["payouts"]
        if payout["status"] != "failed" and now < payout["arrival_date"] + 4 * 86_400
    ]  # fmt: skip
    if not young:
        return None
    story.stage.sandbox.control("POST", f"payouts/{(failed := story.chance.choice(young))}/fail")
    story.reconcile()
    return str(failed)
