"""Files that a merchant hands in, made for the demo shop."""

from __future__ import annotations

import csv
from pathlib import Path

JATOBA = "Marcenaria Jatobá"
_COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Price",
    "Cost per item", "Status", "Collection",
)  # fmt: skip


def changed_catalogue(folder: Path) -> Path:
    """A file that creates, changes, leaves alone and is refused in part."""
    rows = [
        _row("bowl-musgo-14-cm", "Bowl Musgo 14 cm", "BOW-MUS-014", "59,90", cost="20,40", status="active"),
        _row("vela-capim-limao", "Vela Capim-limão", "VEL-CAP", "42,90", maker="Casa de Cheiro", status="active"),
        _row("tabua-angelim-40-cm", "Tábua Angelim 40 cm", "TAB-ANG-040", "139,90", maker=JATOBA, status="active"),
        _row("colher-de-pau-jatoba", "Colher de Pau Jatobá 32 cm", "COL-PAU", "28,90", maker=JATOBA, status="active",
             text="<p>Cabo longo, peça única de jatobá. Não risca a panela nem solta farpas.</p>"),
        _row("banco-peroba-45-cm", "Banco Peroba 45 cm", "BAN-PER-045", "52O,00", maker=JATOBA, status="active"),
        _row("garrafa-agata-500-ml", "Garrafa Ágata 500 ml", "GAR-AGA-500", "-79,90"),
        _row("fronha-linho", "Fronha Linho", "BOW-MUS-014", "89,90"),
        _row("moringa-pequena", "Moringa Pequena 600 ml", "MOR-BAR-600", "89,90", stock="muitas"),
        _row("sem-nome", "", "SEM-NOM", "19,90"),
    ]  # fmt: skip
    names = ("Jarra Musgo 1 L", "Travessa Barro 32 cm", "Saboneteira Pedra", "Castiçal Ferro", "Pote Mel 400 g")
    rows += [
        _row(name.lower().replace(" ", "-").replace("ç", "c"), name, f"NOV-{at:03}", f"{49 + 10 * at},90", cost="21,00")
        for at, name in enumerate(names, start=1)
    ]
    return _write(folder / "catalogo-novembro.csv", rows)


def one_product(folder: Path, handle: str, title: str) -> Path:
    """A file with one product that is new and on sale at once."""
    row = _row(handle, title, "GAM-CED-036", "189,90", cost="74,00", maker=JATOBA, stock="8", status="active")
    return _write(folder / "gamela.csv", [row])


def many_drafts(folder: Path, count: int) -> Path:
    """So many products that applying them takes a while; none is put on sale."""
    rows = [_row(f"peca-{at:05}", f"Peça do arquivo {at:05}", f"ARQ-{at:05}", "39,90") for at in range(count)]
    return _write(folder / "arquivo-do-atelie.csv", rows)


def _row(
    handle: str,
    title: str,
    sku: str,
    price: str,
    *,
    cost: str = "",
    maker: str = "Ateliê Suenaga",
    stock: str = "",
    status: str = "draft",
    text: str = "",
) -> tuple[str, ...]:
    return (
        handle, title, text, maker, "", "", str(status == "active").lower(), "Title", "Default Title", sku, "",
        "shopify", stock, price, cost, status, "Primavera",
    )  # fmt: skip


def _write(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([_COLUMNS, *rows])
    return path
