"""What a finished step does to the hospital: one function for each kind of effect.

An effect may take time (calls, switching, starting, copying data back); the people of the step stay at it. It gives False when it did not succeed:
then the step has failed, what was done before it stays done, and effects after it are not tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from drillsim.model.plan import Effect
from drillsim.model.service import NOTICED
from drillsim.sim import data as copies
from drillsim.sim.departments import WITH_SYSTEMS
from drillsim.sim.units import AWAY, Unit
from drillsim.sim.world import Process

if TYPE_CHECKING:
    from drillsim.sim.plays import Play
    from drillsim.sim.world import World

REPAIRED = (
    "outage",
    "slow",
    "read_only",
    "foothold",
    "partition",
)  # kinds of damage (and of faults that damage nothing) that a repair mends; corrupt data must be recovered, what is unusable rebuilt


def carry_out(world: World, play: Play, effect: Effect) -> Process:
    """Do one effect for a step; gives whether it succeeded."""
    return (yield from EFFECTS[effect.kind](world, play, effect.targets))


def _at_once(action: Callable[[World, Play, tuple[str, ...]], bool | None]) -> Callable[..., Process]:
    """An effect that takes no time; it succeeds unless it gives False."""

    def effect(world: World, play: Play, targets: tuple[str, ...]) -> Process:
        return action(world, play, targets) is not False
        yield  # makes this a process like the others

    return effect


def _declare(world: World, play: Play, targets: tuple[str, ...]) -> None:
    world.faults.declare(play.name)


def _judge(world: World, play: Play, targets: tuple[str, ...]) -> None:
    """Judge the cause; a wrong judgement is found out only when what it points to does not help."""
    name = f"step {play.name} judges"
    chance = play.step.chance_right * play.readiness.chance * play.pace.chance_right()
    right = world.chances.happens(name, play.attempt - 1, chance)
    luck = 0.0 if right else world.chances.share(f"{name} wrongly", play.attempt - 1)
    world.faults.judge(play.name, right, luck)


def _notify(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    """Tell departments, groups and roles; somebody of a role who is not on duty is called in by it."""

    def hear(target: str) -> None:
        if target in world.plan.roles:
            world.people.on_call.call_in(target, play.name)

    return (yield from _tell(world, play, targets, hear))


def _order_paper(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    sent = world.env.now
    hear = partial(world.departments.order_paper, cause=play.name, sent=sent)
    return (yield from _tell(world, play, targets, hear, _ordered))


def _ordered(world: World, play: Play, targets: tuple[str, ...]) -> None:
    world.happen("ordered", play.name)
    groups = {world.hospital.departments[d].group: None for t in targets for d in world.departments.named(t)}
    for name in dict.fromkeys((*targets, *groups)):
        world.happen(f"{name} ordered", play.name)


def _return_to_system(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    return (yield from _tell(world, play, targets, lambda d: world.departments.order_return(d, play.name)))


def _nothing(world: World, play: Play, targets: tuple[str, ...]) -> None:
    return None


def _tell(
    world: World,
    play: Play,
    targets: tuple[str, ...],
    hear: Callable[[str], None],
    first: Callable[[World, Play, tuple[str, ...]], None] = _nothing,
) -> Process:
    """Tell those who have not been reached by an earlier try; it succeeds when nobody is left who could not be reached."""
    first(world, play, targets)
    recipients = [d for t in targets for d in (world.departments.named(t) or (t,))]
    left = [d for d in dict.fromkeys(recipients) if d not in play.reached]
    missed = yield from world.notices.tell(play.name, left, hear)
    play.reached.update(d for d in left if d not in missed)
    return not missed


def _fail_over(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    for name in targets:
        service = world.systems[name].service
        if service is None or not (yield service.by_hand(play.name)):
            return False
    return True


def _break_glass(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    """Open sealed accounts and the like side by side; it fails when one of them does not work."""
    openings = [event for name in targets for event in world.systems.break_glass(name)]
    if openings:
        yield world.env.all_of(openings)
    return all(event.value for event in openings)


def _isolate(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for name in targets:
        world.systems.isolate(name, play.name)


def _reconnect(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for name in targets:
        world.systems.reconnect(name, play.name)


def _shut_down(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for name in targets:
        world.systems.shut_down(name, play.name)


def _repair(world: World, play: Play, targets: tuple[str, ...]) -> bool:
    """Mend components, or what the judgement of the cause points to; the latter fails when the judgement is wrong."""
    mended = True
    for name in targets:
        if name == "cause":
            mended = world.faults.mend_cause(REPAIRED, play.name) and mended
        else:
            world.faults.mend(name, REPAIRED, play.name)
    return mended


def _reimage(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    """Rebuild what is unusable, machine by machine, as many side by side as people are at the step; each gives service again when it is done.

    Shifts end and begin meanwhile as for any work. It fails when machines are taken while others are rebuilt, faster than they come back.
    """
    for name in targets:
        unit = world.systems[name]
        count, before = unit.component.count, float("inf")
        while (left := _useless(unit)) > 0:
            if left > before:
                return False
            before = left
            people = sum(hold.count for hold in play.task.holds) if play.task else 1
            per_hour = max(1, round(60 * people / max(unit.component.rebuild_takes, 1e-3)))
            batch = min(left, per_hour)
            minutes = unit.component.rebuild_takes * -(-batch // people) * play.readiness.factor
            yield from play.work_for(minutes)
            world.faults.rebuilt(name, batch / count, play.name)
            world.note("rebuilt", name, "", play.name, batch)
    return True


def _useless(unit: Unit) -> int:
    """How many machines of a component must be rebuilt."""
    share = sum(damage.size for damage in unit.damage.values() if damage.kind == "unusable")
    return round(min(1.0, share) * unit.component.count + 0.499)


def _patch(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for name in targets:
        world.faults.patch(name, play.name)


def _restore(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    """Start what has stopped, one tier (or line of the restore order) after the other, all of a line side by side.

    It fails when something breaks while it starts, or is broken and was named, has an RTO or a tier, or keeps another from starting.
    """
    lines = [line for target in targets for line in _lines(world, target)]
    matters = {*targets, *world.prepared.kept}
    put_off: list[Unit] = []
    whole = True
    for line in lines:
        units = [*put_off, *(world.systems[name] for name in line)]
        put_off, came_up = yield from _start_side_by_side(world, play, units, matters)
        whole = whole and came_up
    broken = {name for line in lines for name in line if world.systems[name].broken}
    while put_off and whole and not any(unit.effective.due in broken for unit in put_off):
        missing = _missing(world, put_off[0])
        if missing is not None:
            yield from play.stand_by(missing)
        put_off, whole = yield from _start_side_by_side(world, play, put_off, matters)
    return whole and not put_off


def _lines(world: World, target: str) -> list[list[str]]:
    """What a target of ``restore`` means: components in the order in which they are started, those of one line side by side."""
    systems = world.hospital.systems
    if target in systems:
        return [[target]]
    tiers = sorted({c.tier for c in systems.values() if c.tier is not None})
    if target != "all":
        tiers = [tier for tier in tiers if str(tier) == target.removeprefix("tier").strip()]
    by_tier = [[name for name in world.prepared.order if systems[name].tier == tier] for tier in tiers]
    if target != "all":
        return by_tier
    lines = [list(line) for line in world.plan.restore_order]
    named = {name for line in lines for name in line}
    rest = [[n for n in line if n not in named] for line in by_tier]
    return [*lines, *rest, *([n] for n in world.prepared.order if systems[n].tier is None and n not in named)]


def _start_side_by_side(world: World, play: Play, units: list[Unit], matters: set[str]) -> Process:
    """Start those that can be; gives those that lack something they need, and whether all others that matter came up."""
    lacking = [unit for unit in units if not unit.broken and _missing(world, unit) is not None]
    starting = [
        world.systems.start(u.name, play.name)
        for u in units
        if u.running != "running" and u not in lacking and not u.broken
    ]
    came_up = not any(unit.broken and unit.name in matters for unit in units)
    for event in starting:
        came_up = (yield event) and came_up
    return lacking, came_up


def _missing(world: World, unit: Unit) -> str | None:
    """A component that it needs and that gives no service, when that keeps it from working."""
    if unit.lost or (unit.running == "running" and unit.away and not unit.cut):
        on = (unit.service.members[unit.service.active],) if unit.service is not None else ()
        needed = (*unit.component.needs.components(), *on)
        return next((name for name in needed if world.systems[name].effective.rank >= AWAY), None)
    return None


def _recover_data(world: World, play: Play, targets: tuple[str, ...]) -> Process:
    """Bring back the data of components whose data are corrupt, from the best copy that can be read; others have nothing to recover."""
    recovered = True
    for name in targets:
        if any(damage.kind == "corrupt" for damage in world.systems[name].damage.values()):
            recovered = (yield from _bring_back(world, play, name)) and recovered
    return recovered


def _bring_back(world: World, play: Play, name: str) -> Process:
    broken, found = copies.struck(world, name), copies.usable(world, name)
    while found and all(missing := [copies.readable(world, name, copy) for copy in found]):
        yield from play.stand_by(*dict.fromkeys(component for component in missing if component is not None))
    attempt, bad = play.attempt - 1, set[str]()
    for copy in found:
        if copies.readable(world, name, copy) or bad.intersection(copy.media):
            continue
        yield from world.media.bring_back(play.name, copies.restore(world, name, copy, attempt))
        bad.update(medium for medium in copy.media if not copies.works(world, name, medium, attempt))
        if not bad.intersection(copy.media):
            world.note("data_lost", name, "recovered", copy.name, copy.lost)
            world.faults.gone.append((broken - copy.lost, broken))
            world.faults.mend(name, ("corrupt",), play.name)
            return True
    if play.last_try:
        world.note("data_lost", name, "lost", "", float("inf"))
    return False


def _start_empty(world: World, play: Play, targets: tuple[str, ...]) -> None:
    """Give up damaged data for good, so that the component can be used again; what is not damaged is left alone."""
    for name in targets:
        if any(damage.kind == "corrupt" for damage in world.systems[name].damage.values()):
            world.note("data_lost", name, "lost", "", float("inf"))
            world.faults.gone.append((world.calendar.began, world.env.now))
            world.faults.mend(name, ("corrupt",), play.name)


def _verify(world: World, play: Play, targets: tuple[str, ...]) -> bool:
    """Try all that the departments use: it fails while any of it gives no service, or only lets itself be read where that is not enough,
    or when somebody sees what a repair has left wrong.

    Slow systems pass. A department that uses no system of its own tries all that the others use (see ``model.service``). What it finds away is waited for
    before the next try.
    """
    wards = [world.departments[name] for target in targets for name in world.departments.named(target)]
    tried = {
        ward.name: [c for a in ward.activities.values() for c in a.uses] or world.prepared.in_use for ward in wards
    }
    for ward in wards:
        away = _away(world, tried[ward.name])
        if not world.departments.systems_up(ward) or (not ward.activities and away):
            play.lacked = away
            return False
    wrong = world.faults.imperfect.seen(tried)
    play.lacked = tuple(c for name in wrong for c in _away(world, tried[name]))
    return not wrong


def _away(world: World, components: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in components if world.systems[name].away)


def _evaluate(world: World, play: Play, targets: tuple[str, ...]) -> bool:
    """Compare the work of departments with normal: it fails while one of them waits for systems, works on paper, or works with a system that is slow to be noticed."""
    compared = [n for target in targets or ("all",) for n in world.departments.named(target)]
    play.unlike = ",".join(dict.fromkeys(name for name in compared if not _as_normal(world, name)))
    return not play.unlike


def _as_normal(world: World, name: str) -> bool:
    ward = world.departments[name]
    if ward.mode not in WITH_SYSTEMS or ward.mode == "waiting" or not world.departments.systems_up(ward):
        return False
    used = {component for activity in ward.activities.values() for component in activity.uses}
    return all(world.systems[c].effective.factor < NOTICED for c in used)


def _restock(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for target in targets:
        for name in world.departments.named(target):
            world.departments.restock(name)


def _divert(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for name in targets:
        world.diversions.divert(name, play.name)


def _reopen(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for name in targets:
        world.diversions.reopen(name, play.name)


def _call_off(world: World, play: Play, targets: tuple[str, ...]) -> None:
    for name in targets:
        world.steps.plays[name].call_off(play.name)


def _stand_down(world: World, play: Play, targets: tuple[str, ...]) -> None:
    world.happen("stood_down", play.name)
    world.people.shifts.stand_down()


def _learn(world: World, play: Play, targets: tuple[str, ...]) -> None:
    """What was found wrong in the plan is put right: its names and numbers."""
    world.contacts.put_right()


EFFECTS: dict[str, Callable[[World, Play, tuple[str, ...]], Process]] = {
    "declare": _at_once(_declare),
    "judge": _at_once(_judge),
    "notify": _notify,
    "order_paper": _order_paper,
    "return_to_system": _return_to_system,
    "fail_over": _fail_over,
    "break_glass": _break_glass,
    "isolate": _at_once(_isolate),
    "reconnect": _at_once(_reconnect),
    "shut_down": _at_once(_shut_down),
    "repair": _at_once(_repair),
    "reimage": _reimage,
    "patch": _at_once(_patch),
    "restore": _restore,
    "recover_data": _recover_data,
    "start_empty": _at_once(_start_empty),
    "verify": _at_once(_verify),
    "restock": _at_once(_restock),
    "divert": _at_once(_divert),
    "reopen": _at_once(_reopen),
    "call_off": _at_once(_call_off),
    "stand_down": _at_once(_stand_down),
    "evaluate": _at_once(_evaluate),
    "learn": _at_once(_learn),
}
