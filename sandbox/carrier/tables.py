"""The carrier's tables."""

from __future__ import annotations

from typing import LiteralString

from sandbox import forms

LOCK = 7_305_129_883_114_003  # any number nobody else locks: one process upgrades at a time

FIRST: LiteralString = """
CREATE TABLE sandbox.carrier_clock (only_row boolean PRIMARY KEY CHECK (only_row), offset_seconds bigint NOT NULL);
INSERT INTO sandbox.carrier_clock VALUES (true, 0);

CREATE TABLE sandbox.carrier_shipments (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL, created bigint NOT NULL,
    updated bigint NOT NULL, reference text, to_address jsonb NOT NULL, from_address jsonb NOT NULL,
    parcel jsonb NOT NULL, options jsonb NOT NULL, rates jsonb NOT NULL, messages jsonb NOT NULL,
    selected_rate jsonb, tracking_code text UNIQUE, label text UNIQUE, label_ready_at timestamptz,
    label_spoilt boolean NOT NULL DEFAULT false, bought_at bigint,
    refund_status text CHECK (refund_status IN ('submitted', 'refunded', 'rejected')), refund_settles_at bigint
);
CREATE INDEX ON sandbox.carrier_shipments (account, seq);
CREATE INDEX ON sandbox.carrier_shipments (account, reference);
CREATE INDEX ON sandbox.carrier_shipments (refund_settles_at) WHERE refund_settles_at IS NOT NULL;

CREATE TABLE sandbox.carrier_trackers (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL, created bigint NOT NULL,
    updated bigint NOT NULL, tracking_code text NOT NULL, carrier text NOT NULL, shipment text
    REFERENCES sandbox.carrier_shipments, status text NOT NULL, status_detail text NOT NULL,
    est_delivery bigint, details jsonb NOT NULL, life text NOT NULL, steps_done integer NOT NULL, next_at bigint,
    UNIQUE (account, tracking_code)
);
CREATE INDEX ON sandbox.carrier_trackers (account, seq);
CREATE INDEX ON sandbox.carrier_trackers (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE sandbox.carrier_webhooks (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL, created bigint NOT NULL,
    url text NOT NULL, secret text NOT NULL, busy_until timestamptz
);
CREATE INDEX ON sandbox.carrier_webhooks (account, seq);

CREATE TABLE sandbox.carrier_events (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL, created bigint NOT NULL,
    description text NOT NULL, result jsonb NOT NULL, previous jsonb NOT NULL
);
CREATE INDEX ON sandbox.carrier_events (account, seq);

CREATE TABLE sandbox.carrier_deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event text NOT NULL REFERENCES sandbox.carrier_events,
    webhook text NOT NULL REFERENCES sandbox.carrier_webhooks ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'dropped')),
    held boolean NOT NULL, attempts integer NOT NULL, next_attempt timestamptz NOT NULL, lease_until timestamptz,
    last_status integer, last_error text
);
CREATE INDEX ON sandbox.carrier_deliveries (next_attempt, id) WHERE state = 'pending';

CREATE TABLE sandbox.carrier_faults (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account text, operation text NOT NULL,
    kind text NOT NULL, remaining integer NOT NULL CHECK (remaining >= 0), delay_seconds integer NOT NULL,
    uses jsonb NOT NULL
);

CREATE TABLE sandbox.carrier_requests (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account text NOT NULL, operation text NOT NULL,
    object text, at bigint NOT NULL
);
CREATE INDEX ON sandbox.carrier_requests (account, operation);

CREATE TABLE sandbox.carrier_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account text NOT NULL, shipment text NOT NULL,
    kind text NOT NULL, amount bigint NOT NULL CHECK (amount >= 0), currency text NOT NULL, at bigint NOT NULL
);
CREATE INDEX ON sandbox.carrier_entries (account, id);
CREATE FUNCTION sandbox.refuse_carrier_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'entries are append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sandbox.carrier_entries
    FOR EACH ROW EXECUTE FUNCTION sandbox.refuse_carrier_change();
"""

UPGRADES: tuple[LiteralString, ...] = (FIRST,)


def upgrade(database_url: str) -> int:
    """Bring the tables to the newest form. Returns its number. Raises RuntimeError when the database is ahead."""
    return forms.upgrade(database_url, "carrier_forms", LOCK, UPGRADES)
