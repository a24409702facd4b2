"""Who may import whom, read off the import graph: three rings over two folders, contexts in their order."""

from __future__ import annotations

import sys
from functools import cache

import grimp

CALLERS = ("use_cases", "queries", "application")
ORDER = (
    {"checkout", "aftersales"},
    {"reconciliation", "logistics", "home"},
    {"orders", "payments", "cart"},
    {"catalog", "inventory", "pricing", "ledger", "identity", "stores", "imports", "messages", "media", "activity"},
    {"shared"},
)


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("core", "ports", "adapters", "web", "admin", "jobs", include_external_packages=True)


def modules_below(package: str) -> list[str]:
    return sorted(m for m in graph().modules if m == package or m.startswith(f"{package}."))


def is_caller(module: str) -> bool:
    return any(part in CALLERS for part in module.split("."))


def imports(module: str) -> set[str]:
    return graph().find_modules_directly_imported_by(module)


def rank(context: str) -> int:
    return next(index for index, contexts in enumerate(ORDER) if context in contexts)


def test_the_graph_is_there() -> None:
    assert len(modules_below("core")) > 60
    assert any(is_caller(m) for m in modules_below("core"))


def test_domain_modules_know_the_standard_library_and_domain_modules_only() -> None:
    wrong = [
        (module, imported)
        for module in modules_below("core")
        if not is_caller(module)
        for imported in imports(module)
        if (not imported.startswith("core") and imported.split(".")[0] not in sys.stdlib_module_names)
        or (imported.startswith("core.") and is_caller(imported))
    ]
    assert wrong == []


def test_ports_know_domain_modules_only() -> None:
    wrong = [
        (module, imported)
        for module in modules_below("ports")
        for imported in imports(module)
        if (imported.split(".")[0] not in {"core", "ports"} and imported.split(".")[0] not in sys.stdlib_module_names)
        or (imported.startswith("core.") and is_caller(imported))
    ]
    assert wrong == []


def test_use_cases_know_ports_and_lower_contexts() -> None:
    wrong = []
    for module in modules_below("core"):
        parts = module.split(".")
        if len(parts) < 3:
            continue
        for imported in imports(module):
            other = imported.split(".")
            if other[0] not in {"core", "ports"} and other[0] not in sys.stdlib_module_names:
                wrong.append((module, imported))
            if other[0] == "core" and len(other) > 2 and other[1] != parts[1] and rank(other[1]) <= rank(parts[1]):
                wrong.append((module, imported))
    assert wrong == []


def test_only_checkout_and_aftersales_call_other_contexts_use_cases() -> None:
    wrong = [
        (module, imported)
        for module in modules_below("core")
        if module.split(".")[1:2] not in (["checkout"], ["aftersales"])
        for imported in imports(module)
        if ".use_cases" in imported and imported.split(".")[1] != module.split(".")[1]
    ]
    assert wrong == []


def test_faces_reach_adapters_from_their_entry_modules_only() -> None:
    entries = {"web.wsgi", "web.__main__", "jobs.supervisor", "jobs.background", "jobs.worker"}
    wrong = [
        (module, imported)
        for face in ("web", "admin", "jobs")
        for module in modules_below(face)
        for imported in imports(module)
        if imported.startswith("adapters") and module not in entries and not module.startswith("jobs.commands.")
    ]
    assert wrong == []
