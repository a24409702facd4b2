"""Rows of the books as the provider's JSON objects (https://docs.easypost.com/docs)."""

from __future__ import annotations

from typing import Any

from sandbox.carrier.store import iso

Row = dict[str, Any]


def shipment_json(row: Row, tracker: Row | None, public_url: str, *, label_ready: bool) -> dict[str, Any]:
    """A shipment, as https://docs.easypost.com/docs/shipments."""
    selected = row["selected_rate"]
    return {
        "id": row["id"],
        "object": "Shipment",
        "mode": "test",
        "created_at": iso(row["created"]),
        "updated_at": iso(row["updated"]),
        "reference": row["reference"],
        "is_return": False,
        "status": tracker["status"] if tracker else "unknown",
        "tracking_code": row["tracking_code"],
        "to_address": row["to_address"],
        "from_address": row["from_address"],
        "buyer_address": row["to_address"],
        "return_address": row["from_address"],
        "parcel": row["parcel"],
        "customs_info": None,
        "options": row["options"],
        "rates": row["rates"],
        "messages": row["messages"],
        "selected_rate": selected,
        "postage_label": label_json(row, public_url) if row["label"] and label_ready else None,
        "tracker": tracker_json(tracker) if tracker else None,
        "fees": _fees(row) if selected else [],
        "forms": [],
        "insurance": None,
        "refund_status": row["refund_status"],
        "scan_form": None,
        "batch_id": None,
        "batch_status": None,
        "batch_message": None,
        "usps_zone": None,
        "order_id": None,
    }


def _fees(row: Row) -> list[dict[str, Any]]:
    refunded = row["refund_status"] == "refunded"
    return [
        {
            "object": "Fee",
            "type": "PostageFee",
            "amount": f"{row['selected_rate']['rate']}000",
            "charged": True,
            "refunded": refunded,
        }
    ]


def label_json(row: Row, public_url: str) -> dict[str, Any]:
    """A postage label; its file is at `label_url`."""
    url = f"{public_url}/labels/{row['label']}.pdf"
    return {
        "id": f"pl_{row['label']}",
        "object": "PostageLabel",
        "created_at": iso(row["bought_at"]),
        "updated_at": iso(row["updated"]),
        "date_advance": 0,
        "integrated_form": "none",
        "label_date": iso(row["bought_at"]),
        "label_resolution": 203,
        "label_size": "100x150",
        "label_type": "default",
        "label_file_type": "application/pdf",
        "label_url": url,
        "label_pdf_url": url,
        "label_zpl_url": None,
        "label_epl2_url": None,
    }


def tracker_json(row: Row) -> dict[str, Any]:
    """A tracker, as https://docs.easypost.com/docs/trackers; details oldest first."""
    return {
        "id": row["id"],
        "object": "Tracker",
        "mode": "test",
        "created_at": iso(row["created"]),
        "updated_at": iso(row["updated"]),
        "tracking_code": row["tracking_code"],
        "carrier": row["carrier"],
        "shipment_id": row["shipment"],
        "status": row["status"],
        "status_detail": row["status_detail"],
        "signed_by": None,
        "weight": None,
        "est_delivery_date": iso(row["est_delivery"]) if row["est_delivery"] else None,
        "tracking_details": row["details"],
        "carrier_detail": None,
        "finalized": row["next_at"] is None,
        "is_return": False,
        "public_url": f"https://track.easypost.com/{row['id']}",
        "fees": [],
    }


def detail_json(
    status: str, detail: str, code: str, message: str, at: int, carrier: str, place: dict[str, Any] | None
) -> dict[str, Any]:
    """One tracking detail."""
    return {
        "object": "TrackingDetail",
        "message": message,
        "description": message,
        "status": status,
        "status_detail": detail,
        "datetime": iso(at),
        "source": carrier,
        "carrier_code": code,
        "tracking_location": {
            "object": "TrackingLocation",
            "city": place["city"] if place else None,
            "state": place["state"] if place else None,
            "country": place["country"] if place else None,
            "zip": place["zip"] if place else None,
        },
    }


def webhook_json(row: Row) -> dict[str, Any]:
    """A webhook; its secret is never told."""
    return {
        "id": row["id"],
        "object": "Webhook",
        "mode": "test",
        "url": row["url"],
        "created_at": iso(row["created"]),
        "disabled_at": None,
    }


def event_json(row: Row) -> dict[str, Any]:
    """An event, as https://docs.easypost.com/docs/events; `result` is the object as it was."""
    return {
        "id": row["id"],
        "object": "Event",
        "mode": "test",
        "created_at": iso(row["created"]),
        "updated_at": iso(row["created"]),
        "description": row["description"],
        "previous_attributes": row["previous"],
        "result": row["result"],
        "pending_urls": [],
        "completed_urls": [],
        "status": "pending",
        "user_id": "user_sandbox",
    }
