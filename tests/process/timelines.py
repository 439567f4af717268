"""The page that holds shipped scenarios against public timelines, made from runs: ``python -m tests.process.timelines``."""

from __future__ import annotations

import json
import math
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import drillsim
from drillsim import files
from drillsim.experiment.arms import play_arms
from drillsim.files import shelf
from drillsim.log import tables
from drillsim.report import words
from drillsim.report.sources import Place, gathered, shown, sources
from drillsim.score import frames
from drillsim.texts import say
from tests.process.anchors import ANCHORS, FACTOR, RUNS, Anchor
from tests.process.page import DIGITS, DOCS
from tests.process.play import named

MEASURED = Path(__file__).parent / "timelines.json"
SET = re.compile(r"\bset (so that|with)\b")
"""How a source says that a figure was set to give a result."""
PASS, FAIL, OPEN = "pass", "fail", "open"


def path(language: str) -> Path:
    """Where the page lies."""
    return DOCS / ("timelines.zh.md" if language == "zh" else "timelines.md")


def shipped() -> set[str]:
    """Names of the scenarios of the library."""
    return {entry.name for entry in files.library() if entry.kind == "scenario"}


def is_check(anchor: Anchor) -> bool:
    """Whether a shipped scenario answers it without having been set from it."""
    return bool(anchor.figure) and anchor.scenario in shipped()


@cache
def _figures(scenario: str) -> tuple[pd.DataFrame, float, float]:
    loaded = drillsim.load(scenario)
    failed, horizon = words.first_fault(loaded.scenario) or 0.0, loaded.scenario.horizon
    if any(a.scenario == scenario and a.figure.startswith("recovery") for a in ANCHORS):
        return drillsim.run(loaded, replications=RUNS, seed=1, keep="none").figures, failed, horizon
    played = play_arms(
        {scenario: loaded.scenario}, range(1, RUNS + 1), seed=1
    )  # the day without the faults is not asked for
    return tables.tidy(frames.figures(played.scored[scenario])), failed, horizon


def values(anchor: Anchor) -> np.ndarray:
    """The figure in every run; minutes of steps count from the first fault, what did not come before EndEx is infinite. Raises KeyError."""
    frame, failed, _ = _figures(anchor.scenario)
    kind, name, last = named(anchor.figure)
    rows = frame[(frame["kind"] == kind) & (frame["id"] == name) & (frame["figure"] == last)]
    if not len(rows):
        raise KeyError(anchor.figure)
    found = rows["value"].to_numpy()
    if last == "minutes_to_restore":
        undone = frame[(frame["kind"] == kind) & (frame["id"] == name) & (frame["figure"] == "away_censored")]["value"]
        found = np.where(undone.to_numpy() > 0, np.inf, np.nan_to_num(found, nan=0.0))
    elif kind in ("step", "event"):
        found = np.where(np.isnan(found), np.inf, found - (failed if kind == "step" else 0.0))
    return found


def stated(anchor: Anchor) -> dict[str, Any]:
    """An anchor as it is kept beside what was measured, so that a change of it is seen."""
    return {name: value for name, value in anchor._asdict().items() if name not in ("en", "zh", "why")}


def record(anchor: Anchor) -> dict[str, Any]:
    """What is kept of an anchor that was played: quantiles, null where the runs ended before."""
    found = values(anchor)
    found = found[~np.isnan(found)]
    kept = [float(np.quantile(found, q, method="inverted_cdf")) for q in (0.1, 0.5, 0.9)]
    numbers = [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in kept]
    return {
        "anchor": stated(anchor),
        "p10": numbers[0],
        "p50": numbers[1],
        "p90": numbers[2],
        "runs": len(found),
        "ends": _figures(anchor.scenario)[2],
    }


@cache
def measured() -> dict[str, dict[str, Any]]:
    """Anchor → what was measured."""
    known: dict[str, dict[str, Any]] = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.is_file() else {}
    return known


def verdict(anchor: Anchor, found: dict[str, Any]) -> str:
    """Whether the simulated median is of the order of what was reported; one that lies beyond the end of the runs may be open."""
    most = math.inf if anchor.high is None else anchor.high * FACTOR
    if found["p50"] is None:
        return FAIL if found["ends"] > most else OPEN
    return PASS if anchor.low / FACTOR <= found["p50"] <= most else FAIL


TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "# Held against what really happened",
        "intro": (
            "Public reports of real outages, beside what the shipped scenarios simulate ({runs} runs each, seed 1). An order of magnitude is asked for, not a minute: the simulated"
            " median must lie within a factor of {factor:.1f} of what was reported. A fail is shown, not tuned away. The invented hospitals are not those of the reports.\n\n"
            "This page is written by `python -m tests.process.timelines` from the runs; the reported values stand in `tests/process/anchors.py`, with the ids of the incidents that"
            " the scenarios' files cite."
        ),
        "checks": "## Checks",
        "head": "| incident | reported | scenario | figure | reported value | simulated median (10–90 %) | result |",
        "set": "## What was set from a report, and so is no check",
        "set_intro": (
            "How long something is away here, or how many still come, was taken from the report, or the steps of the plan were set so that it is away for as long as reported. That a scenario then lasts as"
            " long shows nothing. What is checked above in the same scenario (the results of Boston's laboratory) was not set, but comes about under such a length."
        ),
        "set_head": "| incident | reported | scenario | key |",
        "open_head": "| incident | reported | why it cannot be compared |",
        "apart": "## Not comparable",
        "alone": "## Scenarios that are held against no report",
        "alone_intro": "Nothing in these is held against a report: how long something is away was set from what stands beside them, or no report that was read gives its minutes.",
        "alone_head": "| scenario | put together from |",
        "cited": "## Figures in the files that cite an incident",
        "cited_intro": (
            "Taken from the files themselves: every key of a scenario whose source cites an incident was chosen with it in mind. Of plans and hospitals, which many scenarios share, the keys"
            " stand here whose source says that they were set to give what was reported; other keys of theirs may cite an incident too (deadlines, for example)."
        ),
        "cited_head": "| scenario | incident cited | keys |",
        "missing": "no shipped scenario answers it",
        "unplayed": "not played yet: `python -m tests.process.timelines`",
        PASS: "pass", FAIL: "**fail**", OPEN: "open: the runs end before",
        "beyond": "after the end ({end})",
        "at_least": "{value} or more",
        "names": ", ",
    },
    "zh": {
        "title": "# 与真实事件对照",
        "intro": (
            "公开报道的真实故障，与随附情景的模拟结果对照（各 {runs} 次，种子 1）。要求数量级相符，而非分钟相符：模拟中位数应在报道值的 {factor:.1f} 倍以内。"
            "不符的如实列出，不作迁就调整。情景中的医院为虚构，并非报道中的医院。\n\n"
            "本页由 `python -m tests.process.timelines` 根据模拟结果自动生成；报道值见 `tests/process/anchors.py`，事件编号与各情景文件所引一致。"
        ),
        "checks": "## 核对",
        "head": "| 事件 | 报道 | 情景 | 指标 | 报道值 | 模拟中位数（10–90%） | 结论 |",
        "set": "## 据报道设定的参数（不作核对）",
        "set_intro": (
            "下列时长（或仍来就诊者的比例）或直接取自报道，或通过设定预案步骤的用时，使情景的持续时间与报道一致；因此情景时长与报道相符并不能说明模型准确。"
            "同一情景中列入上表核对的指标（如波士顿的检验结果时间）并非设定所得，但以这一设定的中断时长为前提。"
        ),
        "set_head": "| 事件 | 报道 | 情景 | 键 |",
        "open_head": "| 事件 | 报道 | 不可比的原因 |",
        "apart": "## 不可比",
        "alone": "## 未与报道对照的情景",
        "alone_intro": "这些情景没有与报道对照的数值：中断时长依据右栏所列资料设定，或读到的报道未给出时长。",
        "alone_head": "| 情景 | 依据 |",
        "cited": "## 文件中引用事件的数值",
        "cited_intro": (
            "由文件自动汇总：情景中凡来源引用事件的键，均参照该事件设定。预案和医院文件由多个情景共用，此处只列来源注明“为得到报道结果而设定”的键；"
            "其他键（如时限）也可能引用事件，未逐一列出。"
        ),
        "cited_head": "| 情景 | 引用的事件 | 键 |",
        "missing": "随附情景中没有对应的",
        "unplayed": "尚未推演：`python -m tests.process.timelines`",
        PASS: "相符", FAIL: "**不符**", OPEN: "未定：推演先已结束",
        "beyond": "结束之后（{end}）",
        "at_least": "至少 {value}",
        "names": "、",
    },
}  # fmt: skip


def amount(value: float | None, anchor: Anchor, language: str, end: float = 0.0) -> str:
    """A value in its unit; None lies beyond the end of the runs."""
    if value is None:
        return str(TEXTS[language]["beyond"]).format(end=words.duration(end, language))
    return words.duration(value, language) if anchor.unit == "min" else f"{value:.1f} {anchor.unit}"


