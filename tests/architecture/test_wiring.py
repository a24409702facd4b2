"""Everything a use case asks for is bound, everything it demands can be granted, every actor exists."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from adapters.wiring import build_app
from core.application import port_names
from core.identity.roles import EVERY_PERMISSION, KEY_SCOPES, ROLE_PERMISSIONS, Role
from core.shared.permission import permission_of
from tests.architecture.use_cases import functions
from tests.shop import settings_for


def test_there_are_use_cases() -> None:
    assert len(functions()) > 40


@pytest.mark.parametrize("name", sorted(functions()))
def test_shape_and_permission(name: str) -> None:
    function = functions()[name]
    parameters = list(inspect.signature(function).parameters.values())
    assert parameters[0].kind is inspect.Parameter.POSITIONAL_ONLY, "a command comes first, by position only"
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters[1:]), "ports are keywords"
    assert permission_of(function) in EVERY_PERMISSION
    assert inspect.getdoc(function)


def test_every_port_is_bound(database: DatabaseAddresses, tmp_path: Path) -> None:
    bound = build_app(settings_for(database, tmp_path)).ports
    wanted = {port for function in functions().values() for port in port_names(function)}
    assert wanted - bound == set()
    assert bound - wanted == set(), "bound, and nobody asks for it"


def test_every_permission_is_asked_for_somewhere() -> None:
    asked = {permission_of(function) for function in functions().values()}
    assert EVERY_PERMISSION - asked == set()


def test_roles_are_what_they_are_for() -> None:
    assert "catalog.product.edit" not in ROLE_PERMISSIONS[Role.FINANCE] | ROLE_PERMISSIONS[Role.SUPPORT]
    assert "reconciliation.exception.resolve" not in ROLE_PERMISSIONS[Role.SUPPORT]
    assert ROLE_PERMISSIONS[Role.MANAGER] < ROLE_PERMISSIONS[Role.OWNER] | {"x"}
    platform = {name for name in EVERY_PERMISSION if name.startswith("checkout.")}
    assert platform
    assert not platform & (KEY_SCOPES | frozenset().union(*ROLE_PERMISSIONS.values()))
