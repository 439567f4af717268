"""Plots for Python and Jupyter: each takes a result and an ``ax`` and gives the ``ax`` back; without one it makes a figure of the right size.

Every plot reads in black and white: what differs in colour differs in hatch, sign or line too. ``language`` is ``"en"`` or ``"zh"``, by default
what ``drillsim.use_language`` chose. Times are times of day; ids of steps, departments and roles are those of the files.
"""

from drillsim.plots.hospital import plot_departments, plot_pile, plot_queue, plot_queues, plot_systems, plot_waits
from drillsim.plots.response import (
    plot_critical_path,
    plot_lateness,
    plot_load,
    plot_on_time,
    plot_people,
    plot_steps,
    plot_timeline,
)
from drillsim.plots.studies import plot_comparison, plot_sweep, plot_trade

__all__ = [
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
]
