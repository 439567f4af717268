"""A matplotlib drawing as inline SVG: text kept as text, the same bytes each time, described for those who cannot see it."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

from drillsim.report.look import CHINESE_FONTS, INK, MUTED, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 8.8  # inches: 634 points, shown some 900 pixels wide on a screen and 180 mm on A4

_ID = re.compile(r' id="([^"]+)"')
_USED = re.compile(r'(?:url\(#|href="#)([^")]+)')
_FONT = re.compile(r"font: (?:(\d+) )?([\d.]+)px [^;\"]*;")


@cache
def fonts() -> tuple[str, ...]:
    """Faces to measure and draw with: the Chinese ones of this machine, then matplotlib's own."""
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    return (*(name for name in CHINESE_FONTS if name in known), "DejaVu Sans")


def style() -> dict[str, object]:
    """Settings of matplotlib for every picture of a report."""
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "drillsim",
        "text.parse_math": False,
        "font.family": ["sans-serif"],
        "font.sans-serif": list(fonts()),
        "font.size": 8.5,
        "axes.unicode_minus": False,
        "axes.edgecolor": RULE,
        "axes.labelcolor": MUTED,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "xtick.color": MUTED,
        "ytick.color": INK,
        "text.color": INK,
        "hatch.linewidth": 0.7,
        "hatch.color": "#ffffff",
        "path.simplify": True,
        "path.simplify_threshold": 0.3,
        "patch.linewidth": 0.0,
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing is said about fonts of this machine that lack a glyph or a bold face: the reader's browser chooses the font."""

    def matters(record: logging.LogRecord) -> bool:
        return "find font weight" not in record.getMessage()

    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(matters)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            yield
    finally:
        log.removeFilter(matters)


def draw(
    plot: Callable[[Axes], object], *, height: float, title: str, description: str, name: str, width: float = WIDTH,
    left: float = 0.4, right: float = 0.1, bottom: float = 0.3, top: float = 0.1,
) -> str:  # fmt: skip
    """The picture that ``plot`` draws on an axes with those margins (all in inches), as an ``<svg>`` element for a page.

    ``name`` makes its ids differ from those of the page's other pictures.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context(style()), _quiet():  # type: ignore[arg-type]
        figure = Figure(figsize=(width, height))
        FigureCanvasSVG(figure)
        plot(figure.add_axes((left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)))
        out = StringIO()
        figure.savefig(out, format="svg", transparent=True)
    return inline(out.getvalue(), title=title, description=description, name=name)


def inline(svg: str, *, title: str, description: str, name: str) -> str:
    """The SVG file's text as an element of a page: no prologue, ids of its own, sized by its place, titled and described."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    used = set(_USED.findall(body))
    body = _ID.sub(lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    body = re.sub(r"(url\(#|href=\"#)", rf"\g<1>{name}-", body)
    body = _FONT.sub(lambda m: f"font-size: {m[2]}px;" + (f" font-weight: {m[1]};" if m[1] else ""), body)
    box = re.search(r'viewBox="([^"]+)"', body)
    assert box is not None
    inside = body[body.index(">") + 1 :]
    return (
        f'<svg class="plot" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="{box[1]}" '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>{inside.strip()}'
    )
