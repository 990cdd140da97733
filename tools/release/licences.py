"""The licences of every part in one text: `python -m tools.release.licences FOLDER ...`.

Packages are read where they are installed (`importlib.metadata`): the licence that each declares, and the texts that it
brings. A text that several packages bring is printed once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from app.licences import declared

_ROOT = Path(__file__).resolve().parents[2]
_NAMES = ("licen", "copying", "notice", "authors", "copyright")
"""What names of licence texts begin with, in lower case."""
NOT_DECLARED = "not declared"


def texts(distribution: Distribution) -> list[tuple[str, str]]:
    """Paths and contents of the licence texts that a package brings."""
    found = []
    for entry in distribution.files or []:
        path = PurePosixPath(entry.as_posix())
        named = path.name.lower().startswith(_NAMES) or "licenses" in (part.lower() for part in path.parts[:-1])
        # Modules and data may have such names as well.
        if named and path.suffix.lower() in ("", ".txt", ".md", ".rst", ".apache", ".bsd", ".mit", ".html", ".lgpl"):
            located = Path(str(distribution.locate_file(entry)))
            if located.is_file():
                found.append((path.as_posix(), located.read_text(encoding="utf-8", errors="replace").strip()))
    return sorted(found)


def collect(folders: Iterable[Path]) -> str:
    """The licences of Bothhands, of Python and of the packages installed in folders.

    Args:
        folders: like site-packages.
    """
    found = {d.metadata["Name"].lower(): d for d in distributions(path=[str(folder) for folder in folders])}
    parts = [found[name] for name in sorted(found)]
    lines = ["Bothhands and what it is made of. Each part has the licence that is named here; the texts follow.", ""]
    lines += [f"{d.metadata['Name']} {d.version}: {declared(d) or NOT_DECLARED}" for d in parts]
    lines += [f"Python {sys.version.split()[0]}: PSF-2.0", ""]
    printed: dict[str, str] = {}
    own = [("Bothhands", name, (_ROOT / name).read_text(encoding="utf-8").strip()) for name in ("LICENSE", "NOTICE")]
    python = Path(sys.base_prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "LICENSE.txt"
    if python.is_file():
        own.append(("Python", "LICENSE.txt", python.read_text(encoding="utf-8").strip()))
    brought = [(d.metadata["Name"], place, text) for d in parts for place, text in texts(d)]
    for name, place, text in [*own, *brought]:
        lines.append("=" * 100)
        lines.append(f"{name}: {place}")
        if text in printed:
            lines.append(f"The same text as of {printed[text]}.")
            continue
        printed[text] = f"{name}, {place}"
        lines += ["-" * 100, text]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print what `collect` gives."""
    folders = [Path(argument) for argument in sys.argv[1:]] or [Path(entry) for entry in sys.path if entry]
    print(collect(folders))


if __name__ == "__main__":
    main()
