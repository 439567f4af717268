"""What a summary says, in sentences and short lists: the same ones in the terminal and in the report."""

from __future__ import annotations

from typing import NamedTuple

from drillsim.model.scenario import Scenario
from drillsim.report import words
from drillsim.score.summary import Summary
from drillsim.score.summary_hospital import DataPart, PathwayPart, PatientsPart
from drillsim.score.summary_parts import Estimate
from drillsim.score.summary_plan import Cause, StepPart
from drillsim.texts import say


class Verdict(NamedTuple):
    """Does the plan hold, in one sentence, with what supports it; ``tone`` is holds, fails or open."""

    tone: str
    headline: str
    sentence: str


def verdict(summary: Summary, language: str = "en") -> Verdict:
    """One sentence that a hospital director understands, with the probability and its interval."""
    v, n = summary.verdict, summary.runs.scored
    if not n:
        return Verdict("open", say("Nothing can be said yet.", language), say("No run could be scored: the hospital was not healthy before the fault.", language) if summary.runs.not_scored else say("No run was finished.", language))  # fmt: skip
    if v.holds is None or v.all_on_time.value is None:
        return _without_deadlines(summary, language)
    together = say(
        "All deadlines are met in {share} of runs ({confidence} interval {interval}, {runs}).",
        language,
        share=words.share(v.all_on_time.value, language),
        confidence=words.share(summary.runs.confidence, language),
        interval=words.interval(v.all_on_time, language),
        runs=words.runs(v.all_on_time.n or n, language),
    )
    return Verdict(
        "holds" if v.holds else "fails",
        say("The plan holds.", language) if v.holds else say("The plan does not hold.", language),
        together,
    )


def _without_deadlines(summary: Summary, language: str) -> Verdict:
    n = words.runs(summary.runs.scored, language)
    if not summary.coverage.total:
        return Verdict(
            "open",
            say("No emergency plan is played here.", language),
            say("What follows are the figures of {runs}.", language, runs=n),
        )
    if not summary.coverage.exercised:
        return Verdict(
            "open",
            say("Nothing of the plan was called for.", language),
            say("No step became due to begin in any of {runs}.", language, runs=n),
        )
    done = summary.completion
    if done.n and done.p50 is not None:
        usual = words.certain(done)
        headline = (
            say("All steps are done after {duration} in half of the runs.", language, duration=words.duration(usual, language))
            if usual is not None
            else say("Not all steps are done before the end in {share} of runs.", language, share=words.chance(words.unfinished(done), language))
        )  # fmt: skip
        return Verdict(
            "open", headline, say("No step has a deadline that was put to the test; {runs}.", language, runs=n)
        )
    return Verdict(
        "open",
        say("No deadline was put to the test.", language),
        say("The plan has no deadline that began to run in any of {runs}.", language, runs=n),
    )


def coverage(summary: Summary, language: str = "en") -> str:
    """``Exercised: 31 of 38 steps of the plan``; empty without a plan."""
    if not summary.coverage.total:
        return ""
    return say("exercised: {n} of {total} steps", language, n=summary.coverage.exercised, total=summary.coverage.total)


def failing(summary: Summary) -> list[StepPart]:
    """Steps that are late more often than the plan allows, those surely least often on time first; of those on time as often, the latest."""
    return sorted(
        (s for s in summary.steps if s.holds is False),
        key=lambda s: (at_best(s), -(s.late_by.p50 or 0.0)),
    )


def at_best(step: StepPart) -> float:
    """How often a step is on time at most, by its interval: late in the one run that called for it does not stand before late in half of two hundred."""
    share = step.on_time.high if step.on_time.high is not None else step.on_time.value
    return 1.0 if share is None else share


def holding(summary: Summary) -> list[StepPart]:
    """Steps whose deadline was put to the test and met as often as it must be, in the order of the plan."""
    return [s for s in summary.steps if s.holds]


def without_deadline(summary: Summary) -> list[StepPart]:
    """Steps that were reached but whose deadline was not put to the test (or that have none), in the order of the plan."""
    never = set(summary.coverage.never)
    return [s for s in summary.steps if s.holds is None and s.id not in never]


def never_reached(summary: Summary) -> list[StepPart]:
    """Steps that no run reached and whose deadline did not run either."""
    never = set(summary.coverage.never)
    return [s for s in summary.steps if s.id in never and s.holds is None]


SELDOM = 0.9  # share of runs; a clock that ran in fewer of them is told with their number


def worst(summary: Summary, scenario: Scenario, language: str = "en") -> str:
    """A sentence about the step that is late most often, and one about its clock when that ran in some runs only; empty when none is."""
    steps = failing(summary)
    if not steps:
        return ""
    said, n, all_ = _least_often(steps[0], scenario, language), steps[0].on_time.n, summary.runs.scored
    if n >= SELDOM * all_:
        return said
    return said + say(" Its clock ran in {n} of {all} runs.", language, n=n, all=all_)


