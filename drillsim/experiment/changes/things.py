"""Changes of things: spares, downtime forms, and copies of the data that come back sooner or are made more often."""

from __future__ import annotations

from collections.abc import Iterator

from drillsim.experiment.changes.proposal import WORTH_A_TRY, Proposal, Shown, text

AT_HAND = 5.0  # minutes until the first byte of a copy that need not be fetched


def spares(shown: Shown) -> Iterator[Proposal]:
    """A spare at hand for what was waited for."""
    systems = shown.scenario.hospital.systems
    for name, minutes in shown.evidence.of("thing"):
        if name in systems and minutes >= WORTH_A_TRY:
            title = text("A spare at hand: {what}", what=systems[name].title)
            yield Proposal(f"spare_{name}", title, {f"hospital.systems.{name}.spares": systems[name].spares + 1}, "spare", minutes)  # fmt: skip


def kits(shown: Shown) -> Iterator[Proposal]:
    """Twice the forms wherever they ran out."""
    short = {
        name: department.kit
        for name, department in shown.scenario.hospital.departments.items()
        if department.kit is not None and shown.evidence.mean("department", name, "kit_empty") > 0
    }
    if short:
        where = [shown.scenario.hospital.departments[name].title for name in short]
        title = text("Twice the downtime forms where they ran out ({where} and others)" if len(short) > 1 else "Twice the downtime forms ({where})", where=where[0])  # fmt: skip
        change = {f"hospital.departments.{name}.kit.forms": 2 * kit.forms for name, kit in short.items()}
        yield Proposal("forms", title, change, "kit")


def copies(shown: Shown) -> Iterator[Proposal]:
    """Where data are brought back: copies that come back twice as fast, that are at hand instead of to be fetched, and a full copy on a quicker
    medium of the hospital; and copies made twice as often, where data were lost."""
    hospital, evidence = shown.scenario.hospital, shown.evidence
    minutes = _bringing(shown)
    for name, component in hospital.systems.items():
        if component.data is None or not evidence.mean("component", name, "affected") > 0:
            continue
        if minutes >= WORTH_A_TRY:
            for medium in dict.fromkeys(copy.medium for copy in component.data.backups):
                yield from _quicker(shown, medium, minutes)
            yield from _closer(shown, name, minutes)
        if evidence.mean("component", name, "data_lost") > 0 and component.data.backups:
            place = min(range(len(component.data.backups)), key=lambda i: component.data.backups[i].every)  # type: ignore[union-attr]
            every = component.data.backups[place].every / 2
            title = text("Copies twice as often: {what}", what=component.title)
            yield Proposal(f"oftener_{name}", title, {f"hospital.systems.{name}.data.backups.{place}.every": f"{every:g} min"}, "copy")  # fmt: skip


def _bringing(shown: Shown) -> float:
    """Minutes a run that bringing data back lies on the way to a milestone or makes steps late."""
    bringing = {s.id for s in shown.scenario.plan.steps if any(e.kind == "recover_data" for e in s.does)}
    work = sum(m for step, m in shown.evidence.of("work") if step in bringing)
    return work + sum(m for cause, m in shown.evidence.of("slowed") if cause.startswith("shared "))


def _quicker(shown: Shown, name: str, minutes: float) -> Iterator[Proposal]:
    """A medium that reads twice as fast, and one that need not be fetched first."""
    medium = shown.scenario.hospital.media[name]
    title = text("Copies that come back twice as fast: {medium}", medium=medium.title)
    faster = f"{2 * medium.throughput!r} GB/min"
    yield Proposal(f"faster_{name}", title, {f"hospital.media.{name}.throughput": faster}, "copy", minutes)
    if medium.fetch.mean - AT_HAND >= WORTH_A_TRY:
        at_hand = text("Copies at hand, without {minutes} min of fetching: {medium}", medium=medium.title, minutes=f"{medium.fetch.mean:.0f}")  # fmt: skip
        caution = text("copies at hand can be lost with the rest: keep a distant one as well")
        yield Proposal(f"at_hand_{name}", at_hand, {f"hospital.media.{name}.fetch": f"{AT_HAND:g} min"}, "copy", min(minutes, medium.fetch.mean - AT_HAND), caution)  # fmt: skip


def _closer(shown: Shown, name: str, minutes: float) -> Iterator[Proposal]:
    """A second full copy of a system on the medium of the hospital from which it comes back soonest, made at the same hours."""
    hospital = shown.scenario.hospital
    data = hospital.systems[name].data
    fulls = [(place, copy) for place, copy in enumerate(data.backups) if copy.kind == "full"] if data else []
    if data is None or not fulls:
        return
    usual = {key: medium.fetch.mean + data.size / medium.throughput for key, medium in hospital.media.items()}
    soonest = min(usual, key=lambda key: usual[key])
    saved = min(usual[copy.medium] for _, copy in fulls) - usual[soonest]
    if saved >= WORTH_A_TRY:
        like = min(fulls, key=lambda one: one[1].every)[1]
        more = [*data.backups, like.model_copy(update={"medium": soonest})]
        title = text("A full copy of “{what}” on {medium} as well", what=hospital.systems[name].title, medium=hospital.media[soonest].title)  # fmt: skip
        change = {f"hospital.systems.{name}.data.backups": [one.model_dump(mode="json", exclude_defaults=True) for one in more]}  # fmt: skip
        yield Proposal(f"closer_{name}", title, change, "copy", min(minutes, saved), text("copies at hand can be lost with the rest: keep a distant one as well"))  # fmt: skip
