"""Words for the events, groups and ways of noticing that files name by an id, in English; they are the keys of their translations."""

from __future__ import annotations

EVENTS: dict[str, str] = {
    "start": "the exercise begins",
    "failed": "the fault begins",
    "detected": "the failure is noticed",
    "declared": "the incident is declared",
    "ordered": "paper working is ordered",
    "restored": "the systems are restored",
    "all_back": "all systems are restored, standbys too",
    "returned": "departments are told to use the systems again",
    "cleared": "everything is typed in",
    "stood_down": "the incident is ended",
}
"""Event → words that fit after "when"."""

SINCE: dict[str, str] = {
    "start": "the start of the exercise",
    "failed": "the failure",
    "detected": "detection",
    "declared": "the declaration",
    "ordered": "the paper order",
    "restored": "recovery",
    "all_back": "the recovery of all systems",
    "returned": "the order to use the systems again",
    "cleared": "the end of typing in",
    "stood_down": "the end of the incident",
}
"""Event → words that fit after "30 min after"."""

TURNS: dict[str, str] = {
    "": "“{title}” is done",
    "failed": "“{title}” has failed",
    "down": "{title} goes down",
    "up": "{title} is back",
    "ordered": "paper is ordered for {title}",
    "on paper": "{title} is on paper",
    "back": "{title} is back on the systems",
}

TURNED: dict[str, str] = {
    "": "step",
    "failed": "step",
    "down": "component",
    "up": "component",
    "on paper": "department",
    "back": "department",
}
"""Turn of an event → the kind of thing that it can be said of."""

GROUPS: dict[str, str] = {
    "all": "all departments",
    "outpatient": "outpatients",
    "inpatient": "inpatients",
    "emergency": "emergency",
    "technology": "diagnostic departments",
    "technical": "diagnostic departments",
    "medical_technology": "diagnostic departments",
    "ward": "the wards",
    "wards": "the wards",
    "pharmacy": "pharmacies",
    "laboratory": "laboratories",
    "imaging": "imaging",
    "surgery": "operating theatres",
    "diagnostics": "diagnostic departments",
}

NOTICED_BY: dict[str, str] = {
    "monitoring": "monitoring",
    "users": "users",
    "patients": "patients",
    "staff": "staff",
    "verifying": "those who verified",
    "at_once": "everybody at once",
}
"""Way of noticing → words that fit after "noticed by"."""
