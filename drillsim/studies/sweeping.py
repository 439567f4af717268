"""One value of a scenario swept through several settings, all on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drillsim import units
from drillsim.files.changes import plain
from drillsim.files.python import in_python
from drillsim.model.base import Text
from drillsim.model.scenario import Scenario
from drillsim.score.comparison import Arm
from drillsim.score.sweep import Setting, Sweep
from drillsim.score.sweep import sweep as sum_up
from drillsim.studies import arms as ways
from drillsim.studies.arms import What
from drillsim.studies.comparing import line
from drillsim.texts import preferred

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console


@dataclass(frozen=True)
class Swept:
    """A sweep: ``sweep`` (all figures as records), ``table()`` (a frame), ``sentences()``, and a page for people."""

    sweep: Sweep
    scenario: Scenario
    name: str
    interrupted: bool = False

    def table(self) -> pd.DataFrame:
        """One row per figure and setting: setting, figure, group, kind, id, unit (claim: share of runs; share; min; number), value, low, high
        (interval of the value), runs, and against the setting as it is: difference, difference_low, difference_high, sure, direction."""
        import pandas as pd

        rows = []
        comparison = self.sweep.comparison
        for row in comparison.figures:
            against = {one.arm: line(comparison, row, one) for one in row.differences}
            for setting in self.sweep.settings:
                value, found = row.values[setting.value], against.get(setting.value, {})
                rows.append(
                    {"setting": setting.value, "figure": row.name, "group": row.group, "kind": row.kind, "id": row.id, "unit": row.unit}
                    | {"value": value.value, "low": value.low, "high": value.high, "runs": value.n}
                    | {"difference": found.get("difference"), "difference_low": found.get("low"), "difference_high": found.get("high")}
                    | {"sure": found.get("sure"), "direction": found.get("direction")}
                )  # fmt: skip
        return pd.DataFrame(rows)

    def csv(self) -> str:
        """The table as text, for spreadsheets."""
        text: str = self.table().to_csv(index=False, lineterminator="\n")
        return text

    def json(self) -> str:
        """Everything as JSON (see ``drillsim.score.sweep``)."""
        return self.sweep.model_dump_json(indent=1)

    def sentences(self, language: str = "en") -> list[str]:
        """What the sweep says: which settings nothing on the list beats, and what each step from one to the next brings and costs."""
        from drillsim.report.swept import sentences

        return sentences(self.sweep, self.scenario, language)

    def page(self, language: str = "en") -> str:
        """The sweep as one HTML page that needs no network."""
        from drillsim.report.sweep_page import write_page

        return write_page(self.sweep, self.scenario, language)

    def save(self, path: str | Path, language: str = "en") -> None:
        """Write the page into a file."""
        Path(path).write_text(self.page(language), encoding="utf-8", newline="\n")

    def show(self, console: Console, *, language: str = "en", all_rows: bool = False, page: Path | None = None) -> None:
        """Print it on a console of rich."""
        from drillsim.report.sweep_terminal import show

        show(self.sweep, self.scenario, console, language=language, all_rows=all_rows, page=page)

    def __repr__(self) -> str:
        return "\n".join(self.sentences(preferred()))

    def _repr_html_(self) -> str:
        from drillsim.report.card import told

        language = preferred()
        return told(self.sentences(language), language)


@in_python
def sweep(
    what: What,
    path: str,
    values: Sequence[object],
    *,
    variant: str | Iterable[str] = (),
    set: Mapping[str, object] | Iterable[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Swept:
    """Play a scenario with the value at ``path`` set to each of ``values`` in turn, all on the same luck, and compare the settings.

    ``sweep("his-database-outage", "plan.thresholds.outpatient", ["5 min", "15 min", "30 min"])``. ``variant`` and ``set`` hold for all
    settings. Raises ValueError with fewer than two different values, ScenarioError for mistakes in files or values.
    """
    names = [variant] if isinstance(variant, str) else list(variant)
    chosen = ways.chosen(what, set, names)
    texts = list(dict.fromkeys(str(value).strip() for value in values))
    if len(texts) < 2:
        raise ValueError("a sweep needs two or more different values")
    arms = [_arm(text, chosen.with_values({path: value}) if not isinstance(value, str) else chosen.with_values([f"{path}={value}"])) for text, value in _first(texts, values)]  # fmt: skip
    settings = [Setting(value=a.name, x=_number(a.name), as_it_is=a.scenario == chosen.scenario) for a in arms]
    arms, interrupted = ways.played(arms, replications=replications, seed=seed, jobs=jobs, progress=progress)
    return Swept(sum_up(plain(path), settings, arms), chosen.scenario, chosen.loaded.name, interrupted)


def _first(texts: Sequence[str], values: Sequence[object]) -> list[tuple[str, object]]:
    known: dict[str, object] = {}
    for value in values:
        known.setdefault(str(value).strip(), value)
    return [(text, known[text]) for text in texts]


def _arm(text: str, scenario: Scenario) -> Arm:
    return Arm(text, Text(en=text, zh=text), scenario, [], 0)


def _number(text: str) -> float | None:
    """The value as a number (of minutes, where it is a duration); None when it is neither."""
    for read in (float, units.minutes):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def split(values: str) -> list[str]:
    """Values separated by commas; commas inside brackets do not count."""
    found, depth, current = [], 0, ""
    for sign in values:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            found.append(current.strip())
            current = ""
        else:
            current += sign
    return [one for one in [*found, current.strip()] if one]
