"""The documentation in the package says what drillsim does: references are in step, examples load, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drillsim import files
from tests.reference import DOCS, REFERENCES

PAGES = sorted(DOCS.glob("*.md"))


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.name)
def test_a_reference_is_in_step_with_the_records(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == REFERENCES[path](), "write it anew: python -m tests.reference"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


EXAMPLES = [(page.name, number, text) for page in PAGES for number, text in enumerate(blocks(page, "yaml"), 1)]


@pytest.mark.parametrize(("page", "number", "text"), EXAMPLES, ids=[f"{page}-{number}" for page, number, _ in EXAMPLES])
def test_an_example_is_a_scenario_without_mistakes(page: str, number: int, text: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    problems = [p for p in files.check(path) if p.severity == "mistake"]
    assert not problems, "\n".join(files.describe(problems))


@pytest.mark.parametrize("page", [*PAGES, DOCS.parent.parent / "README.md"], ids=lambda path: path.name)
def test_links_lead_to_files_and_headings_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        there = page.parent / file if file else page
        assert there.is_file(), f"{page.name}: {target}"
        if anchor:
            headings = {
                re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-")
                for h in re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            }
            assert anchor in headings, f"{page.name}: {target}"
