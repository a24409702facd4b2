"""Who buys in the demo shop and who works there. Names are invented; CPFs have right check digits and no owner."""

from __future__ import annotations

from dataclasses import dataclass

from core.identity.roles import Role
from core.shared.address import Address, is_cpf

PASSWORD = "casa-ipe-demo"

STAFF: tuple[tuple[Role, str, str], ...] = (
    (Role.OWNER, "Júlia Prado", "julia@casaipe.example"),
    (Role.MANAGER, "Paulo Nunes", "paulo@casaipe.example"),
    (Role.SUPPORT, "Renata Kobayashi", "renata@casaipe.example"),
    (Role.FINANCE, "Otávio Brandão", "otavio@casaipe.example"),
)

_PLACES = (
    ("05422-012", "Rua dos Pinheiros", "Pinheiros", "São Paulo", "SP"),
    ("80420-090", "Rua Comendador Araújo", "Batel", "Curitiba", "PR"),
    ("30140-071", "Rua da Bahia", "Lourdes", "Belo Horizonte", "MG"),
    ("22410-003", "Rua Visconde de Pirajá", "Ipanema", "Rio de Janeiro", "RJ"),
    ("50030-230", "Rua da Aurora", "Boa Vista", "Recife", "PE"),
    ("60115-170", "Avenida Santos Dumont", "Aldeota", "Fortaleza", "CE"),
    ("90510-002", "Rua Padre Chagas", "Moinhos de Vento", "Porto Alegre", "RS"),
    ("40140-110", "Avenida Oceânica", "Barra", "Salvador", "BA"),
    ("88015-200", "Rua Bocaiúva", "Centro", "Florianópolis", "SC"),
    ("70390-085", "SCLS 308", "Asa Sul", "Brasília", "DF"),
    ("69020-030", "Rua Ramos Ferreira", "Centro", "Manaus", "AM"),
    ("29055-420", "Rua Aleixo Netto", "Praia do Canto", "Vitória", "ES"),
)

_NAMES = (
    "Mariana Tavares de Oliveira", "Anderson Freitas", "Tiago Wanderley", "Beatriz Nakamura", "Camila Duarte Pires",
    "João Pedro Albuquerque", "Sônia Maria Lacerda", "Vinícius Prates", "Fernanda Quintela", "Marcos Yoshida",
    "Aline Borges Teles", "Helena Carvalho Motta", "Gustavo Reis", "Priscila Monteiro", "Luciana Sampaio Rocha",
    "Rafael Bittencourt", "Débora Cavalcanti", "Eduardo Sá Ferreira", "Larissa Vilela", "Caio Mendonça",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer of the demo."""

    name: str
    email: str
    tax_id: str
    phone: str
    address: Address


def cpf(number: int) -> str:
    """The CPF of nine digits: the two check digits that make it one."""
    base = f"{number:09d}"
    return next(base + f"{check:02d}" for check in range(100) if is_cpf(base + f"{check:02d}"))


def buyers() -> list[Buyer]:
    """Twenty people, each with an address of their own."""
    found = []
    for index, name in enumerate(_NAMES):
        postal_code, street, district, city, region = _PLACES[index % len(_PLACES)]
        first, last = name.lower().split()[0], name.lower().split()[-1]
        plain = str.maketrans("áâãàéêíóôõúçü", "aaaaeeiooouc" + "u")
        email = f"{first}.{last}@uol.example".translate(plain)
        address = Address(
            name=name,
            postal_code=postal_code,
            street=street,
            number=str(37 + 113 * index % 1900),
            complement=f"apto {11 + index * 7 % 140}" if index % 3 else None,
            district=district,
            city=city,
            region=region,
            phone=f"+55 11 98{index:03d}-{4000 + 37 * index}",
        )
        found.append(Buyer(name, email, cpf(111_444_770 + 7_919 * index), address.phone or "", address))
    return found
