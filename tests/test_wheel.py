"""The wheel carries all it needs: away from the checkout, names of the library, texts, documentation and the report work."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_every_file_of_the_package_and_the_library_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = {p.relative_to(ROOT).as_posix() for p in (ROOT / "drillsim").rglob("*") if p.is_file()}
    library = {"drillsim/" + p.relative_to(ROOT).as_posix() for p in (ROOT / "scenarios").rglob("*.yaml")}
    missing = {name for name in package | library if "__pycache__" not in name} - inside
    assert library
    assert not missing, sorted(missing)


def test_the_library_is_found_by_name_without_a_checkout(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(installed)
    empty.mkdir()
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(installed)!r}); from drillsim.cli import main; sys.exit(main(['list', '--lang', 'zh']))"],
        cwd=empty,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "his-database-outage" in told.stdout
    assert "医院" in told.stdout
    assert not any(empty.iterdir())
