"""How much longer the same patients are there than on the day without the fault: patient by patient, with those who did not finish.

Comparing those who were served on each day would leave out whom an outage hurts most: they are still there at EndEx, or have left. So the
patients are those whom the day without the fault serves before EndEx (a choice the fault has no part in), and each is compared with himself: his
luck is fixed when he arrives. Whoever was not served on the day with the fault took at least the minutes until he left, or until EndEx.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from drillsim.score.care import quantile
from drillsim.score.view import NAN, Figures, View, rows_of

EVEN = 0.5  # minutes; bounds of a median that lie closer together are told as one figure

FIGURES = ("longer_median", "longer_mean", "longer_at_least", "longer_unfinished")


class Same(NamedTuple):
    """The same patients on both days: their pathway's code, the minutes by which each took longer, and whether that is only "at least"."""

    pathway: np.ndarray
    longer: np.ndarray
    unfinished: np.ndarray


def longer(view: View, base: View) -> Figures:
    """Figures of every pathway and of all patients together, against ``base``, the day without the fault on the same luck.

    ``longer_median``: the middle of the minutes by which the same patients took longer, those who were not served counted as at least so many (a
    lower bound of the median, and exact unless the median falls among them); ``longer_at_least`` is 1 when it could be longer by more than
    half a minute, were they never served (the sharp bounds of a median under censoring: Manski 2003, Partial Identification of Probability
    Distributions, ch. 1). ``longer_mean``: their mean, at least so much when ``longer_unfinished``, the number of those not served, is not zero.
    """
    same = same_patients(view, base)
    of_patients = np.zeros(len(same.pathway), bool)
    figures: Figures = {}
    for name, record in view.scenario.hospital.pathways.items():
        rows = same.pathway == base.code("pathway", name)
        if record.of == "patients":
            of_patients |= rows
        figures.update({("pathway", name, k): v for k, v in _of(same, rows).items()})
    figures.update({("patients", "patients", k): v for k, v in _of(same, of_patients).items()})
    return figures


def same_patients(view: View, base: View) -> Same:
    """Everybody who arrives from StartEx on and is served before EndEx on the day without the fault, and who is there on both days (who was
    diverted is not)."""
    then, now = base.patients, view.patients
    served = (then["outcome"] == 0) & (then["arrived"] >= view.start) & (then["arrived"] < view.end)
    row = rows_of(then, now)
    chosen = served & (row >= 0)
    row = row[chosen]
    ended = now["ended"][row]
    took = np.where(np.isnan(ended), view.end, ended) - now["arrived"][row]
    before = (then["ended"] - then["arrived"])[chosen]
    return Same(then["pathway"][chosen].astype(np.int64), took - before, now["outcome"][row] != 0)


def _of(same: Same, rows: np.ndarray) -> dict[str, float]:
    minutes, unfinished = same.longer[rows], same.unfinished[rows]
    if len(minutes) == 0:
        return dict.fromkeys(FIGURES, NAN)
    low, high = quantile(minutes, 0.5), quantile(np.where(unfinished, np.inf, minutes), 0.5)
    return {
        "longer_median": low,
        "longer_mean": float(minutes.mean()),
        "longer_at_least": float(not high - low <= EVEN),
        "longer_unfinished": float(unfinished.sum()),
    }
