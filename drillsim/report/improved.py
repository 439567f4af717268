"""A search for what would help, in words: what helps and by how much, what does not add up, what makes it slower and why, what was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drillsim.model.scenario import Scenario
from drillsim.report import compared, words
from drillsim.report import improve_costs as bought
from drillsim.score.comparison import Compared, Comparison, Row
from drillsim.score.improvement import Adding, Candidate, Improvement, Slower
from drillsim.score.summary_parts import Estimate
from drillsim.texts import say

KINDS: dict[str, str] = {
    "named": "named in the scenario",
    "people": "one more person",
    "deputy": "a deputy",
    "on_call": "people on call",
    "training": "training and a drill",
    "spare": "a spare",
    "threshold": "another threshold",
    "order": "another order of work",
    "channel": "another channel",
    "kit": "downtime forms",
    "copy": "copies of the data",
}
"""Kind of change → in words."""

MOST = 4  # changes that are told in a sentence of their own

STATUS: dict[str, str] = {
    "same": "no run differs",
    "dropped": "clearly not the best",
    "left": "not told apart from the best",
    "final": "played again on fresh runs",
}
"""How far a change came → in words."""


def title(improvement: Improvement, name: str, language: str = "en") -> str:
    """The title of a change, or of a combination."""
    titles = {one.name: words.words(one.title, language) for one in improvement.candidates}
    parts = improvement.combinations.get(name, [name])
    return " + ".join(titles[one] for one in parts)


def row_of(comparison: Comparison | None, name: str) -> Row | None:
    """The row of a figure."""
    return next((row for row in comparison.figures if row.name == name), None) if comparison else None


def aim_title(improvement: Improvement, scenario: Scenario, aim: str, language: str = "en") -> str:
    """What an aim is called."""
    kind, identifier, name = split(aim)
    return compared.figure(scenario, kind, identifier, name, language)


def split(aim: str) -> tuple[str, str, str]:
    """(kind, id, figure) of a figure's name."""
    parts = aim.split(".")
    return (parts[0], parts[0], parts[1]) if len(parts) == 2 else (parts[0], parts[1], parts[2])


def unit(aim: str) -> str:
    """The unit of an aim's differences, by its figure."""
    name = aim.rsplit(".", 1)[-1]
    if name in ("all_on_time", "on_time", "met", "on_time_share", "false_switch", "ordered", "left_share"):
        return "share"
    return (
        "number" if name in ("left", "turned_away", "diverted", "over", "items", "pile_most", "queue_mean") else "min"
    )


def verdict(improvement: Improvement, language: str = "en") -> tuple[str, str]:
    """(tone, headline): what helps most, or that nothing does."""
    if improvement.helps:
        best = title(improvement, improvement.helps[0], language)
        return "holds", say("What helps most: {change}.", language, change=best)
    if improvement.mixed:
        return "open", say("Every change that helps with one thing harms another.", language)
    if not improvement.candidates:
        return "open", say(
            "Nothing to improve was found: no deadline is missed and no patient waits or leaves.", language
        )
    return "fails", say("Nothing on the list helps for sure.", language)


def sentences(improvement: Improvement, scenario: Scenario, language: str = "en") -> list[str]:
    """The verdict, every change that helps or helps and harms, what does not add up, and what makes it slower."""
    found = [verdict(improvement, language)[1], *smaller(improvement, scenario, language)]
    found += [
        does(improvement, scenario, name, language)
        for name in (*worth_telling(improvement, improvement.helps), *worth_telling(improvement, improvement.mixed))
    ]
    found += bought.cheapest(improvement, scenario, language)
    found += [said for one in improvement.adding if (said := adds_up(improvement, scenario, one, language))]
    found += [slows(improvement, scenario, one, language) for one in improvement.slower]
    return [*found, *untried(improvement, language)]


def smaller(improvement: Improvement, scenario: Scenario, language: str = "en") -> list[str]:
    """Why a change stands before a combination that does more by the mean; empty when it does not."""
    one = improvement.smaller
    if one is None:
        return []
    more = [
        say("{figure} {difference} ({interval})", language, figure=aim_title(improvement, scenario, aim, language), difference=compared.difference(found, unit(aim), language), interval=compared.interval(found, unit(aim), language) or words.MISSING)
        for aim, found in one.more.items()
    ]  # fmt: skip
    return [say("{whole} does more by the mean, but what it adds may be luck: {more}. So the smaller change stands first.", language, whole=title(improvement, one.instead_of, language), more=say("; ", language).join(more))]  # fmt: skip


