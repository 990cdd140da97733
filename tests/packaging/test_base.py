"""What is in the wheel's base: everything that live tracking on a processor imports, and nothing that is large."""

from __future__ import annotations

import ast
import functools
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

from app import doctor
from models import extras
from tools.build_wheel.build import PACKAGE, ROOMS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
HEAVY = ("torch", "scipy", "mediapipe", "jax", "matplotlib", "trimesh")
HEAVY += ("smplx", "pyrender", "ray", "rerun", "pyvirtualcam")
STARTS = ("bothhands.__main__", "app.cli", "app.window", "app.live.factories", "app.processing", "tracking.tracker")
"""Where a person, or a program, begins; what is imported late is followed as well."""
TRAINED = ("training", "evaluation")
OPTIONAL = {"app.training", "app.evaluation", "app.annotated_evaluation", "app.bench", "app.weights"}
"""Commands that need an extra, and say so."""


@functools.cache
def distributions() -> dict[str, set[str]]:
    """Of each module that is installed, the packages that bring it."""
    found = packages_distributions().items()
    return {module: {name.lower().replace("_", "-") for name in names} for module, names in found} | {
        # The tests run with mediapipe's OpenCV, the base has the one without windows: they are one module.
        "cv2": {"opencv-python-headless", "opencv-contrib-python"},
        "cv2_enumerate_cameras": {"cv2-enumerate-cameras"},  # of Windows and macOS, not installed on Linux
    }


def requirement_names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\s\[<>=!~;]", requirement)[0].lower() for requirement in requirements}


@functools.cache
def base_modules() -> dict[str, Path]:
    """Modules that can be reached from `STARTS` without an extra, by name."""
    found: dict[str, Path] = {}
    waiting = list(STARTS)
    # Found by name at run time, so that no import statement leads to them.
    waiting += ["models.landmark_fit", *(f"app.outputs.export.{name}_writer" for name in ("bvh", "csv", "glb", "npz"))]
    while waiting:
        name = waiting.pop()
        path = ROOT.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name in found or not path.is_file() or name.split(".")[0] in TRAINED or name in OPTIONAL:
            continue
        if any(heavy in extras._PACKAGES for heavy in top_imports(path)):
            continue  # is imported where its extra is
        found[name] = path
        waiting += [name.rpartition(".")[0]]
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
    return found


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def top_imports(path: Path) -> set[str]:
    """Packages that a module imports when it is loaded itself."""
    body = parsed(path).body
    names = [alias.name for node in body if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in body if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


@functools.cache
def all_imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):  # what only type checkers read is needed by nobody
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


def test_every_package_that_the_base_imports_is_one_of_its_dependencies():
    own = {*ROOMS, PACKAGE, *sys.stdlib_module_names}
    modules = base_modules()
    assert {"app.live.live_session", "tracking.detector.openvino_detector", "models.fitting.hand_fitter"} <= set(
        modules
    )
    imported = {name for path in modules.values() for name in all_imports(path)} - own
    needed = {name for name in imported if name not in extras._PACKAGES}
    declared = requirement_names(PROJECT["dependencies"])
    assert [name for name in sorted(needed) if not distributions().get(name, {name}) & declared] == []


def test_every_dependency_of_the_base_is_imported_by_it():
    imported = {name for path in base_modules().values() for name in all_imports(path)}
    used = {name for module in imported for name in distributions().get(module, ())}
    # numba brings the llvmlite of its own; both are named because one without the other cannot be.
    assert requirement_names(PROJECT["dependencies"]) - used - {"numba", "llvmlite"} == set()


def test_the_base_has_nothing_that_an_extra_is_for():
    assert not requirement_names(PROJECT["dependencies"]) & {*HEAVY, "rerun-sdk", "tensorboard", "safetensors"}
    assert {*extras.EXTRAS, "all"} == set(PROJECT["optional-dependencies"])


def test_the_lock_has_every_dependency_of_the_base_with_hashes():
    text = (ROOT / "requirements-base.lock").read_text(encoding="utf-8")
    entries = re.findall(
        r"^([a-z][\w.-]*)==\S+[^\\\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE
    )
    assert len(entries) == len(re.findall(r"^\w", text, re.MULTILINE))
    assert requirement_names(PROJECT["dependencies"]) <= {name for name, _ in entries}


