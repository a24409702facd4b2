"""The sandbox's tables and how they come to be: numbered statements, applied once each, in order."""

from __future__ import annotations

from typing import LiteralString

from sandbox import forms
from sandbox.payments.money_tables import SECOND

LOCK = 7_305_129_883_114_002  # any number nobody else locks: one process upgrades at a time

FIRST: LiteralString = """
CREATE TABLE sandbox.clock (only_row boolean PRIMARY KEY CHECK (only_row), offset_seconds bigint NOT NULL);
INSERT INTO sandbox.clock VALUES (true, 0);

CREATE TABLE sandbox.accounts (account text PRIMARY KEY, name text NOT NULL, city text NOT NULL);

CREATE TABLE sandbox.payment_methods (
    id text PRIMARY KEY, account text NOT NULL, created bigint NOT NULL, type text NOT NULL,
    card jsonb, billing_details jsonb NOT NULL, behaviour text NOT NULL
);

CREATE TABLE sandbox.payment_intents (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, amount bigint NOT NULL CHECK (amount > 0), currency text NOT NULL,
    status text NOT NULL CHECK (status IN ('requires_payment_method', 'requires_confirmation',
        'requires_action', 'processing', 'requires_capture', 'succeeded', 'canceled')),
    capture_method text NOT NULL, confirmation_method text NOT NULL, payment_method_types text[] NOT NULL,
    automatic_payment_methods jsonb, payment_method text, payment_method_options jsonb NOT NULL,
    client_secret text NOT NULL, amount_received bigint NOT NULL, amount_capturable bigint NOT NULL,
    latest_charge text, next_action jsonb, last_payment_error jsonb, return_url text, expires_at bigint,
    canceled_at bigint, cancellation_reason text, description text, receipt_email text,
    statement_descriptor text, statement_descriptor_suffix text, shipping jsonb, metadata jsonb NOT NULL
);
CREATE INDEX ON sandbox.payment_intents (account, seq);
CREATE INDEX ON sandbox.payment_intents (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE sandbox.charges (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, payment_intent text NOT NULL REFERENCES sandbox.payment_intents,
    amount bigint NOT NULL CHECK (amount > 0), amount_captured bigint NOT NULL,
    amount_refunded bigint NOT NULL CHECK (amount_refunded BETWEEN 0 AND amount),
    currency text NOT NULL, status text NOT NULL, captured boolean NOT NULL, failure_code text,
    failure_message text, outcome jsonb, payment_method text NOT NULL, payment_method_details jsonb NOT NULL,
    billing_details jsonb NOT NULL, description text, metadata jsonb NOT NULL,
    CHECK (amount_captured BETWEEN 0 AND amount)
);
CREATE INDEX ON sandbox.charges (account, seq);
CREATE INDEX ON sandbox.charges (payment_intent);

CREATE TABLE sandbox.refunds (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, payment_intent text NOT NULL, charge text NOT NULL REFERENCES sandbox.charges,
    amount bigint NOT NULL CHECK (amount > 0), currency text NOT NULL, status text NOT NULL, reason text,
    failure_reason text, settles_at bigint, metadata jsonb NOT NULL
);
CREATE INDEX ON sandbox.refunds (account, seq);
CREATE INDEX ON sandbox.refunds (charge);
CREATE INDEX ON sandbox.refunds (payment_intent);
CREATE INDEX ON sandbox.refunds (settles_at) WHERE settles_at IS NOT NULL;

CREATE TABLE sandbox.events (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, type text NOT NULL, object jsonb NOT NULL, request_id text, idempotency_key text
);
CREATE INDEX ON sandbox.events (account, seq);

CREATE TABLE sandbox.webhook_endpoints (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, url text NOT NULL, secret text NOT NULL, enabled_events text[] NOT NULL,
    status text NOT NULL, description text, metadata jsonb NOT NULL, busy_until timestamptz
);
CREATE INDEX ON sandbox.webhook_endpoints (account, seq);

CREATE TABLE sandbox.deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event text NOT NULL REFERENCES sandbox.events,
    endpoint text NOT NULL REFERENCES sandbox.webhook_endpoints ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'dropped')),
    held boolean NOT NULL, attempts integer NOT NULL, next_attempt timestamptz NOT NULL,
    lease_until timestamptz, last_status integer, last_error text
);
CREATE INDEX ON sandbox.deliveries (next_attempt, id) WHERE state = 'pending';
CREATE INDEX ON sandbox.deliveries (event);
CREATE INDEX ON sandbox.deliveries (endpoint);

CREATE TABLE sandbox.idempotency_keys (
    account text NOT NULL, key text NOT NULL, fingerprint text NOT NULL, path text NOT NULL,
    status integer NOT NULL, body text NOT NULL, request_id text NOT NULL, object_id text,
    created timestamptz NOT NULL, replays integer NOT NULL, PRIMARY KEY (account, key)
);
CREATE INDEX ON sandbox.idempotency_keys (object_id);

CREATE TABLE sandbox.faults (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account text, operation text NOT NULL,
    kind text NOT NULL, remaining integer NOT NULL CHECK (remaining >= 0), delay_seconds integer NOT NULL,
    uses jsonb NOT NULL
);

CREATE TABLE sandbox.entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account text NOT NULL, payment_intent text NOT NULL,
    object text NOT NULL, kind text NOT NULL, amount bigint NOT NULL CHECK (amount >= 0),
    currency text NOT NULL, at bigint NOT NULL
);
CREATE INDEX ON sandbox.entries (account, id);
CREATE FUNCTION sandbox.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'entries are append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sandbox.entries
    FOR EACH ROW EXECUTE FUNCTION sandbox.refuse_change();
"""

UPGRADES: tuple[LiteralString, ...] = (FIRST, SECOND)


def upgrade(database_url: str) -> int:
    """Bring the tables to the newest form. Returns its number. Raises RuntimeError when the database is ahead."""
    return forms.upgrade(database_url, "forms", LOCK, UPGRADES)
