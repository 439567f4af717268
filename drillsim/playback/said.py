"""What the page and the terminal board say of their own; the rest of their words comes with the film."""

from __future__ import annotations

from drillsim.playback.shape import Words
from drillsim.playback.words import MODES, PERSON_STATES, STATES, STEP_STATES, both

SAID = (
    "{minutes} min", "{h} h {minutes} min", "{h} h", "{n} days", "{n} more", "and {n} more", "and {n} more busy", "steps that wait: {n} more", "{n}×",
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    "Departments", "Systems", "Plan", "Response team", "What happened",
    "waiting", "orders", "longest wait", "on duty", "No forms left", "vs. no fault", "as without the fault", "same day without the fault", "broken line: the same day without the fault", "on paper, not typed in",
    "{n} of {all} give no service", "all {all} give service", "to be back within {length}",
    "{n} of {all} done", "{n} late", "{n} overdue", "{length} late", "{length} over", "{length} left", "in time", "waits: {cause}",
    "{n} at work", "{n} free", "Free ({n})", "Off duty ({n})", "at work", "waits", "deadline", "Every system works", "for {length}", "before the failure", "{length} since the failure", "before the planned stop", "{length} since the planned stop",
    "Inject", "for {who}", "by {channel}", "What the plan says", "What happened in this run", "Show the answer", "Hide the answer", "Go on",
    "Time of the exercise", "Play", "Pause", "To the start", "Previous event", "Next event", "Next inject", "Slower", "Faster", "Light or dark", "Full screen", "Keys",
    "Stop at the next inject", "Go to a time", "11:20; +45 for 45 minutes on, +2h, +13d; on another day 03-12 11:20", "“{text}” is not a time from {first} to {last}",
    "Play or pause; go on after an inject", "One minute back or on (with Shift: ten)", "Next event, previous event", "Next inject, previous inject",
    "Stop at the next inject, whether or not it asks a question", "Show or hide the answer", "Slower, faster", "To the start, to the end",
    "Departments, systems, plan, team or story alone; again for the whole board", "English or Chinese", "Close what is open", "Scroll", "longest", "paper", "Leave",
)  # fmt: skip


def said() -> dict[str, Words]:
    """Every sentence of the page in both languages, by its English."""
    tables = (MODES, STATES, STEP_STATES, PERSON_STATES)
    return {english: both(english) for english in (*SAID, *(text for table in tables for text in table.values()))}
