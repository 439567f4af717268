"""drillsim rehearses a hospital's information-system emergency plan on a simulated hospital."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drillsim.api import Result, load, open_run, replay, run, score_run
    from drillsim.studies import compare

__version__ = "0.1.0"
__all__ = ["Result", "__version__", "compare", "load", "open_run", "replay", "run", "score_run"]
_STUDIES = ("compare",)


def __getattr__(name: str) -> Any:
    """Import what Python users ask for when they ask: the command line starts without it."""
    if name in __all__:
        from drillsim import api, studies

        return getattr(studies if name in _STUDIES else api, name)
    raise AttributeError(f"module 'drillsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
