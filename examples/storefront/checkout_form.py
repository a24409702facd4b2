"""What the checkout asks, which of it is missing, and where a refusal of the API belongs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from examples.storefront import tax_id, words
from examples.storefront.api import ApiProblem, Json

CONTACT = ("name", "email", "phone", "tax_id")
ADDRESS = ("postal_code", "street", "number", "complement", "district", "city", "region", "country")
# fmt: off
STATES = ("AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA",
          "PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO")
# fmt: on
REQUIRED = {
    "name": "Como você se chama?",
    "email": "Para onde mandamos a confirmação?",
    "phone": "A transportadora pode precisar ligar.",
    "tax_id": "A nota fiscal precisa do CPF ou CNPJ.",
    "street": "Falta a rua.",
    "number": "Falta o número. Sem número? Escreva S/N.",
    "district": "Falta o bairro.",
    "city": "Falta a cidade.",
    "region": "Escolha o estado.",
    "postal_code": "Falta o CEP.",
    "country": "Escolha o país.",
}


@dataclass(slots=True)
class CheckoutForm:
    """values: as typed, by field; errors: one sentence by field; general: sentences of no field.

    delivered: whether the cart holds anything that is sent; when not, no address and no phone is needed.
    """

    values: dict[str, str]
    delivered: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)

    @classmethod
    def typed(cls, form: Mapping[str, str], cart: Json) -> CheckoutForm:
        """From a form that was sent for the cart."""
        names = (*CONTACT, *ADDRESS, "shipping_option", "method")
        return cls({name: form.get(name, "").strip() for name in names}, cart["requires_shipping"])

    @classmethod
    def of(cls, cart: Json, country: str, method: str) -> CheckoutForm:
        """From what the cart already holds."""
        contact, address = cart.get("contact") or {}, cart.get("shipping_address") or {}
        values = {name: contact.get(name) or "" for name in CONTACT}
        values |= {name: address.get(name) or "" for name in ADDRESS}
        values["country"] = values["country"] or country
        values["tax_id"] = tax_id.punctuated(values["tax_id"])
        values["shipping_option"] = (cart.get("shipping_option") or {}).get("id") or ""
        values["method"] = method
        return cls(values, cart["requires_shipping"])

    @property
    def contact_done(self) -> bool:
        """Whether part one needs nothing more."""
        needed = (name for name in CONTACT if self.needs(name))
        return all(self.values[name] for name in needed) and not any(name in self.errors for name in CONTACT)

    def needs(self, name: str) -> bool:
        """Whether a field has to be filled: a carrier's questions are for carts that are sent."""
        return self.delivered or name not in ("phone", *ADDRESS)

    @property
    def address_done(self) -> bool:
        """Whether the address needs nothing more."""
        if not self.delivered:
            return True
        return self.values["street"] != "" and not any(name in self.errors for name in ADDRESS)

    @property
    def brazilian(self) -> bool:
        """Whether CEP and states of Brazil apply."""
        return self.values["country"] == "BR"

    @property
    def tax_id_checked(self) -> bool:
        """Whether CPF or CNPJ is complete and its check digits are right."""
        return tax_id.is_valid(self.values["tax_id"])

    def check(self) -> None:
        """Note what is missing or cannot be right, before the API is asked."""
        for name, sentence in REQUIRED.items():
            if self.needs(name) and not self.values[name]:
                self.errors[name] = sentence
        self._refuse("email", r"[^@\s]+@[^@\s]+\.[^@\s]+", words.FIELD_ERRORS["email", "malformed"])
        self._refuse("phone", r"[\d\s()+.\-]{8,20}", words.FIELD_ERRORS["phone", "malformed"])
        if self.values["tax_id"] and not self.tax_id_checked:
            name = tax_id.name_of(self.values["tax_id"])
            self.errors["tax_id"] = f"Confira o {name}: os dígitos não batem."
        if self.delivered and self.brazilian:
            self._refuse("postal_code", r"\d{5}-?\d{3}", words.FIELD_ERRORS["postal_code", "malformed"])

    def _refuse(self, name: str, pattern: str, sentence: str) -> None:
        if self.values[name] and not re.fullmatch(pattern, self.values[name], re.ASCII):
            self.errors[name] = sentence

    def take(self, problem: ApiProblem) -> None:
        """Put a refusal of the API beside the fields it names; what names none goes to the top."""
        for item in problem.errors:
            name = words.field_name(item)
            if name in self.values:
                self.errors.setdefault(name, words.field_error(item))
            else:
                self.general.append(words.field_error(item))
        if not problem.errors:
            self.general.append(words.problem(problem))

    def contact(self) -> Json:
        """Body of the cart's PATCH."""
        v = self.values
        contact = {"email": v["email"], "name": v["name"], "phone": _digits(v["phone"]) or None}
        return {"contact": {**contact, "tax_id": tax_id.compact(v["tax_id"])}}

    def address(self) -> Json:
        """The shipping address: the recipient is the person of part one."""
        v = self.values
        address: Json = {name: v[name] or None for name in ADDRESS}
        if self.brazilian:
            address["postal_code"] = _digits(v["postal_code"])
        return {**address, "name": v["name"], "company": None, "tax_id": None, "phone": _digits(v["phone"])}


def _digits(text: str) -> str:
    """Digits and a leading plus of a number that people write with brackets and hyphens."""
    return ("+" if text.startswith("+") else "") + re.sub(r"[^0-9]", "", text)
