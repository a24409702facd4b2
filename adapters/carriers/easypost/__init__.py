"""EasyPost: rates, labels and tracking of many carriers, through one thin HTTP client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.carriers.easypost.carrier import CAPABILITIES, build
from adapters.plugins import CarrierPlugin
from core.shared.errors import FieldProblem

_REQUIRED = {
    "api_key": "The API key of the account, EZAK... or EZTK...",
    "webhook_secret": "The secret that its webhooks are signed with.",
}


def problems(settings: Mapping[str, str]) -> Sequence[FieldProblem]:
    """What an account can't be made of."""
    return [
        FieldProblem(f"config.{name}", "required", words) for name, words in _REQUIRED.items() if not settings.get(name)
    ]


PLUGIN = CarrierPlugin("easypost", CAPABILITIES, build, problems)