def _least_often(step: StepPart, scenario: Scenario, language: str) -> str:
    values = {
        "title": words.words(step.title, language),
        "share": words.share_interval(step.on_time, language),
        "late": words.lateness_clause(step, language),
        "what": words.held_up_by(scenario, step, language),
    }
    if step.late_by.p50 is None:
        return say(
            "Least often in time: “{title}”, on time in {share} of runs.",
            language,
            title=values["title"],
            share=values["share"],
        )
    if not step.mostly or step.mostly in ("working", "work") or words.mostly_given_up(step):
        return say(
            "Least often in time: “{title}”, on time in {share} of runs, {late}.",
            language,
            title=values["title"],
            share=values["share"],
            late=values["late"],
        )
    if step.mostly in ("rework", "slowed"):
        return say(
            "Least often in time: “{title}”, on time in {share} of runs, {late}, mostly because of {what}.",
            language,
            **values,
        )
    return say(
        "Least often in time: “{title}”, on time in {share} of runs, {late}, mostly waiting for {what}.",
        language,
        **values,
    )


def main_pathway(summary: Summary) -> PathwayPart | None:
    """The pathway of patients that most take; None without patients."""
    found = [p for p in summary.pathways if p.of == "patients" and p.arrived.value]
    return max(found, key=lambda p: p.arrived.value or 0.0, default=None)


def patients(summary: Summary, language: str = "en") -> list[str]:
    """What the fault does to patients, against the same day without it; only what differs or could be dangerous."""
    path = main_pathway(summary)
    if path is None:
        return _of_indicators(summary, language)
    everybody = summary.patients or path
    told = [
        *_visit(path, language),
        *_left(summary, everybody, language),
        *_diverted(everybody, language),
        *_still_there(everybody, language),
        *_others(summary, path, language),
        *_of_indicators(summary, language),
    ]
    if told or path.minutes_base is None:
        return told
    return [say("no difference that could be told from luck", language)]


def _others(summary: Summary, main: PathwayPart, language: str) -> list[str]:
    """Beside the visits of the main pathway: the pathway, of patients or orders, that takes surely longer by the most, when those do not."""
    if _visit(main, language):
        return []
    surely = [(longer(p)[0], p) for p in summary.pathways if p is not main]
    found = [(d, p) for d, p in surely if d is not None and d.low is not None and d.low > 0 and (d.value or 0.0) >= 1]
    if not found:
        return []
    difference, path = max(found, key=lambda one: one[0].value or 0.0)
    said, title = minutes_interval(difference, language, signed=True), words.words(path.title, language)
    if longer(path)[2]:
        return [say("{title}: typically at least {difference}", language, title=title, difference=said)]
    return [say("{title}: typically {difference}", language, title=title, difference=said)]


def longer(path: PathwayPart) -> tuple[Estimate | None, str, bool]:
    """How much longer a typical visit takes, the field it stands in, and whether that is only "at least"."""
    name = "median_difference" if path.median_difference is not None else "minutes_difference"
    return getattr(path, name), name, name in path.at_least


def _visit(path: PathwayPart, language: str) -> list[str]:
    difference, _, at_least = longer(path)
    if difference is None or not differs(difference, 1.0):
        return []
    said, title = minutes_interval(difference, language, signed=True), words.words(path.title, language)
    if at_least:
        return [
            say("{title}: a typical visit at least {difference}", language, title=title, difference=said)
            + luck(difference, language)
        ]
    return [
        say("{title}: a typical visit {difference}", language, title=title, difference=said)
        + luck(difference, language)
    ]


def _left(summary: Summary, of: PatientsPart | PathwayPart, language: str) -> list[str]:
    more = of.left_difference
    if more is None or not differs(more, 0.5):
        return []
    number, between = words.count(more).lstrip("−"), words.count_interval(more, signed=True)
    range_ = (say(" ({range})", language, range=between) if between else "") + luck(more, language)
    if (more.value or 0.0) <= 0:
        return [say("{n} fewer leave without being seen", language, n=number) + range_]
    said = say("{n} more leave without being seen", language, n=number) + range_
    return [
        said + say(", {most}", language, most=most_left(summary, language)) if most_left(summary, language) else said
    ]


def _diverted(of: PatientsPart | PathwayPart, language: str) -> list[str]:
    if not of.diverted.value:
        return []
    number, between = words.count(of.diverted), words.count_interval(of.diverted)
    range_ = say(" ({range})", language, range=between) if between else ""
    return [
        say(
            "{n}{range} are diverted (sent elsewhere, or told to come another day) and count in no other figure",
            language,
            n=number,
            range=range_,
        )
    ]


