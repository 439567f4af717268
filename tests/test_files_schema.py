"""The JSON Schema for editors accepts what drillsim reads and underlines what it refuses."""

from __future__ import annotations

import re
from functools import cache

import jsonschema
import pytest
import yaml

from drillsim import files
from drillsim.files import shelf
from tests.files_sample import GOOD


class Core(yaml.SafeLoader):
    """Reads YAML as editors do: of plain scalars only null, true, false, whole and decimal numbers are not text."""

    yaml_implicit_resolvers: dict = {}


for tag, pattern, first in (
    ("null", r"^(?:~|null|)$", [*"~n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", list("-+0123456789")),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = files.schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def underlined(kind: str, text: str) -> list[str]:
    return [error.message for error in validator(kind).iter_errors(yaml.load(text, Core))]


@pytest.mark.parametrize("entry", files.library(), ids=lambda entry: f"{entry.kind}-{entry.name}")
def test_every_shipped_file_fits_its_schema(entry):
    kind = "scenario" if entry.kind == "example" else entry.kind
    assert underlined(kind, entry.path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_files_to_start_from_fit_their_schemas(language, tmp_path):
    for path in files.new(tmp_path / "ours", language):
        assert underlined(path.stem, path.read_text(encoding="utf-8")) == []


def test_the_sample_and_the_smallest_scenario_fit():
    assert underlined("scenario", GOOD) == []
    assert underlined("scenario", "title: x\nfaults: [{target: his}]\n") == []
    assert (
        underlined("scenario", "title: x\ninclude: [a.yaml]\nhospital: {include: b.yaml, staff: {a: {title: A}}}\n")
        == []
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("horizon: 10 h", "horizont: 10 h"),
        ("on_duty: 4", "on_dutty: 4"),
        ("does: [declare]}", "does: declair}"),
        ("does: [declare]}", "does: {order_papr: all}}"),
        ("kind: slow,", "kind: sloow,"),
        ("severity: 2", "severity: 2, chance: 1.4"),
        ("owner: lead, after: look", "phase: lookng, owner: lead, after: look"),
        ("drillsim: scenario/1", "drillsim: scenario/2"),
        ("title: {en: Outage, zh: 中断}", "title: {en: Outage, cn: 中断}"),
        ("title: {en: Outage, zh: 中断}", "story: No title"),
    ],
)
def test_what_drillsim_refuses_is_underlined(old, new):
    assert GOOD.count(old) == 1
    assert underlined("scenario", GOOD.replace(old, new)) != []


def test_an_unknown_kind_is_refused():
    with pytest.raises(
        ValueError, match="there is no schema of 'report'; known are scenario, hospital, plan, thresholds"
    ):
        files.schema("report")
    assert {kind for kind in shelf.FOLDERS if kind != "example"} == {"scenario", "hospital", "plan", "thresholds"}
