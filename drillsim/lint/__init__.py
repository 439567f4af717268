"""The lint of the plan: what is legal but will hurt on the day, found over the records alone, before anything is played."""

from drillsim.lint.finding import RULES, SEVERITIES, Finding, Rule
from drillsim.lint.rules import Linted, lint

__all__ = ["RULES", "SEVERITIES", "Finding", "Linted", "Rule", "lint"]
