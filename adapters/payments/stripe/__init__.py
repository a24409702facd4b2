"""Stripe: cards and Pix by payment intents, through the official SDK."""

from __future__ import annotations

from adapters.payments.stripe.config import problems
from adapters.payments.stripe.gateway import CAPABILITIES, build
from adapters.plugins import Plugin

PLUGIN = Plugin("stripe", CAPABILITIES, build, problems)
