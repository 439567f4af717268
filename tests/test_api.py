"""drillsim in Python: load, run, look, save."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import drillsim
from drillsim import api, experiment
from drillsim.errors import LogError, ScenarioError
from drillsim.files import Loaded
from drillsim.model.scenario import Scenario
from tests import plays
from tests.builder import a_scenario


@pytest.fixture(scope="module")
def result() -> api.Result:
    runs = experiment.run(plays.a_plan(), replications=10, seed=22, jobs=1, replicate=plays.late_by_number)
    return api.result_of(Loaded(plays.a_plan(), "power-cut", {}), runs)


def a_clinic() -> Scenario:
    return a_scenario(
        title="Clinic",
        staff={"doctor": {}},
        activities={"see": {"needs": "doctor", "takes": "exponential(4 min)"}},
        pathways={"p": {"arrivals": {"rate": "10 per h"}, "route": ["see"]}},
        horizon=480.0,
    )


def test_a_scenario_made_in_python_runs() -> None:
    found = drillsim.run(a_clinic(), replications=3, seed=1, jobs=1)
    assert found.summary.scenario.name == "Clinic"
    assert found.summary.activities[0].served.value > 50
    assert set(found.activities["replication"]) == set(found.summary.shown.values())


def test_frames_have_the_columns_that_are_described(result: api.Result) -> None:
    for name in ("steps", "queues", "figures", "events", "activities", "patients", "entries"):
        frame = getattr(result, name)
        assert list(frame.columns) == list(result.columns(name)), name
        assert frame.columns[0] == "replication"


def test_an_unknown_frame_has_no_columns(result: api.Result) -> None:
    with pytest.raises(KeyError, match="nurses"):
        result.columns("nurses")


def test_steps_of_all_runs_and_events_of_those_shown(result: api.Result) -> None:
    """Done 23, 24 … 32 min after detection: the last two are late."""
    late = result.steps.query("outcome == 'late'")
    assert late["replication"].tolist() == [9, 10]
    assert late["late_by"].tolist() == [1, 2]
    assert (late["waited_person"] + late["work"] == late["taken"]).all()
    assert sorted(set(result.events["replication"])) == sorted(set(result.summary.shown.values()))


def test_objectives_and_bottlenecks_are_tables(result: api.Result) -> None:
    objective = result.objectives().iloc[0]
    assert (objective["objective"], objective["met"], objective["rating"], objective["runs"]) == ("o", 0.8, "S", 10)
    bottleneck = result.bottlenecks().iloc[0]
    assert (bottleneck["part"], bottleneck["cause"], bottleneck["steps"]) == ("person", "lead:x", "order")
    assert bottleneck["minutes"] == pytest.approx(2 * 1 / 10)


def test_a_result_reads_as_a_few_lines(result: api.Result) -> None:
    first, verdict, exercised, late, *figures, objective = repr(result).splitlines()
    assert first == "Power cut · hospital · 10 runs (seed 22)"
    assert (
        verdict == "  ▲ The plan does not hold. All deadlines are met in 80 % of runs (95 % interval 49–94 %, 10 runs)."
    )
    assert exercised == "  exercised: 1 of 1 steps"
    assert late == "  order: on time in 80 % (49–94 %); usually 1.5 min late; mostly waiting for lead, busy with “x”"
    assert all(": " in line for line in figures)
    assert objective == "  o: met in 80 % (49–94 %); S"


def test_a_result_reads_in_the_language_chosen(result: api.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRILLSIM_LANG", "zh")
    assert repr(result).splitlines()[1].startswith("  ▲ 预案未达到要求。")
    page = result._repr_html_()
    assert "80%（49–94%）" in page
    assert "步骤" in page


def test_in_jupyter_the_words_of_files_are_escaped() -> None:
    scenario = plays.a_plan().model_copy(update={"title": plays.a_plan().title.model_copy(update={"en": "<b>x</b>"})})
    runs = experiment.run(scenario, replications=1, seed=1, jobs=1, replicate=plays.late_by_number)
    page = api.result_of(Loaded(scenario, "x", {}), runs)._repr_html_()
    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page


def test_a_mistake_in_a_file_is_a_scenario_error(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        drillsim.load(tmp_path / "nothing.yaml")


def test_variants_need_the_file_they_are_in() -> None:
    with pytest.raises(ValueError, match=r"variant and set need the scenario's name or file; give them to load\(\)"):
        drillsim.run(a_clinic(), variant="more_doctors")


def test_a_file_is_run_with_its_values_replaced(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_text(
        "title: Clinic\nhorizon: 60 min\nhospital:\n  title: H\n  activities: {see: {title: See, takes: 1 min}}\n"
        "  pathways: {p: {title: P, arrivals: {every: 10 min}, route: [see]}}\nplan: {title: none}\n",
        encoding="utf-8",
    )
    short, long = (drillsim.run(path, 1, jobs=1, set=[f"horizon={length}"]) for length in ("60 min", "2 h"))
    assert (short.summary.scenario.name, short.scenario.horizon, long.scenario.horizon) == (str(path), 60, 120)
    assert (short.summary.pathways[0].arrived.value, long.summary.pathways[0].arrived.value) == (5, 11)
    assert list(short.summary.provenance.files) == ["clinic.yaml"]


def test_the_package_opens_without_what_is_heavy() -> None:
    code = (
        "import sys, drillsim; assert 'pandas' not in sys.modules and 'numpy' not in sys.modules; print(drillsim.load)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_running_does_not_need_pandas_until_a_frame_is_asked_for() -> None:
    code = "import sys, drillsim.api; assert 'pandas' not in sys.modules and 'pyarrow' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'drillsim' has no attribute 'rum'"):
        drillsim.rum  # noqa: B018  # asking for it is the test


def test_what_python_users_can_ask_for_is_listed() -> None:
    assert {"load", "run", "open_run", "score_run", "Result"} <= set(dir(drillsim))


def test_mistakes_name_the_argument_of_python_and_speak_the_language_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("en", "zh"):
        monkeypatch.setenv("DRILLSIM_LANG", language)
        asked = (("variant", lambda: drillsim.load("his-database-outage", variant="nix")),
                 ("variants", lambda: drillsim.compare("his-database-outage", variants="nix")),
                 ("set", lambda: drillsim.load("his-database-outage", set=["nothing"])))  # fmt: skip
        for name, call in asked:
            with pytest.raises(ScenarioError) as raised:
                call()
            assert str(raised.value).startswith(f"{name}:")
            assert "--" not in str(raised.value)
            assert any("\u4e00" <= sign <= "\u9fff" for sign in str(raised.value)) is (language == "zh")
    with pytest.raises(LogError, match=r"[一-鿿]"):
        drillsim.open_run("no-such-folder")