def worth_telling(improvement: Improvement, names: Sequence[str], most: int = MOST) -> list[str]:
    """The first of these ways, without combinations in which a part changes nothing: some of their parts do the same for every aim."""
    effects = {name: tuple(_gains(improvement, name)) for name in (*improvement.helps, *improvement.mixed)}

    def padded(name: str) -> bool:
        members = set(improvement.combinations.get(name, [name]))
        parts = [
            set(improvement.combinations.get(other, [other])) for other in effects if effects[other] == effects[name]
        ]
        return any(part < members for part in parts)

    return [name for name in names if not padded(name)][:most]


def _gains(improvement: Improvement, name: str) -> Iterator[float | None]:
    """The difference of a way for each aim, on fresh runs."""
    for aim in improvement.aims:
        row = row_of(improvement.finals, aim.name)
        value = next((d.difference.value for d in row.differences if d.arm == name), None) if row else None
        yield None if value is None else round(value, 9)


def untried(improvement: Improvement, language: str = "en") -> list[str]:
    """Which changes were drawn and not tried for want of runs, and how many runs would try them; empty when all were."""
    if not improvement.untried:
        return []
    listed = words.listing([words.words(one, language) for one in improvement.untried], language, most=MOST)
    message = (
        "Not tried, because the runs did not reach that far: {changes}. All are tried with a budget of {enough} runs."
    )
    return [say(message, language, changes=listed, enough=improvement.enough)]


def ranked(improvement: Improvement) -> list[Candidate]:
    """The changes that were tried: those that came furthest first, and among them those that gain most, all aims together."""
    order = tuple(STATUS)[::-1]

    def gain(one: Candidate) -> float:
        return sum((1 if a.more else -1) * (one.effects[a.name].value or 0.0) / a.worth for a in improvement.aims)

    return sorted(improvement.candidates, key=lambda one: (order.index(one.status), -gain(one)))


def does(improvement: Improvement, scenario: Scenario, name: str, language: str = "en") -> str:
    """What a change does for every aim, on fresh runs, and what it costs."""
    told = []
    for aim in improvement.aims:
        row = row_of(improvement.finals, aim.name)
        one = next((d for d in row.differences if d.arm == name), None) if row else None
        if row is not None and one is not None:
            told.append(
                say("{figure} {difference} ({interval}; {judged})", language, figure=aim_title(improvement, scenario, aim.name, language), difference=compared.difference(one.difference, row.unit, language), interval=compared.interval(one.difference, row.unit, language) or words.MISSING, judged=compared.judged(one, language))
            )  # fmt: skip
    told += [
        say("{figure} {difference} ({interval}; {judged})", language, figure=compared.called(scenario, row, language), difference=compared.difference(one.difference, row.unit, language), interval=compared.interval(one.difference, row.unit, language) or words.MISSING, judged=compared.judged(one, language))
        for row, one in besides(improvement, name)
    ]  # fmt: skip
    cost = bought.of(improvement, name, language)
    return say("{change}: {what}.", language, change=title(improvement, name, language), what=say("; ", language).join(told)) + (say(" Cost: {cost}.", language, cost=cost) if cost else "")  # fmt: skip


def besides(improvement: Improvement, name: str) -> list[tuple[Row, Compared]]:
    """Apart from the aims: objectives of the exercise that a change surely makes better, and headline figures that it surely makes worse, on
    fresh runs."""
    aims = {aim.name for aim in improvement.aims}
    rows = improvement.finals.figures if improvement.finals else []
    return [
        (row, one)
        for row in rows
        for one in row.differences
        if row.headline and row.name not in aims and one.arm == name and one.sure == "sure"
        if one.direction == "worse" or (one.direction == "better" and row.kind == "objective")
    ]


