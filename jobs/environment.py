"""The settings that a default run gives to its processes, and where commands find settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import NoReturn

from jobs.data_folder import LOOPBACK, DataFolder

SECRET = ("DATABASE_", "SECRET_", "JWT_")


def default_environment(data: DataFolder, database: Mapping[str, str], ports: Mapping[str, int]) -> dict[str, str]:
    """Settings of the default run.

    :param database: the four DATABASE_ addresses
    :param ports: of `web`, `storefront`, `sandbox` (payments) and `carrier`
    """
    web, storefront, sandbox, carrier = (
        f"http://{LOOPBACK}:{ports[name]}" for name in ("web", "storefront", "sandbox", "carrier")
    )
    secrets = data.read("secrets.json") or {}
    return {
        **database,
        "ECOMMERCE_ENV": "development",
        "ECOMMERCE_SUPERVISED": "1",
        "DATA_DIR": str(data.path),
        "PORT": str(ports["web"]),
        "PUBLIC_URL": web,
        "SECRET_KEY": secrets["secret_key"],
        "SECRET_BOX_KEYS": secrets["secret_box_key"],
        "JWT_SIGNING_KEYS": secrets["jwt_signing_key"],
        "SANDBOX_PAYMENTS_URL": sandbox,
        "SANDBOX_PUBLIC_URL": sandbox,
        "SANDBOX_PORT": str(ports["sandbox"]),
        "SANDBOX_CARRIER_URL": carrier,
        "SANDBOX_CARRIER_PUBLIC_URL": carrier,
        "SANDBOX_CARRIER_PORT": str(ports["carrier"]),
        "SANDBOX_WEBHOOK_REBASE": web,
        "STOREFRONT_URL": storefront,
        "STOREFRONT_PORT": str(ports["storefront"]),
        "ECOMMERCE_API": web,
    }


def without_secrets(env: Mapping[str, str], keep: Iterable[str] = ()) -> dict[str, str]:
    """What the outside world may be told: no address of a database and no key of ours but those in `keep`."""
    return {name: value for name, value in env.items() if not name.startswith(SECRET) or name in keep}


def command_environment() -> dict[str, str]:
    """The environment of a command: the process's own, or the running default's when it names no database.

    Commands hand it to `Settings.from_environment`, which says what is missing.
    """
    if os.environ.get("DATABASE_URL"):
        return dict(os.environ)
    return {**os.environ, **(DataFolder().read("environment.json") or {})}


def become(module: str) -> NoReturn:
    """Replace this process by `python -m module`, with the settings of a command."""
    os.execve(sys.executable, [sys.executable, "-m", module], command_environment())  # noqa: S606
