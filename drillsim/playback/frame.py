"""What the board shows at a minute: the film read at one moment. The page does the same in the browser, and a test holds the two together."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from drillsim.playback import series
from drillsim.playback.shape import Entry, Film, Place, PlanStep, Turn
from drillsim.playback.words import minutes_shown

MOMENT = re.compile(
    r"(?:(?:\d{4}-)?(?P<month>\d{1,2})-(?P<day>\d{1,2}) +)?(?P<hour>\d{1,2}):?(?P<minute>\d{2})", re.ASCII
)
LENGTHS = {"min": 1, "m": 1, "分": 1, "分钟": 1, "h": 60, "时": 60, "小时": 60, "d": 1440, "天": 1440, "日": 1440}
LENGTH = rf"(\d+(?:\.\d+)?) *({'|'.join(sorted(LENGTHS, key=len, reverse=True))})"
STEPS = re.compile(rf"(?P<sign>[+−-]) *(?:(?P<minutes>\d+)|(?P<lengths>(?:{LENGTH} *)+))", re.ASCII)
CLOSED = ("done", "not_applicable", "failed")


class PlaceNow(NamedTuple):
    """A department at a moment; None where the film does not know."""

    mode: str
    since: float
    waiting: int
    longest: int
    served: int
    duty: int | None
    pile: int | None
    waiting_base: int | None
    no_forms: bool


class StepNow(NamedTuple):
    """A step at a moment: its state since when, and ``verdict`` on_time, late, overdue, or empty."""

    state: str
    since: float
    verdict: str
    late: float


def due_at(step: PlanStep, minute: float) -> float | None:
    """The minute of the deadline of a step that is in force at a minute; None without one."""
    each = step["due"]["each"] if step["due"] else []
    return turn_at(each, minute)[2] if each else None


class Playback:
    """A film ready to be read at any minute, in any order."""

    def __init__(self, film: Film) -> None:
        self.film = film
        self.start = datetime.fromisoformat(film["start"])
        self.minutes = [entry["minute"] for entry in film["entries"]]
        self._values: dict[str, list[int]] = {}

    def value(self, text: str, minute: float) -> int:
        """The value of a series at a minute."""
        if text not in self._values:
            self._values[text] = series.read(text)
        values = self._values[text]
        return values[min(max(series.index(self.film["grid"], minute), 0), len(values) - 1)]

    def maybe(self, text: str | None, minute: float) -> int | None:
        """The same for a series that may not be there."""
        return None if text is None else self.value(text, minute)

    def clock(self, minute: float) -> str:
        """The time of day, cut to whole minutes: ``09:16``."""
        return f"{self.start + timedelta(minutes=int(minute + 1e-6)):%H:%M}"

    def day(self, minute: float) -> str:
        """The date of a minute that does not lie on the first day, such as ``03-12``; empty on the first."""
        now = self.start + timedelta(minutes=int(minute + 1e-6))
        return "" if now.date() == self.start.date() else f"{now:%m-%d}"

    def moment(self, text: str, minute: float) -> float | None:
        """The minute meant by ``11:20`` (of the day it is at ``minute``), ``03-12 11:20``, ``+45`` or ``-10`` minutes, ``+2h``, ``+1d 6h``,
        ``+13天``; None for anything else or out of the run."""
        asked = unicodedata.normalize("NFKC", text).strip().lower()
        found = MOMENT.fullmatch(asked)
        if steps := STEPS.fullmatch(asked):
            to = minute + _length(steps) * (1 if steps["sign"] == "+" else -1)
        elif found and int(found["hour"]) < 24 and int(found["minute"]) < 60:
            day = (self.start + timedelta(minutes=minute)).replace(
                hour=int(found["hour"]), minute=int(found["minute"]), second=0
            )
            try:
                day = day.replace(month=int(found["month"]), day=int(found["day"])) if found["month"] else day
            except ValueError:
                return None
            to = (day - self.start).total_seconds() / 60
        else:
            return None
        return to if 0 <= to <= self.film["horizon"] else None

    def place(self, place: Place, minute: float) -> PlaceNow:
        """One department."""
        now = turn_at(place["turns"], minute)
        forms = turn_at(place["forms"], minute) if place["forms"] else None
        return PlaceNow(
            now[1],
            now[0],
            self.value(place["waiting"], minute),
            self.value(place["longest"], minute),
            self.value(place["served"], minute),
            self.maybe(place["duty"], minute),
            self.maybe(place["pile"], minute),
            self.maybe(place["base"]["waiting"], minute) if place["base"] else None,
            forms is not None and forms[0] <= minute and forms[1] == 0,
        )

    def step(self, step: PlanStep, minute: float) -> StepNow:
        """One step of the plan."""
        turns = step["turns"]
        begun = bool(turns) and turns[0][0] <= minute + 1e-9
        now: Turn = turn_at(turns, minute) if begun else [0.0, "dormant", None, 0.0]
        due = due_at(step, minute)
        if now[1] == "done" and due is not None:
            verdict = "late" if now[3] > 0 else "on_time"
        else:
            verdict = "overdue" if now[1] not in CLOSED and due is not None and minute > due else ""
        late = (
            minutes_shown(due, now[0] if verdict == "late" else minute)
            if due is not None and verdict != "on_time"
            else 0
        )
        return StepNow(now[1], now[0], verdict, float(late) if verdict else 0.0)

    def told(self, minute: float) -> int:
        """How many lines of the story have been told by a minute."""
        return bisect_right(self.minutes, minute + 1e-9)

    def lines(self, minute: float, level: int = 3) -> list[Entry]:
        """The lines told by a minute, as far as they are of that level or below."""
        return [entry for entry in self.film["entries"][: self.told(minute)] if entry["level"] <= level]

    def next_event(self, minute: float) -> float:
        """The minute of the next line of the story that is not small print; EndEx when there is none."""
        return next(
            (e["minute"] for e in self.film["entries"] if e["minute"] > minute + 1e-6 and e["level"] < 3),
            self.film["horizon"],
        )

    def previous_event(self, minute: float) -> float:
        """The minute of the line before; StartEx when there is none."""
        found = [e["minute"] for e in self.film["entries"] if e["minute"] < minute - 1e-6 and e["level"] < 3]
        return found[-1] if found else 0.0

    def next_inject(self, minute: float) -> float | None:
        """The minute of the next inject; None when there is none."""
        return next((i["minute"] for i in self.film["injects"] if i["minute"] > minute + 1e-6), None)

    def previous_inject(self, minute: float) -> float | None:
        """The minute of the inject before; None when there is none."""
        return next((i["minute"] for i in reversed(self.film["injects"]) if i["minute"] < minute - 1e-6), None)

    def at(self, minute: float) -> dict[str, Any]:
        """Everything the page shows at a minute, by the same names as ``drillsim.board()`` in the page."""
        film = self.film
        return {
            "minute": minute,
            "clock": self.clock(minute),
            "situation": turn_at(film["situation"], minute)[1],
            "told": self.told(minute),
            "places": {p["id"]: _place_shown(self.place(p, minute)) for p in film["places"]},
            "systems": {s["id"]: turn_at(s["turns"], minute)[1] for s in film["systems"]},
            "people": {p["id"]: turn_at(p["turns"], minute)[1] for p in film["people"]},
            "steps": {s["id"]: list(self.step(s, minute)[0:3:2]) for s in film["steps"]},
            "figures": {
                f["id"]: [self.value(f["series"], minute), self.maybe(f["base"], minute)] for f in film["figures"]
            },
        }


def _length(steps: re.Match[str]) -> float:
    """The minutes in ``45``, ``2h`` or ``1d 6h``, as ``STEPS`` found them."""
    if steps["minutes"]:
        return float(steps["minutes"])
    return sum(float(number) * LENGTHS[unit] for number, unit in re.findall(LENGTH, steps["lengths"], re.ASCII))


def _place_shown(now: PlaceNow) -> dict[str, Any]:
    return {"mode": now.mode, "waiting": now.waiting, "longest": now.longest, "duty": now.duty, "pile": now.pile}


def turn_at(turns: Sequence[Turn], minute: float) -> Turn:
    """The last turn at or before a minute; the first one before that."""
    return turns[max(bisect_right(turns, minute + 1e-9, key=lambda turn: turn[0]) - 1, 0)]
