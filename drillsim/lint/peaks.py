"""How many services a department gives in its fullest minutes, from arrivals and routes: expected numbers on the fullest kind of day, no luck."""

from __future__ import annotations

from collections.abc import Iterator

from drillsim.lint.kept import Kept
from drillsim.model.care import Arrivals, Branch, Node, Pathway, hour_span
from drillsim.model.hospital import Hospital
from drillsim.units import DAY

ROUNDS = 40  # of a route with loops; what is left after so many is too little to matter
BIN = 15.0  # minutes; a day is looked at in stretches of this length

Day = list[float]  # something a minute, for each stretch of the day


_kept: Kept[dict[str, Day]] = Kept()


def services(hospital: Hospital) -> dict[str, Day]:
    """Department → services a minute that would be written on a form and whose patients wait while the systems are away."""
    return _kept.of((hospital.pathways, hospital.activities), lambda: _services(hospital))


def _services(hospital: Hospital) -> dict[str, Day]:
    found: dict[str, Day] = {}
    for pathway in hospital.pathways.values():
        coming = arriving(pathway.arrivals)
        for name, visits in _visits(pathway).items():
            activity = hospital.activities[name]
            written = activity.uses and activity.on_paper.works and not activity.on_paper.skipped
            if activity.department is not None and written and activity.while_waiting == "stops":
                day = found.setdefault(activity.department, [0.0] * len(coming))
                found[activity.department] = [here + rate * visits for here, rate in zip(day, coming, strict=True)]
    return found


def most_within(day: Day, minutes: float) -> float:
    """The most that comes within so many minutes, whenever they begin."""
    whole, rest = divmod(minutes / BIN, 1)
    days = day * (2 + int(minutes // DAY))
    sums = [0.0]
    for rate in days:
        sums.append(sums[-1] + rate * BIN)
    length = int(whole)
    return max(
        sums[start + length] - sums[start] + rest * BIN * days[(start + length) % len(days)]
        for start in range(len(day))
    )


def arriving(arrivals: Arrivals) -> Day:
    """Arrivals a minute through the fullest kind of day; none for listed ones."""
    bins = int(DAY // BIN)
    if arrivals.per_day is None:
        rate = (
            arrivals.rate
            if arrivals.rate is not None
            else 1 / arrivals.every.mean
            if arrivals.every is not None
            else 0.0
        )
        return [rate] * bins
    number = arrivals.per_day * max(arrivals.weekdays.values(), default=1.0) * (1 - arrivals.no_show)
    if not arrivals.hours:
        return [number / DAY] * bins
    total = sum(arrivals.hours.values())
    spans = [(*hour_span(text), share / total) for text, share in arrivals.hours.items()]
    middles = [BIN * (n + 0.5) for n in range(bins)]
    return [sum(number * share / (end - start) for start, end, share in spans if start <= at < end) for at in middles]


def _visits(pathway: Pathway) -> dict[str, float]:
    """Activity → expected visits of one patient."""
    shares = {name: kind.share for name, kind in pathway.classes.items()} or {"": 1.0}
    total = sum(shares.values())
    found: dict[str, float] = {}
    for kind, share in shares.items():
        if share:
            for activity, visits in _along(pathway.route, kind):
                found[activity] = found.get(activity, 0.0) + visits * share / total
    return found


def _along(route: tuple[Node, ...], kind: str) -> Iterator[tuple[str, float]]:
    """Activities of a route with the expected visits of one patient of a class."""
    place = {node.id: number for number, node in enumerate(route)}
    coming = [1.0, *([0.0] * (len(route) - 1))]
    for _ in range(ROUNDS):
        onward = [0.0] * len(route)
        for number, here in enumerate(coming):
            if here < 1e-9:
                continue
            node = route[number]
            if node.do is not None:
                yield node.do, here
            for line in node.fork:
                for activity, visits in _along(line, kind):
                    yield activity, visits * here
            for target, chance in _onward(node, kind):
                there = number + 1 if target is None else place.get(target)
                if there is not None and there < len(route):
                    onward[there] += here * chance
        coming = onward
        if not any(coming):
            return


def _onward(node: Node, kind: str) -> Iterator[tuple[str | None, float]]:
    """Where a stop leads with which chance; None is the next line."""
    left = 1.0
    rest: Branch | None = None
    for branch in node.then:
        if branch.chance is None:
            rest = branch
            continue
        chance = branch.chance.get(kind, 0.0) if isinstance(branch.chance, dict) else branch.chance
        left -= chance
        yield branch.to, chance
    if left > 1e-9:
        yield (rest.to if rest is not None else None), left
