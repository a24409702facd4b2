"""Money that no provider reports: bank transfer and cash on delivery. Staff see it come in and record it."""

from __future__ import annotations

from adapters.payments.manual.gateway import CAPABILITIES, build
from adapters.plugins import Plugin

PLUGIN = Plugin("manual", CAPABILITIES, build)
