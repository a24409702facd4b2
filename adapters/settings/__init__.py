"""The environment, read once into one frozen record; nothing else in the product reads environment variables.

A missing or malformed value stops the start. All of them are named at once, so that nobody repairs a
deployment one variable at a time. Values are never shown in the message: most are secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.settings.environment import EnvironmentReader, Problem
from adapters.settings.signing_keys import SigningKey

__all__ = ["Problem", "Settings", "SettingsError", "SigningKey"]

ENVIRONMENTS = ("development", "production", "test")
LOG_LEVELS = ("debug", "info", "warning", "error")
DATABASE_SCHEMES = ("postgresql",)
HTTP_SCHEMES = ("http", "https")
BROKER_SCHEMES = ("amqp", "amqps")


class SettingsError(Exception):
    """The environment doesn't hold what the product needs; `problems` names every variable."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = "\n".join(f"  {problem.variable}: {problem.message}" for problem in problems)
        super().__init__(f"These settings are missing or malformed:\n{lines}")
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between deployments.

    `database_url` logs in as role `app`, `database_platform_url` as `platform`; `database_owner_url` is
    needed by migrations only. `secret_key` signs sessions, CSRF tokens and the tokens of orders; the first of
    `secret_box_keys` (32 bytes each) encrypts and all decrypt, the first of `jwt_signing_keys` signs and all
    are published. `trusted_proxy_count` is the number of reverse proxies whose X-Forwarded headers are
    believed.
    """

    environment: str
    public_url: str
    storefront_url: str
    database_url: str = field(repr=False)
    database_platform_url: str = field(repr=False)
    database_owner_url: str | None = field(repr=False)
    data_dir: Path
    secret_key: bytes = field(repr=False)
    secret_box_keys: tuple[bytes, ...] = field(repr=False)
    jwt_signing_keys: tuple[SigningKey, ...] = field(repr=False)
    broker_url: str | None = field(repr=False)
    sandbox_payments_url: str | None
    sandbox_carrier_url: str | None
    session_cookie_secure: bool
    log_level: str
    port: int
    web_workers: int
    web_threads: int
    trusted_proxy_count: int

    @property
    def media_dir(self) -> Path:
        """Where the blob store keeps its files."""
        return self.data_dir / "media"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Settings:
        """Read every setting.

        :param env: the environment, usually `os.environ`
        :raises SettingsError: naming every missing or malformed variable
        """
        read = EnvironmentReader(env)
        environment = read.choice("ECOMMERCE_ENV", ENVIRONMENTS)
        public_url = read.url("PUBLIC_URL", HTTP_SCHEMES)
        sandbox_payments_url = read.optional_url("SANDBOX_PAYMENTS_URL", HTTP_SCHEMES)
        sandbox_carrier_url = read.optional_url("SANDBOX_CARRIER_URL", HTTP_SCHEMES)
        secure = read.flag("SESSION_COOKIE_SECURE", default=public_url.startswith("https:"))
        if environment == "production":
            rehearsals = {"SANDBOX_PAYMENTS_URL": sandbox_payments_url, "SANDBOX_CARRIER_URL": sandbox_carrier_url}
            _refuse_rehearsal(read, public_url, rehearsals, secure=secure)
        settings = cls(
            environment=environment,
            public_url=public_url,
            storefront_url=read.url("STOREFRONT_URL", HTTP_SCHEMES),
            database_url=read.url("DATABASE_URL", DATABASE_SCHEMES),
            database_platform_url=read.url("DATABASE_PLATFORM_URL", DATABASE_SCHEMES),
            database_owner_url=read.optional_url("DATABASE_OWNER_URL", DATABASE_SCHEMES),
            data_dir=read.path("DATA_DIR", default=".data"),
            secret_key=read.secret("SECRET_KEY", minimum=32),
            secret_box_keys=read.keys("SECRET_BOX_KEYS", length=32),
            jwt_signing_keys=read.signing_keys("JWT_SIGNING_KEYS"),
            broker_url=read.optional_url("BROKER_URL", BROKER_SCHEMES),
            sandbox_payments_url=sandbox_payments_url,
            sandbox_carrier_url=sandbox_carrier_url,
            session_cookie_secure=secure,
            log_level=read.choice("LOG_LEVEL", LOG_LEVELS, default="info"),
            port=read.integer("PORT", default=8000, least=1, most=65535),
            web_workers=read.integer("WEB_WORKERS", default=2, least=1, most=64),
            web_threads=read.integer("WEB_THREADS", default=4, least=1, most=64),
            trusted_proxy_count=read.integer("TRUSTED_PROXY_COUNT", default=0, least=0, most=10),
        )
        if read.problems:
            raise SettingsError(tuple(read.problems))
        return settings


def _refuse_rehearsal(
    read: EnvironmentReader, public_url: str, rehearsals: Mapping[str, str | None], *, secure: bool
) -> None:
    for variable, url in rehearsals.items():
        if url is not None:
            read.refuse(variable, "must not be set in production")
    if public_url and not public_url.startswith("https:"):
        read.refuse("PUBLIC_URL", "must be https in production")
    if not secure:
        read.refuse("SESSION_COOKIE_SECURE", "must not be off in production")
