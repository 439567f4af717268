"""Colours, hatches and fonts that the page and its plots share; every colour has a sign or a hatch beside it, for print in black and white."""

from __future__ import annotations

INK = "#1d2733"
MUTED = "#5d6975"
RULE = "#d9dfe4"
PANEL = "#f4f6f8"
ACCENT = "#0f5e7d"
BASE = "#8a949e"  # the day without the fault

ON_TIME = "#2b7a9b"
LATE = "#c65a11"
MISSED = "#6d1f2f"
NONE = "#b3bcc4"

STATUS = {"on_time": ON_TIME, "late": LATE, "missed": MISSED, "none": NONE}

PART_ORDER = (
    "working", "work", "slowed", "decision", "person", "off_shift", "on_the_way", "after", "predecessor", "thing", "system", "channel", "pause",
    "redo", "rework", "dormant", "trigger", "rule", "hours",
)  # fmt: skip
PART_COLOURS = {
    "working": "#24556b",
    "work": "#24556b",
    "slowed": "#6f9fb5",
    "decision": "#7a4d94",
    "person": "#c65a11",
    "off_shift": "#e2924f",
    "on_the_way": "#f0c493",
    "after": "#9fb4bf",
    "predecessor": "#9fb4bf",
    "thing": "#4f7f52",
    "system": "#8fb08c",
    "channel": "#8fb08c",
    "pause": "#b9c2c9",
    "redo": "#a03c4c",
    "rework": "#a03c4c",
    "dormant": "#e4e8eb",
    "trigger": "#e4e8eb",
    "rule": "#e4e8eb",
    "hours": "#e4e8eb",
}
PART_HATCHES = {
    "slowed": "....",
    "rule": "oo",
    "hours": "oo",
    "decision": "xxx",
    "on_the_way": "////",
    "off_shift": "\\\\\\\\",
    "redo": "+++",
    "rework": "+++",
    "system": "|||",
    "channel": "|||",
    "thing": "----",
    "pause": "----",
}

MODE_COLOURS = {
    "normal": "#e6ebee",
    "waiting": "#6d1f2f",
    "changing": "#e0905a",
    "paper": "#e9b949",
    "back_entry": "#8fb6c6",
    "closed": "#d5dbdf",
}
MODE_HATCHES = {"changing": "////", "back_entry": "----", "closed": "...."}

STATE_COLOURS = {
    "up": "#e6ebee",
    "slow": "#dfbf6a",
    "read_only": "#e9b949",
    "restoring": "#8fb6c6",
    "isolated": "#7a4d94",
    "down": "#6d1f2f",
}
STATE_HATCHES = {"read_only": "////", "restoring": "----", "isolated": "xxx"}

CHINESE_FONTS = (
    "PingFang SC", "Hiragino Sans GB", "Heiti SC", "Microsoft YaHei", "SimHei", "DengXian", "Noto Sans CJK SC", "Noto Sans SC",
    "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Noto Sans CJK JP",
    "Arial Unicode MS",
)  # fmt: skip
"""Chinese faces of macOS, Windows and Linux, in order of preference."""

_LATIN_FACES = (
    '"Segoe UI", -apple-system, BlinkMacSystemFont, Roboto, "Helvetica Neue", "Noto Sans", Arial, "Liberation Sans"'
)
_CHINESE_FACES = '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei"'
FONT_STACKS = {
    "en": f"{_LATIN_FACES}, {_CHINESE_FACES}, sans-serif",
    "zh": f"{_CHINESE_FACES}, {_LATIN_FACES}, sans-serif",
}
"""Faces of the page, by language: the quotation marks of the first face that has them are used."""
