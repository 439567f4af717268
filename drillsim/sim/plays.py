"""One step during a run: it waits for its triggers, then for what and whom it needs, is worked on, takes effect, and is done or has failed.

A step that fails is tried again, or sends the plan back to an earlier step, as its ``if_it_fails`` says; when it has failed for good, steps that come
``after`` it go on only if it was not to be tried ``again`` ("on without it"). What an interrupted step has already brought about (a start, a switch,
a message on its way) goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import simpy

from drillsim.errors import SimulationError, Wrong
from drillsim.model.conditions import Condition, during_text
from drillsim.model.plan import Step
from drillsim.sim import effects, records
from drillsim.sim.pace import Pace
from drillsim.sim.people import Demand, Task
from drillsim.sim.readiness import Duty, Ready, readiness
from drillsim.sim.units import AWAY
from drillsim.sim.world import ARRIVAL, Process

if TYPE_CHECKING:
    from drillsim.sim.steps import Steps

MOST_ATTEMPTS = 1000
ROUNDING = 1e-6
FINISHED = ("done", "failed", "not_applicable")


class SentBack(NamedTuple):
    """Interrupts a step that must be done anew because ``step`` sent the plan back."""

    step: str


class CalledOff(NamedTuple):
    """Interrupts a step that ``step`` has called off."""

    step: str


class Cut(NamedTuple):
    """Interrupts work: somebody leaves it (``stays`` False), or others go on with it; it takes so many ``minutes`` more."""

    minutes: float
    stays: bool


class Play:
    """One step during a run."""

    def __init__(self, steps: Steps, step: Step, place: int) -> None:
        self.steps = steps
        self.world = steps.world
        self.step = step
        self.name = step.id
        self.place = place
        self.state: tuple[str, str, int] = ("", "", 0)
        self.attempt = 1
        self.failures = 0
        self.pauses = 0
        self.triggered = False  # its triggers apart from steps have come
        self.waits_also_for: str | None = None  # the step it sent the plan back to
        self.reached: set[str] = set()  # whom its notices have reached
        self.has_spare = False
        self.unlike = ""  # the departments that it found not to work as on a normal day, when it evaluates
        self.readiness = Ready()
        self.pace = Pace(steps.world, step)
        self.task: Task | None = None
        self.interruptible = False
        self.cut: Cut | None = None  # what has just interrupted its work
        self.extra: tuple[str, ...] = ()  # systems of which its effect, or its next try, waits for one
        self.lacked: tuple[str, ...] = ()  # systems that its last try found away, without which no other can succeed
        self.lies_still = False  # begun, and outside its hours
        self._wake: simpy.Event | None = None
        self.process = self.world.env.process(self._live())

    # Log

    def enter(self, state: str, cause: str = "") -> None:
        """Be in a state; a row is written when state, cause or attempt differ from before."""
        if self.state != (state, cause, self.attempt):
            self.state = (state, cause, self.attempt)
            self.world.note("step", self.name, state, cause, self.attempt)

    # Life

    def _live(self) -> Process:
        over = False
        while not over:
            try:
                yield from self._triggers()
                over = yield from self._once_ready()
            except simpy.Interrupt as interrupt:
                self._drop()
                if isinstance(interrupt.cause, SentBack):
                    self.enter("redo", interrupt.cause.step)
                elif isinstance(interrupt.cause, CalledOff):
                    self._finish("failed", interrupt.cause.step)
                    over = True

    def _drop(self) -> None:
        self.interruptible = False
        self.cut = None
        self.extra = ()
        if self.task is not None:
            task, self.task = self.task, None
            self.world.people.withdraw(task)

    def _once_ready(self) -> Process:
        """Try the step until it is done or has failed for good: True; or until it sends the plan back and waits for its triggers again: False."""
        self.waits_also_for = None
        self.has_spare = False
        self.reached, self.lacked = set(), ()
        if not self._applies():
            self._finish("not_applicable")
            return True
        while True:
            yield from self._people()
            self.unlike = ""
            succeeded = yield from self._work()
            self._drop()
            if succeeded or self.last_try:
                self._finish("done" if succeeded else "failed")
                return True
            yield from self._pause()
            if (back_to := self.step.if_it_fails.back_to) is not None:
                self._send_back_to(back_to)
                return False
            yield from self._hours_of_next_try()
            self.extra, self.lacked = self.lacked[:1], ()

    def _pause(self) -> Process:
        """Before the next try."""
        self.failures += 1
        if self.attempt > MOST_ATTEMPTS:
            raise SimulationError(self._too_often(), self.world.env.now)
        minutes = self.world.chances.minutes(f"step {self.name} pause", self.pauses, self.step.if_it_fails.pause)
        self.pauses += 1
        if minutes > 0:
            self.enter("pause", self.unlike)
            yield self.world.later(minutes)
        self.attempt += 1

    def _hours_of_next_try(self) -> Process:
        """Another try, too, begins in the hours in which the step is done."""
        self.lies_still = True
        try:
            while not self._in_its_hours():
                yield self._its_hours()
        finally:
            self.lies_still = False

    def _too_often(self) -> Wrong:
        back_to = self.step.if_it_fails.back_to
        if back_to is None:
            return Wrong(
                "step {step} has been tried {times} times without success; set a lower 'tries' in its 'if_it_fails', or a higher 'chance'",
                step=self.name, times=self.attempt,
            )  # fmt: skip
        return Wrong(
            "step {step} has been tried {times} times, always sending the plan back to {back_to}; "
            "set a lower 'tries' in its 'if_it_fails', or a higher 'chance'",
            step=self.name, times=self.attempt, back_to=back_to,
        )  # fmt: skip

    def _send_back_to(self, step: str) -> None:
        """Send the plan back to an earlier step, and wait for it."""
        self.waits_also_for = step
        self.enter("redo", self.name)
        self.steps.go_back(step, self)

    def _finish(self, state: str, cause: str = "") -> None:
        self.enter(state, cause)
        if state == "done":
            self.world.happen(self.name, self.name)
        elif state == "failed":
            self.world.happen(f"{self.name} failed", self.name)
        self.world.post("step", self.name)

    @property
    def last_try(self) -> bool:
        """Whether the step has failed for good if this try does not succeed."""
        terms = self.step.if_it_fails
        return not (terms.again or terms.back_to is not None) or self.failures + 1 >= terms.tries

    @property
    def lets_on(self) -> bool:
        """Whether steps that come after it need not wait for it any more."""
        state = self.state[0]
        return state in ("done", "not_applicable") or (state == "failed" and not self.step.if_it_fails.again)

    def send_back(self, cause: str) -> None:
        """Do it anew, if it has become ready at all."""
        if self.process.is_alive:
            if self.lies_still or self.state[0] not in ("dormant", "after", "hours", "redo", ""):
                self.attempt += 1
                self.process.interrupt(SentBack(cause))
            else:
                self.wake()
        elif self.state[0] in FINISHED:
            self.attempt += 1
            self.enter("redo", cause)
            self.process = self.world.env.process(self._live())

    def call_off(self, cause: str) -> None:
        """End it without success, begun or not; what is over stays as it is."""
        if self.process.is_alive and self.state[0] not in FINISHED and self.name != cause:
            self.process.interrupt(CalledOff(cause))

    # Triggers

    def wake(self) -> None:
        """Something it waits for may have come."""
        if self._wake is not None and not self._wake.triggered:
            self._wake.succeed()

    def _sleep(self) -> simpy.Event:
        self._wake = self.world.env.event()
        return self._wake

    def _triggers(self) -> Process:
        """Wait until all triggers hold in the same minute."""
        while True:
            if not self.triggered:
                yield from self._moment_and_events()
            if missing := self._steps_missing():
                self.enter("after", ",".join(missing))
                yield self._sleep()
                continue
            if not self._in_its_hours() and self._applies():
                yield self._its_hours()
                continue
            self.triggered = True
            return

    def _in_its_hours(self) -> bool:
        now = self.world.env.now
        return not self.step.during or any(a <= now < b for a, b in self.world.prepared.during[self.name])

    def _its_hours(self) -> simpy.Event:
        """Sleep until the next of the hours in which the step is done, or until something else that it waits for changes."""
        self.enter("hours", during_text(self.step.during))
        now, wait = self.world.env.now, self._sleep()
        begins = next((a for a, _ in self.world.prepared.during[self.name] if a > now), None)
        if begins is not None:
            self.world.call_at(begins, ARRIVAL, self.wake)
        return wait

    def _applies(self) -> bool:
        return self.step.only_if is None or self.world.conditions.holds(self.step.only_if)

    def _moment_and_events(self) -> Process:
        """Wait for the moment, then for one of the events."""
        step, world = self.step, self.world
        if step.at is not None and not self.steps.passed(step):
            self.enter("dormant", step.at.text())
            while not self.steps.passed(step):
                yield self._sleep()
        events = [event.text() for event in step.on] or self.steps.default_events(step)
        if events and not any(name in world.happened for name in events):
            self.enter("dormant", " or ".join(events))
            while not any(name in world.happened for name in events):
                yield self._sleep()
        if step.when is not None and not world.conditions.holds(step.when):
            yield from self._condition(step.when)

    def _condition(self, condition: Condition) -> Process:
        self.enter("dormant", condition.text())
        end = self.world.conditions.when(condition, self.wake)
        while not self.world.conditions.holds(condition):
            yield self._sleep()
        end()

    def _steps_missing(self) -> list[str]:
        plays = self.steps.plays
        names = (*self.step.after, *((self.waits_also_for,) if self.waits_also_for else ()))
        return [name for name in dict.fromkeys(names) if not plays[name].lets_on]

    # People, things, systems

    def _people(self, interrupted: bool = False) -> Process:
        """Wait for people, spare, systems and channels, and take the people; then the step is being worked on."""
        people = self.world.people
        owner, others = self.step.owner, self.step.with_roles
        roles = {owner: 1}
        for role, count in others.items():
            roles[role] = roles.get(role, 0) + count
        demands = tuple(Demand(role, people.roles[role], count) for role, count in roles.items())
        task = Task(
            self.name,
            demands,
            people.rank(self.step.priority, interrupted, self.place),
            self.world.env.event(),
            self._missing,
            self.enter,
            self._begin,
            self._cut,
        )
        self.task = task
        watched = (*self.step.uses, *self.extra, *self.steps.channel_needs(self.step))
        for name in watched:
            self.world.listen("component", name, people.dispatch)
        people.seize(task)
        try:
            yield task.granted
        except simpy.Interrupt:
            self._watch_no_more(watched)
            raise
        self._watch_no_more(watched)
        self.extra = ()

    def _watch_no_more(self, watched: tuple[str, ...]) -> None:
        for name in watched:
            self.world.unlisten("component", name, self.world.people.dispatch)

    def _missing(self) -> tuple[str, str] | None:
        """The system, channel or spare that it waits for."""
        for name in self.step.uses:
            if self.world.systems[name].effective.rank >= AWAY:
                return "system", name
        if self.extra and not any(self.world.systems.in_service(name) for name in self.extra):
            return "system", self.extra[0]
        if self.steps.tells(self.step):
            channel = self.world.notices.dead()
            if channel is not None:
                return "system", channel
        if (
            self.step.spare is not None
            and not self.has_spare
            and not self.steps.spares.there(self.step.spare, self.name)
        ):
            return "thing", self.step.spare
        return None

    def _begin(self) -> None:
        if self.step.spare is not None and not self.has_spare:
            self.steps.spares.take(self.step.spare, self.name)
            self.has_spare = True
        assert self.task is not None
        people = [
            (h.team.staff, self._last_practised(h.team.name))
            for h in self.task.holds
            for _ in range(h.count)
            if h.team.staff is not None
        ]
        meets = self.step.phase == "learn"  # to speak about what happened is no skill that a drill keeps up
        self.readiness = Ready() if meets else readiness(self.world.plan.readiness, people)
        self.enter("working")

    def _last_practised(self, role: str) -> float | None:
        """Minutes since people of this role last drilled; for a step that recovers data, since they last practised that."""
        drill, restore = self.world.prepared.practised[role]
        restores = any(effect.kind == "recover_data" for effect in self.step.does)
        return restore if restores and restore is not None else drill

    def stand_by(self, *components: str) -> Process:
        """Let the people go until one of these systems is there, without which the effect cannot go on, then take people again."""
        self._drop()
        self.extra = components
        yield from self._people()

    # Work

    def _cut(self, why: str, minutes: float) -> bool:
        """Interrupt the work, once for all that happens in the same minute; False when there is none that could be interrupted."""
        if not self.interruptible:
            return False
        before = self.cut
        if before is None:
            self.process.interrupt()
            before = Cut(0.0, True)
        self.cut = Cut(before.minutes + minutes, before.stays and why in ("handover", "pace"))
        return True

    def _work(self) -> Process:
        """Work for as long as it takes, then see whether it succeeds and takes effect."""
        chances, name = self.world.chances, f"step {self.name}"
        whole = chances.minutes(name, self.attempt - 1, self.step.takes)
        if self.step.for_each is not None:
            each, people = self.step.for_each, sum(hold.count for hold in self.task.holds) if self.task else 1
            whole += records.to_go_through(self.world, self.name, each) * each.takes / people
        whole *= self.readiness.factor
        yield from self.work_for(whole)
        chance = self.step.chance * self.readiness.chance * self._duty().chance(self.world.env.now) * self.pace.chance()
        if not chances.happens(f"{name} succeeds", self.attempt - 1, chance):
            return False
        for effect in self.step.does:
            if not (yield from effects.carry_out(self.world, self, effect)):
                return False
        return True

    def work_for(self, whole: float) -> Process:
        """Work through shift ends: others go on with it, or it waits for people and then resumes or starts again.

        A step that ``pauses`` lies still outside its hours. While a system it uses is slow, or a tool that helps it is away, it takes that factor as long. ``whole`` and what is left are minutes of people
        who are fresh, with fast systems and all tools.
        """
        left = whole
        while left > 0:
            if (until := self._hours_left()) <= ROUNDING:
                yield from self._lie_still()
                continue
            began, duty = self.world.env.now, self._duty()
            self.pace.look()
            self.pace.state(self.readiness.factor, duty)
            slow = self.pace.factor
            takes, turn = duty.minutes(began, left * slow), min(duty.turn(began), until)
            self.interruptible = True
            try:
                yield self.world.later(min(takes, turn))
                left = 0.0 if takes <= turn else left - duty.done(began, turn) / slow
            except simpy.Interrupt as interrupt:
                self.interruptible = False
                if self.cut is None or isinstance(interrupt.cause, (SentBack, CalledOff)):
                    self.pace.rest()
                    raise
                cut, self.cut = self.cut, None
                restart = self.step.if_interrupted == "restart" and not cut.stays
                left = whole if restart else left - duty.done(began, self.world.env.now - began) / slow
                left += cut.minutes
                if not cut.stays:
                    self.pace.rest()
                    self._leave()
                    yield from self._people(interrupted=True)
            self.interruptible = False
        self.pace.rest()

    def _hours_left(self) -> float:
        """Minutes until the work lies still: 0 outside its hours, infinite for a step that does not pause."""
        if not self.step.pauses:
            return float("inf")
        now = self.world.env.now
        return next((b - now for a, b in self.world.prepared.during[self.name] if a <= now < b), 0.0)

    def _lie_still(self) -> Process:
        """Let the people go until the next of its hours, then take people again."""
        self.pace.rest()
        self._leave()
        self.lies_still = True
        try:
            while self._hours_left() <= ROUNDING:
                yield self._its_hours()
        finally:
            self.lies_still = False
        yield from self._people(interrupted=True)

    def systems_changed(self) -> None:
        """A system it uses is slower or faster, or a tool has gone or come: the work goes on at that pace."""
        if self.interruptible and self.pace.look():
            self._cut("pace", 0.0)

    def _duty(self) -> Duty:
        holds = self.task.holds if self.task is not None else []
        crews = [hold.crew for hold in holds if hold.crew is not None]
        return Duty(self.world.plan.readiness, crews)

    def _leave(self) -> None:
        task, self.task = self.task, None
        assert task is not None
        self.world.people.release(task, "interrupted")
