"""The page of the documentation that says what the ids of sources stand for, made from the list itself (``drillsim/report/references.json``)."""

from __future__ import annotations

from pathlib import Path

from drillsim.report import references
from tests.process.page import DOCS

HEADS = {
    "en": (
        "# What sources refer to",
        "A figure in a shipped file says where it comes from: `FACTS R6`, `INCIDENTS I11`, `THRESHOLDS UCSF tier 2`, or that it is an assumption. What such an id stands for: the figure, where it was"
        " published, and how well it was read. A report lists those that its scenario cites. Your own files may name any source in your own words.",
        {"FACTS": "Figures of studies and surveys", "INCIDENTS": "Timelines of real outages and drills", "THRESHOLDS": "Limits in published plans and rules"},
        "| id | figure | published | read |",
        "How well it was read",
    ),
    "zh": (
        "# 出处说明",
        "随附文件中的每个数据都注明了来源：`FACTS R6`、`INCIDENTS I11`、`THRESHOLDS UCSF tier 2` 等编号，或注明为假设。下表列出各编号对应的数据、发表处及核对程度。报告只列出本情景引用的条目。您自己的文件可以用任何写法注明出处。",
        {"FACTS": "研究与调查数据（FACTS）", "INCIDENTS": "真实故障与演练的时间线（INCIDENTS）", "THRESHOLDS": "已公开预案与法规中的时限（THRESHOLDS）"},
        "| 编号 | 数据 | 发表处 | 核对 |",
        "核对程度",
    ),
}  # fmt: skip


def path(language: str) -> Path:
    """Where the page lies."""
    return DOCS / ("sources.zh.md" if language == "zh" else "sources.md")


def page(language: str) -> str:
    """The whole of ``sources.md``."""
    title, lead, groups, head, legend = HEADS[language]
    blocks = [title, lead]
    known = references.references().values()
    for group, heading in groups.items():
        rows = [
            f"| {r.id.removeprefix(group).strip()} | {_cell(r.figure.in_language(language))} | {_cell(r.cite.in_language(language))} | {r.grade} |"
            for r in known
            if r.id.startswith(group)
        ]
        blocks += [f"## {heading}", "\n".join([head, "|---|---|---|---|", *rows])]
    blocks += [f"## {legend}", *references.legend(language)]
    return "\n\n".join(blocks) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
