"""What made a result: versions of what takes part, and one hash for the whole scenario as it was resolved."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib import metadata
from typing import Any

from drillsim import __version__
from drillsim.model.scenario import Scenario

TAKE_PART = ("simpy", "numpy", "pydantic", "pandas", "pyarrow", "joblib")


def versions() -> dict[str, str]:
    """Versions of drillsim, Python and the packages that a result can depend on."""
    return {
        "drillsim": __version__,
        "python": platform.python_version(),
        **{package: metadata.version(package) for package in TAKE_PART},
    }


def resolved(scenario: Scenario) -> dict[str, Any]:
    """The whole scenario as plain data, hospital and plan in their places, figures with their units; reads back as the same scenario."""
    return scenario.model_dump(mode="json", by_alias=True)


def stated(scenario: Scenario) -> dict[str, Any]:
    """What the scenario's files state, without what they leave as it is."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the resolved scenario; the same for the same scenario, however its files are written."""
    text = json.dumps(resolved(scenario), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
