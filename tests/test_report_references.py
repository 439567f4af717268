"""An id in a source leads to a publication, in the report and in the documentation; sources of shipped files are told in both languages."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import drillsim
from drillsim import files
from drillsim.report import references, sources
from drillsim.report.html import environment
from drillsim.report.trust import cited
from drillsim.texts import catalogue
from tests.test_library import SCENARIOS, scenario

WRITTEN = re.compile(r"\b(FACTS|INCIDENTS)((?:,? (?:and )?(?:[A-Z]\d+[a-z]?|\d[a-z])\b)+)")


@cache
def read(path: Path) -> Any:
    """A file as plain values."""
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def written(value: Any) -> Iterator[str]:
    """The texts of every ``source`` in a file."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key != "source":
                yield from written(inside)
            elif isinstance(inside, dict):
                yield from (str(text) for text in inside.values())
            else:
                yield str(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from written(inside)


def texts() -> list[str]:
    """Every source text of the shipped files."""
    shelf = next(entry.path.parent for entry in files.library() if entry.kind == "scenario")
    return list(dict.fromkeys(t for path in sorted(shelf.rglob("*.yaml")) for t in written(read(path))))


def _known(group: str, name: str) -> str:
    """The id in the list: a row of letters goes on over both groups (``INCIDENTS I9, R21``), and each letter belongs to one of them."""
    return f"{'INCIDENTS' if name[0] in 'IS' else 'FACTS'} {name}"


def test_every_id_that_a_shipped_file_cites_is_in_the_list_of_references():
    unknown = {
        f"{group} {name}": text
        for text in texts()
        for group, names in WRITTEN.findall(text)
        for name in re.findall(r"[A-Z]\d+[a-z]?|\d[a-z]", names)
        if _known(group, name) not in references.references()
    }
    assert not unknown, unknown


def test_every_limit_that_a_shipped_file_cites_leads_to_a_reference():
    lost = [
        text for text in texts() if "THRESHOLDS" in text
        and not any(r.id.startswith("THRESHOLDS") for r in references.cited([text]))
    ]  # fmt: skip
    assert not lost, "\n".join(lost)


def test_every_reference_is_cited_somewhere_has_a_grade_and_both_languages():
    used = {r.id for r in references.cited(texts())}
    for name, reference in references.references().items():
        assert name in used, name
        known = references.grades()
        scale = known.limits if name.startswith("THRESHOLDS") else known.figures
        assert set(reference.grade.split("/")) <= set(scale), name
        assert all((reference.figure.en, reference.figure.zh, reference.cite.en)), name
        assert re.search(r"[\u4e00-\u9fff]", reference.figure.zh), name


def test_citations_are_found_in_lists_after_semicolons_and_by_their_words():
    found = [
        r.id for r in references.cited(["FACTS P5, P6: slower; P4: errors come back", "INCIDENTS I11 (00:30), I12"])
    ]
    assert found == ["FACTS P4", "FACTS P5", "FACTS P6", "INCIDENTS I11", "INCIDENTS I12"]
    assert [r.id for r in references.cited(["THRESHOLDS: backups at least daily [B]"])] == ["THRESHOLDS backups"]
    rests = [r.id for r in references.cited(["THRESHOLDS GB/T 20988 level 3 to 4"])]
    assert "THRESHOLDS GB/T 20988 level 4" in rests  # what the figure rests on is listed with it
    assert references.cited(["assumption: about P5 people", "textbook, R6"]) == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_report_says_what_the_ids_of_its_sources_stand_for_and_not_the_whole_list(name: str) -> None:
    for language in ("en", "zh"):
        context = cited(scenario(name), language)
        page = environment(language).get_template("sources.html.j2").render(**context, m=None)
        shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
        own = {
            _known(group, n) for s in sources.sources(scenario(name)) for group, names in WRITTEN.findall(s.text)
            for n in re.findall(r"[A-Z]\d+[a-z]?|\d[a-z]", names)
        }  # fmt: skip
        listed = {r.id for r in context["references"]}
        assert own <= listed
        assert len(listed) < len(references.references())
        for r in context["references"]:
            assert f"{r.id} {' '.join(r.figure.split())}" in shown, r.id


def test_every_source_of_a_shipped_file_is_told_in_chinese_too():
    words = re.compile(r"[a-z]{3,}")
    ids = re.compile(r"UCSF tier \d|cn-[\w-]+|us-safer")
    names = re.compile(r"\bGraham\b")  # a paper is named as it is
    missing = [
        t for t in texts() if words.search(names.sub("", ids.sub("", t))) and t not in catalogue("zh")
    ]  # fmt: skip
    assert not missing, "\n".join(missing)


def test_no_translation_of_a_source_is_left_over():
    told = json.loads((Path(drillsim.__file__).parent / "texts" / "zh" / "sources.json").read_text(encoding="utf-8"))
    assert not set(told) - set(texts())