def adds_up(improvement: Improvement, scenario: Scenario, one: Adding, language: str = "en") -> str:
    """That changes together do surely less, or more, than the sum of what each does; empty when they may add up."""
    surplus = one.surplus
    if surplus.low is None or surplus.high is None or surplus.low <= 0 <= surplus.high:
        return ""
    more = next(aim.more for aim in improvement.aims if aim.name == one.aim)
    gains = (surplus.low > 0) == more and ((one.together.value or 0.0) > 0) == more
    message = (
        "{changes} do more together than by themselves: {figure} {together} together, {alone} when the effect of each by itself is added."
        if gains
        else "{changes} do not add up: {figure} {together} together, {alone} when the effect of each by itself is added."
    )
    return say(
        message,
        language,
        changes=" + ".join(title(improvement, name, language) for name in one.names),
        figure=aim_title(improvement, scenario, one.aim, language),
        together=compared.difference(one.together, unit(one.aim), language),
        alone=compared.difference(Estimate(value=one.alone), unit(one.aim), language),
    )


MESSAGES = (
    "{changes} do not add up: {figure} {together} together, {alone} when the effect of each by itself is added.",
    "{changes} do more together than by themselves: {figure} {together} together, {alone} when the effect of each by itself is added.",
)


def slows(improvement: Improvement, scenario: Scenario, one: Slower, language: str = "en") -> str:
    """That a change makes the plan slower, and why."""
    said = say(
        "{change} makes the plan slower: the last step is done {later} later.",
        language,
        change=title(improvement, one.name, language),
        later=words.duration(one.later.value, language),
    )
    if one.step is None or one.step_later is None:
        return said
    who = words.cause_of(scenario, one.waits_for, language) if one.waits_for else ""
    why = " Steps are taken up in another order: “{step}” begins {minutes} later and then waits for {who}." if who else " “{step}” begins {minutes} later."  # fmt: skip
    return said + say(why, language, step=words.title_of(scenario, one.step, language, "step"), minutes=words.duration(one.step_later, language), who=who)  # fmt: skip


WHY = (
    " Steps are taken up in another order: “{step}” begins {minutes} later and then waits for {who}.",
    " “{step}” begins {minutes} later.",
)


def changed(candidate: Candidate) -> str:
    """What is changed in the files, as it is written after ``--set``."""
    return "; ".join(f"{path}={value}" for path, value in candidate.set.items())


def _set_aside(improvement: Improvement, language: str) -> list[str]:
    """What those that made no difference in the first runs of the race may hide: the share of runs of which so many show none, one time in twenty."""
    same = [one.runs for one in improvement.candidates if one.status == "same"]
    if not same:
        return []
    share = 1 - (1 - improvement.sure) ** (1 / min(same))
    return [say("{n} of them made no difference to any aim in the first {runs} and were set aside: a change that helps in fewer than about {share} of runs may be among them.", language, n=len(same), runs=words.runs(min(same), language), share=words.share(share, language))]  # fmt: skip


def notes(improvement: Improvement, scenario: Scenario, language: str = "en") -> list[str]:
    """How the search was made and how sure it is."""
    aims = words.listing([aim_title(improvement, scenario, aim.name, language) for aim in improvement.aims], language)
    worth = words.listing(
        [
            compared.difference(Estimate(value=aim.worth), unit(aim.name), language).lstrip("+")
            for aim in improvement.aims
        ],
        language,
    )
    found = [
        say("{n} changes were tried with {runs} in all, every one on the same luck, and judged by: {aims}.", language, n=len(improvement.candidates), runs=words.runs(improvement.runs, language), aims=aims),
        say("A change dropped out of the race when it was clearly not the best for any aim (procedure KN of Kim and Nelson, 2001): if the best is better than all others by at least {worth}, it is among those left with probability {sure}. The proof is for normally distributed figures.", language, worth=worth, sure=words.share(improvement.sure, language)),
        *_set_aside(improvement, language),
        say("The figures of the best changes and their combinations come from fresh runs that took no part in choosing them from the list, so they are not flattered by that choice; those of the race are. Which of them stands first is decided by these same runs: where several are close, the figure of the first is a little too good.", language),
        say("Changes are drawn from what the model knows. Whether people can be found, trained and allowed to do it, it does not know; figures such as “answers 95 of 100 calls” are assumptions of the change.", language),
    ]  # fmt: skip
    if improvement.by_cost and improvement.finals is not None:
        found.append(say("In the order of cost every change is compared with the best one in pairs, each comparison by itself; years are added up without interest.", language))  # fmt: skip
    if improvement.finals is not None:
        found.append(
            say(
                "On fresh runs the aims are judged together as one family (Holm's method), other figures as another.",
                language,
            )
        )
    return found
