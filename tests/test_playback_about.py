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
    ([order(30, "working"), order(40, "done")], ["“Order paper” was done 20 min after this: in time"], ["20 分钟后完成“下令”：按时"]),
    ([order(30, "working"), order(55, "done")], ["“Order paper” was done 35 min after this: 15 min too late"], ["35 分钟后完成“下令”：超时 15 分钟"]),
    ([order(12, "working"), order(30, "done")], ["“Order paper” was done 10 min after this: in time", "By then it had been worked on for 8 min"], ["10 分钟后完成“下令”：按时", "此时已着手 8 分钟"]),
    ([order(15, "person", "lead:patients"), order(28, "working"), order(30, "done")], ["“Order paper” was done 10 min after this: in time", "It waited 8 min for Lead, busy with patients"], ["10 分钟后完成“下令”：按时", "其中等待 8 分钟：主任（正忙于患者）"]),
    ([order(12, "working")], ["“Order paper” was not done before the end", "By then it had been worked on for 8 min"], ["到演练结束仍未完成“下令”", "此时已着手 8 分钟"]),
    ([order(12, "working"), order(15, "done"), order(50, "working"), order(60, "done")], ["“Order paper” had been done 5 min before"], ["此前 5 分钟已完成“下令”"]),
    ([order(15, "done"), order(16, "dormant")], ["“Order paper” had been done 5 min before"], ["此前 5 分钟已完成“下令”"]),
    ([order(12, "done"), order(15, "redo"), order(25, "working"), order(30, "done")], ["“Order paper” was done 10 min after this: in time"], ["10 分钟后完成“下令”：按时"]),
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
        "“Order paper” was done 20 min after this: 10 min too late",
        "“Report to the police” had been done 5 min before",
    ]


def test_nothing_is_said_to_have_happened_when_no_step_answers_the_question() -> None:
    shown = asked(order(30, "working"), order(40, "done"), answer={"en": "Ask the ward.", "zh": "问病区。"})
    assert shown["happened"] == []
    assert spoken(shown, "en", revealed=True) == ["What now?", "What the plan says:", "▪\u00a0Ask the ward."]
    assert spoken(shown, "zh", revealed=True) == ["怎么办？", "预案要求：", "▪\u00a0问病区。"]
