"""What a question is about is revealed by what became of the steps that answer it, looking back and forward from the minute it was put."""

from __future__ import annotations

import pytest

from drillsim.playback.film import make_film
from drillsim.playback.questions import spoken
from drillsim.playback.shape import Question
from tests.builder import a_scenario
from tests.test_playback_film import PLAN, a_log

ASKED = (20, "inject", "asked", "delivered", "")
FAILED = (10, "fault", "down", "began", "his", 1.0)
POLICE = {"id": "police", "title": {"en": "Report to the police", "zh": "报案"}, "owner": "lead"}


def asked(*rows: tuple, **inject: object) -> Question:
    """The question put at minute 20 of a run in which HIS failed at minute 10: paper must be ordered by 40, the police have no deadline."""
    question = {
        "id": "asked",
        "at": "00:20",
        "text": "Text.",
        "question": {"en": "What now?", "zh": "怎么办？"},
        **inject,
    }
    scenario = a_scenario(**{**PLAN, "steps": [*PLAN["steps"], POLICE]}, injects=[question], horizon=100.0)
    return make_film(scenario, a_log(*sorted([FAILED, ASKED, *rows], key=lambda row: row[0])))["injects"][0]


def order(minute: float, state: str, cause: str = "") -> tuple:
    return (minute, "step", "order", state, cause)


@pytest.mark.parametrize(("rows", "en", "zh"), [
    ([order(12, "working"), order(15, "done")], ["“Order paper” had been done 5 min before"], ["此前 5 分钟已完成“下令”"]),
    ([order(12, "working"), order(20, "done")], ["“Order paper” had just been done"], ["此时刚完成“下令”"]),
    ([order(30, "working"), order(40, "done")], ["“Order paper” was done 20 min after this (by the plan: in time)"], ["20 分钟后完成“下令”（按预案：按时）"]),
    ([order(30, "working"), order(55, "done")], ["“Order paper” was done 35 min after this (by the plan: 15 min late)"], ["35 分钟后完成“下令”（按预案超时 15 分钟）"]),
    ([order(12, "working"), order(30, "done")], ["“Order paper” was done 10 min after this (by the plan: in time)", "By then it had been worked on for 8 min"], ["10 分钟后完成“下令”（按预案：按时）", "此时已着手 8 分钟"]),
    ([order(15, "person", "lead:patients"), order(28, "working"), order(30, "done")], ["“Order paper” was done 10 min after this (by the plan: in time)", "It waited 8 min for Lead, busy with patients"], ["10 分钟后完成“下令”（按预案：按时）", "其中等待 8 分钟：主任（正忙于患者）"]),
    ([order(12, "working")], ["“Order paper” was not done before the end", "By then it had been worked on for 8 min"], ["到演练结束仍未完成“下令”", "此时已着手 8 分钟"]),
    ([order(12, "working"), order(15, "done"), order(50, "working"), order(60, "done")], ["“Order paper” had been done 5 min before"], ["此前 5 分钟已完成“下令”"]),
    ([order(15, "done"), order(16, "dormant")], ["“Order paper” had been done 5 min before"], ["此前 5 分钟已完成“下令”"]),
    ([order(12, "done"), order(15, "redo"), order(25, "working"), order(30, "done")], ["“Order paper” was done 10 min after this (by the plan: in time)"], ["10 分钟后完成“下令”（按预案：按时）"]),
    ([order(25, "not_applicable")], ["“Order paper” was not needed: that was settled 5 min after this"], ["“下令”本次不需要执行：5 分钟后判定"]),
    ([], ["“Order paper” was never called for in this run"], ["本次推演中没有用到“下令”"]),
])  # fmt: skip
def test_a_question_is_answered_by_what_became_of_the_step_it_is_about(
    rows: list, en: list[str], zh: list[str]
) -> None:
    told = asked(*rows, about="order")["happened"]
    assert [line["en"] for line in told] == en
    assert [line["zh"] for line in told] == zh


def test_a_step_without_a_deadline_is_neither_in_time_nor_late() -> None:
    told = asked((90, "step", "police", "done", ""), about=["police"])["happened"]
    assert [(line["en"], line["zh"]) for line in told] == [
        ("“Report to the police” was done 1 h 10 min after this", "1 小时 10 分后完成“报案”")
    ]


def test_what_an_inject_expects_comes_first_and_no_step_is_told_twice() -> None:
    rows = [order(30, "working"), order(40, "done"), (15, "step", "police", "done", "")]
    expects = {"step": "order", "within": 10.0}
    told = asked(*rows, about=["police", "order", "police"], expects=expects)["happened"]
    assert [line["en"] for line in told] == [
        "“Order paper” was done 20 min after this (by the plan: in time; 10 min later than the exercise expects)",
        "“Report to the police” had been done 5 min before",
    ]


@pytest.mark.parametrize(("done", "within", "en", "zh"), [
    (44, 30.0, "24 min after this (by the plan: 4 min late; within what the exercise expects)", "24 分钟后完成“下令”（按预案超时 4 分钟；在演练要求内）"),
    (44, 20.0, "24 min after this (by the plan: 4 min late; 4 min later than the exercise expects)", "24 分钟后完成“下令”（按预案超时 4 分钟；比演练要求晚 4 分钟）"),
    (40, 20.0, "20 min after this (by the plan: in time; within what the exercise expects)", "20 分钟后完成“下令”（按预案：按时；在演练要求内）"),
])  # fmt: skip
def test_the_deadline_of_the_plan_and_what_the_exercise_expects_are_told_apart(
    done: float, within: float, en: str, zh: str
) -> None:
    [told] = asked(order(22, "working"), order(done, "done"), expects={"step": "order", "within": within})["happened"]
    assert told == {"en": f"“Order paper” was done {en}", "zh": zh}


