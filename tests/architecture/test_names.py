"""Words that must not stand where they do not belong."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.registry import payment_plugins

ROOT = Path(__file__).resolve().parents[2]
CORE = [*sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "ports").rglob("*.py"))]


def test_no_provider_is_named_in_core() -> None:
    names = re.compile("|".join(rf"\b{name}\b" for name in payment_plugins() if name != "manual"), re.IGNORECASE)
    assert [str(path) for path in CORE if names.search(path.read_text())] == []


def test_no_http_status_in_core() -> None:
    status = re.compile(r"\b(http_status|status_code|HTTPStatus)\b")
    assert [str(path) for path in CORE if status.search(path.read_text())] == []


def test_domain_reads_no_clock_and_makes_no_ids() -> None:
    forbidden = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|uuid4\(|uuid1\(|\brandom\.\w|\bsecrets\.\w")
    assert [str(path) for path in CORE if forbidden.search(path.read_text())] == []


def test_no_floats_for_money() -> None:
    paths = [
        path for path in CORE if any(part in path.parts for part in ("pricing", "payments", "orders", "aftersales"))
    ]
    number = re.compile(r"\bfloat\(|(?<![\w.])\d+\.\d+(?![\w.])")
    wrong = [
        (str(path.relative_to(ROOT)), line)
        for path in [*paths, ROOT / "core/shared/money.py"]
        for line in path.read_text().splitlines()
        if number.search(line.split("#")[0]) and '"""' not in line and "Lei" not in line and "Instrução" not in line
    ]
    assert wrong == []


def test_no_bags_of_things() -> None:
    bags = {"utils", "helpers", "common", "base", "misc", "lib"}
    folders = ("core", "ports", "adapters", "web", "admin", "jobs")
    assert [str(p) for f in folders for p in (ROOT / f).rglob("*.py") if p.stem in bags] == []
