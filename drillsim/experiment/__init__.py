"""Many runs: replications in one process or several, what is kept of them, and the folder they are saved in."""

from drillsim.experiment.runs import Runs, run

__all__ = ["Runs", "run"]
