"""Six weeks in the life of the demo shop, lived through the use cases, the sandboxes and a moving clock.

The same seed of randomness each time, so that everybody sees the same shop.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.identity.roles import Role
from core.inventory.queries import ListStock, list_stock
from jobs.demo_shop.agenda import Agenda, Story
from jobs.demo_shop.counting import CountingRoom
from jobs.demo_shop.errands import PRESENT, Errands
from jobs.demo_shop.packing import DELIVERED, PackingRoom
from jobs.demo_shop.people import buyers
from jobs.demo_shop.store import DemoShop
from jobs.demo_shop.stories import Stories, Wrong
from jobs.demo_shop.till import Till
from ports.paging import PageRequest

DAYS = 42
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody buys, `days` before the demo opens: a method of `Stories`, and what it is given."""

    days: float
    story: str
    life: str = DELIVERED
    wrong: Wrong | None = None


# What is worth a look, and when: what is older than ten days was decided, and its days are closed.
SPECIAL: tuple[Visit, ...] = (
    Visit(41.5, "card_dispute_lost"),
    Visit(40.6, "card_refunded"),
    Visit(39.4, "pix_expired"),
    Visit(38.5, "card_part_refunded"),
    Visit(37.3, "boleto"),
    Visit(36.4, "card", wrong=Wrong("fee_differs", 85)),
    Visit(35.5, "card_dispute_won"),
    Visit(34.4, "pix", "refused"),
    Visit(33.5, "transfer"),
    Visit(32.6, "card_cancelled"),
    Visit(31.5, "pix_refunded"),
    Visit(30.4, "boleto_expired"),
    Visit(29.5, "card", "returned"),
    Visit(28.4, "pix", wrong=Wrong("doubled_line")),
    Visit(27.6, "card_after_decline"),
    Visit(26.5, "pix_twice"),
    Visit(25.4, "card", "lost"),
    Visit(24.5, "cash"),
    Visit(23.5, "transfer_expired"),
    Visit(22.4, "pix_over"),
    Visit(21.6, "card", wrong=Wrong("missing_line")),
    Visit(20.5, "pix", "second_attempt"),
    Visit(19.4, "card", "delivered_in_error"),
    Visit(18.5, "card_disputed"),
    Visit(17.4, "boleto", wrong=Wrong("fee_differs", 40)),
    Visit(16.5, "pix_late"),
    Visit(15.5, "card", "collected"),
    Visit(14.4, "card_part_refunded"),
    Visit(13.5, "card_refunded"),
    Visit(12.4, "card", "delayed"),
    Visit(11.4, "card", "lost"),
    Visit(9.6, "card", wrong=Wrong("fee_differs", 210)),
    Visit(9.3, "pix_twice"),
    Visit(8.5, "pix", wrong=Wrong("doubled_line")),
    Visit(8.3, "card_part_refunded"),
    Visit(7.5, "card", wrong=Wrong("missing_line")),
    Visit(7.3, "boleto"),
    Visit(6.5, "card", wrong=Wrong("amount_under", 300)),
    Visit(6.3, "pix_late"),
    Visit(5.5, "pix", wrong=Wrong("amount_over", 250)),
    Visit(5.3, "pix_over"),
    Visit(4.5, "card_cancelled"),
    Visit(4.3, "pix_under"),
    Visit(3.6, "cash"),
    Visit(2.6, "transfer_waiting"),
    Visit(2.4, "boleto_waiting"),
    Visit(1.6, "card_in_two"),
    Visit(1.3, "card_label_voided"),
    Visit(0.8, "card_label_ready"),
    Visit(0.7, "transfer_waiting"),
    Visit(0.035, "card"),
    Visit(0.028, "pix"),
    Visit(0.02, "boleto_waiting"),
    Visit(0.012, "card"),
    Visit(0.005, "pix_waiting"),
)  # fmt: skip

# Everyday orders between them, in turns.
EVERYDAY = (
    ("card", DELIVERED), ("pix", DELIVERED), ("card", DELIVERED), ("pix", "second_attempt"), ("card", DELIVERED),
    ("boleto", DELIVERED), ("card", "collected"), ("pix", DELIVERED), ("card", "delayed"), ("pix", DELIVERED),
)  # fmt: skip
ORDERS = 150

# What the provider does of itself: days before the demo opens, kind, minor units.
_MISHAPS: tuple[tuple[float, str, int | None], ...] = (
    (27.2, "unexpected_adjustment", 1_990),
    (24.2, "payout_short", None),
    (20.2, "reserve_held", 15_000),
    (13.2, "reserve_released", 15_000),
    (8.2, "unknown_charge", 12_990),
    (7.2, "payout_failed", None),
    (5.2, "unexpected_adjustment", 3_490),
    (3.2, "payout_over", None),
)


def visits(dice: random.Random) -> Iterator[Visit]:
    """All of them, in no order."""
    yield from SPECIAL
    count = ORDERS - len(SPECIAL)
    for index in range(count):
        story, life = EVERYDAY[index % len(EVERYDAY)]
        yield Visit(0.4 + (DAYS - 0.5) * (index + dice.random()) / count, story, life)


def opening(now: datetime) -> datetime:
    """When the shop opened that is `DAYS` old at `now`."""
    return now - timedelta(days=DAYS)


def live_weeks(shop: DemoShop, errands: Errands, step: Step) -> None:
    """Live them to this moment."""
    end = datetime.now(UTC)
    dice = random.Random(20261124)  # noqa: S311 - the same shop for everybody
    agenda = Agenda(shop.clock.now, shop.at, end)
    packing, counting = PackingRoom(shop, errands, agenda), CountingRoom(shop, errands)
    stories = Stories(shop, Till(shop, dice, _stock(shop), buyers()), packing)
    for routine in (packing.days(), packing.evenings(), counting.nights(), counting.mondays()):
        agenda.add(opening(end), routine)
    for days, kind, amount in _MISHAPS:
        agenda.add(end - timedelta(days=days), _mishap(shop, kind, amount))
    for visit in visits(dice):
        agenda.add(end - timedelta(days=visit.days), _told(stories, visit, step))
    agenda.live()
    errands.deliver()
    shop.accounts.listen()
    shop.at(datetime.now(UTC))
    errands.do(*PRESENT)
    errands.deliver()
    counting.hand_out()


def _told(stories: Stories, visit: Visit, step: Step) -> Story:
    step(visit.story)
    yield from getattr(stories, visit.story)(visit.life, visit.wrong)


def _mishap(shop: DemoShop, kind: str, amount: int | None) -> Story:
    if amount is None:
        shop.accounts.outside.err_next_payout(kind)
    else:
        shop.accounts.outside.err(kind, amount=amount)
    yield from ()


def _stock(shop: DemoShop) -> dict[UUID, int]:
    page = shop.read(list_stock, ListStock(page=PageRequest(limit=100)), shop.staff[Role.MANAGER])
    return {row.variant_id: row.available for row in page.rows if row.available > 0}
