"""Where the day stands, in one sentence: what those responsible know and have ordered, and how the hospital works just then."""

from __future__ import annotations

from drillsim.log.rows import CLOSED, Event, mode_beneath
from drillsim.model import service
from drillsim.model.conditions import AWAY
from drillsim.playback.shape import Turn
from drillsim.playback.words import both
from drillsim.score.view import View

SITUATIONS = {
    "calm": "A normal day",
    "failed": "A failure. Nobody responsible knows of it yet",
    "planned": "A planned stop",
    "detected": "The failure is known. No incident is declared yet",
    "declared": "Incident declared. No order to work on paper yet",
    "working": "Incident declared. Departments can work",
    "ordered": "Paper working is ordered",
    "restored": "The systems are back",
    "on_paper": "The systems are back. Departments are still on paper",
    "typing": "The systems are back. What is on paper is being typed in",
    "again": "Systems give no service again",
    "cleared": "Everything is typed in",
    "ended": "The incident is ended",
    "ended_typing": "The incident is ended. The typing in goes on",
}
ON_PAPER = ("changing", "paper")


def situation(view: View) -> list[Turn]:
    """A turn whenever the sentence that fits the day is another one."""
    hospital = view.scenario.hospital
    announced = frozenset(fault.id for fault in view.scenario.faults if fault.planned > 0)
    day = _Day(service.in_use(hospital), announced, departments=bool(hospital.departments))
    turns: list[Turn] = [[0.0, "calm", both(SITUATIONS["calm"])]]
    for event in view.log.events:
        if not day.take(event):
            continue
        key, minute = day.key(), max(round(event.minute, 4), 0.0)
        if turns[-1][0] == minute and len(turns) > 1:
            turns.pop()
        if key != turns[-1][1]:
            turns.append([minute, key, both(SITUATIONS[key])])
    return turns


def planned(view: View) -> bool:
    """Whether the first fault is a stop that was announced beforehand."""
    first = next((e.subject for e in view.by_kind["fault"] if e.state == "began"), None)
    return any(fault.id == first and fault.planned > 0 for fault in view.scenario.faults)


def _felt(event: Event) -> str:
    """A department's mode as the day feels it: one that is closed stands still for nobody, but what is on paper stays on paper."""
    mode = mode_beneath(event.state, event.value)
    return mode if event.state != CLOSED or mode in (*ON_PAPER, "back_entry") else "normal"


class _Day:
    """What is known at a moment: events that have happened, modes of the departments, systems that matter and are away."""

    def __init__(self, matter: frozenset[str], announced: frozenset[str], *, departments: bool) -> None:
        self.matter = matter  # as the event ``restored`` counts them
        self.announced = announced  # faults that are stops announced beforehand
        self.surprised = False
        self.departments = departments
        self.reached: set[str] = set()
        self.modes: dict[str, str] = {}
        self.away: set[str] = set()

    def take(self, event: Event) -> bool:
        """Whether the row may change the sentence."""
        if event.kind == "fault" and event.state == "began":
            self.reached.add("failed")
            self.surprised = self.surprised or event.subject not in self.announced
        elif event.kind == "reached":
            self.reached.add(event.subject)
        elif event.kind == "lapsed" and event.subject not in service.MEANT:  # what is away again says so itself
            self.reached.discard(event.subject)
        elif event.kind == "department":
            self.modes[event.subject] = _felt(event)
        elif event.kind == "component" and event.subject in self.matter:
            (self.away.add if event.state in AWAY else self.away.discard)(event.subject)
        else:
            return False
        return True

    def key(self) -> str:
        """Which sentence fits."""
        if not self.reached & {"failed", "detected", "declared", "ordered"}:
            return "calm"
        if "restored" in self.reached:
            return self._after_restore()
        if "ordered" in self.reached:
            return "ordered"
        if "declared" in self.reached:
            return "declared" if self._stopped() else "working"
        if "detected" in self.reached:
            return "detected"
        return "failed" if self.surprised else "planned"

    def _stopped(self) -> bool:
        """Whether anybody's work stands still: a department's; in a hospital without any, what the systems would serve."""
        return any(mode != "normal" for mode in self.modes.values()) if self.departments else bool(self.away)

    def _after_restore(self) -> str:
        modes = set(self.modes.values())
        typing = "back_entry" in modes
        if self.away:
            return "again"
        if "stood_down" in self.reached:
            return "ended_typing" if typing or modes & set(ON_PAPER) else "ended"
        if modes & set(ON_PAPER):
            return "on_paper"
        if typing:
            return "typing"
        return "cleared" if "cleared" in self.reached else "restored"
