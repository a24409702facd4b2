"""Ask a carrier where parcels are: the safety net under its webhooks, within what the account allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.logistics.tracking import TrackingSource
from core.logistics.use_cases.recording import answer_hash, record_tracking
from core.shared.ids import CarrierAccountId
from core.shared.permission import permission
from ports.carriers import Carrier, CarrierAccount, Carriers, TrackAnswer
from ports.clock import Clock
from ports.logistics import ClaimedParcel
from ports.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=5)
REQUESTS_AT_ONCE = 10  # of one claim
CLAIMS = 20  # of one run; what is left is due at the next
OFF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SyncTracking:
    account_id: CarrierAccountId


@dataclass(slots=True)
class Synced:
    """What a run came to: parcels asked about, parcels with news, requests that failed."""

    asked: int = 0
    news: int = 0
    failed: int = 0


@permission("logistics.tracking.sync")
def sync_tracking(cmd: SyncTracking, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock) -> Synced:
    """Ask about what is due, in batches, until nothing is or the account's budget is used up. Raises NotFound.

    Two of these at once share the work: what one has claimed the other passes over.
    """
    done = Synced()
    with uow() as tx:
        account = tx.carrier_accounts.get(cmd.account_id)
    if not account.enabled or not carriers.capabilities(account.carrier).tracking:
        _set_aside(account, uow, clock)
        return done
    carrier = carriers.of(account)
    for _ in range(CLAIMS):
        claimed = _claim(account, carrier.capabilities.max_track_batch, uow, clock)
        if not claimed or not _work(claimed, account, carrier, done, uow, clock):
            break
    if done.asked and not done.failed:
        with uow() as tx:
            budget = tx.carrier_accounts.budget(account, clock.wall())
            budget.recovered()
            tx.carrier_accounts.save_budget(budget)
    return done


def _claim(account: CarrierAccount, batch: int, uow: UnitOfWork, clock: Clock) -> Sequence[ClaimedParcel]:
    """Tokens and parcels in one transaction: whoever has the one has the other."""
    now = clock.now()
    with uow() as tx:
        budget = tx.carrier_accounts.budget(account, clock.wall())
        granted = budget.take(REQUESTS_AT_ONCE, clock.wall())
        claimed = tx.tracking.claim(account.id, granted * batch, now, now + LEASE) if granted else ()
        budget.give_back(granted - -(-len(claimed) // batch))
        tx.carrier_accounts.save_budget(budget)
    return claimed


def _work(
    claimed: Sequence[ClaimedParcel],
    account: CarrierAccount,
    carrier: Carrier,
    done: Synced,
    uow: UnitOfWork,
    clock: Clock,
) -> bool:
    """Ask about what was claimed. False when the carrier is to be left alone for now."""
    batch = carrier.capabilities.max_track_batch
    for start in range(0, len(claimed), batch):
        parcels = claimed[start : start + batch]
        answer = carrier.track([one.parcel.tracking_number or "" for one in parcels])
        if answer.requests > 1:
            _charge(account, answer.requests - 1, uow, clock)
        if answer.failed is not None:
            done.failed += 1
            _failed(account, claimed[start:], answer, uow, clock)
            return False
        done.asked += len(parcels)
        done.news += _record(parcels, answer, uow, clock)
    return True


def _charge(account: CarrierAccount, requests: int, uow: UnitOfWork, clock: Clock) -> None:
    with uow() as tx:
        budget = tx.carrier_accounts.budget(account, clock.wall())
        budget.also_used(requests)
        tx.carrier_accounts.save_budget(budget)


def _record(parcels: Sequence[ClaimedParcel], answer: TrackAnswer, uow: UnitOfWork, clock: Clock) -> int:
    """One transaction for a batch: what says nothing new is moved on together, the rest is recorded one by one, in the
    order of its orders, so that nobody waits in a circle."""
    now, told, quiet = clock.now(), [], []
    for one in parcels:
        tracked = answer.parcels.get(one.parcel.tracking_number or "")
        if tracked is not None and tracked.known and answer_hash(tracked) != one.parcel.answer_hash:
            told.append((one, tracked))
        else:
            one.parcel.polls += 1
            one.parcel.schedule_poll(now)
            quiet.append(one.parcel)
    told.sort(key=lambda pair: (pair[0].order_id, pair[0].parcel.id))
    news = 0
    with uow() as tx:
        for one, tracked in told:
            news += record_tracking(tx, one.parcel.id, tracked, TrackingSource.POLL, now)
        if quiet:
            tx.tracking.reschedule(quiet)
    return news


def _failed(
    account: CarrierAccount, parcels: Sequence[ClaimedParcel], answer: TrackAnswer, uow: UnitOfWork, clock: Clock
) -> None:
    """The carrier did not answer: these are asked about again later, and if it said so, it is left alone until then."""
    wait = timedelta(seconds=answer.retry_after or 0)
    with uow() as tx:
        if answer.retry_after is not None:
            budget = tx.carrier_accounts.budget(account, clock.wall())
            budget.refused(answer.retry_after, clock.wall())
            tx.carrier_accounts.save_budget(budget)
        tx.tracking.put_off(account.id, [one.parcel.id for one in parcels], clock.now() + max(LEASE, wait))


def _set_aside(account: CarrierAccount, uow: UnitOfWork, clock: Clock) -> None:
    """Nobody can be asked: look again tomorrow whether somebody can."""
    now = clock.now()
    with uow() as tx:
        claimed = tx.tracking.claim(account.id, 1_000, now, now + OFF)
        tx.tracking.put_off(account.id, [one.parcel.id for one in claimed], now + OFF)