def most_left(summary: Summary, language: str = "en") -> str:
    """Which pathway most more leave from, when patients of several do: ``144 of them of Walk-in outpatients``; else empty."""
    name = summary.patients.most_left if summary.patients else None
    path = next((p for p in summary.pathways if p.id == name), None)
    if path is None:
        return ""
    return say(
        "{n} of them: {title}", language, n=words.count(path.left_difference), title=words.words(path.title, language)
    )


def _still_there(of: PatientsPart | PathwayPart, language: str) -> list[str]:
    if of.there_base is None or of.there_difference is None or not differs(of.there_difference, 0.5):
        return []
    n, base = words.count(of.there), words.count(of.there_base)
    return [
        say("{n} are still there at the end ({base} otherwise)", language, n=n, base=base)
        + luck(of.there_difference, language)
    ]


def _of_indicators(summary: Summary, language: str) -> list[str]:
    return [
        say(
            "{title}: {n} a run ({base} otherwise)",
            language,
            title=words.words(i.title, language),
            n=words.count(i.over),
            base=words.count(i.over_base),
        )
        + luck(i.difference, language)
        for i in summary.indicators
        if i.over.value is not None and i.over.value >= 0.05
    ]


def data(summary: Summary, scenario: Scenario, language: str = "en") -> list[str]:
    """Data that could be taken, data lost and the second wave of typing in, in short sentences."""
    d = summary.data
    return (
        [] if d is None else [*_taken(d, language), *_lost(d, language), *_second_wave(d, summary, scenario, language)]
    )


def _taken(d: DataPart, language: str) -> list[str]:
    if d.exposed is None or d.exposed.most is None:
        return []
    if not d.exposed.most:
        return [say("nobody could take and read data", language)]
    lay_open = say(
        "data could be taken and read for {usual} (8 runs of 10: {range})",
        language,
        usual=words.usual(d.exposed, language),
        range=words.usual_range(d.exposed, language),
    )
    people = whose(d, language)
    return [lay_open + (say(", those of {people}", language, people=people) if people else "")]


def whose(d: DataPart, language: str = "en") -> str:
    """Whose data could be taken and read, in round numbers: ``2,100,000 people (8 runs of 10: 530,000–3,200,000)``; empty when it is not known."""
    people = d.people_exposed
    if people is None or not people.most:
        return ""
    usual, low, high = (words.number(float(f"{value or 0.0:.2g}")) for value in (people.p50, people.p10, people.p90))
    return say("{n} people (8 runs of 10: {low}–{high})", language, n=usual, low=low, high=high)


def _lost(d: DataPart, language: str) -> list[str]:
    if d.nothing_lost.value is None:
        return []
    if d.not_back.value:
        return _not_back(d, language)
    if d.nothing_lost.value == 0 and d.lost_minutes.p50 is not None:
        usual, most = words.usual(d.lost_minutes, language), words.at_most(d.lost_minutes, language)
        if words.cut_off(d.lost_minutes, "p50"):
            share = words.chance(words.unfinished(d.lost_minutes), language)
            return [
                say(
                    "every run loses data; in {share} of runs no copy was usable and everything entered before is lost",
                    language,
                    share=share,
                )
            ]
        if words.cut_off(d.lost_minutes, "most"):
            return [
                say("every run loses data: usually the last {usual}; no copy was good in {share} of runs", language,
                    usual=usual, share=words.chance(words.unfinished(d.lost_minutes), language))
            ]  # fmt: skip
        if usual == most:
            return [say("every run loses data, at most the last {most}", language, most=most)]
        return [say("every run loses data: usually the last {usual}, at most {most}", language, usual=usual, most=most)]
    lost = say("no data lost in {share} of runs", language, share=words.share_interval(d.nothing_lost, language))
    if d.nothing_lost.value >= 1 or not d.lost_minutes.most:
        return [lost]
    if words.cut_off(d.lost_minutes, "most"):
        share = words.chance(words.unfinished(d.lost_minutes), language)
        return [lost + say(", everything in {share}, where no copy was good", language, share=share)]
    return [lost + say(", else up to {duration}", language, duration=words.duration(d.lost_minutes.most, language))]


def _not_back(d: DataPart, language: str) -> list[str]:
    """What is lost where some runs end before all data were brought back."""
    useless = (words.unfinished(d.lost_minutes).value or 0.0) - (d.not_back.value or 0.0)
    found = [
        say("data had not been brought back by the end in {share} of runs", language, share=words.share_interval(d.not_back, language))
    ]  # fmt: skip
    if d.nothing_lost.value:
        share = words.share_interval(d.nothing_lost, language)
        found.insert(0, say("no data lost in {share} of runs", language, share=share))
    if useless > 0:
        found.append(say("no copy was good in {share} of runs", language, share=words.share(useless, language)))
    return found


