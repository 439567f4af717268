"""Departments: with the systems, waiting for them, changing over, on paper, typing in, and with the systems again.

normal → waiting: a system that one of its activities uses gives no service, and that work stops. waiting → normal: the systems are back.
normal or waiting → changing: it heard the order (or switches by itself) → paper, once it has changed over. It stays on paper, even with the systems
back, until it is told to return and its systems are there (with a plan that never tells anybody to return: as soon as they are) → back_entry,
while new work goes through the systems → normal, when the pile is gone. Systems lost while typing in: waiting, and the pile stays.
Outside its hours a department is closed, whatever its mode: the mode goes on beneath (it serves those who are still there), but nobody goes to paper
unasked, and waiting does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from drillsim.log.rows import CLOSED, MODES, NAN
from drillsim.model.care import Activity, Department
from drillsim.sim.units import AWAY, READ_ONLY
from drillsim.sim.world import ARRIVAL, SHIFT

if TYPE_CHECKING:
    from drillsim.sim.world import World

WITH_SYSTEMS = ("normal", "waiting", "back_entry")


class Ward:
    """A department during a run: its mode, since when, and whether it has been told to return to the systems.

    ``activities`` are those that use systems, ``others`` those that do not: their patients' ways may change on paper all the same.
    """

    def __init__(self, name: str, record: Department, activities: dict[str, Activity], now: float) -> None:
        self.name = name
        self.record = record
        self.activities = {n: a for n, a in activities.items() if a.uses}
        self.others = tuple(n for n, a in activities.items() if not a.uses)
        self.mode = "normal"
        self.since = now
        self.open = True
        self.turned = now  # the minute it last opened or closed
        self.told_to_return = False
        self.heard_return = float("-inf")  # the minute it last heard that it should return
        self.was_on_paper = False
        self.forms = float("inf") if record.kit is None else float(record.kit.forms)
        self.waits = 0
        self.changes = 0
        self.deliveries = 0
        self.call_off: Callable[[], None] | None = (
            None  # a change that is due: switching by itself, or having changed over
        )


class Departments:
    """All departments; systems act on them, and they act on the flow of patients."""

    def __init__(self, world: World) -> None:
        self.world = world
        hospital, now = world.hospital, world.env.now
        self.wards = {
            name: Ward(name, record, {a: hospital.activities[a] for a in world.prepared.done_in[name]}, now)
            for name, record in hospital.departments.items()
        }
        self.plan_returns = any(e.kind == "return_to_system" for s in world.plan.steps for e in s.does)
        self._told: dict[
            str, tuple[float, bool, bool, float]
        ] = {}  # activity → factor, stopped, on paper, share of looking up by hand, as the flow knows it
        self._lone = {n: a for n, a in hospital.activities.items() if a.uses and a.department is None}
        self._concerned: dict[str, Callable[[], None]] = {}  # whom the changes of systems just now concern
        self._listen_to_systems()
        self._set_up_flow()
        for name in world.prepared.open:
            self._keep_hours(self.wards[name])

    def _keep_hours(self, ward: Ward) -> None:
        """Open and close at its hours from now on; the run may begin while it is closed."""
        now = self.world.env.now
        hours = self.world.prepared.open[ward.name]
        if not any(start <= now < end for start, end in hours):
            self._turn(ward, is_open=False)
        for start, end in hours:
            for minute, is_open in ((start, True), (end, False)):
                if now < minute < float("inf"):
                    self.world.call_at(minute, SHIFT, partial(self._turn, ward, is_open=is_open))

    def _turn(self, ward: Ward, *, is_open: bool) -> None:
        """Open, or close: who waits for systems then may go to paper unasked only while it is open."""
        ward.open, ward.turned = is_open, self.world.env.now
        if ward.mode == "waiting":
            self._clear(ward)
            if is_open:
                self._may_switch(ward)
        self._note(ward, "hours")
        self.world.post("department", ward.name)

    def _listen_to_systems(self) -> None:
        """Look once at each department after all systems that change together have changed."""
        for ward in self.wards.values():
            look = partial(self._systems_changed, ward)
            for component in {c: None for a in ward.activities.values() for c in (*a.uses, *a.on_paper.viewer)}:
                self.world.listen("component", component, partial(self._concerned.setdefault, ward.name, look))
        for component in {c: None for a in self._lone.values() for c in a.uses}:
            self.world.listen("component", component, partial(self._concerned.setdefault, "", self._act_on_lone))
        self.world.listen("systems", "", self._look)

    def _look(self) -> None:
        concerned = list(self._concerned.values())
        self._concerned.clear()
        for look in concerned:
            look()

    def _set_up_flow(self) -> None:
        flow = self.world.flow
        if flow is None:
            return
        flow.forms_empty = self._forms_empty
        flow.pile_gone = self._pile_gone
        flow.pile_begun = self._check_lapsed
        for ward in self.wards.values():
            if ward.record.kit is not None:
                flow.set_forms(ward.name, ward.forms)

    def __getitem__(self, name: str) -> Ward:
        return self.wards[name]

    def named(self, target: str) -> tuple[str, ...]:
        """The departments that a target (a department, a group, or ``all``) means; a name that is both means the group, and that department."""
        own = (target,) if target in self.wards else ()
        return tuple(dict.fromkeys((*own, *self.world.prepared.members.get(target, ()))))

    # What systems do to a department

    def usable(self, activity: Activity) -> bool:
        """Whether every system the activity uses gives it service."""
        systems = self.world.systems
        worst = max((systems[name].effective.rank for name in activity.uses), default=0)
        return worst < AWAY and (worst < READ_ONLY or activity.reads_only)

    def systems_up(self, ward: Ward) -> bool:
        """Whether every system that the department's work uses gives it service."""
        return all(self.usable(activity) for activity in ward.activities.values())

    def _can_work(self, ward: Ward) -> bool:
        """Whether all work of the department can be done with the systems, some of it perhaps at another stop."""
        return not any(self._without_help(name) for name in ward.activities)

    def _stopped(self, ward: Ward) -> bool:
        return any(a.while_waiting == "stops" and self._without_help(name) for name, a in ward.activities.items())

    def _without_help(self, name: str) -> bool:
        """Whether an activity has no system, and none of the others to which its patients turn has (windows, where kiosks are away)."""
        activities = self.world.hospital.activities
        return not any(self.usable(activities[one]) for one in (name, *self.world.prepared.turns_to[name]))

    def _systems_changed(self, ward: Ward) -> None:
        if ward.mode in ("normal", "back_entry") and self._stopped(ward):
            self._wait(ward)
        elif (ward.mode == "waiting" and not self._stopped(ward)) or self._may_leave_paper(ward):
            self._resume(ward, "systems")
        self._act(ward)

    def _may_leave_paper(self, ward: Ward) -> bool:
        return ward.mode == "paper" and (ward.told_to_return or not self.plan_returns) and self._can_work(ward)

    def _wait(self, ward: Ward) -> None:
        self._stop_typing(ward)
        self._enter(ward, "waiting", self._due_to(ward))
        if ward.open:
            self._may_switch(ward)

    def _may_switch(self, ward: Ward) -> None:
        """Perhaps go to paper without an order, after some time of waiting."""
        switch, number = ward.record.self_switch, ward.waits
        ward.waits += 1
        name = f"department {ward.name} switches"
        if switch is not None and self.world.chances.happens(name, number, switch.chance):
            minutes = self.world.chances.minutes(f"{name} after", number, switch.after)
            ward.call_off = self.world.call_at(
                self.world.env.now + minutes, ARRIVAL, lambda: self._change_over(ward, "self_switch")
            )

    def _due_to(self, ward: Ward) -> str:
        """The component that stops the department's work."""
        systems = self.world.systems
        stopped = (a for n, a in ward.activities.items() if a.while_waiting == "stops" and self._without_help(n))
        return max(next(stopped).uses, key=lambda component: systems[component].effective.rank)

    # Orders

    def order_paper(self, name: str, cause: str, sent: float) -> None:
        """The department hears the order to work on paper; one that was sent before it heard that it should return counts no more."""
        ward = self.wards[name]
        if sent < ward.heard_return:
            return
        ward.told_to_return = False
        if ward.mode in WITH_SYSTEMS:
            self._change_over(ward, cause)
        self._check_lapsed(name)

    def order_return(self, name: str, cause: str) -> None:
        """The department hears that it is to use the systems again; it does once they are there."""
        ward = self.wards[name]
        ward.heard_return = self.world.env.now
        if ward.mode == "changing":
            self._clear(ward)
            if self._stopped(ward):
                self._wait(ward)
            else:
                self._resume(ward, cause)
            self._act(ward)
        elif ward.mode == "paper":
            ward.told_to_return = True
            if self._can_work(ward):
                self._resume(ward, cause)
                self._act(ward)
        self.check_returned(cause)
        self._check_cleared(name)

    def _change_over(self, ward: Ward, cause: str) -> None:
        self._stop_typing(ward)
        self._enter(ward, "changing", cause)
        minutes = self.world.chances.minutes(
            f"department {ward.name} changes over", ward.changes, ward.record.change_over
        )
        ward.changes += 1
        ward.call_off = self.world.call_at(self.world.env.now + minutes, ARRIVAL, lambda: self._on_paper(ward, cause))
        self._act(ward)

    def _on_paper(self, ward: Ward, cause: str) -> None:
        ward.was_on_paper = True
        self._enter(ward, "paper", cause)
        self.world.happen(f"{ward.name} on paper", cause)
        self._systems_changed(ward)

    def _resume(self, ward: Ward, cause: str) -> None:
        """Work with the systems again; what lies on the pile is typed in beside it."""
        left_paper = ward.mode == "paper"
        ward.told_to_return = False
        flow = self.world.flow
        types = flow is not None and ward.record.back_entry is not None and ward.was_on_paper
        if flow is not None and types and flow.pile(ward.name) > 0:
            self._enter(ward, "back_entry", cause)
            self._act(ward)
        else:
            self._enter(ward, "normal", cause)
        if flow is not None and types:
            flow.open_back_entry(ward.name)
        if left_paper:
            self.world.happen(f"{ward.name} back", cause)
            self.check_returned(cause)
        self._check_cleared(ward.name)

    def check_returned(self, cause: str) -> None:
        """``returned``: every department that went to paper has been told (or has gone) back to the systems."""
        if self._all_returned():
            self.world.happen("returned", cause)

    def _all_returned(self) -> bool:
        wards = self.wards.values()
        return any(w.was_on_paper for w in wards) and all(
            w.mode != "changing" and (w.mode != "paper" or w.told_to_return) for w in wards
        )

    def _stop_typing(self, ward: Ward) -> None:
        """Without systems nobody types in."""
        if self.world.flow is not None and ward.mode in ("normal", "back_entry"):
            self.world.flow.close_back_entry(ward.name)

    def _pile_gone(self, name: str) -> None:
        """Nothing is left to type in. Work begun on paper may still end and be written down; it is typed in beside the rest of the work."""
        ward = self.wards[name]
        if ward.mode == "back_entry":
            self._enter(ward, "normal", "pile")
        self._check_cleared(name)

    def _check_cleared(self, cause: str) -> None:
        """``cleared``: everything that was written on paper is in the systems, and nobody works on paper any more."""
        if self._all_cleared():
            self.world.happen("cleared", cause)

    def _all_cleared(self) -> bool:
        wards, flow = self.wards.values(), self.world.flow
        return any(w.was_on_paper for w in wards) and all(
            w.mode not in ("changing", "paper", "back_entry")
            and (flow is None or w.record.back_entry is None or flow.pile(w.name) == 0)
            for w in wards
        )

    def _check_lapsed(self, cause: str) -> None:
        """``returned`` and ``cleared`` hold no more once a department is on paper again, or writes on paper what is to be typed in."""
        if not self._all_returned():
            self.world.lapse("returned", cause)
        if not self._all_cleared():
            self.world.lapse("cleared", cause)

    # Downtime forms

    def _forms_empty(self, name: str) -> None:
        ward = self.wards[name]
        self.world.note("kit", name, "empty", "", 0.0)
        kit = ward.record.kit
        if kit is not None and kit.restock:
            minutes = self.world.chances.minutes(f"department {name} forms", ward.deliveries, kit.restock_takes)
            ward.deliveries += 1
            self.world.call_at(self.world.env.now + minutes, ARRIVAL, lambda: self.bring_forms(name, kit.restock))

    def bring_forms(self, name: str, forms: float) -> None:
        """More forms are there; nothing changes for a department whose forms are not counted."""
        flow, kit = self.world.flow, self.wards[name].record.kit
        if kit is None or flow is None:
            return
        number = flow.forms(name) + forms
        self.world.note("kit", name, "restocked", "", number)
        flow.set_forms(name, number)

    def restock(self, name: str) -> None:
        """A plan step brings forms: as many as a delivery, or as many as there were at first."""
        kit = self.wards[name].record.kit
        if kit is not None:
            self.bring_forms(name, kit.restock or kit.forms)

    # Modes, and what they mean for the flow of patients

    def _clear(self, ward: Ward) -> None:
        if ward.call_off is not None:
            ward.call_off()
            ward.call_off = None

    def _enter(self, ward: Ward, mode: str, cause: str) -> None:
        self._clear(ward)
        ward.mode, ward.since = mode, self.world.env.now
        self._note(ward, cause)
        self._check_lapsed(ward.name)
        self.world.post("department", ward.name)

    def _note(self, ward: Ward, cause: str) -> None:
        state, beneath = (ward.mode, NAN) if ward.open else (CLOSED, float(MODES.index(ward.mode)))
        self.world.note("department", ward.name, state, cause, beneath)

    def _act(self, ward: Ward) -> None:
        """Tell the flow how each activity goes on."""
        if self.world.flow is None:
            return
        for name, activity in ward.activities.items():
            self._tell_flow(name, *self._way_of_working(ward.mode, activity))
        for name in ward.others:
            self._tell_flow(name, 1.0, False, ward.mode == "paper", 1.0)

    def _act_on_lone(self) -> None:
        for name, activity in self._lone.items():
            self._tell_flow(name, *self._way_of_working("normal", activity))

    def _way_of_working(self, mode: str, activity: Activity) -> tuple[float, bool, bool, float]:
        """Factor on the work at the screen, whether it stands still without its systems, whether it goes by the rules of paper, and what share of
        looking things up is done by hand there.

        What stands still on paper goes on with its systems as soon as they are back.
        """
        usable, on_paper = self.usable(activity), activity.on_paper
        if mode == "paper" and (on_paper.works or on_paper.skipped or not usable):
            return 1.0, False, True, self._looked_up_by_hand(activity)
        if not usable:
            return 1.0, activity.while_waiting == "stops", False, 1.0
        systems = self.world.systems
        return max(systems[component].effective.factor for component in activity.uses), False, False, 1.0

    def _looked_up_by_hand(self, activity: Activity) -> float:
        """The share of looking things up on paper that is left: the slower what shows old records, the more."""
        standings = [self.world.systems[name].effective for name in activity.on_paper.viewer]
        if not standings or any(standing.rank >= AWAY for standing in standings):
            return 1.0
        return min(1.0, activity.on_paper.with_viewer * max(standing.factor for standing in standings))

    def _tell_flow(self, name: str, factor: float, stopped: bool, paper: bool, by_hand: float) -> None:
        flow, before = self.world.flow, self._told.get(name, (1.0, False, False, 1.0))
        if flow is None or before == (factor, stopped, paper, by_hand):
            return
        self._told[name] = (factor, stopped, paper, by_hand)
        if before[3] != by_hand:
            flow.set_by_hand(name, by_hand)
        if before[2] != paper:
            flow.set_paper(name, paper)
        if before[0] != factor:
            flow.set_factor(name, factor)
        if before[1] != stopped:
            flow.block(name, stopped)
