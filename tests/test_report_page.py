"""The page: what a director, a planner and a printer find in it, in both languages."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from drillsim import api
from drillsim.report import findings, sections
from drillsim.report.figures import key_figures
from drillsim.report.html import write_report
from drillsim.report.sections import ANNEX
from drillsim.report.trust import cited
from drillsim.score.summary import Summary
from drillsim.score.summary_parts import Estimate, Words
from tests import report_sample
from tests.builder import a_scenario

VOID = {"meta", "br", "link", "img", "input", "hr", "path", "circle", "line", "rect", "use"}


class Page(HTMLParser):
    """A page read back: visible text, ids, attributes, sections, and whether every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if dict(attrs).get("id"):
            self.ids.append(str(dict(attrs)["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if dict(attrs).get("id"):
            self.ids.append(str(dict(attrs)["id"]))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.text.append(data.strip())

    @property
    def words(self) -> str:
        """Everything that can be read on the page, one space between pieces."""
        return " ".join(t for t in self.text if t)

    def sections(self) -> list[str]:
        return [str(a["id"]) for tag, a in self.tags if tag == "section"]


SCENARIO = report_sample.scenario()
SUMMARY = report_sample.summary(SCENARIO)
SHOWN = {"median": report_sample.log()}


@pytest.fixture(scope="module", params=["en", "zh"])
def both(request) -> tuple[str, str, Page]:
    """The sample's page in each language: language, text, read back."""
    text = write_report(SUMMARY, SCENARIO, SHOWN, request.param)
    return request.param, text, Page(text)


@pytest.fixture(scope="module")
def english() -> Page:
    return Page(write_report(SUMMARY, SCENARIO, SHOWN, "en"))


def test_nothing_is_fetched_from_anywhere(both):
    _, text, page = both
    for tag, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "action", "data"):
            value = attributes.get(name) or ""
            assert not value or value.startswith("#"), (tag, name, value)
    assert "@import" not in text
    assert not re.search(r"url\(\s*['\"]?(?!#)", text)
    policy = next(
        a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")


def test_only_the_pages_own_script_may_run(both):
    _, text, _ = both
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


def test_the_page_says_its_language_and_its_ids_are_single(both):
    language, _, page = both
    assert ("html", {"lang": "zh-CN" if language == "zh" else "en"}) in page.tags
    assert len(page.ids) == len(set(page.ids))


def test_the_contents_lead_to_every_section(both):
    page = both[2]
    links = [a["href"] for tag, a in page.tags if tag == "a" and (a.get("href") or "").startswith("#")]
    assert links == [f"#{name}" for name in page.sections()]
    assert page.sections() == [
        "verdict", "next", "story", "plan", "bottlenecks", "clocks", "objectives", "systems", "departments", "people", "patients", "paper",
        "activities", "sources", "limits", "provenance", "stress",
    ]  # fmt: skip


def test_the_verdict_stands_with_probability_interval_runs_and_coverage(english):
    assert (
        "The plan does not hold. All deadlines are met in 4 % of runs (95 % interval 2–8 %, 200 runs)." in english.words
    )
    assert (
        "Least often in time: “Order paper working for outpatients”, on time in 11 % (7–16 %) of runs, usually 13 min late"
        in english.words
    )
    assert "Coverage: steps of the plan that were put to the test 15 of 16" in english.words


def test_the_four_figures_compare_with_the_same_day_without_the_fault(english):
    assert "Systems in use restored after 1 h 17 min 8 runs of 10: 57 min – 1 h 47 min" in english.words
    assert "A typical visit +47 min Outpatients, against the same day without the fault; 42–52 min" in english.words
    assert "Leave without being seen +312" in english.words
    assert "Last paper typed in 13:33" in english.words


def test_every_step_of_the_plan_is_on_the_page(both):
    language, _, page = both
    for step in SCENARIO.plan.steps:
        assert step.title.in_language(language) in page.words


def test_every_probability_of_a_step_has_its_interval_and_number_of_runs():
    text = write_report(SUMMARY, SCENARIO, SHOWN, "en")
    rows = dict(re.findall(r'<details class="step[^"]*" id="step-(\w+)">(.*?)</summary>', text, re.DOTALL))
    assert len(rows) == 15
    for step in SUMMARY.steps:
        if step.on_time.value is not None:
            low, high = round(step.on_time.low * 100), round(step.on_time.high * 100)
            said = f"{low}–{high} %" if low != high else f"{low} %"
            assert f'<span class="sub">{said}</span>' in rows[step.id]
            assert "200 runs" in rows[step.id]


def test_late_steps_are_opened_in_print_and_the_others_are_not(english):
    opened = {
        str(a["id"]) for tag, a in english.tags if tag == "details" and "step print-open" in (a.get("class") or "")
    }
    assert opened == {f"step-{s.id}" for s in SUMMARY.steps if s.holds is False}


def test_assumptions_and_sources_are_printed(english):
    """A committee reads on paper what every figure rests on."""
    start = next(n for n, (tag, a) in enumerate(english.tags) if tag == "section" and a.get("id") == "sources")
    inside = [a.get("class") or "" for tag, a in english.tags[start:] if tag == "details"]
    assert inside[:2] == ["more print-open annex"] * 2


def test_the_short_form_leaves_lists_to_the_annex_and_says_how_many_figures_are_assumed(english):
    """What stands in no ``annex`` prints on a few sheets; the rest prints when everything is asked for."""
    sections = {str(a["id"]): a.get("class") for tag, a in english.tags if tag == "section"}
    assert {name for name, kind in sections.items() if kind == "annex"} == set(ANNEX) & set(sections)
    assert "17 figures rest on an assumption" in english.words
    assert re.search(r"\d+ figures have a source\.", english.words)
    steps = [a for tag, a in english.tags if tag == "details" and (a.get("class") or "").startswith("step")]
    short = {str(a["id"]) for a in steps if "annex" not in str(a["class"])}
    assert short == {f"step-{s.id}" for s in SUMMARY.steps if s.holds is False}
    assert [a["data-print"] for tag, a in english.tags if "data-print" in a] == ["short", "all"]


def test_the_advice_names_causes_variants_gaps_and_assumptions(english):
    words = english.words
    assert "Speed up the decision" in words
    assert "steps wait 26 min a run for it: “Order paper working for outpatients”" in words
    assert "drillsim run his-database-outage --variant second_dba" in words
    assert (
        "Play a scenario that reaches the steps this one never reached “After-action meeting within the week”" in words
    )
    assert "17 figures of this scenario are assumptions" in words


@pytest.mark.parametrize(
    ("cause", "what"),
    [
        ("untrained:order_paper", "Train the people who do “Order paper working for outpatients” and drill it"),
        ("tired:order_paper", "so that “Order paper working for outpatients” is not done by tired ones"),
        ("phones:order_paper", "Let “Order paper working for outpatients” be done without"),
    ],
)
def test_slow_work_has_a_line_of_advice_of_its_own(cause, what):
    from drillsim.report.advice import next_steps

    slow = SUMMARY.causes[0].model_copy(update={"part": "slowed", "cause": cause, "minutes": 99.0})
    found = next_steps(SUMMARY.model_copy(update={"roots": [slow]}), SCENARIO, "en")
    assert what in found[0].what
    assert "steps wait 1 h 39 min a run for it" in found[0].why


@pytest.mark.parametrize(
    ("waited_for", "told"),
    [
        ("his is up for 5 min and not power is away or his is slow for 20 min", False),
        ("his up", False),
        ("restored", False),
        ("60 min after all_back or 60 min after confirm_speed and not db_primary is away", False),
        ("his is away for 30 min", True),
        ("not his is up", True),
        ("clinics is open", False),
    ],
)
def test_nobody_is_advised_to_begin_before_the_systems_are_back(waited_for, told):
    """A step that waits for a system to work begins sooner when the system is mended sooner, and in no other way."""
    from drillsim.report.advice import next_steps

    step = next(s for s in SUMMARY.steps if s.holds is False)
    waits = SUMMARY.causes[0].model_copy(
        update={"part": "trigger", "cause": waited_for, "minutes": 90.0, "steps": [step.id]}
    )
    found = next_steps(SUMMARY.model_copy(update={"roots": [waits]}), SCENARIO, "en")
    assert any(one.what.startswith("Let it begin sooner") for one in found) is told


def advised(*causes, **changes):
    """What is advised about these causes of lateness: (part, cause, minutes, steps)."""
    from drillsim.report.advice import next_steps

    made = [
        SUMMARY.causes[0].model_copy(update={"part": part, "cause": cause, "minutes": minutes, "steps": steps})
        for part, cause, minutes, steps in causes
    ]
    return [one.what for one in next_steps(SUMMARY.model_copy(update={"roots": made, **changes}), SCENARIO, "en") if "a run for it" in one.why]  # fmt: skip


def test_advice_is_drawn_only_from_what_holds_up_steps_that_are_late_too_often():
    late = next(s.id for s in SUMMARY.steps if s.holds is False)
    kept = next(s.id for s in SUMMARY.steps if s.holds)
    assert advised(("person", "dba:x", 90.0, [kept])) == []
    assert advised(("person", "dba:x", 0.9, [late])) == []  # less than a minute a run
    assert len(advised(("person", "dba:x", 1.0, [late]))) == 1
    assert len(advised(("person", "dba:x", 90.0, [kept, late]))) == 1


def test_advice_on_what_other_steps_wait_for_comes_after_that_on_people_and_things():
    late = next(s.id for s in SUMMARY.steps if s.holds is False)
    before, role = ("predecessor", kept_step(), 90.0, [late]), ("person", "dba:x", 30.0, [late])
    alone = advised(role)
    assert advised(before, role)[0] == alone[0]
    assert len(advised(before, role)) == 2


def kept_step():
    return next(s.id for s in SUMMARY.steps if s.holds)


def test_systems_departments_patients_and_paper_stand_in_tables(english):
    words = english.words
    assert "Never affected: Telephone exchange." in words
    assert "switches to its standby in 81 % of runs; fails to switch in 16 % of runs" in words
    assert "Critical laboratory results told later than 30 min" in words
    assert "No data lost in 85 % (79–89 %) of runs, else up to 8 min" in words
    assert "Report to Step and who does it Deadline On time in Takes, usually Municipal health commission" in words


def test_objectives_have_their_rating_and_its_rule(english):
    assert "Paper working in time on time: “Order paper working for outpatients”" in english.words
    assert "M performed with major challenges" in english.words
    assert (
        "P when all that were called for are on time in the share of runs that is wanted; S in at least 50 %"
        in english.words
    )
    assert "Overall on the 100-point form: 71 points, fair." in english.words


def test_sources_are_listed_with_their_places_and_assumptions_apart(english):
    words = english.words
    assert "Assumed, to be replaced by your hospital's own: 17 figures" in words
    assert "FACTS C7 hospital.staff: registrar.on_duty; hospital.activities: register.takes" in words
    assert "HIS emergency plan v3, 4.5 plan.steps: order_paper" in words


@pytest.mark.parametrize(("language", "hedge"), [("en", ", may be luck"), ("zh", "，可能只是偶然")])
def test_a_difference_to_the_day_without_the_fault_whose_interval_holds_zero_is_told_as_maybe_luck(language: str, hedge: str) -> None:  # fmt: skip
    """Two more leave, between four fewer and eight more: no key figure in alarm, and no plain statement."""
    plain = report_sample.summary()
    doubtful = Estimate(value=2.0, low=-4.0, high=8.0, n=10)
    path = plain.pathways[0].model_copy(update={"left_difference": doubtful, "median_difference": doubtful, "there_difference": doubtful, "there_base": doubtful, "there": doubtful})  # fmt: skip
    indicator = plain.indicators[0].model_copy(update={"difference": doubtful})
    vague = plain.model_copy(update={"pathways": [path], "indicators": [indicator], "patients": None})
    said = findings.patients(vague, language)
    assert len(said) == 4
    assert all(hedge in one for one in said), said
    assert not any(hedge in one for one in findings.patients(plain, language))
    told = [f for f in key_figures(vague, report_sample.scenario(), language) if "difference" in f.trace]
    assert [(hedge in f.detail, f.tone) for f in told] == [(True, ""), (True, "")]
    assert all(f.tone == "bad" for f in key_figures(plain, report_sample.scenario()) if "difference" in f.trace)


def test_runs_that_are_not_scored_are_told_with_the_reason(english):
    assert "2 of 200 runs are not scored, since the hospital was not healthy before the fault." in english.words
    assert (
        "run 12: Registration: wait of nine in ten ≤ 20 min did not hold before the first fault, it was 23 min"
        in english.words
    )
    assert "What did not hold before the fault in 2 runs:" in english.words


def test_the_page_tells_versions_seed_and_hashes(english):
    for word in ("his-database-outage", "numpy 2.4.0", "3f" * 32, "b7" * 32, "200 of 200 asked for, 198 scored"):
        assert word in english.words


def test_a_chinese_page_has_no_english_left_in_it():
    words = Page(write_report(SUMMARY, SCENARIO, SHOWN, "zh")).words
    words = re.sub(
        r"drillsim run \S+ --variant \S+|--[a-z]+ \d+|drillsim (?:run|brief|stress) [\w-]+|drillsim replay [\w/]+ --replication \d+|result\.\w+|[\w/.-]+\.(?:json|parquet|md)|(?:hospital|plan|faults)[.\[][\w.:,;\[\] ]+|\?print=all|[0-9a-f]{64}|\S+\.yaml",
        "",
        words,
    )
    for published in cited(SCENARIO, "zh")["references"]:  # in the language of its authors
        words = words.replace(" ".join(published.cite.split()), "").replace(published.id, "")
    allowed = {"drillsim", "list", "INCIDENTS", "THRESHOLDS", "database", "outage", "emergency", "plan", "FACTS", "thirteen", "people", "information", "department", "proxy",
               "assumption", "each", "half", "hour", "away", "drawn", "together", "from", "published", "figures", "window", "year",
               "Python", "numpy", "simpy", "hospital", "PACS", "registration", "wait", "insured", "self", "paid",
               "STRESS", "Monks", "Simulation", "README", "NumPy", "SimPy", "Wilson", "stress"}  # names in the description of the study  # fmt: skip
    left = {w for w in re.findall(r"[A-Za-z]{4,}", words) if w not in allowed}
    assert left == set()


def test_no_number_is_left_unformatted(both):
    words = both[2].words
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b|\bundefined\b", words)
    assert not re.search(r"\d+\.\d{4,}", words)


def test_a_title_with_markup_appears_as_text():
    bad = '<script>alert("x")</script> & <b>'
    scenario = report_sample.scenario({"en": bad, "zh": bad})
    text = write_report(report_sample.summary(scenario), scenario, SHOWN, "en")
    assert "<script>alert" not in text
    assert text.count("<script>") == 1
    page = Page(text)
    assert bad in page.words


def test_the_same_summary_gives_the_same_page():
    assert write_report(SUMMARY, SCENARIO, SHOWN, "en") == write_report(SUMMARY, SCENARIO, SHOWN, "en")


def test_the_page_is_of_moderate_size(both):
    assert len(both[1].encode()) < 1_000_000


def test_a_page_without_kept_rows_has_no_story_of_one_run_but_all_the_rest():
    page = Page(write_report(SUMMARY, SCENARIO, None, "en"))
    assert "One run from beginning to end" not in page.words
    assert "State of the systems in the median run" not in page.words
    assert "story" in page.sections()
    assert "plan" in page.sections()


def test_an_interrupted_run_says_so_first():
    summary = SUMMARY.model_copy(
        update={"runs": SUMMARY.runs.model_copy(update={"interrupted": True, "done": 12, "scored": 12})}
    )
    words = Page(write_report(summary, SCENARIO, SHOWN, "en")).words
    assert "Interrupted: 12 of 200 runs were finished." in words
    assert "Only 12 runs: intervals are wide." in words


def test_a_plan_that_holds_is_said_to_hold():
    verdict = SUMMARY.verdict.model_copy(update={"holds": True})
    held = [s.model_copy(update={"holds": True}) if s.holds is not None else s for s in SUMMARY.steps]
    words = Page(
        write_report(SUMMARY.model_copy(update={"verdict": verdict, "steps": held}), SCENARIO, SHOWN, "en")
    ).words
    assert "The plan holds." in words
    assert "Late more often than the plan can bear" not in words
    assert "Least often in time" not in words


def _played(scenario, replications=6) -> tuple[Summary, dict]:
    result = api.run(scenario, replications=replications, seed=1, jobs=1)
    return result.summary, {
        name: result.runs.logs[n] for name, n in result.summary.shown.items() if n in result.runs.logs
    }


def test_a_textbook_queue_shows_its_waits_and_no_empty_parts():
    scenario = a_scenario(
        staff={"clerk": {"on_duty": 1}},
        activities={"serve": {"title": "Service", "needs": "clerk", "takes": "exponential(3 min)"}},
        pathways={"people": {"arrivals": {"every": "exponential(4 min)"}, "route": ["serve"]}},
        horizon=2000.0,
    )
    summary, shown = _played(scenario)
    page = Page(write_report(summary, scenario, shown, "en"))
    assert page.sections() == ["verdict", "patients", "activities", "sure", "limits", "provenance", "stress"]
    assert "No emergency plan is played here." in page.words
    assert "Longest mean wait" in page.words
    assert "share of time busy" in page.words
    assert "without the fault" not in page.words


def test_a_project_network_shows_when_its_steps_are_done():
    steps = [
        {"id": "a", "owner": "crew", "takes": "10 min"},
        {"id": "b", "owner": "crew", "takes": "uniform(5 min, 15 min)", "after": "a"},
    ]
    scenario = a_scenario(roles={"crew": {"count": 2}}, steps=steps)
    summary, shown = _played(scenario)
    page = Page(write_report(summary, scenario, shown, "en"))
    assert "Last step done after" in page.words
    assert "All steps are done after" in page.words
    assert not {"departments", "patients", "paper", "systems", "objectives", "clocks"} & set(page.sections())


def test_components_alone_show_their_availability():
    scenario = a_scenario(
        systems={"pump": {"fails": {"every": "exponential(100 min)", "repair": "exponential(10 min)"}}}, horizon=5000.0
    )
    summary, shown = _played(scenario)
    page = Page(write_report(summary, scenario, shown, "zh"))
    assert "可用率：pump" in page.words
    assert "systems" in page.sections()
    assert not {"departments", "patients", "paper", "plan"} & set(page.sections())


def test_the_smallest_scenario_has_a_page():
    scenario = a_scenario(systems={"his": {}}, faults=[{"target": "his", "at": "09:00"}])
    summary, shown = _played(scenario, replications=2)
    for language in ("en", "zh"):
        Page(write_report(summary, scenario, shown, language))


def test_what_happened_to_patients_is_told_also_when_only_orders_take_longer_or_nothing_differs():
    """No visit longer: the samples that are; nothing longer: that nothing could be told from luck. Never silence."""
    plain = report_sample.summary()
    none = Estimate(value=0.0, low=-1.0, high=1.0, n=10)
    longer = Estimate(value=57.0, low=38.0, high=76.0, n=10)
    visits = plain.pathways[0].model_copy(
        update={"left_difference": none, "median_difference": none, "there_difference": none}
    )
    samples = visits.model_copy(update={"id": "samples", "of": "orders", "title": Words(en="Samples", zh="标本"), "median_difference": longer, "at_least": []})  # fmt: skip
    quiet = plain.model_copy(update={"pathways": [visits], "indicators": [], "patients": None})
    assert findings.patients(quiet) == ["no difference that could be told from luck"]
    late = quiet.model_copy(update={"pathways": [visits, samples]})
    assert findings.patients(late) == ["Samples: typically +57 min (38 min – 1 h 16 min)"]
    assert findings.patients(late, "zh") == ["标本：典型用时 +57 分钟（38 分钟 – 1 小时 16 分）"]


def test_a_plan_that_nothing_called_for_is_not_told_as_not_done_in_time():
    plain = report_sample.summary()
    open_ = plain.verdict.model_copy(update={"holds": None, "all_on_time": Estimate(value=None)})
    untouched = plain.coverage.model_copy(update={"exercised": 0})
    quiet = plain.model_copy(update={"verdict": open_, "coverage": untouched})
    told = findings.verdict(quiet)
    assert (told.headline, told.sentence) == ("Nothing of the plan was called for.", "No step became due to begin in any of 198 runs.")  # fmt: skip
    assert findings.verdict(quiet, "zh").headline == "预案没有被触发。"


def test_a_comparison_is_not_advised_to_begin_sooner_but_to_see_what_departments_lack(monkeypatch):
    from drillsim.report import words

    late = next(s.id for s in SUMMARY.steps if s.holds is False)
    again, sooner = ("rework", late, 900.0, [late]), ("trigger", "4 h after returned", 90.0, [late])
    assert advised(again) == []  # what was done again because it failed needs no such advice
    assert [what[:19] for what in advised(sooner)] == ["Let it begin sooner"]
    monkeypatch.setattr(words, "evaluates", lambda scenario, step: step == late)
    assert [what[:26] for what in advised(again, sooner)] == ["See what departments still"]


def test_outages_of_a_system_that_was_only_slow_in_other_runs_say_in_how_many_runs_they_were():
    part = next(s for s in SUMMARY.systems if s.away.n and (s.affected.value or 0) > 0)
    touched = part.affected.model_copy(update={"value": 1.0, "n": 16})

    def told(n: int) -> str:
        seldom = part.model_copy(update={"affected": touched, "away": part.away.model_copy(update={"n": n})})
        return sections.systems(SUMMARY.model_copy(update={"systems": [seldom]}), SCENARIO, "en")["systems"][0][
            "away_in"
        ]

    assert [told(3), told(16), told(0)] == ["19 %", "", ""]


def test_nobody_is_advised_to_try_a_system_without_it(monkeypatch):
    from drillsim.report import words

    late = next(s.id for s in SUMMARY.steps if s.holds is False)
    away = ("system", "his", 90.0, [late])
    assert [what[:27] for what in advised(away)] == ["Find a way that does not ne"]
    monkeypatch.setattr(words, "verifies", lambda scenario, step: step == late)
    assert advised(away) == []
