"""EasyPost: rates, labels and tracking of many carriers, through one thin HTTP client."""

from __future__ import annotations

from adapters.carriers.easypost.carrier import CAPABILITIES, build
from adapters.carriers.easypost.config import problems
from adapters.plugins import CarrierPlugin

PLUGIN = CarrierPlugin("easypost", CAPABILITIES, build, problems)
