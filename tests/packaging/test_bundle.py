"""The one file for Linux: what is left out and copied, how it unpacks itself, and what a desktop reads."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from app import __version__
from render.protocol import SIDE_COLOURS
from tools.bundle import files, libraries, packing, parts, runtime
from tools.try_installation import hands_on

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the bundle is made on Linux")
needs_compiler = pytest.mark.skipif(
    shutil.which("gcc") is None or shutil.which("readelf") is None, reason="gcc and binutils are not installed"
)
needs_xz = pytest.mark.skipif(shutil.which("xz") is None, reason="xz is not installed")


@pytest.fixture
def appdir(tmp_path: Path) -> Path:
    """An AppDir whose program says with what it was started, and from where."""
    folder = tmp_path / "Bothhands.AppDir"
    folder.mkdir()
    files.write(folder, "1.2.3")
    (folder / "AppRun").write_text('#!/bin/sh\necho "$(dirname "$0"):" "$@"\n')
    return folder


@pytest.fixture
def packed(appdir: Path, tmp_path: Path) -> Path:
    target = tmp_path / "bothhands.run"
    packing.self_extracting(appdir, target, "1.2.3", level=0)
    return target


def start(program: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)


@needs_xz
def test_it_unpacks_itself_once_and_starts_from_there(packed: Path, tmp_path: Path):
    home = str(tmp_path / "home")
    first = start(packed, "process", "a b", HOME=home)
    assert first.returncode == 0, first.stderr
    place, _, arguments = first.stdout.strip().partition(": ")
    assert (arguments, "unpacking" in first.stderr) == ("process a b", True)
    assert place.startswith(f"{home}/.cache/bothhands/program-1.2.3-")
    again = start(packed, HOME=home)
    assert (again.stdout.strip(), again.stderr) == (f"{place}:", "")
    assert [path.name for path in Path(home, ".cache", "bothhands").iterdir()] == [Path(place).name]


@needs_xz
def test_two_versions_live_side_by_side(packed: Path, appdir: Path, tmp_path: Path):
    (appdir / "other").write_text("another build of the same version\n")
    other = tmp_path / "other.run"
    packing.self_extracting(appdir, other, "1.2.3", level=0)
    home = str(tmp_path / "home")
    places = {start(program, HOME=home).stdout for program in (packed, other, packed)}
    assert len(places) == len(list(Path(home, ".cache", "bothhands").iterdir())) == 2


@needs_xz
def test_the_same_folder_gives_the_same_file(packed: Path, appdir: Path, tmp_path: Path):
    os.utime(appdir / "AppRun", (1, 1))
    packing.self_extracting(appdir, tmp_path / "again.run", "1.2.3", level=0)
    assert (tmp_path / "again.run").read_bytes() == packed.read_bytes()


@needs_xz
def test_without_a_home_or_a_folder_to_write_it_says_what_helps(packed: Path, tmp_path: Path):
    done = start(packed)
    assert done.returncode == 2
    assert re.fullmatch(r"bothhands: there is no home folder; set BOTHHANDS_UNPACKED to .*\n", done.stderr)
    (tmp_path / "file").write_text("")
    done = start(packed, HOME=str(tmp_path / "file"))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("cannot be written; set BOTHHANDS_UNPACKED to a folder that can.")
    done = start(packed, BOTHHANDS_UNPACKED=str(tmp_path / "chosen"))
    assert done.stdout.startswith(f"{tmp_path}/chosen/bothhands/program-1.2.3-")


@needs_xz
def test_a_file_that_was_cut_off_says_so_and_leaves_nothing(packed: Path, tmp_path: Path):
    packed.write_bytes(packed.read_bytes()[:-200])
    done = start(packed, HOME=str(tmp_path / "home"))
    assert done.returncode == 2
    assert "cannot be unpacked" in done.stderr
    assert list((tmp_path / "home" / ".cache" / "bothhands").iterdir()) == []


@needs_xz
def test_it_lists_itself_in_the_menu(packed: Path, tmp_path: Path):
    done = start(packed, "--add-to-menu", HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(tmp_path / ".local/share/applications/bothhands.desktop")
    assert entry["Desktop Entry"]["exec"] == f'"{packed}"'
    assert (tmp_path / ".local/share/icons/hicolor/scalable/apps/bothhands.svg").is_file()


def test_the_desktop_reads_an_entry_an_icon_and_metadata(appdir: Path):
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(appdir / "bothhands.desktop")
    about = entry["Desktop Entry"]
    assert (about["type"], about["exec"], about["icon"]) == ("Application", "bothhands", "bothhands")
    assert about["categories"].endswith(";")
    assert ET.parse(appdir / "bothhands.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert (appdir / ".DirIcon").resolve() == (appdir / "bothhands.svg").resolve()
    described = ET.parse(appdir / "usr/share/metainfo/bothhands.metainfo.xml").getroot()
    assert described.findtext("id") == "bothhands"
    assert described.findtext("launchable") == "bothhands.desktop"
    assert [release.get("version") for release in described.iter("release")] == ["1.2.3"]


def test_the_entry_is_the_one_that_the_window_belongs_to():
    source = (Path(__file__).parents[2] / "app/window/application.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("bothhands")' in source


def test_what_is_left_out_is_what_the_list_names(tmp_path: Path):
    kept = ("PyQt5/QtCore.abi3.so", "PyQt5/Qt5/plugins/platforms/libqxcb.so", "pyarrow/libarrow.so.2600")
    kept += ("openvino/libs/libopenvino_intel_cpu_plugin.so", "numpy/testing/__init__.py", "bothhands/tests/x.py")
    kept += ("PyQt5/Qt5/translations/qtbase_de.qm", "bothhands/assets/weights/lwa-hand.safetensors")
    kept += ("pyarrow/libarrow_python.so.2600", "pyarrow/_compute.cpython-311-x86_64-linux-gnu.so")
    gone = ("PyQt5/Qt5/qml/a/b.qml", "PyQt5/QtQuick.abi3.so", "numba/tests/test_a.py", "numpy/a/b.pyi", "bin/f2py")
    gone += ("openvino/libs/libopenvino_intel_gpu_plugin.so", "pyarrow/libarrow_flight.so.2600")
    gone += ("bothhands/assets/weights/eanet-mobile.safetensors", "pyarrow/libarrow_python.so.2600.1.0")
    gone += ("pyarrow/libarrow_python.so", "pyarrow/_dataset_parquet.cpython-311-x86_64-linux-gnu.so")
    gone += tuple(f"PyQt5/Qt5/translations/{name}.qm" for name in ("qtbase_fr", "qtbase_da", "qt_de", "qtquick_de"))
    for name in (*kept, *gone):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345678")
    assert parts.trim(tmp_path) == 8 * len(gone)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == set(kept)


def test_nothing_is_left_out_that_the_program_imports():
    from test_base import all_imports, base_modules

    imported = {name for path in base_modules().values() for name in all_imports(path)}
    assert "numba" in imported
    unwanted = parts.patterns("left_out.txt")
    assert [name for name in imported if parts.matches(name, unwanted)] == []
    window = Path(__file__).parents[2] / "app" / "window"
    modules = {name for path in window.glob("*.py") for name in re.findall(r"from (PyQt5\.\w+)", path.read_text())}
    assert modules >= {"PyQt5.QtCore", "PyQt5.QtWidgets"}
    assert [name for name in modules if parts.matches(f"{name.replace('.', '/')}.abi3.so", unwanted)] == []


@pytest.mark.skipif(shutil.which("readelf") is None, reason="binutils are not installed")
def test_compiled_files_are_found_and_what_they_need(tmp_path: Path):
    shutil.copy(Path(sys.executable).resolve(), tmp_path / "python")
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (tmp_path / "script").chmod(0o755)
    (tmp_path / "text.so").write_text("none")
    assert list(libraries.compiled_files(tmp_path)) == [tmp_path / "python"]
    assert "libc.so.6" in libraries.needed(tmp_path / "python")
    assert libraries.c_library_version(tmp_path) >= (2, 2)


@pytest.mark.skipif(shutil.which("readelf") is None, reason="binutils are not installed")
def test_all_libraries_that_this_machine_lacks_are_named_with_their_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copy(Path(sys.executable).resolve(), tmp_path / "python")
    monkeypatch.setattr(libraries, "OF_EVERY_DESKTOP", frozenset())
    monkeypatch.setattr(libraries, "_of_this_machine", dict)
    monkeypatch.setattr(libraries, "_search_path", lambda path: [])
    monkeypatch.setattr(libraries, "needed", lambda path: ["libxcb-icccm.so.4", "libGL.so.1"])
    with pytest.raises(libraries.MissingLibraryError) as raised:
        libraries.complete(tmp_path, tmp_path)
    assert "python needs libGL.so.1; python needs libxcb-icccm.so.4" in str(raised.value)
    assert "`apt-get install libgl1 libxcb-icccm4`" in str(raised.value)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A module that uses one library and was linked with two, as compiled files."""
    texts = {
        "libused.so": "int used(void) { return 1; }",
        "libother.so": "int other(void) { return 2; }",
        "module.abi3.so": "int used(void); int start(void) { return used(); }",
    }
    linked = {"module.abi3.so": ["-L.", "-Wl,--no-as-needed", "-lused", "-lother", "-Wl,-rpath,$ORIGIN"]}
    for name, text in texts.items():
        (tmp_path / "source.c").write_text(text)
        command = ["gcc", "-shared", "-fPIC", "-o", name, "source.c", *linked.get(name, [])]
        subprocess.run(command, cwd=tmp_path, check=True)
    return tmp_path


