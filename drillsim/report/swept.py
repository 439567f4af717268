"""A sweep in words: which settings nothing on the list beats, and what each step from one to the next brings and costs."""

from __future__ import annotations

from drillsim.model.scenario import Scenario
from drillsim.report import compared, names, words
from drillsim.score.comparison import Row
from drillsim.score.sweep import Between, Sweep
from drillsim.texts import say


def subject(sweep: Sweep, scenario: Scenario, language: str = "en") -> str:
    """What is swept: the threshold of a group in words, else the path."""
    if sweep.group is None:
        return sweep.path
    group = names.group(scenario, sweep.group, language)
    return say("Paper working is ordered once systems have been away for … ({group})", language, group=group)


def verdict(sweep: Sweep, language: str = "en") -> tuple[str, str]:
    """(headline, sentence): the settings that nothing on the list beats, and those that are beaten."""
    kept = words.listing(sweep.unbeaten, language, most=12)
    beaten = [name for name, by in sweep.beaten_by.items() if by]
    if not any(told(one) for one in sweep.steps):
        return (
            say("These settings make no difference in any run.", language),
            say("In this scenario the value has no bearing on what settings are judged by.", language),
        )
    if not beaten:
        return (
            say("No setting on the list beats another.", language),
            say("Each is better in something, or the differences may be luck. More runs tell more; what remains is a choice between what each costs and brings.", language),
        )  # fmt: skip
    said = [
        say("{value} is beaten by {by}", language, value=name, by=words.listing(sweep.beaten_by[name], language))
        for name in beaten
    ]
    if not kept:
        return say("Every setting is beaten by another.", language), say("; ", language).join(said)
    return (
        say("Nothing on the list beats {values}.", language, values=kept),
        say("; ", language).join(said) + say(": surely better in something, surely worse in nothing.", language),
    )


def sentences(sweep: Sweep, scenario: Scenario, language: str = "en") -> list[str]:
    """The verdict, then one sentence for each step from one setting to the next."""
    said = trade(sweep, scenario, language)
    return [
        *verdict(sweep, language),
        *([said] if said else []),
        *(step(one, scenario, language) for one in sweep.steps),
    ]


def step(between: Between, scenario: Scenario, language: str = "en") -> str:
    """What changes from one setting to the next, sure or not; "nothing" when no run differs in any aim."""
    found = [
        say("{figure} {difference} ({interval}; {judged})", language, figure=compared.called(scenario, row, language), difference=compared.difference(row.differences[0].difference, row.unit, language), interval=compared.interval(row.differences[0].difference, row.unit, language) or words.MISSING, judged=compared.judged(row.differences[0], language))
        for row in told(between)
    ]  # fmt: skip
    what = say("; ", language).join(found) if found else say("nothing changes in any run", language)
    return say("From {this} to {next}: {what}.", language, this=between.this, next=between.next, what=what)


def trade(sweep: Sweep, scenario: Scenario, language: str = "en") -> str:
    """Of a paper threshold: where patients suffer least, where paper working is least often for nothing; empty for any other sweep."""
    pair = traded(sweep)
    if pair is None:
        return ""
    found = []
    for row in pair:
        known = sorted((row.values[s.value].value or 0.0, n, s.value) for n, s in enumerate(sweep.settings) if row.values[s.value].value is not None)  # fmt: skip
        if not known or known[0][0] == known[-1][0]:
            return ""
        best, worst = known[0][2], known[-1][2]
        values = {"low": compared.of_arm(row, best, language), "high": compared.of_arm(row, worst, language)}
        found.append(say("{figure}: least with {best} ({low}), most with {worst} ({high})", language, figure=compared.called(scenario, row, language), best=best, worst=worst, **values))  # fmt: skip
    return say("The trade, by the means of these runs: {what}. What of it may be luck stands with each step.", language, what=say("; ", language).join(found))  # fmt: skip


def traded(sweep: Sweep) -> tuple[Row, Row] | None:
    """Of a paper threshold (what patients suffer most from it, how often paper working is for nothing); None for any other sweep, or where
    no run differs in one of them."""
    rows = [
        r for r in sweep.comparison.figures if r.name in sweep.aims and any(one.sure != "same" for one in r.differences)
    ]
    false = next((r for r in rows if r.kind == "group" and r.figure == "false_switch"), None)
    harm = next((r for kind in ("patients", "indicator") for r in rows if r.kind == kind), None)
    return (harm, false) if false is not None and harm is not None else None


def told(between: Between) -> list[Row]:
    """The aims in which some run differs."""
    return [row for row in between.figures if row.differences[0].sure != "same"]


def notes(sweep: Sweep, scenario: Scenario, language: str = "en") -> list[str]:
    """What was compared by which aims, and how it was judged."""
    aims = [
        compared.figure(scenario, row.kind, row.id, row.figure, language)
        for row in sweep.comparison.figures
        if row.name in sweep.aims
    ]
    found = [say("Settings are judged by: {aims}. All pairs of settings and all of these are judged together by Holm's method.", language, aims=words.listing(aims, language, most=12))]  # fmt: skip
    if sweep.group is not None:
        found.append(say("“On paper for nothing” means: paper was ordered, and within 15 min of the order every system that these departments use gave service again. Changing over takes about as long.", language))  # fmt: skip
        found.append(say("The outage is that of this scenario. How often a short threshold switches for nothing in a year depends on how often systems are away for a few minutes: try the settings in a scenario with a short outage as well.", language))  # fmt: skip
    return [*found, *compared.how(sweep.comparison, language)]
