"""Every use case and query of the core, found by the permission that it declares."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache

import core
from core.shared.permission import permission_of


@cache
def modules() -> tuple[str, ...]:
    found = [info.name for info in pkgutil.walk_packages(core.__path__, "core.")]
    return tuple(name for name in found if ".use_cases." in name or name.endswith(".queries"))


@cache
def functions() -> dict[str, Callable[..., object]]:
    """By dotted name; only what is defined in the module itself."""
    found: dict[str, Callable[..., object]] = {}
    for name in modules():
        for attribute, value in vars(importlib.import_module(name)).items():
            if not inspect.isfunction(value) or value.__module__ != name:
                continue
            try:
                permission_of(value)
            except TypeError:
                continue
            found[f"{name}.{attribute}"] = value
    return found
