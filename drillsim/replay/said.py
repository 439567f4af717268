"""What the page and the terminal board say of their own; the rest of their words comes with the film."""

from __future__ import annotations

from drillsim.replay.shape import Words
from drillsim.replay.words import MODES, PERSON_STATES, STATES, STEP_STATES, both

SAID = (
    "{n} min", "{h} h {n} min", "{h} h", "{n}×",
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    "Departments", "Systems", "Plan", "Response team", "What happened",
    "waiting", "orders waiting", "longest {length}", "on duty", "on paper", "No forms left", "{difference} against a day without the fault",
    "{n} of {all} give no service", "all {all} give service", "to be back within {length}",
    "{n} of {all} steps done", "{n} late", "{n} overdue", "{length} late", "{length} over", "{length} left", "in time", "waits: {cause}",
    "{n} at work", "Free", "Off duty", "for {length}", "before the failure", "{length} since the failure",
    "Inject", "for {who}", "by {channel}", "What the plan says", "What happened in this run", "Show the answer", "Hide the answer", "Go on",
    "Time of the exercise", "Play", "Pause", "To the start", "Previous event", "Next event", "Next inject", "Slower", "Faster", "Light or dark", "Full screen", "Keys",
    "Stop at the next inject",
    "Play or pause; go on after an inject", "One minute back or on (with Shift: ten)", "Next event, previous event", "Next inject, previous inject",
    "Stop at the next inject, whether or not it asks a question", "Show or hide the answer", "Slower, faster", "To the start, to the end",
    "Departments, systems, plan, team or story alone; again for the whole board", "English or Chinese", "Close what is open",
)  # fmt: skip


def said() -> dict[str, Words]:
    """Every sentence of the page in both languages, by its English."""
    tables = (MODES, STATES, STEP_STATES, PERSON_STATES)
    return {english: both(english) for english in (*SAID, *(text for table in tables for text in table.values()))}