def test_an_inject_that_expects_a_step_without_a_deadline_names_the_exercise_alone() -> None:
    expects = {"step": "police", "within": 30.0}
    told = [asked((m, "step", "police", "done", ""), expects=expects)["happened"][0] for m in (50, 55)]
    assert [(line["en"], line["zh"]) for line in told] == [
        ("“Report to the police” was done 30 min after this (within what the exercise expects)", "30 分钟后完成“报案”（在演练要求内）"),
        ("“Report to the police” was done 35 min after this (5 min later than the exercise expects)", "35 分钟后完成“报案”（比演练要求晚 5 分钟）"),
    ]  # fmt: skip


CLOCK = {
    "id": "clock",
    "title": {"en": "Watch the clock", "zh": "计时"},
    "owner": "lead",
    "when": "his is away for 5 min",
}


@pytest.mark.parametrize(("clock", "waited"), [
    ([(0, "dormant"), (45, "working"), (50, "done")], ["It waited 5 min for “Watch the clock”"]),
    ([(0, "dormant"), (15, "working"), (22, "pause"), (50, "done")], ["It waited 30 min for “Watch the clock”"]),
    ([(0, "dormant"), (50, "done")], []),
])  # fmt: skip
def test_a_step_waits_for_an_earlier_one_only_once_that_is_called_for(clock: list, waited: list[str]) -> None:
    steps = [CLOCK, {**PLAN["steps"][0], "after": ["clock"]}]
    rows = [
        FAILED, ASKED, order(0, "after", "clock"), order(50, "working"), order(55, "done"),
        *((minute, "step", "clock", state, "") for minute, state in clock),
    ]  # fmt: skip
    inject = {"id": "asked", "at": "00:20", "text": "Text.", "about": "order"}
    scenario = a_scenario(**{**PLAN, "steps": steps}, injects=[inject], horizon=100.0)
    told = make_film(scenario, a_log(*sorted(rows, key=lambda row: row[0])))["injects"][0]["happened"]
    assert [line["en"] for line in told[1:]] == waited


@pytest.mark.parametrize(("rows", "en", "zh"), [
    ([(30, "working", ""), (55, "failed", "")], ["“Order paper” failed 35 min after this", "It had been worked on for 25 min"], ["35 分钟后“下令”失败", "其间着手 25 分钟"]),
    ([(12, "working", ""), (15, "failed", "")], ["“Order paper” had failed 5 min before"], ["“下令”已于 5 分钟前失败"]),
    ([(30, "working", "", 1), (35, "pause", "", 1), (40, "working", "", 2), (55, "failed", "", 2)], ["“Order paper” was given up 35 min after this, after 2 tries", "It had been worked on for 15 min"], ["“下令”试了 2 次未成，35 分钟后放弃", "其间着手 15 分钟"]),
    ([(15, "working", ""), (55, "failed", "police")], ["“Order paper” was called off 35 min after this", "By then it had been worked on for 5 min"], ["35 分钟后“下令”中止", "此时已着手 5 分钟"]),
])  # fmt: skip
def test_of_a_step_that_failed_it_is_told_when_and_how(rows: list, en: list[str], zh: list[str]) -> None:
    told = asked(*((m, "step", "order", *more) for m, *more in rows), about="order")["happened"]
    assert [line["en"] for line in told] == en
    assert [line["zh"] for line in told] == zh


@pytest.mark.parametrize(("at", "done", "en"), [
    (20.0, 26.9, "“Order paper” was done 6 min after this"),
    (20.9, 27.1, "“Order paper” was done 7 min after this"),
    (20.9, 21.1, "“Order paper” was done 1 min after this"),
    (20.1, 20.6, "“Order paper” was done 30 s after this"),
])  # fmt: skip
def test_a_length_is_the_difference_of_the_times_on_the_clock(at: float, done: float, en: str) -> None:
    rows = [FAILED, (at, "inject", "asked", "delivered", ""), order(done, "done")]
    inject = {"id": "asked", "at": "00:20", "text": "Text.", "about": "order"}
    film = make_film(a_scenario(**PLAN, injects=[inject], horizon=100.0), a_log(*rows))
    assert film["injects"][0]["happened"][0]["en"] == f"{en} (by the plan: in time)"
    late = a_log(FAILED, order(43.9, "done"), (40.5, "fault", "down", "ended", "his", 1.0))
    assert "Done 3 min late: “Order paper”" in [e["text"]["en"] for e in make_film(a_scenario(**PLAN), late)["entries"]]


def test_nothing_is_said_to_have_happened_when_no_step_answers_the_question() -> None:
    shown = asked(order(30, "working"), order(40, "done"), answer={"en": "Ask the ward.", "zh": "问病区。"})
    assert shown["happened"] == []
    assert spoken(shown, "en", revealed=True) == ["What now?", "What the plan says:", "▪\u00a0Ask the ward."]
    assert spoken(shown, "zh", revealed=True) == ["怎么办？", "预案要求：", "▪\u00a0问病区。"]
