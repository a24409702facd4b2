"""The tables of the provider's money side: balance lines, payouts, disputes, and vouchers paid at a bank."""

from __future__ import annotations

from typing import LiteralString

SECOND: LiteralString = """
ALTER TABLE sandbox.charges ADD balance_transaction text, ADD disputed boolean NOT NULL DEFAULT false;
ALTER TABLE sandbox.refunds ADD balance_transaction text, ADD failure_balance_transaction text;

CREATE TABLE sandbox.payouts (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, amount bigint NOT NULL CHECK (amount > 0), currency text NOT NULL,
    arrival_date bigint NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'in_transit', 'paid', 'failed')),
    reconciliation_status text NOT NULL, trace text, balance_transaction text, failure_balance_transaction text,
    failure_code text, failure_message text, next_at bigint, planted text
);
CREATE INDEX ON sandbox.payouts (account, seq);
CREATE INDEX ON sandbox.payouts (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE sandbox.balance_transactions (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, available_on bigint NOT NULL, amount bigint NOT NULL, fee bigint NOT NULL,
    currency text NOT NULL, type text NOT NULL, reporting_category text NOT NULL, source text,
    payment_intent text, description text, payout text REFERENCES sandbox.payouts, withheld boolean NOT NULL,
    repeats integer NOT NULL CHECK (repeats >= 0), planted text
);
CREATE INDEX ON sandbox.balance_transactions (account, seq);
CREATE INDEX ON sandbox.balance_transactions (account, source);
CREATE INDEX ON sandbox.balance_transactions (payout);
CREATE INDEX ON sandbox.balance_transactions (account, available_on) WHERE payout IS NULL AND NOT withheld;

CREATE TABLE sandbox.payout_runs (account text PRIMARY KEY, next_run bigint NOT NULL);
CREATE INDEX ON sandbox.payout_runs (next_run);

CREATE TABLE sandbox.disputes (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, payment_intent text NOT NULL, charge text NOT NULL REFERENCES sandbox.charges,
    amount bigint NOT NULL CHECK (amount > 0), currency text NOT NULL, reason text NOT NULL,
    status text NOT NULL CHECK (status IN ('warning_needs_response', 'warning_under_review', 'warning_closed',
        'needs_response', 'under_review', 'won', 'lost')),
    evidence_due_by bigint NOT NULL
);
CREATE INDEX ON sandbox.disputes (account, seq);
CREATE INDEX ON sandbox.disputes (charge);

CREATE TABLE sandbox.voucher_payments (
    id text PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL,
    created bigint NOT NULL, payment_intent text NOT NULL REFERENCES sandbox.payment_intents,
    amount bigint NOT NULL CHECK (amount > 0), word_at bigint
);
CREATE INDEX ON sandbox.voucher_payments (payment_intent);
CREATE INDEX ON sandbox.voucher_payments (word_at) WHERE word_at IS NOT NULL;
"""