def _seldom_paper(d: DataPart, summary: Summary, language: str) -> list[str]:
    """What there is to type in where fewer than half of the runs come to paper."""
    if not d.cleared.n or not d.items.most:
        return []
    return [
        say(
            "something is written on paper in {share} of runs, up to {n} items; in {cleared} of these all is typed in before the end",
            language,
            share=words.share(d.cleared.n / summary.runs.scored, language),
            n=words.number(d.items.most),
            cleared=words.share_interval(d.cleared, language),
        )
    ]


def on_paper(d: DataPart, language: str) -> str:
    """How many items are written on paper in the middle run, with the range over runs where that is wide."""
    low, usual, high = d.items.p10, d.items.p50, d.items.p90
    if low is None or usual is None or high is None or high - low <= usual / 2:
        return say("{n} items on paper", language, n=words.number(usual))
    return say(
        "{n} items on paper (8 runs of 10: {low}–{high})",
        language,
        n=words.number(usual),
        low=words.number(low),
        high=words.number(high),
    )


def _second_wave(d: DataPart, summary: Summary, scenario: Scenario, language: str) -> list[str]:
    if not d.items.p50:
        return _seldom_paper(d, summary, language)
    written = on_paper(d, language)
    if d.cleared_at.p50 is None:
        return [written + say(", not all typed in before the end", language)]
    some = d.cleared.n < summary.runs.scored
    usual, late = words.certain(d.cleared_at), words.certain(d.cleared_at, "p90")
    share = words.share_interval(d.cleared, language)
    if usual is None:
        return [
            written
            + say(
                ", all typed in before the end in only {share} of the runs with paper"
                if some
                else ", all typed in before the end in only {share} of runs",
                language,
                share=share,
            )
        ]
    by = cleared_clock(summary, scenario, usual, language)
    if late is None:
        return [
            written
            + say(
                ", typed in by {usual} in half of the runs with paper, not before the end in {share} of them"
                if some
                else ", typed in by {usual} in half of the runs, not before the end in {share}",
                language,
                usual=by,
                share=words.chance(words.unfinished(d.cleared_at), language),
            )
        ]
    return [written + say(", typed in by {usual} (in 9 runs of 10 by {late})", language, usual=by, late=cleared_clock(summary, scenario, late, language))]  # fmt: skip


def cause_words(cause: Cause, scenario: Scenario, language: str = "en") -> str:
    """What the minutes of a cause were spent waiting for."""
    return words.waiting_for(scenario, cause.part, cause.cause, language)


def cleared_clock(summary: Summary, scenario: Scenario, after_fault: float, language: str) -> str:
    """The time of day so many minutes after the first fault; the length itself when the fault's moment is not known beforehand."""
    first = words.first_fault(scenario)
    if first is None:
        return say("after {duration}", language, duration=words.duration(after_fault, language))
    return words.clock(scenario.start_time, first + after_fault, language)


def minutes_interval(e: Estimate, language: str = "en", *, signed: bool = False) -> str:
    """``+47 min (41–52 min)``; only the mean when its interval reads the same."""
    if e.value is None:
        return words.MISSING
    low = (
        e.low if signed or e.low is None else max(e.low, min(e.value, 0.0))
    )  # a length is not below zero, nor is its interval
    text, between = words.duration(e.value, language, signed=signed), words.duration_range(low, e.high, language)
    if e.low is None or between == text.lstrip("+"):
        return text
    return say("{share} ({interval})", language, share=text, interval=between)


def differs(difference: Estimate | None, least: float) -> bool:
    """Whether a difference is worth telling: at least that large, or with an interval that excludes zero and not quite nothing."""
    if difference is None or difference.value is None:
        return False
    low, high = difference.low, difference.high
    clear = low is not None and high is not None and (low > 0 or high < 0)
    return abs(difference.value) >= least or (clear and abs(difference.value) >= least / 10)


def luck(difference: Estimate | None, language: str = "en") -> str:
    """``, may be luck`` after a difference whose interval holds zero; empty when it does not, or is none."""
    if difference is None or difference.low is None or difference.high is None:
        return ""
    holds_zero = difference.low <= 0 <= difference.high and difference.low < difference.high
    return say(", may be luck", language) if holds_zero else ""


def precise_share(value: float | None, language: str = "en") -> str:
    """A share with as many decimals as its distance from 100 % needs: ``99.93 %``."""
    if value is None:
        return words.MISSING
    digits = 0 if value >= 0.999995 else 1 if value < 0.99 else 2 if value < 0.999 else 3
    return say("{n} %", language, n=f"{value * 100:.{digits}f}")


def precise_interval(e: Estimate, language: str = "en") -> str:
    """The interval of such a share: ``99.90–99.96 %``."""
    if e.low is None or e.high is None:
        return ""
    return f"{e.low * 100:.2f}{words.EN_DASH}" + say("{n} %", language, n=f"{min(e.high, 1.0) * 100:.2f}")