# All commands in one process, which has the base alone: to start it takes longer than they do.
WITHOUT_EXTRAS = """
import contextlib, io, json, sys
from importlib.machinery import PathFinder

class Base:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return None if name.partition(".")[0] in {packages!r} else PathFinder.find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Base
from app.cli import main

for line in sys.stdin:
    sys.argv = ["main.py", *json.loads(line)]
    said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said[0]), contextlib.redirect_stderr(said[1]):
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
    print(json.dumps([code, *(stream.getvalue() for stream in said)]), flush=True)
"""
WANTED = {
    ("process", "docs/replay.jpg", "--model", "eanet-mobile"): "networks",
    ("process", "docs/replay.jpg", "--model", "eanet"): "networks",  # which has no weights either
    ("process", "docs/replay.jpg", "--device", "cuda"): "networks",
    ("process", "docs/replay.jpg", "--detector", "mediapipe"): "mediapipe",
    ("process", "docs/replay.jpg", "--renderer", "pyrender"): "pyrender",
    ("process", "assets", "--ray", "auto"): "ray",
    ("process", "docs/replay.jpg", "--virtual-camera"): "virtual-camera",
    ("train", "lwa-hand"): "train",
    ("evaluate", "synthetic", "--model", "landmark-fit"): "train",
    ("synthesize", "drawn", "--count", "1"): "train",
    ("bench", "assets/demo.mp4"): "mediapipe",
    ("weights", "install", "assets/weights/lwa-hand.safetensors", "--model", "lwa-hand"): "networks",
}
"""The extra that a command wants."""


class Ended(NamedTuple):
    code: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def without_extras() -> Iterator[Callable[..., Ended]]:
    """Calls the command line in an environment that has the base alone."""
    process = subprocess.Popen(
        [sys.executable, "-c", WITHOUT_EXTRAS.format(packages=tuple(extras._PACKAGES))],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None

        def run(*arguments: str | Path) -> Ended:
            process.stdin.write(json.dumps([*map(str, arguments)]) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, f"the process has ended over {arguments}"
            return Ended(*json.loads(answer))

        yield run


@pytest.mark.parametrize(("command", "extra"), WANTED.items(), ids=str)
def test_a_missing_extra_is_named_by_the_command_that_wants_it(
    without_extras, tmp_path: Path, command: tuple[str, ...], extra: str
):
    out = ("--out", tmp_path / "out") if command[0] in ("process", "train") else ()
    done = without_extras(*(tmp_path / part if part == "drawn" else part for part in command), *out)
    assert done.code == 2, done.stderr
    assert "Traceback" not in done.stderr
    said = " ".join(done.stderr.split())
    assert said.count("bothhands: ") == 1, done.stderr
    assert f"extra {extra!r}" in said


def test_the_models_that_can_run_are_listed_and_what_brings_the_others(without_extras):
    done = without_extras("models")
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("landmark-fit\n")
    assert "not installed: eanet" in done.stdout


def test_the_default_model_is_the_two_hand_network_and_needs_no_torch(without_extras, tmp_path: Path):
    done = without_extras("process", "docs/replay.jpg", "--out", tmp_path / "out")
    assert done.code == 0, done.stderr
    assert json.loads((tmp_path / "out" / "session.json").read_text())["model"] == "lwa-hand"


def test_the_doctor_counts_no_extra_as_missing(without_extras):
    done = without_extras("doctor")
    assert "Traceback" not in done.stderr
    blamed = [line for line in done.stdout.splitlines() if line.startswith("missing")]
    assert not [line for line in blamed if any(name in line for name in HEAVY)]
    assert re.search(r"^limited\s+torch: not installed", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("extra", extras.EXTRAS)
def test_in_a_bundle_no_extra_is_to_be_added_to_it(extra: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extras, "BUNDLED", True)
    for module in (extras, doctor):
        monkeypatch.setattr(module, "INSTALLED", True)
    monkeypatch.setattr(extras, "version", {"bothhands": "1.2.3"}.__getitem__)
    assert extras.remedy(extra) == f'pipx install "./bothhands-1.2.3-py3-none-any.whl[{extra}]"'
    said = str(extras.missing("It", extra))
    assert "this bundle lacks and cannot be given: with the wheel of the same release, `pipx install " in said
    assert extras.repair() == "download this bundle again"
    for finding in [doctor.Finding("", "missing", said), *doctor.extras()]:
        assert "pip install" not in finding.detail + finding.remedy


def test_extras_are_added_to_the_environment_that_pipx_or_uv_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extras, "INSTALLED", True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert extras.remedy("ray") == 'pip install "bothhands[ray]"'
    (tmp_path / "uv-receipt.toml").touch()
    assert extras.remedy("ray") == f'uv pip install --python "{tmp_path}" "bothhands[ray]"'
    (tmp_path / "pipx_metadata.json").touch()
    assert extras.remedy("ray") == f'pipx runpip {tmp_path.name} install "bothhands[ray]"'


def test_extras_are_brought_with_the_versions_that_the_tests_run_with(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extras, "INSTALLED", False)
    pins = {
        line.partition("==")[0]: line.strip()
        for file in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / file).read_text().splitlines()
        if "==" in line
    }
    assert extras.remedy("ray") == f"pip install {pins['ray']}"
    assert extras.remedy("rerun") == f"pip install {pins['rerun-sdk']}"
    assert extras.remedy("mediapipe") == f"pip install {pins['mediapipe']}"
    for entries in PROJECT["optional-dependencies"].values():
        for entry in entries:
            if "==" in entry:
                entry = entry.replace("opencv-python-headless", "opencv-contrib-python")  # one version of both
                assert pins[entry.partition("==")[0]] == entry, "pyproject.toml pins another version"
