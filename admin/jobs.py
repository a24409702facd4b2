"""Jobs and deliveries: what gave up, what is tried again, what waits, and the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext
from werkzeug import Response as AnyResponse

from admin.access import requires
from admin.context import kernel, read, run
from admin.forms.jobs import DiscardForm
from admin.masking import as_text
from core.messages.queries import (
    DeliveryTab,
    GetDelivery,
    ListDeliveries,
    ListSchedules,
    WatchQueues,
    get_delivery,
    list_deliveries,
    list_schedules,
    watch_queues,
)
from core.messages.use_cases.discard_delivery import DiscardDelivery, discard_delivery
from core.messages.use_cases.replay_delivery import ReplayDelivery, replay_delivery
from core.messages.use_cases.run_schedule_now import RunScheduleNow, run_schedule_now
from core.shared.ids import DeliveryId
from ports.messages import ScheduleRow
from ports.paging import PageRequest

deliveries = Blueprint("deliveries", __name__, url_prefix="/jobs")

TABS = {
    DeliveryTab.DEAD: lazy_pgettext("tab", "Dead"),
    DeliveryTab.RETRYING: _l("Retrying"),
    DeliveryTab.WAITING: lazy_pgettext("tab", "Waiting"),
    DeliveryTab.DONE: lazy_pgettext("tab", "Done"),
}

WORK = {
    "messages.confirm_order": _l("Write the order confirmation"),
    "messages.send_message": _l("Send a message"),
    "messages.tell_goods_left": _l("Write that goods left"),
    "messages.tell_parcel_moved": _l("Write that an order arrived"),
    "logistics.work_on_batch": _l("Price and label a batch of parcels"),
    "logistics.hand_over": _l("Hand over what no parcel carries"),
    "logistics.process_webhook": _l("Read a carrier's webhook"),
    "payments.process_webhook": _l("Read a payment webhook"),
    "ledger.post_capture": _l("Post a capture"),
    "ledger.post_refund": _l("Post a refund"),
    "ledger.reverse_refund": _l("Take a failed refund back out of the books"),
    "ledger.post_goods_left": _l("Post goods that left"),
    "ledger.reverse_goods_left": _l("Take goods that came back out of the books"),
    "ledger.post_label": _l("Post postage"),
    "ledger.post_label_void": _l("Take voided postage out of the books"),
    "ledger.backfill": _l("Post what is in no entry yet"),
    "reconciliation.reconcile": _l("Compare settlements"),
    "imports.check_import": _l("Check an import"),
    "imports.apply_import": _l("Apply an import"),
}

SCHEDULED = {
    "checkout.expire_sessions": (_l("Expire payment sessions"), _l("frees the stock they hold")),
    "checkout.expire_orders": (_l("Expire unpaid orders"), _l("Pix, bank transfer")),
    "payments.settle_pending": (_l("Ask about pending payments"), _l("also those whose answer never came")),
    "logistics.sync_tracking": (_l("Ask where parcels are"), _l("what carriers' webhooks left out")),
    "logistics.settle_labels": (_l("Ask about labels"), _l("also those whose answer never came")),
    "logistics.settle_voids": (_l("Give labels back"), _l("until the carrier says yes or no")),
    "reconciliation.compare_nightly": (_l("Compare settlements every night"), _l("payouts, fees, refunds, disputes")),
    "platform.prune": (_l("Remove what was kept long enough"), _l("deliveries, events, repeated requests")),
}


@deliveries.get("/")
@requires("messages.delivery.read")
def index() -> str:
    """One view of the deliveries with one of them open."""
    return _page(DiscardForm())


@deliveries.post("/<uuid:delivery_id>/replay")
@requires("messages.delivery.replay")
def replay(delivery_id: UUID) -> AnyResponse:
    run(replay_delivery, ReplayDelivery(DeliveryId(delivery_id)))
    flash(_("It is due now and will be tried anew."), "ok")
    return redirect(url_for(".index", state="dead"), 303)


@deliveries.post("/<uuid:delivery_id>/discard")
@requires("messages.delivery.discard")
def discard(delivery_id: UUID) -> AnyResponse | tuple[str, int]:
    form = DiscardForm()
    if not form.validate_on_submit():
        return _page(form, delivery_id), 422
    reason = form.reason.data or ""
    run(discard_delivery, DiscardDelivery(DeliveryId(delivery_id), reason), reason=reason)
    flash(_("Discarded. The activity log keeps your reason."), "ok")
    return redirect(url_for(".index", state="dead"), 303)


@deliveries.post("/schedule/<name>/run")
@requires("messages.schedule.run")
def run_now(name: str) -> AnyResponse:
    run(run_schedule_now, RunScheduleNow(name))
    flash(_("It begins within seconds."), "ok")
    return redirect(url_for(".index", _anchor="schedule"), 303)


def _page(form: DiscardForm, chosen: UUID | None = None) -> str:
    tab = _tab()
    page = read(list_deliveries, ListDeliveries(tab, PageRequest(20, request.args.get("cursor"))))
    chosen = chosen or _chosen() or (page.rows[0].id if page.rows else None)
    open_ = read(get_delivery, GetDelivery(DeliveryId(chosen))) if chosen else None
    schedules = read(list_schedules, ListSchedules())
    return render_template(
        "jobs/index.html",
        tab=tab,
        tabs=TABS,
        page=page,
        open=open_,
        payload=as_text(open_.payload) if open_ else "",
        queues=read(watch_queues, WatchQueues()),
        schedules=schedules,
        form=form,
        wall=kernel().clock.wall(),
        work=_work,
        scheduled=_scheduled,
        every=_every,
        told=_told,
    )


def _tab() -> DeliveryTab:
    wish = request.args.get("state")
    return next((tab for tab in DeliveryTab if tab.value == wish), DeliveryTab.DEAD)


def _chosen() -> UUID | None:
    told = request.args.get("delivery")
    try:
        return UUID(told) if told else None
    except ValueError:
        abort(404)


def job_word(name: str) -> str:
    """A job for people: what an actor or a scheduled job does; a name without words is shown as it is."""
    return str(WORK.get(name) or SCHEDULED.get(name, (name,))[0])


def _work(subscriber: str) -> str:
    return str(WORK.get(subscriber, subscriber))


def _scheduled(name: str) -> tuple[str, str]:
    title, detail = SCHEDULED.get(name, (name, ""))
    return str(title), str(detail)


def _every(seconds: int) -> str:
    if seconds % 3600 == 0:
        return str(ngettext("every hour", "every %(num)s hours", seconds // 3600))
    if seconds % 60 == 0:
        return str(ngettext("every minute", "every %(num)s minutes", seconds // 60))
    return str(ngettext("every second", "every %(num)s seconds", seconds))


def _told(row: ScheduleRow) -> str:
    """What the last run counted, in words."""
    counts: Mapping[str, Any] = row.last_result or {}
    words = {
        "done": lambda n: ngettext("%(num)s done", "%(num)s done", n),
        "failed": lambda n: ngettext("%(num)s failed", "%(num)s failed", n),
        "deliveries": lambda n: ngettext("%(num)s delivery", "%(num)s deliveries", n),
        "events": lambda n: ngettext("%(num)s event", "%(num)s events", n),
        "idempotency_keys": lambda n: ngettext("%(num)s request", "%(num)s requests", n),
    }
    told = ", ".join(str(words[key](n)) for key, n in counts.items() if key in words and n)
    return told or str(_("nothing was due"))
