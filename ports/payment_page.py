"""How a shopper pays a tender: on a page of the provider's own, or in its form within the shop's payment page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Redirect:
    """The shopper goes to `url` and pays there."""

    url: str


@dataclass(frozen=True, slots=True)
class EmbeddedForm:
    """The shopper pays in the provider's form, which its script puts into the shop's own payment page.

    `mount` names the script of the shop that knows how, `script` is the address of the provider's. `public_key` and
    `client_secret` are made for browsers: together they pay this one tender and read no other.
    `sources` is what the page has to let in: directive of a content security policy to origins.
    """

    mount: str
    script: str
    public_key: str
    client_secret: str = field(repr=False)
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
