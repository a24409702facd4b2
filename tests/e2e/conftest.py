"""One run of everything for all tests that walk through it, and people in it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import chromium, chromium_path
from tests.e2e.watching import Complaints
from tests.running import Run
from tests.sandbox.process import free_port

__all__ = ["chromium"]

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them on one worker, so that the tree is started once; what moves its clock comes last."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("e2e"))
    items.sort(key=lambda item: item.path == Path(__file__).with_name("test_day.py"))


@pytest.fixture(scope="session")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Everything that `make run` starts, with its demo shop. Nothing is left of it."""
    chromium_path()  # nothing is started for a browser that isn't there
    run = Run(tmp_path_factory.mktemp("running") / "data", free_port())
    try:
        run.start().ready()
        assert run.get("/readyz") == 200
        yield run
        assert run.end(signal.SIGINT) == 0
        assert run.processes() == {}
    finally:
        reset = run.command("reset")
    assert reset.returncode == 0, reset.stderr


@pytest.fixture(scope="session")
def running(running_shop: Run) -> dict[str, Any]:
    """Its addresses and logins."""
    return running_shop.demo()


@dataclass
class People:
    """Windows of the people of the demo shop, each signed in once."""

    browser: Browser
    shown: dict[str, Any]
    complaints: Complaints
    contexts: list[BrowserContext] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)

    def staff(self, role: str, width: int = 1440, language: str = "en") -> Page:
        """A window in which somebody with `role` is signed in to the back office."""
        page = self.anybody(width, language, storage_state=self.states.get(role))
        if role not in self.states:
            login = next(login for login in self.shown["logins"] if login["role"] == role)
            page.goto(f"{self.shown['admin']}sign-in")
            page.get_by_label("E-mail").fill(login["email"])
            page.get_by_label("Password").fill(login["password"])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(self.shown["admin"])
            self.states[role] = page.context.storage_state()
        return page

    def anybody(self, width: int = 1440, language: str = "en", **options: Any) -> Page:
        """A window in which nobody is known yet."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale=language, timezone_id="America/Sao_Paulo",
            reduced_motion="reduce", **options,
        )  # fmt: skip
        self.contexts.append(context)
        self.complaints.listen(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page


@pytest.fixture(scope="module")
def states() -> dict[str, Any]:
    return {}


@pytest.fixture
def people(chromium: Browser, running: dict[str, Any], states: dict[str, Any]) -> Iterator[People]:
    """Whoever the test needs; what a page complains of on the console fails the test."""
    complaints = Complaints()
    made = People(chromium, running, complaints, states=states)
    yield made
    for context in made.contexts:
        context.close()
    assert complaints.heard == []