@needs_compiler
def test_a_library_of_which_nothing_is_used_is_found_and_others_stay(package: Path):
    assert list(libraries.unused(package, package)) == []  # both are asked for
    assert list(libraries.needless(package)) == [(package / "module.abi3.so", "libother.so")]


@needs_compiler
def test_libraries_that_nothing_asks_for_are_unused(package: Path):
    (package / "module.abi3.so").rename(package / "lib.abi3.so")  # a module, whatever its name begins with
    assert list(libraries.unused(package, package)) == []
    (package / "lib.abi3.so").unlink()
    assert list(libraries.unused(package, package)) == [package / "libother.so", package / "libused.so"]


@needs_compiler
def test_compiled_files_that_cannot_be_loaded_are_named(package: Path, tmp_path: Path):
    python = Path(sys.executable)
    assert libraries.faults(package, python) == []
    (package / "libother.so").unlink()
    (fault,) = libraries.faults(package, python)
    assert fault.startswith("module.abi3.so: OSError: libother.so: cannot open shared object file")


@needs_compiler
def test_a_library_of_this_machine_that_should_have_been_copied_is_named(package: Path):
    (package / "inside").mkdir()
    (package / "module.abi3.so").rename(package / "inside" / "module.abi3.so")
    python = Path(sys.executable)
    assert len(libraries.faults(package / "inside", python)) == 1  # its libraries are not beside it
    subprocess.run(
        [
            "gcc",
            "-shared",
            "-fPIC",
            "-o",
            "inside/module.abi3.so",
            "source.c",
            "-L.",
            "-lused",
            f"-Wl,-rpath,{package}",
        ],
        cwd=package,
        check=True,
    )
    assert libraries.faults(package / "inside", python) == [f"module.abi3.so: takes {package}/libused.so"]


