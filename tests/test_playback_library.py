"""Every shipped scenario can be played back for a training session: questions are put, and answered, in both languages."""

from __future__ import annotations

from functools import cache

import jsonschema
import pytest

import drillsim
from drillsim import files
from drillsim.playback import shape, story
from drillsim.playback.page import write_page
from drillsim.playback.questions import spoken
from drillsim.playback.shape import Film
from drillsim.playback.situation import SITUATIONS
from drillsim.playback.words import MODES, PERSON_STATES, STATES, STEP_STATES

LONG = ("core-switch-loop", "database-damaged-data-lost", "faulty-update", "intruder-in-records", "laboratory-supplier-lost", "ransomware-at-night", "ransomware-community", "server-room-power-loss", "two-rooms-overheat")  # fmt: skip
SCENARIOS = [
    pytest.param(entry.name, marks=pytest.mark.slow if entry.name in LONG else ())
    for entry in files.library()
    if entry.kind == "scenario"
]


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
def test_its_film_keeps_to_the_schema_and_to_the_words_that_are_documented(name: str) -> None:
    shown = film(name)
    errors = jsonschema.Draft202012Validator(shape.schema()).iter_errors(shown)
    assert [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in errors] == []
    for field, words in (("systems", STATES), ("places", MODES), ("steps", STEP_STATES), ("people", PERSON_STATES)):
        assert {turn[1] for one in shown[field] for turn in one["turns"]} <= set(words), field  # type: ignore[literal-required]
    assert {turn[1] for turn in shown["situation"]} <= set(SITUATIONS)
    assert {entry["kind"] for entry in shown["entries"]} <= set(story.SIGNS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_its_page_is_small_and_every_question_is_chinese_in_chinese(name: str) -> None:
    assert len(write_page(film(name)).encode()) < 5e6
    for inject in film(name)["injects"]:
        for field in ("title", "text", "question", "answer"):
            words = inject[field]  # type: ignore[literal-required]
            if words is not None:
                assert any("\u4e00" <= sign <= "\u9fff" for sign in words["zh"]), inject["id"]
                assert not any("\u4e00" <= sign <= "\u9fff" for sign in words["en"]), inject["id"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_question_has_an_answer_of_its_own(name: str) -> None:
    for inject in files.load(name).scenario.injects:
        assert not inject.question or inject.answer or inject.expects, inject.id
        assert not inject.question or inject.expects or inject.about, f"{inject.id}: what happened in this run"
    revealed = [inject["answer"] or inject["plan"] for inject in film(name)["injects"] if inject["question"]]
    assert all(revealed)
