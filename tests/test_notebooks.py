"""The notebooks are stored as they were carried out, with their figures; .ci/run carries them out again, with what they assert."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST = 500_000  # bytes


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_of(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestStored:
    """What is in the file."""

    def test_every_cell_was_carried_out_in_order_and_none_failed(self, path: Path) -> None:
        cells = code_of(path)
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
        assert not [
            out for cell in cells for out in cell.outputs if out.output_type == "error" or out.get("name") == "stderr"
        ]

    def test_every_plot_has_its_picture(self, path: Path) -> None:
        plotting = [cell for cell in code_of(path) if "drillsim.plot_" in cell.source]
        assert plotting
        for cell in plotting:
            assert any("image/png" in out.get("data", {}) for out in cell.outputs), cell.source

    def test_key_figures_are_asserted(self, path: Path) -> None:
        assert sum(cell.source.count("assert ") for cell in code_of(path)) >= 5

    def test_it_asks_one_question_and_answers_it(self, path: Path) -> None:
        words = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
        assert re.search(r"[?？]\*\*", words[0]), "the question, in bold, in the first cell"
        assert words[-1].startswith(("**The answer.**", "**结论。**"))
        assert read(path).cells[-1].cell_type == "markdown"

    def test_it_is_small_and_names_no_machine(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < LARGEST
        assert not re.search(r"/(root|home|tmp|Users)/|[A-Z]:\\\\", text)
        assert set(read(path).metadata.kernelspec) == {"display_name", "language", "name"}
        assert read(path).metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.stem.endswith(".zh")], ids=lambda path: path.stem)
def test_a_chinese_notebook_does_what_the_english_one_does(path: Path) -> None:
    english = [cell.source for cell in code_of(path.with_name(path.name.replace(".zh", "")))]
    chinese = [cell.source.replace('drillsim.use_language("zh")\n', "") for cell in code_of(path)]
    assert chinese == english


def test_the_first_one_exists_in_both_languages() -> None:
    assert {"01-first-drill.ipynb", "01-first-drill.zh.ipynb"} <= {path.name for path in NOTEBOOKS}
