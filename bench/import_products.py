"""The import of 50,000 rows beside a plain COPY of the same file, and the memory it takes.

The file has what a shop's export has: 46 columns, four variants a product, pictures, descriptions, stock. The plain
COPY goes into a table of text columns without an index. The import runs in a process of its own, whose peak and
processor time are read from the operating system; its time is that of applying, with the check beside it. A third
time is that of the INSERTs alone which these rows need: no importer gets below it (`bench.floor`).
"""

from __future__ import annotations

import csv
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from adapters.provisioning import ROLES, DatabaseAddresses, start_database
from adapters.settings import Settings
from adapters.wiring import settle, wire
from bench.floor import insert_seconds
from core.imports.queries import GetImport, get_import
from core.imports.shopify import Column
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.imports.use_cases.check_import import CheckImport, check_import
from core.imports.use_cases.confirm_import import ConfirmImport, confirm_import
from core.imports.use_cases.start_import import StartImport, start_import
from core.shared.context import CallContext, Job
from core.shared.ids import StoreId
from core.stores.use_cases.create_store import CreateStore, create_store

ROWS = 50_000
VARIANTS = 4
FILLERS = 14  # a real export has columns that nobody reads
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and bytes of one run."""

    rows: int
    file_bytes: int
    copy_seconds: float
    check_seconds: float
    apply_seconds: float
    python_seconds: float
    insert_seconds: float
    peak_bytes: int

    @property
    def ratio(self) -> float:
        return self.apply_seconds / self.copy_seconds

    def line(self) -> str:
        """The row of the frame."""
        return (
            f"import: {self.rows:,} rows ({self.file_bytes / 1e6:.0f} MB) in {self.apply_seconds:.1f} s"
            f" = {self.rows / self.apply_seconds:,.0f} rows/s; plain COPY {self.copy_seconds:.2f} s, ratio"
            f" {self.ratio:.0f} (aim 10); the INSERTs alone {self.insert_seconds:.1f} s, ratio"
            f" {self.insert_seconds / self.copy_seconds:.0f}; processor time of Python {self.python_seconds:.1f} s;"
            f" check {self.check_seconds:.1f} s;"
            f" peak {self.peak_bytes / 1e6:.0f} MB (aim 200)"
        )


def write_file(path: Path, rows: int = ROWS) -> None:
    """A product file with `rows` rows."""
    fillers = [f"Google Shopping / Custom Label {n}" for n in range(FILLERS)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*(column.value for column in Column), *fillers], restval="")
        writer.writeheader()
        for number in range(rows):
            writer.writerow(_row(number))


def _row(number: int) -> dict[str, str]:
    product, variant = divmod(number, VARIANTS)
    row = {
        "Handle": f"produto-{product}",
        "Option1 Value": ("P", "M")[variant % 2],
        "Option2 Value": ("Barro", "Musgo")[variant // 2],
        "Variant SKU": f"SKU-{product:05}-{variant}",
        "Variant Grams": str(200 + product % 900),
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": str(1 + number % 40),
        "Variant Inventory Policy": "deny",
        "Variant Price": f"{30 + product % 500}.90",
        "Variant Requires Shipping": "true",
        "Variant Taxable": "true",
    }
    if variant == 0:
        row |= {
            "Title": f"Produto de cerâmica número {product}",
            "Body (HTML)": f"<p>{'Torneado à mão em Cunha, SP. ' * 8}</p>\n<p>Peça {product}.</p>",
            "Vendor": f"Ateliê {product % 60}",
            "Type": "Canecas",
            "Tags": "cerâmica, cozinha, feito à mão",
            "Published": "true",
            "Option1 Name": "Tamanho",
            "Option2 Name": "Cor",
        }
    if variant < 2:
        row |= {"Image Src": f"https://fotos.example/{product}-{variant}.jpg", "Image Position": str(variant + 1)}
    return row


def measure(database: DatabaseAddresses, folder: Path, rows: int = ROWS) -> Measured:
    """Import a file into a new store of `database`, which is migrated; files lie under `folder`."""
    path = folder / "products.csv"
    write_file(path, rows)
    copied = sorted(_plain_copy(database.owner_url, path) for _ in range(3))[1]
    environment = os.environ | _environment(database, folder)
    command = [sys.executable, "-m", "bench.import_products", str(path)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return Measured(
        rows=rows,
        file_bytes=path.stat().st_size,
        copy_seconds=copied,
        check_seconds=told["check"],
        apply_seconds=told["apply"],
        python_seconds=told["python"],
        insert_seconds=insert_seconds(database, UUID(told["store"])),
        peak_bytes=told["peak"],
    )


def _plain_copy(url: str, path: Path) -> float:
    with path.open(encoding="utf-8") as file:
        columns = next(csv.reader(file))
    with psycopg.connect(url) as connection:
        table = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in columns)
        connection.execute(sql.SQL("CREATE TABLE public.bench_plain_copy ({})").format(table))
        connection.commit()
        started = time.perf_counter()
        with (
            path.open("rb") as file,
            connection.cursor() as cursor,
            cursor.copy("COPY public.bench_plain_copy FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := file.read(BLOCK):
                copy.write(block)
        connection.commit()
        elapsed = time.perf_counter() - started
        connection.execute("DROP TABLE public.bench_plain_copy")
    return elapsed


def _environment(database: DatabaseAddresses, folder: Path) -> dict[str, str]:
    key = "A" * 43 + "="
    return {
        "ECOMMERCE_ENV": "test",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "STOREFRONT_URL": "http://127.0.0.1:8001",
        "DATABASE_URL": database.app_url,
        "DATABASE_PLATFORM_URL": database.platform_url,
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY": secrets.token_hex(20),
        "SECRET_BOX_KEYS": key,
        "JWT_SIGNING_KEYS": key,
    }


def run_once(path: Path) -> dict[str, Any]:
    """Import the file at `path` into a new store, as the environment says; what it took."""
    wired = wire(Settings.from_environment(os.environ))
    settle()
    nobody = CallContext(None, Job("bench"), "bench")
    slug = f"bench-{secrets.token_hex(4)}"
    store_id: UUID = wired.app.run(create_store, CreateStore(name="Bench", slug=slug, email="b@shop.example"), nobody)
    context = CallContext(StoreId(store_id), Job("bench"), "bench")
    with path.open("rb") as file:
        command = StartImport(path.name, iter(lambda: file.read(BLOCK), b""), "bench", in_background=False)
        import_id = wired.app.run(start_import, command, context)
    marks = [time.perf_counter()]
    wired.app.run(check_import, CheckImport(import_id), context)
    marks.append(time.perf_counter())
    used = time.process_time()
    wired.app.run(confirm_import, ConfirmImport(import_id, in_background=False), context)
    wired.app.run(apply_import, ApplyImport(import_id), context)
    used = time.process_time() - used
    marks.append(time.perf_counter())
    done = wired.app.read(get_import, GetImport(import_id), context)
    if done.applied != done.checked or not done.applied.rows_created:
        raise RuntimeError(f"the import ended otherwise than it was checked: {done.applied}")
    wired.engines.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "check": marks[1] - marks[0],
        "apply": marks[2] - marks[1],
        "python": used,
        "peak": peak,
        "store": str(store_id),
    }


def main() -> None:
    """Measure on a server of our own and print the row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # our own new folder: the server's user must get in
        passwords = {role: secrets.token_urlsafe(12) for role in ROLES}
        cluster, database = start_database(folder / "postgres", secrets.token_urlsafe(12), passwords)
        try:
            print(measure(database, folder).line())
        finally:
            cluster.remove()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(run_once(Path(sys.argv[1]))))
    else:
        main()
