"""drillsim rehearses a hospital's information-system emergency plan on a simulated hospital."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drillsim.api import Result, columns, load, open_run, replay, run, score_run
    from drillsim.plots import (
        plot_comparison,
        plot_critical_path,
        plot_departments,
        plot_lateness,
        plot_load,
        plot_on_time,
        plot_people,
        plot_pile,
        plot_queue,
        plot_queues,
        plot_steps,
        plot_sweep,
        plot_systems,
        plot_timeline,
        plot_trade,
        plot_waits,
    )
    from drillsim.studies import compare, improve, sweep
    from drillsim.texts import use_language

__version__ = "0.1.0"
__all__ = [
    "Result",
    "__version__",
    "columns",
    "compare",
    "improve",
    "load",
    "open_run",
    "plot_comparison",
    "plot_critical_path",
    "plot_departments",
    "plot_lateness",
    "plot_load",
    "plot_on_time",
    "plot_people",
    "plot_pile",
    "plot_queue",
    "plot_queues",
    "plot_steps",
    "plot_sweep",
    "plot_systems",
    "plot_timeline",
    "plot_trade",
    "plot_waits",
    "replay",
    "run",
    "score_run",
    "sweep",
    "use_language",
]
_MODULES = {
    "compare": "studies",
    "improve": "studies",
    "sweep": "studies",
    "use_language": "texts",
}  # the others: plot_… in plots, the rest in api


def __getattr__(name: str) -> Any:
    """Import what Python users ask for when they ask: the command line starts without it."""
    if name in __all__:
        module = _MODULES.get(name, "plots" if name.startswith("plot_") else "api")
        return getattr(import_module(f"drillsim.{module}"), name)
    raise AttributeError(f"module 'drillsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
