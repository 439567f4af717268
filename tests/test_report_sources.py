"""The report lists every source and every mark of an assumption that stands in the files, with the places that it speaks for."""

from __future__ import annotations

import html
import re

import pytest

from drillsim.report import sources
from drillsim.report.html import environment
from drillsim.report.trust import cited
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
    assert told["assumed_count"] == sum(len(s.places) for s in assumed) > 0
    assert {c.text for c in told["assumed"]} == {s.text for s in assumed}
    assert not {c.text for c in told["cited"]} & {c.text for c in told["assumed"]}
