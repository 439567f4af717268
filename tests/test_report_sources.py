"""The report lists every source and every mark of an assumption that stands in the files, with the places that it speaks for."""

from __future__ import annotations

import html
import re
from functools import cache

import pytest

from drillsim.files import shelf
from drillsim.model.base import Record
from drillsim.report import sources
from drillsim.report.html import environment
from drillsim.report.trust import cited
from tests.stated import Figure, Spoken, spoken_for, stated, tree_of
from tests.test_library import SCENARIOS, figure_fields, records, scenario


def listed(name: str, language: str) -> str:
    """The section of sources as the page shows it, without tags."""
    context = {**cited(scenario(name), language), "m": None}
    page = environment(language).get_template("sources.html.j2").render(**context)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_figure_of_a_shipped_file_is_in_the_report_with_its_source_or_as_an_assumption(name: str) -> None:
    known = sources.sources(scenario(name))
    for language in ("en", "zh"):
        page = listed(name, language)
        missing = [s.text for s in known if " ".join(sources.shown(s.text, language).split()) not in page]
        assert not missing, language
    spoken_for = {place.path.split(".source")[0] for s in known for place in s.places}
    for path, record in records(scenario(name)):
        if hasattr(record, "source") and figure_fields(record) and record.source:
            where = path.lstrip(".")
            assert any(place.startswith(_by_id(name, where)) for place in spoken_for), where


@cache
def spoken(name: str) -> list[tuple[Figure, Spoken]]:
    """Figures of a scenario's files with what speaks for them, on a walk over the files; what a variant sets belongs to the variant."""
    found = stated(*tree_of("scenario", shelf.find("scenario", name)))
    said = [(one, text) for one in found if (text := spoken_for(one)) is not None]
    return [(one, text) for one, text in said if text.owner.record is not Record]


def place(figure: Figure, said: Spoken) -> str:
    """The path of the text that speaks for a figure, elements of lists by their ids: ``plan.steps.declare.within``."""
    record = figure.keys[: len(figure.keys) - len(said.owner.keys)]
    return ".".join([*record, *([said.key] if said.key else [])])


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_the_files_say_of_each_figure_is_found_in_the_report_at_its_place(name: str) -> None:
    listed_at = {
        (s.text, re.sub(r"\[(.*?)\]", r".\1", p.path)) for s in sources.sources(scenario(name)) for p in s.places
    }
    pages = {language: listed(name, language) for language in ("en", "zh")}
    assert len(spoken(name)) > 300
    for figure, said in spoken(name):
        assert (said.text, place(figure, said)) in listed_at, str(figure)
        for language, page in pages.items():
            assert " ".join(sources.shown(said.text, language).split()) in page, f"{language}: {figure}"


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_said_once_for_a_whole_hospital_is_counted_as_often_as_the_files_state_it(name: str) -> None:
    stated_by: dict[str, set[tuple[str, ...]]] = {}
    for figure, said in spoken(name):
        if "." in said.key and said.owner.tree.get("activities") is not None:
            field = figure.keys[: len(figure.keys) - len(figure.owners[0].keys) + 1]
            stated_by.setdefault(place(figure, said), set()).add(field)
    counted = {p.path: p.times for s in sources.sources(scenario(name)) for p in s.places}
    assert len(stated_by) > 10
    assert {path: len(fields) for path, fields in stated_by.items()} == {path: counted[path] for path in stated_by}
    one = max(stated_by, key=lambda path: len(stated_by[path]))
    assert f"{one.rpartition('.')[2]} × {len(stated_by[one])}" in listed(name, "zh")


def test_places_are_printed_by_the_part_of_the_files_they_stand_in() -> None:
    paths = ["", "hospital", "hospital.load", "plan.steps[declare].within", "hospital.systems.db.data.backups[0]"]
    places = (*(sources.Place(path, None) for path in paths), sources.Place("hospital.activities.screen", None, 74))
    assert sources.printed(places).replace("\u00a0", " ") == (
        "scenario; hospital: hospital, load; plan.steps: declare.within; hospital.systems: db.data.backups.0; "
        "hospital.activities: screen × 74"
    )


def test_the_clause_of_a_step_is_no_source_of_its_figures() -> None:
    known = sources.sources(scenario("county-night-lab"))
    assert not [p.path for s in known for p in s.places if p.path.endswith(".clause")]
    assert any(
        s.text == "Emergency plan v1 of the invented county hospital" for s in known
    )  # the plan itself is listed


def test_in_a_chinese_report_what_is_assumed_is_called_so_in_chinese_and_the_rest_stands_as_in_the_file():
    text = "R1: 41 %; 80 with the judgement (assumption); chance: assumption: 0.6 (assumptions elsewhere)"
    assert sources.shown(text, "en") == text
    assert (
        sources.shown(text, "zh")
        == "R1: 41 %; 80 with the judgement （假设）; chance: 假设：0.6 (assumptions elsewhere)"
    )
    told = "FACTS R6: 16 min; 30 min is an assumption; number and hours are assumptions"
    assert sources.shown(told, "zh") == "FACTS R6: 16 min; 30 min（假设）; number and hours（假设）"


def test_in_a_chinese_report_the_field_that_a_source_is_about_has_its_chinese_name():
    source = {"clause": "8.2", "within": "FACTS R11: 60 s", "chance_right": "assumption: 0.6", "fetch": "FACTS R14"}
    assert sources.document(source) == "§ 8.2; within: FACTS R11: 60 s; chance_right: assumption: 0.6; fetch: FACTS R14"
    told = sources.shown(sources.document(source, "zh"), "zh")
    assert told == "§ 8.2；时限：FACTS R11: 60 s；研判正确率：假设：0.6；fetch: FACTS R14"


def _by_id(name: str, path: str) -> str:
    """The path with ids in the place of numbers, as sources are listed."""
    here, found = scenario(name), ""
    for key in re.findall(r"\[\d+\]|[^.\[\]]+", path):
        if key.startswith("["):
            here = here[int(key[1:-1])]
            found += f"[{getattr(here, 'id', None) or int(key[1:-1])}]"
        else:
            here = here[key] if isinstance(here, dict) else getattr(here, key)
            found = f"{found}.{key}".lstrip(".")
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_assumptions_are_counted_apart_from_sources(name: str) -> None:
    told = cited(scenario(name), "en")
    assumed = [s for s in sources.sources(scenario(name)) if s.assumed]
    assert told["assumed_count"] == sum(p.times for s in assumed for p in s.places) > 0
    assert {c.text for c in told["assumed"]} == {s.text for s in assumed}
    assert not {c.text for c in told["cited"]} & {c.text for c in told["assumed"]}
