"""An address as it stands on paper."""

from __future__ import annotations

from collections.abc import Sequence

from core.shared.address import Address


def lines_of(address: Address) -> Sequence[str]:
    """Line by line, Brazilian order for BR, without what is unknown."""
    street = ", ".join(part for part in (address.street, address.number, address.complement) if part)
    place = " ".join(part for part in (address.city, address.region) if part)
    if address.country != "BR":
        place = f"{place}, {address.country}"
    found = (address.name, address.company, street, address.district, f"{postal_code(address)}  {place}")
    return [line for line in found if line]


def postal_code(address: Address) -> str:
    """As people write it: "05422-012" in Brazil."""
    code = address.postal_code
    return f"{code[:5]}-{code[5:]}" if address.country == "BR" and len(code) == 8 else code
