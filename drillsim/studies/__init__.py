"""Studies in Python and Jupyter: ways of doing it compared on the same luck, one value swept, and what would help."""

from drillsim.studies.comparing import SideBySide, compare
from drillsim.studies.improving import Improved, improve
from drillsim.studies.sweeping import Swept, split, sweep

__all__ = ["Improved", "SideBySide", "Swept", "compare", "improve", "split", "sweep"]
