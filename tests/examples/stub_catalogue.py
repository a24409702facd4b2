"""Products and drawn pictures of the stub API: enough of a shop to look at."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

GROUNDS = {"clay": "#EBD8C5", "green": "#DBE6E1", "straw": "#EADFC6", "blue": "#DDE5EA"}
MUG = (
    '<path fill="{c}" d="M95 250h172v110a72 72 0 0 1-72 72h-28a72 72 0 0 1-72-72z"/>'
    '<path fill="none" stroke="{c}" stroke-width="28" d="M267 276h32a44 44 0 0 1 0 88h-32"/>'
    '<path fill="#2B211A" opacity=".2" d="M95 250h172v34H95z"/>'
)
BAG = (
    '<path fill="#302824" d="M132 212h140l20 220H112z"/><path fill="#4A403A" d="M132 212h140l4 40H128z"/>'
    '<circle cx="202" cy="334" r="48" fill="{c}"/><path fill="#302824" d="M197 298h10v72h-10z"/>'
)
BOTTLE = (
    '<path fill="{c}" d="M166 196h68c0 46 50 50 50 100v106a30 30 0 0 1-30 30H146a30 30 0 0 1-30-30V296'
    'c0-50 50-54 50-100z"/><path fill="#C9A36B" d="M166 146h68v34h-68z"/>'
    '<path fill="#EAF0F2" d="M116 316h168v62H116z"/>'
)
BOARD = (
    '<rect x="96" y="182" width="208" height="250" rx="44" fill="{c}"/>'
    '<circle cx="200" cy="226" r="17" fill="#F2E6D8"/>'
    '<path fill="#2B211A" opacity=".2" d="M140 182h8v250h-8zM252 182h8v250h-8z"/>'
)


def picture(shape: str, colour: str, ground: str) -> str:
    """An SVG of one thing in an arch."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 500" preserveAspectRatio="xMidYMid slice">'
        f'<path fill="{GROUNDS[ground]}" d="M0 0h400v500H0z"/>'
        '<path fill="#fff" opacity=".38" d="M72 384V208a128 128 0 0 1 256 0v176z"/>'
        '<path fill="#2B211A" opacity=".08" d="M0 384h400v116H0z"/>'
        '<ellipse cx="200" cy="432" rx="126" ry="15" fill="#2B211A" opacity=".16"/>'
        f"{shape.format(c=colour)}</svg>"
    )


PICTURES = {
    "mug": picture(MUG, "#B4563A", "clay"),
    "mug-green": picture(MUG, "#6F9088", "green"),
    "coffee": picture(BAG, "#D9A441", "straw"),
    "bottle": picture(BOTTLE, "#5E7F97", "blue"),
    "board": picture(BOARD, "#85502E", "clay"),
}


def brl(amount: int) -> Json:
    """An amount of centavos on the wire."""
    return {"amount": amount, "currency": "BRL"}


def image(name: str, alt: str = "") -> Json:
    """A picture on the wire."""
    return {"url": f"/media/{name}", "alt": alt, "width": 800, "height": 1000}


def product(slug: str, title: str, amount: int, *, pic: str | None = None, **more: Any) -> Json:
    """One product; by default with a single variant and no options to choose."""
    before = more.get("before")
    default = {"id": f"v-{slug}", "sku": f"{slug.upper()}-1", "title": "Default Title"}
    variants = more.get("variants") or [
        {
            **default,
            "options": {"Title": "Default Title"},
            "price": brl(amount),
            "compare_at_price": brl(before) if before else None,
            "in_stock": more.get("in_stock", True),
            "weight_grams": 410,
            "image": None,
        }
    ]
    return {
        "id": f"p-{slug}",
        "slug": slug,
        "title": title,
        "vendor": more.get("vendor", "Ateliê Suenaga"),
        "product_type": "Cozinha",
        "tags": more.get("tags", ["cozinha"]),
        "price": brl(amount),
        "price_max": brl(more.get("top", amount)),
        "compare_at_price": brl(before) if before else None,
        "in_stock": more.get("in_stock", True),
        "image": image(pic, title) if pic else None,
        "options": more.get("options", [{"name": "Title", "values": ["Default Title"]}]),
        "variants": variants,
        "description_html": "<p>Torneada à mão em Cunha, barro vermelho com esmalte fosco por dentro.</p>",
        "images": [image(pic, title), image("coffee", "Com o café")] if pic else [],
        "seo": {"title": title, "description": "Feita à mão."},
    }


def coloured(colour: str, size: str, amount: int, pic: str, in_stock: bool = True) -> Json:
    """A variant of the mug."""
    options = {"Cor": colour, "Tamanho": size}
    return {
        "id": f"v-{colour}-{size}".lower().replace(" ", ""),
        "sku": f"CAN-{colour[:3].upper()}-{size[:3]}",
        "title": f"{colour} / {size}",
        "options": options,
        "price": brl(amount),
        "compare_at_price": None,
        "in_stock": in_stock,
        "weight_grams": 410,
        "image": image(pic, colour),
    }


MUG_PRODUCT = product(
    "caneca-barro",
    "Caneca Barro",
    6990,
    pic="mug",
    top=7990,
    options=[
        {"name": "Cor", "values": ["Terracota", "Musgo"]},
        {"name": "Tamanho", "values": ["300 ml", "400 ml"]},
    ],
    variants=[
        coloured("Terracota", "300 ml", 6990, "mug"),
        coloured("Terracota", "400 ml", 7990, "mug"),
        coloured("Musgo", "300 ml", 6990, "mug-green", in_stock=False),
    ],
)

PRODUCTS = [
    MUG_PRODUCT,
    product("garrafa", "Garrafa Esmaltada 1 L", 15990, pic="bottle", before=18990, vendor="Esmaltados Tijucas"),
    product("cafe", "Café Mantiqueira 500 g", 5490, pic="coffee", tags=["café"], vendor="Sítio Boa Vista"),
    product("tabua", "Tábua Angelim 40 cm", 14990, pic="board", tags=["madeira"], vendor="Marcenaria Ipê Roxo"),
    product("prato", "Prato Raso Barro 27 cm", 8990),
    product("bowl", "Bowl Musgo 14 cm", 6490, in_stock=False),
    product("jogo", "Jogo americano Linho, 4", 12990, tags=["têxtil"], vendor="Tecelagem Resende"),
    product("cesto", "Cesto Piaçava G", 11990, vendor="Associação Massarandupió"),
]

# In no list: bought by its address, sent by e-mail.
VOUCHER = product("vale", "Vale-presente", 10000, tags=["vale"], vendor="Casa Ipê")
