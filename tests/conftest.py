"""Which tests run when, and the browser that looks at pages."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-slow", action="store_true", help="also run tests marked slow (statistics, whole library)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--run-slow"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: runs with --run-slow"))


def browser() -> str | None:
    """The path of a Chromium, or None when there is none on this machine."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and browser() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: in CI the pages must be looked at", pytrace=False)
        pytest.skip("needs Chromium")


@pytest.fixture
def chromium() -> str:
    """The path of the browser; for tests marked ``browser``."""
    path = browser()
    assert path, "mark the test with pytest.mark.browser"
    return path
