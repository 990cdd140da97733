"""The locks of the full set, which `make venv` takes: pip knows by its hash each file it may install, but torch's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LISTS = ("requirements", "requirements-dev")
UNLOCKED = {"torch"}
SYSTEMS = [
    {
        "sys_platform": system,
        "platform_machine": machine,
        "python_version": version,
        "python_full_version": f"{version}.4",
    }
    for system, machine in (("linux", "x86_64"), ("win32", "AMD64"), ("darwin", "arm64"))
    for version in ("3.11", "3.12")
]


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    """Entries of a lock and their hashes; fails on what is no such entry."""
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    entries = []
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        assert hashes, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), line
        entries.append((Requirement(requirement), hashes))
    return entries


def chosen(name: str, system: dict[str, str]) -> dict[str, str]:
    """Versions by name that a lock has for a system; fails where it has two of one."""
    found: dict[str, str] = {}
    for requirement, _ in locked(name):
        if requirement.marker is None or requirement.marker.evaluate(system):
            (version,) = requirement.specifier
            assert version.operator == "=="
            assert canonicalize_name(requirement.name) not in found, requirement
            found[canonicalize_name(requirement.name)] = version.version
    return found


def wanted(name: str, system: dict[str, str]) -> dict[str, str]:
    """Versions by name that a list pins for a system, with those of the list that it begins with."""
    found: dict[str, str] = {}
    for line in (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= wanted(line[3:].removesuffix(".txt"), system)
        elif line and not line.startswith("#"):
            requirement = Requirement(line)
            if requirement.marker is not None and not requirement.marker.evaluate(system):
                continue
            (version,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = version.version
    return found


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: f"{system['sys_platform']}-{system['python_version']}")
@pytest.mark.parametrize("name", LISTS)
def test_each_version_of_the_list_is_locked_for_each_system(name: str, system: dict[str, str]):
    pins = wanted(name, system)
    assert ("cv2-enumerate-cameras" in pins) == (system["sys_platform"] != "linux")
    assert {"numpy", "torch"} <= set(pins)
    have = chosen(name, system)
    assert {package: have.get(package) for package in pins if package not in UNLOCKED} == {
        package: version for package, version in pins.items() if package not in UNLOCKED
    }


def test_both_locks_have_one_version_of_what_both_have():
    for system in SYSTEMS:
        base, full = chosen("requirements", system), chosen("requirements-dev", system)
        assert base.items() <= full.items()


@pytest.mark.parametrize("name", LISTS)
def test_torch_and_what_it_alone_brings_are_left_to_the_machine(name: str):
    names = {canonicalize_name(requirement.name) for requirement, _ in locked(name)}
    assert not names & {*UNLOCKED, "sympy", "mpmath", "triton"}
    assert not [package for package in names if package.startswith("nvidia-")]


@pytest.mark.parametrize("name", LISTS)
def test_whatever_a_locked_package_needs_is_locked(name: str):
    """Asked of what is installed here: pip is told to look for nothing else."""
    have = chosen(name, SYSTEMS[0])
    lacking = set()
    for package, version in have.items():
        try:
            found = distribution(package)
        except PackageNotFoundError:
            continue
        if found.version != version:
            continue  # the environment has another set: its needs say nothing of this one
        for text in found.requires or ():
            needed = Requirement(text)
            applies = needed.marker is None or needed.marker.evaluate({**SYSTEMS[0], "extra": ""})
            if applies and canonicalize_name(needed.name) not in {*have, *UNLOCKED}:
                lacking.add(f"{package}: {text}")
    assert not lacking


def test_on_another_system_the_locks_name_nothing_and_the_lists_rule():
    other = {"sys_platform": "linux", "platform_machine": "aarch64", "python_version": "3.11"}
    for name in LISTS:
        assert chosen(name, {**other, "python_full_version": "3.11.4"}) == {}


EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
TAKEN_TOGETHER = {"networks", "all"}
"""Without a lock: what `networks` brings beside torch is in that of `train`; one of all would mix numpy 1 and 2."""


def needs_of(extra: str) -> set[str]:
    names = set()
    for text in EXTRAS[extra]:
        needed = Requirement(text)
        names |= {name for other in needed.extras for name in needs_of(other)} or {canonicalize_name(needed.name)}
    return names


@pytest.mark.parametrize("extra", sorted(set(EXTRAS) - TAKEN_TOGETHER))
def test_what_an_extra_adds_is_locked(extra: str):
    own = {canonicalize_name(requirement.name) for requirement, _ in locked(f"tools/locks/{extra}")}
    base = {canonicalize_name(requirement.name) for requirement, _ in locked("requirements-base")}
    needed = needs_of(extra) - UNLOCKED
    assert needed
    if extra == "mediapipe":
        assert base | needed <= own  # the whole base once more, as numpy is another
        (numpy,) = {
            requirement.specifier for requirement, _ in locked("tools/locks/mediapipe") if requirement.name == "numpy"
        }
        assert numpy.contains("1.26.4")
    else:
        assert needed <= own | base
        assert not own & (base | UNLOCKED)


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("make") is None, reason="make or its shell is missing")
@pytest.mark.parametrize("name", LISTS)
def test_make_holds_files_against_the_lock_unless_it_is_told_not_to(name: str, tmp_path: Path):
    target = f"{tmp_path}/venv/.installed{'-dev' if name.endswith('dev') else ''}"

    def commands(*options: str) -> list[str]:
        make = ["make", "--dry-run", f"VENV={tmp_path}/venv", *options, target]
        done = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True)
        return [part for line in done.stdout.splitlines() for part in line.split(" && ")]

    checked = f"--no-deps --require-hashes -r {name}.lock"
    then = f" install --disable-pip-version-check -r {name}.txt"
    installs = commands()
    first = next(index for index, command in enumerate(installs) if command.endswith(checked))
    assert installs[first + 1].endswith(then)
    unchecked = commands("LOCKED=0")
    assert [command for command in unchecked if command.endswith(then)]
    assert not [command for command in unchecked if "hashes" in command]


def test_markers_are_understood_by_the_pip_that_python_brings():
    """Python 3.11 brings pip 22.3, whose parser knows the names of PEP 508 alone."""
    known = {"python_full_version", "python_version", "sys_platform", "platform_machine", "implementation_name"}
    for name in LISTS:
        for requirement, _ in locked(name):
            assert isinstance(requirement.marker, Marker)
            assert set(re.findall(r"[a-z]+_[a-z_]+", str(requirement.marker))) - {"x86_64"} <= known
