"""A real browser for the tests of the page: opened from disk, everything it asks for and everything that goes wrong noted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import browser as chromium_path

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield found
        found.close()


def opened(chrome: Any, address: str, **context: Any) -> Any:
    """A fresh page, with what it asked for and what went wrong noted on it."""
    page = chrome.new_page(viewport={"width": 1366, "height": 768}, **context)
    page.asked, page.wrong = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on(
        "console", lambda message: page.wrong.append(message.text) if message.type in ("error", "warning") else None
    )
    page.goto(address)
    return page


def state(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("drillsim.state()")
    return found


def wait_until(page: Any, claim: str) -> None:
    """Wait until a claim holds in the page (whose policy lets no test put a watcher into it); at most thirty seconds, since a machine may be busy."""
    for _ in range(1500):
        if page.evaluate(claim):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"not true within thirty seconds: {claim}")


def shown(page: Any, minute: float) -> dict[str, Any]:
    """What the page shows at a minute, without the words."""
    page.evaluate("minute => drillsim.seek(minute)", minute)
    found: dict[str, Any] = page.evaluate("drillsim.board()")
    for place in found["places"].values():
        place.pop("words")
    return found
