"""What is published of a version: the parts of `make release`, and that it refuses what is not a commit."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from app.licences import declared
from models.errors import BothhandsError
from tools.release import checksums, licences, sbom
from tools.release.__main__ import make, try_bundles
from tools.release.tree import clean_commit, export

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements-base.lock").read_text(encoding="utf-8")


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / ".gitignore").write_text("build/\n")
    (folder / "program.py").write_text("print('one')\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "One")
    return folder


def change(folder: Path) -> None:
    (folder / "program.py").write_text("print('two')\n")


def stage(folder: Path) -> None:
    change(folder)
    git(folder, "add", "program.py")


def add(folder: Path) -> None:
    (folder / "new.py").write_text("\n")


def delete(folder: Path) -> None:
    (folder / "program.py").unlink()


@pytest.mark.parametrize(
    ("spoil", "named"), [(change, "program.py"), (stage, "program.py"), (add, "new.py"), (delete, "program.py")]
)
def test_a_checkout_that_differs_from_its_commit_is_refused(checkout: Path, tmp_path: Path, spoil, named: str):
    spoil(checkout)
    with pytest.raises(BothhandsError, match=rf"clean checkout.*{named}"):
        make(checkout, tmp_path / "out", tmp_path / "work", [])
    assert not (tmp_path / "out").exists()


def test_what_git_does_not_know_is_refused(tmp_path: Path):
    with pytest.raises(BothhandsError, match="no checkout of git"):
        make(tmp_path, tmp_path / "out", tmp_path / "work", [])
    git(tmp_path, "init", "--quiet")
    with pytest.raises(BothhandsError, match="no checkout of git"):
        clean_commit(tmp_path)


def test_another_release_is_not_overwritten(checkout: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "bothhands-0.1.0.tar.gz").write_bytes(b"")
    with pytest.raises(BothhandsError, match="another release"):
        make(checkout, tmp_path / "out", tmp_path / "work", [])


def test_a_release_that_fails_leaves_nothing_in_the_way_of_the_next(checkout: Path, tmp_path: Path):
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):  # what is to be built is no project
            make(checkout, tmp_path / "out", tmp_path / "work", [])
        assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the bundle is made on Linux")
@pytest.mark.parametrize("server", [True, False])
def test_each_bundle_is_tried_and_one_that_fails_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: bool
):
    python = tmp_path / "usr" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$*" >> tried\ncase "$*" in *bad*) exit 1;; esac\n')
    python.chmod(0o755)
    made = tmp_path / "made"
    made.mkdir()
    for name in ("a.AppImage", "a.run", "a.whl"):
        (made / name).touch()
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/Xvfb" if server else None)
    try_bundles(made, tmp_path, tmp_path)
    tried = (tmp_path / "tried").read_text().splitlines()
    end = "" if server else " --no-window"
    assert tried == [f"-B -m tools.try_installation {made / name}{end}" for name in ("a.AppImage", "a.run")]
    (made / "bad.run").touch()
    with pytest.raises(subprocess.CalledProcessError):
        try_bundles(made, tmp_path, tmp_path)


def test_only_the_commits_files_are_built(checkout: Path, tmp_path: Path):
    (checkout / "build").mkdir()
    (checkout / "build" / "left.txt").write_text("ignored by git, and not clean")
    export(checkout, clean_commit(checkout), tmp_path / "source")
    assert {path.name for path in (tmp_path / "source").iterdir()} == {".gitignore", "program.py"}


def test_the_command_refuses_in_one_sentence(checkout: Path, tmp_path: Path):
    for package in ("tools", "models", "app"):
        shutil.copytree(ROOT / package, checkout / package, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "tools.release", "--out", tmp_path / "out"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("release: A release is made of a clean checkout")
    assert done.stderr.count("\n") == 1


def test_sums_are_those_that_sha256sum_checks(tmp_path: Path):
    (tmp_path / "one.whl").write_bytes(b"one")
    (tmp_path / "two.run").write_bytes(b"two" * 100_000)
    checksums.write(tmp_path)
    again = checksums.write(tmp_path).read_text()  # does not count itself
    assert [line.split()[1] for line in again.splitlines()] == ["one.whl", "two.run"]
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", checksums.NAME], cwd=tmp_path, check=True)
        (tmp_path / "one.whl").write_bytes(b"another")
        assert subprocess.run(["sha256sum", "--check", checksums.NAME], cwd=tmp_path, check=False).returncode


def test_every_package_has_a_licence_that_is_named():
    parts = [distribution(name) for name, _ in sbom.packages(LOCK) if _installed(name)]
    assert len(parts) > 25
    unnamed = [part.metadata["Name"] for part in parts if not declared(part)]
    assert unnamed == []


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except ModuleNotFoundError:
        return False
    return True


def test_licence_texts_are_gathered_each_once(tmp_path: Path):
    for name, licence in (("first", "MIT"), ("second", "BSD-3-Clause")):
        about = tmp_path / f"{name}-1.0.dist-info"
        (about / "licenses").mkdir(parents=True)
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: {licence}\n"
        )
        (about / "licenses" / "LICENSE").write_text("You may, and äöü.", encoding="utf-8")
        (about / "RECORD").write_text(
            f"{about.name}/licenses/LICENSE,,\n{about.name}/METADATA,,\n{name}/licence.py,,\n"
        )
    text = licences.collect([tmp_path])
    assert "first 1.0: MIT\nsecond 1.0: BSD-3-Clause\nPython 3." in text
    assert text.count("You may, and äöü.") == 1
    assert "The same text as of first, first-1.0.dist-info/licenses/LICENSE." in text
    assert "licence.py" not in text
    assert (ROOT / "NOTICE").read_text(encoding="utf-8").strip() in text


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("License-Expression: MIT\nLicense: old text", "MIT"),
        ("License: UNKNOWN", "not declared"),
        ("", "not declared"),
        ("License: Apache 2.0\n  and many lines", "Apache 2.0"),
        ("License: long\nClassifier: License :: OSI Approved :: BSD License", "BSD License"),
        ("License: GPL v3\nClassifier: License :: OSI Approved", "GPL v3"),
    ],
)
def test_the_declared_licence_is_one_line(tmp_path: Path, metadata: str, expected: str):
    about = tmp_path / "part-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: part\nVersion: 1.0\n{metadata}\n")
    assert f"part 1.0: {expected}\n" in licences.collect([tmp_path])


def test_the_list_of_parts_has_the_version_and_the_networks():
    listed = sbom.completed({"metadata": {"component": {"name": "bothhands"}}, "components": []}, ROOT, "1.2.3")
    assert listed["metadata"]["component"]["version"] == "1.2.3"
    assert {part["bom-ref"] for part in listed["components"]} == set(sbom.ASSETS)
    assert all(len(part["hashes"][0]["content"]) == 64 for part in listed["components"])
    json.dumps(listed)


def test_every_network_of_the_program_is_in_the_list_of_parts():
    from tools.build_wheel.build import contents

    shipped = {path.as_posix() for path in contents() if path.suffix in (".tflite", ".safetensors")}
    assert shipped == set(sbom.ASSETS)


def test_the_locks_packages_are_read():
    assert ("numba", "0.1") in sbom.packages("numba==0.1 \\\n    --hash=sha256:00\nnumpy==2 ; python_version < '3'\n")
    assert {name for name, _ in sbom.packages(LOCK)} >= {"numpy", "openvino", "pyqt5"}
