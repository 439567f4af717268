"""The page in a browser, opened from disk: nothing is fetched, nothing overlaps or is cut, in both languages."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from drillsim.report.html import write_report
from tests import report_sample

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip

PROBE = """
window.addEventListener("load", function () {
  function overlaps(svg) {
    var texts = Array.prototype.slice.call(svg.querySelectorAll("text")).map(function (t) { return [t.textContent, t.getBoundingClientRect()]; });
    var found = [];
    texts.forEach(function (a, i) { texts.slice(i + 1).forEach(function (b) {
      var w = Math.min(a[1].right, b[1].right) - Math.max(a[1].left, b[1].left), h = Math.min(a[1].bottom, b[1].bottom) - Math.max(a[1].top, b[1].top);
      if (w > 1.5 && h > 3.5) found.push(a[0] + " | " + b[0]);
    }); });
    return found;
  }
  function outside(svg) {
    var box = document.querySelector("main").getBoundingClientRect();
    return Array.prototype.slice.call(svg.querySelectorAll("text")).filter(function (t) {
      var r = t.getBoundingClientRect(); return r.left < box.left - 3 || r.right > box.right + 12;
    }).map(function (t) { return t.textContent; });
  }
  var plots = Array.prototype.slice.call(document.querySelectorAll("svg.plot"));
  var probe = document.createElement("pre");
  probe.id = "probe";
  probe.textContent = JSON.stringify({
    fetched: performance.getEntriesByType("resource").map(function (e) { return e.name; }),
    overlaps: [].concat.apply([], plots.map(overlaps)), outside: [].concat.apply([], plots.map(outside)), plots: plots.length,
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    cut: Array.prototype.slice.call(document.querySelectorAll(".figure .value, .gauge b, .meter b")).filter(function (e) { return e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0; }).map(function (e) { return e.textContent; }),
  });
  document.body.appendChild(probe);
});
"""


def browse(chromium: str, profile: Path, *more: str) -> str:
    """What the browser prints."""
    done = subprocess.run(
        [chromium, *FLAGS, f"--user-data-dir={profile}", *more], capture_output=True, timeout=90, check=False
    )
    return done.stdout.decode("utf-8", errors="replace")


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    """The sample's page in both languages, on disk."""
    folder = tmp_path_factory.mktemp("pages")
    scenario = report_sample.scenario()
    for language in ("en", "zh"):
        page = write_report(report_sample.summary(scenario), scenario, {"median": report_sample.log()}, language)
        (folder / f"{language}.html").write_text(page, encoding="utf-8")
    return {language: folder / f"{language}.html" for language in ("en", "zh")}


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh", 1366), ("en", 800)])
def test_nothing_is_fetched_and_no_words_overlap(pages, language, width, chromium, tmp_path):
    text = pages[language].read_text(encoding="utf-8")
    probed = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", text).replace(
        "</body>", f"<script>{PROBE}</script></body>"
    )
    path = tmp_path / "probed.html"
    path.write_text(probed, encoding="utf-8")
    dom = browse(chromium, tmp_path / "profile", f"--window-size={width},900", "--dump-dom", path.as_uri())
    match = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.DOTALL)
    assert match, dom[-2000:]
    probe = json.loads(unescape(match[1]))
    assert probe["fetched"] == []
    assert probe["plots"] >= 10
    assert probe["overlaps"] == []
    assert probe["outside"] == []
    assert probe["wider"] <= 0
    assert probe["cut"] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_drawn_with_its_colours(pages, language, chromium, tmp_path):
    from matplotlib.image import imread
    from numpy import unique

    shot = tmp_path / "page.png"
    browse(chromium, tmp_path / "profile", "--window-size=1366,1400", f"--screenshot={shot}", pages[language].as_uri())
    pixels = (imread(shot)[:, :, :3] * 255).round().astype(int)
    assert pixels.shape == (1400, 1366, 3)
    colours = [
        tuple(c) for c, n in zip(*unique(pixels.reshape(-1, 3), axis=0, return_counts=True), strict=True) if n > 300
    ]
    for wanted in ((0xC6, 0x5A, 0x11), (0x2B, 0x7A, 0x9B), (0x1D, 0x27, 0x33)):
        assert any(max(abs(a - b) for a, b in zip(wanted, colour, strict=True)) <= 3 for colour in colours), wanted


def sheets(chromium, tmp_path, address: str) -> int:
    """Prints the page at an address; the number of sheets, all of them A4."""
    sheet = tmp_path / "page.pdf"
    browse(chromium, tmp_path / "profile", "--no-pdf-header-footer", f"--print-to-pdf={sheet}", address)
    data = sheet.read_bytes()
    assert data.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", data)
    assert boxes
    assert all(abs(float(w) - 595) < 2 and abs(float(h) - 842) < 2 for w, h in boxes)
    return len(boxes)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_prints_on_a_few_sheets_of_a4_and_whole_when_everything_is_asked_for(
    pages, language, chromium, tmp_path
):
    short = sheets(chromium, tmp_path, pages[language].as_uri())
    whole = sheets(chromium, tmp_path, pages[language].as_uri() + "?print=all")
    assert short <= 7 < whole <= {"en": 16, "zh": 14}[language]
