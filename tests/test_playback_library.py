"""Every shipped scenario can be played back for a training session: questions are put, and answered, in both languages."""

from __future__ import annotations

from functools import cache

import pytest

import drillsim
from drillsim import files
from drillsim.playback.questions import spoken
from drillsim.playback.shape import Film

SCENARIOS = [entry.name for entry in files.library() if entry.kind == "scenario"]


@cache
def film(name: str) -> Film:
    """The first run of a shipped scenario."""
    return drillsim.replay(name).film


@pytest.mark.parametrize("name", SCENARIOS)
def test_at_least_two_questions_are_put_and_answered_in_both_languages(name: str) -> None:
    asked = {inject["id"] for inject in film(name)["injects"] if inject["question"]}
    assert len(asked) >= 2
    for inject in film(name)["injects"]:
        if inject["question"]:
            for language, mark in (("en", "?"), ("zh", "？")):
                assert inject["question"][language].endswith(mark), inject["id"]
                silent, told = (spoken(inject, language, revealed=revealed) for revealed in (False, True))
                assert len(told) >= len(silent) + 4, f"{inject['id']}: what the plan says, and what happened"


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_question_has_an_answer_of_its_own(name: str) -> None:
    for inject in files.load(name).scenario.injects:
        assert not inject.question or inject.answer or inject.expects, inject.id
    revealed = [inject["answer"] or inject["plan"] for inject in film(name)["injects"] if inject["question"]]
    assert all(revealed)