@needs_compiler
def test_a_machine_that_cannot_compile_a_runtime_is_told_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runtime, "_LIBRARIES", ("none_of_that_name",))
    with pytest.raises(runtime.CannotCompileError, match=r"libsquashfuse-dev.* missing"):
        runtime.compile_runtime(tmp_path / "runtime", "1")
    monkeypatch.setattr(runtime, "COMPILER", "no-such-compiler")
    with pytest.raises(runtime.CannotCompileError, match="no-such-compiler is not installed"):
        runtime.compile_runtime(tmp_path / "runtime", "1")


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="only Debian's packages are read")
def test_copied_libraries_bring_their_licences(monkeypatch: pytest.MonkeyPatch):
    text = libraries.copyrights(["libc.so.6", "libm.so.6"])
    assert text.count("Debian's libc6 (libc.so.6, libm.so.6)") == 1
    assert "Lesser General" in " ".join(text.split())
    monkeypatch.setattr(libraries, "_of_this_machine", lambda: {"libnone.so.1": Path("/opt/libnone.so.1")})
    with pytest.raises(libraries.MissingLibraryError, match=r"what licence libnone\.so\.1 has"):
        libraries.copyrights(["libnone.so.1"])


def test_hands_are_known_on_a_screen_by_their_colours():
    picture = np.full((200, 300, 3), 40, np.uint8)
    assert hands_on(picture) == set()
    picture[:100, :100] = 0.7 * np.array(SIDE_COLOURS["left"])
    assert hands_on(picture) == {"left"}
    picture[:100, 150:] = SIDE_COLOURS["right"]
    assert hands_on(picture) == {"left", "right"}


def test_the_version_of_the_bundle_is_the_programs():
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
