"""Under what terms the program and what it uses are given."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_PACKAGE = "bothhands"
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Library:
    """A library that the program has loaded.

    Attributes:
        name: in the package index.
        version: that is installed.
        licence: as its authors name it, "" where they do not.
    """

    name: str
    version: str
    licence: str


def notice() -> str:
    """The project's own notice: what it is made from, and under what terms; "" where it was installed without."""
    try:
        return (_ROOT / "NOTICE").read_text(encoding="utf-8")
    except OSError:
        pass
    try:
        files = metadata.distribution(_PACKAGE)
    except metadata.PackageNotFoundError:
        return ""
    return files.read_text("licenses/NOTICE") or files.read_text("NOTICE") or ""


def libraries(modules: Iterable[str] | None = None) -> list[Library]:
    """The libraries that are loaded, by name.

    Args:
        modules: names of modules, None for those that this process has loaded.
    """
    tops = {name.partition(".")[0] for name in (list(sys.modules) if modules is None else modules)}
    packages = metadata.packages_distributions()
    names = {name for top in tops for name in packages.get(top, ()) if name != _PACKAGE}
    return [_library(name) for name in sorted(names, key=str.lower)]


def declared(package: metadata.Distribution) -> str:
    """The licence that a package declares, in a line; "" where it says none."""
    about = package.metadata
    if "License-Expression" in about:
        return about["License-Expression"]
    kinds = [kind.rpartition(" :: ")[2] for kind in about.get_all("Classifier") or [] if kind.startswith("License :: ")]
    named = [kind for kind in kinds if kind != "OSI Approved"]
    if named:
        return ", ".join(named)
    # Some packages put the whole text there.
    first, *_ = "\n".join(about.get_all("License") or []).strip().splitlines() or [""]
    return "" if first.strip() == "UNKNOWN" else first.strip()


def _library(name: str) -> Library:
    package = metadata.distribution(name)
    return Library(package.metadata["Name"] or name, package.version, declared(package))