def check_row(anchor: Anchor, language: str) -> str:
    """A check as a row of the page."""
    found, texts = measured()[anchor.id], TEXTS[language]
    ends = [amount(value, anchor, language) for value in (anchor.low, anchor.high) if value is not None]
    reported = " – ".join(dict.fromkeys(ends)) if anchor.high is not None else texts["at_least"].format(value=ends[0])
    low, middle, high = (amount(found[q], anchor, language, found["ends"]) for q in ("p10", "p50", "p90"))
    cells = (anchor.incident, anchor.zh if language == "zh" else anchor.en, f"`{anchor.scenario}`", f"`{anchor.figure}`", reported, f"{middle} ({low} – {high})", texts[verdict(anchor, found)])  # fmt: skip
    return "| " + " | ".join(cells) + " |"


@cache
def cited(language: str) -> list[str]:
    """Which keys of the shipped scenarios cite an incident, then which of plans and hospitals were set to give what one reports."""
    rows, shared = [], dict[tuple[str, str], list[str]]()
    for name in sorted(shipped()):
        for source in sources(files.load(name).scenario):
            if "INCIDENTS" not in source.text:
                continue
            own = [place for place in source.places if not place.path.startswith(("hospital", "plan"))]
            if own:
                rows.append(f"| `{name}` | {_cell(shown(source.text, language))} | {_keys(own)} |")
            others = [place for place in source.places if place not in own]
            if others and SET.search(source.text):
                shared.setdefault((_cell(shown(source.text, language)), _keys(others)), []).append(f"`{name}`")
    return rows + [f"| {', '.join(names)} | {text} | {keys} |" for (text, keys), names in shared.items()]


def _keys(places: list[Place]) -> str:
    """Keys of a file as a cell of a table; a file's own source is its key ``source``."""
    return "<br>".join(
        f"`{head}`: {', '.join(tails)}" if head else "`source`" for head, tails in gathered(tuple(places))
    )


def _cell(text: str) -> str:
    return text.replace("|", chr(92) + "|")


def timelines(language: str) -> str:
    """The whole page."""
    texts, zh = TEXTS[language], language == "zh"

    def told(anchor: Anchor) -> str:
        return anchor.zh if zh else anchor.en

    checks = [check_row(a, language) for a in ANCHORS if is_check(a) and a.id in measured()]
    known = [a for a in ANCHORS if a.set_by and a.scenario in shipped()]
    others = [a for a in ANCHORS if a not in known and not (is_check(a) and a.id in measured())]

    def why(anchor: Anchor) -> str:
        return anchor.why[zh] or str(texts["unplayed" if is_check(anchor) else "missing"])

    return "\n\n".join(
        [
            texts["title"],
            texts["intro"].format(runs=RUNS, factor=FACTOR),
            texts["checks"],
            "\n".join([texts["head"], "|---|---|---|---|---|---|---|", *checks]),
            texts["set"],
            texts["set_intro"],
            "\n".join([texts["set_head"], "|---|---|---|---|", *(f"| {a.incident} | {told(a)} | `{a.scenario}` | `{a.set_by}` |" for a in known)]),
            texts["apart"],
            "\n".join([texts["open_head"], "|---|---|---|", *(f"| {a.incident} | {told(a)} | {why(a)} |" for a in others)]),
            texts["alone"],
            texts["alone_intro"],
            "\n".join([texts["alone_head"], "|---|---|", *_alone({a.scenario for a in [*known, *filter(is_check, ANCHORS)]}, language)]),
            texts["cited"],
            texts["cited_intro"],
            "\n".join([texts["cited_head"], "|---|---|---|", *cited(language)]),
        ]
    ) + "\n"  # fmt: skip


def _alone(held: set[str], language: str) -> list[str]:
    """Rows of shipped scenarios that neither a check nor a value set from a report speaks of, with their sources."""
    others = {name: files.load(name).scenario for name in shelf.paths("scenario") if name not in held}
    return [
        f"| `{name}` {one.title.in_language(language)} | {say(one.source.get('', ''), language)} |"
        for name, one in others.items()
    ]


def main(wanted: list[str]) -> int:
    """Play what is asked for (all without names of scenarios) or was never played, and write what was measured, and the pages."""
    known = measured()
    found = {}
    for anchor in sorted(filter(is_check, ANCHORS), key=lambda a: files.load(a.scenario).scenario.horizon):
        old = known.get(anchor.id)
        if old is not None and wanted and anchor.scenario not in wanted:
            found[anchor.id] = old
        else:
            found[anchor.id] = record(anchor)
            print(anchor.id, found[anchor.id], verdict(anchor, found[anchor.id]), flush=True)
        kept = {a.id: found[a.id] for a in ANCHORS if a.id in found}
        MEASURED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    measured.cache_clear()
    for language in ("en", "zh"):
        path(language).write_text(timelines(language), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
