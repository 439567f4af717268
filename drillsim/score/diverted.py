"""The day without the fault, of those patients who came on the day with it too: whom the plan diverted cannot be compared with himself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from drillsim.score.view import View, rows_of


def of_those_who_came(base: View, view: View) -> View:
    """``base`` without the patients and orders whom the plan of ``view`` diverted, and without their visits; ``base`` itself when there are none."""
    away = view.diverted
    if not len(away["patient"]):
        return base
    log = base.log
    patients, visits = (_without(table, away) for table in (log.patients, log.visits))
    return View(base.scenario, replace(log, patients=patients, visits=visits), base.start, base.end, base.failed)


def _without(table: dict[str, np.ndarray], away: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The rows of a table of patients or visits that are of nobody in ``away``."""
    kept = rows_of(table, away) < 0 if table else np.empty(0, bool)
    return {name: column[kept] for name, column in table.items()}
