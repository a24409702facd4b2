"""Stripe: cards, Pix and boleto by payment intents, and settlements, through the official SDK."""

from __future__ import annotations

from adapters.payments.stripe.config import problems
from adapters.payments.stripe.gateway import CAPABILITIES, build
from adapters.payments.stripe.settlements import build as build_settlements
from adapters.plugins import Plugin

PLUGIN = Plugin("stripe", CAPABILITIES, build, problems, build_settlements)
