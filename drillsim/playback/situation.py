"""Where the day stands, in one sentence: what those responsible know and have ordered, and how the hospital works just then."""

from __future__ import annotations

from drillsim.log.rows import CLOSED, Event, mode_beneath
from drillsim.model import service
from drillsim.model.conditions import AWAY
from drillsim.model.scenario import Scenario
from drillsim.playback.shape import Turn, Words
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
    "slow": "The systems are back, {n} slow",
    "on_paper": "The systems are back. Departments are still on paper",
    "typing": "The systems are back. What is on paper is being typed in",
    "again": "Systems give no service again",
    "cleared": "Everything is typed in",
    "ended": "The incident is ended",
    "ended_typing": "The incident is ended. The typing in goes on",
}
MORE = (
    "Paper working is ordered for {n} of {all} departments", "Paper working is ordered for all {all} departments",
    "The systems are back, {n} slow; still away: {m}", "The systems are back; still away: {m}",
    "The systems are back. {n} of {all} departments are still on paper",
)  # fmt: skip
"""Further sentences of ``ordered``, ``slow``, ``restored`` and ``on_paper``: those that count."""
ON_PAPER = ("changing", "paper")


def situation(view: View) -> list[Turn]:
    """A turn whenever the sentence that fits the day is another one, or counts differently."""
    day = _Day(view.scenario)
    turns: list[Turn] = [[0.0, "calm", both(SITUATIONS["calm"])]]
    for event in view.log.events:
        if not day.take(event):
            continue
        minute, key = max(round(event.minute, 4), 0.0), day.key()
        now: Turn = [minute, key, day.words(key)]
        if turns[-1][0] == minute and len(turns) > 1:
            turns.pop()
        if now[1:] != turns[-1][1:]:
            turns.append(now)
    return turns


def since(turns: list[Turn], minute: float) -> float:
    """From when on the situation at a minute has been the same, however many departments or systems it spoke of."""
    before = [turn for turn in turns if turn[0] <= minute + 1e-9] or turns[:1]
    key = before[-1][1]
    return next(
        (turn[0] for other, turn in zip(reversed(before[:-1]), reversed(before[1:]), strict=True) if other[1] != key),
        before[0][0],
    )


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

    def __init__(self, scenario: Scenario) -> None:
        hospital = scenario.hospital
        self.matter = service.in_use(hospital)  # as the event ``restored`` counts them
        self.announced = {fault.id for fault in scenario.faults if fault.planned > 0}  # stops announced beforehand
        self.surprised = False
        self.departments = hospital.departments
        self.orders = {step.id: step.does for step in scenario.plan.steps}
        self.reached: set[str] = set()
        self.modes: dict[str, str] = {}
        self.states: dict[str, str] = {}  # of every system
        self.ordered: set[str] = set()  # departments that are to work on paper
        self.lifted = False  # whether any has been told to use the systems again

    def take(self, event: Event) -> bool:
        """Whether the row may change the sentence."""
        if event.kind == "fault" and event.state == "began":
            self.reached.add("failed")
            self.surprised = self.surprised or event.subject not in self.announced
        elif event.kind == "reached":
            self.reached.add(event.subject)
            if event.subject.endswith("ordered"):
                self.ordered |= self._named(event.cause, "order_paper")
        elif event.kind == "step" and event.state == "done":
            self.ordered |= self._named(event.subject, "order_paper")
            back = self._named(event.subject, "return_to_system")
            self.lifted = self.lifted or bool(back & self.ordered)
            self.ordered -= back
        elif event.kind == "lapsed" and event.subject not in service.MEANT:  # what is away again says so itself
            self.reached.discard(event.subject)
        elif event.kind == "department":
            self.modes[event.subject] = _felt(event)
        elif event.kind == "component":
            self.states[event.subject] = event.state
        else:
            return False
        return True

    def _named(self, step: str, kind: str) -> set[str]:
        """The departments that an effect of a step is about."""
        targets = {target for effect in self.orders.get(step, ()) if effect.kind == kind for target in effect.targets}
        return {name for name, d in self.departments.items() if targets & {name, d.group, "all"}}

    def _away(self) -> set[str]:
        return {name for name, state in self.states.items() if state in AWAY}

    def words(self, key: str) -> Words:
        """The sentence of a key, with what it counts."""
        if key == "ordered" and self.ordered:
            n, everybody = len(self.ordered), len(self.departments)
            return both(MORE[0 if n < everybody else 1], n=n, all=everybody)
        if key == "on_paper":
            n = sum(mode in ON_PAPER for mode in self.modes.values())
            return both(SITUATIONS[key] if n == len(self.departments) else MORE[4], n=n, all=len(self.departments))
        slow, away = sum(state == "slow" for state in self.states.values()), len(self._away())
        if key in ("slow", "restored") and away:
            return both(MORE[2 if slow else 3], n=slow, m=away)
        return both(SITUATIONS[key], n=slow)

    def key(self) -> str:
        """Which sentence fits."""
        if not self.reached & {"failed", "detected", "declared", "ordered"}:
            return "calm"
        if "restored" in self.reached:
            return self._after_restore()
        if "ordered" in self.reached:
            return self._lifted() if self.lifted and not self.ordered else "ordered"
        if "declared" in self.reached:
            return "declared" if self._stopped() else "working"
        if "detected" in self.reached:
            return "detected"
        return "failed" if self.surprised else "planned"

    def _lifted(self) -> str:
        """Every department was told to use the systems again, although not all systems are back for good."""
        if self._away() & self.matter:
            return "again"
        return "working" if "declared" in self.reached and not self._stopped() else "ordered"

    def _stopped(self) -> bool:
        """Whether anybody's work stands still: a department's; in a hospital without any, what the systems would serve."""
        return (
            any(mode != "normal" for mode in self.modes.values())
            if self.departments
            else bool(self._away() & self.matter)
        )

    def _after_restore(self) -> str:
        modes = set(self.modes.values())
        typing = "back_entry" in modes
        if self._away() & self.matter:
            return "again"
        if "stood_down" in self.reached:
            return "ended_typing" if typing or modes & set(ON_PAPER) else "ended"
        if modes & set(ON_PAPER):
            return "on_paper"
        if typing:
            return "typing"
        if "cleared" in self.reached:
            return "cleared"
        return "slow" if "slow" in self.states.values() else "restored"
