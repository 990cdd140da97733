"""The step of setuptools that gathers what goes into the wheel."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from setuptools.command.build_py import build_py

from tools.build_wheel.imports import moved

PACKAGE = "bothhands"
ROOMS = ("app", "evaluation", "models", "render", "tracking", "training")
"""Top-level packages that move into `PACKAGE`."""
SHIPPED_WEIGHTS = ("eanet-mobile", "lwa-hand")
"""Of assets/weights; a checkout may hold more, which `weights install` puts there."""
_ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = {"__pycache__", ".DS_Store"}


def contents() -> Iterator[Path]:
    """Files of the repository that lie in the wheel's package, relative to the repository."""
    for folder in (PACKAGE, *ROOMS, "assets"):
        for path in sorted((_ROOT / folder).rglob("*")):
            relative = path.relative_to(_ROOT)
            if path.is_file() and not _LEFT_OUT & set(relative.parts) and not _foreign(relative):
                yield relative


def _foreign(path: Path) -> bool:
    """Whether a file lies in the checkout without being part of the program."""
    return path.parent.as_posix() == "assets/weights" and path.stem not in SHIPPED_WEIGHTS


class BuildPy(build_py):
    """Puts the package together: `bothhands` itself, the rooms and the assets in it."""

    def run(self) -> None:
        """Write everything below the build folder; an editable installation uses the sources as they lie."""
        if self.editable_mode:
            super().run()
            return
        target = Path(self.build_lib) / PACKAGE
        if target.exists():  # what an earlier build left would be packed too
            shutil.rmtree(target)
        for source, place in self._places():
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.suffix == ".py":
                text = (_ROOT / source).read_text(encoding="utf-8")
                place.write_text(moved(text, ROOMS, PACKAGE), encoding="utf-8", newline="\n")
            else:
                shutil.copyfile(_ROOT / source, place)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Files that `run` writes."""
        return [str(place) for _, place in self._places()]

    def get_source_files(self) -> list[str]:
        """Files that the sdist needs for it."""
        return [path.as_posix() for path in contents()]

    def _places(self) -> Iterator[tuple[Path, Path]]:
        """Each file, relative to the repository, and where it goes."""
        library = Path(self.build_lib)
        for path in contents():
            yield path, library / (path if path.parts[0] == PACKAGE else PACKAGE / path)
