"""The wheel in a virtual environment of its own, beside a program whose packages have the same names as ours."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from app import __version__
from tools.build_wheel.build import contents
from tools.bundle import parts

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


class Installed(NamedTuple):
    """Where the wheel is installed.

    Attributes:
        wheel: the file.
        python: of the environment.
        home: of a person who has nothing yet.
    """

    wheel: Path
    python: Path
    home: Path

    def run(self, *command: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "XDG", "BOTHHANDS"))}
        return subprocess.run(
            list(map(str, command)),
            cwd=folder or self.home,
            env={**clean, "HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def program(self) -> Path:
        return self.python.with_name("bothhands")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("setuptools is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT]
    done = subprocess.run(list(map(str, build)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("bothhands-*.whl")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    install = [*pip, "--python", python, "install", "--no-deps", "--no-index", wheel]
    done = subprocess.run(list(map(str, install)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (library,) = (folder / "venv" / "lib").glob("python*/site-packages")
    # Nothing is downloaded: what the wheel needs is taken from the environment in which the tests run.
    (library / "tested.pth").write_text(sysconfig.get_path("purelib"))
    (folder / "home").mkdir()
    return Installed(wheel, python, folder / "home")


def test_the_wheel_holds_one_package_with_the_assets(installed: Installed):
    with zipfile.ZipFile(installed.wheel) as archive:
        names = set(archive.namelist())
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith("METADATA"))
    assert {name.partition("/")[0] for name in names} == {"bothhands", f"bothhands-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name]
    for name in (
        "py.typed",
        "assets/demo.mp4",
        "assets/networks/palm_detection_full.tflite",
        "assets/networks/LICENSE",
    ):
        assert f"bothhands/{name}" in names
    shipped = [path for path in contents() if path.parts[0] != "bothhands"]
    assert {f"bothhands/{path.as_posix()}" for path in shipped} <= names
    assert f"\nVersion: {__version__}\n" in metadata


def test_a_program_with_the_same_names_beside_it(installed: Installed, tmp_path: Path):
    (tmp_path / "models.py").write_text("WHOSE = 'mine'\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("WHOSE = 'mine'\n")
    (tmp_path / "program.py").write_text(
        "import app, models, sys\n"
        "from bothhands import HandModel, Tracker, __version__, load_session, open_source\n"
        "import bothhands.models.registry as registry\n"
        "assert (app.WHOSE, models.WHOSE) == ('mine', 'mine')\n"
        "assert app.__file__ != sys.modules['bothhands.app'].__file__\n"
        "strangers = {'tracking', 'render', 'training', 'evaluation'} & set(sys.modules)\n"
        "assert not strangers, strangers\n"
        "print(__version__, HandModel.__module__, *registry.list_models())\n"
    )
    done = installed.run(installed.python, "program.py", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[:2] == [__version__, "bothhands.models.hand_model"]
    assert "lwa-hand" in done.stdout


def test_its_command_says_what_it_can_and_which_models_there_are(installed: Installed):
    helped = installed.run(installed.program, "--help")
    assert helped.returncode == 0, helped.stderr
    assert "Usage: bothhands" in helped.stdout
    listed = installed.run(installed.program, "models", "--json")
    assert listed.returncode == 0, listed.stderr
    assert {"landmark-fit", "lwa-hand", "eanet-mobile"} <= {card["name"] for card in json.loads(listed.stdout)}
    wrong = installed.run(installed.program, "process", "--nothing")
    assert wrong.returncode == 2
    assert "`bothhands process --help`" in wrong.stderr


@pytest.mark.parametrize("model", ["landmark-fit", "lwa-hand"])
def test_it_tracks_frames_of_the_demo(installed: Installed, tmp_path: Path, model: str):
    cut = (
        "import sys; from bothhands.app.demo import demo_clip; import av, itertools, pathlib; from PIL import Image\n"
        "with av.open(str(demo_clip())) as clip:\n"
        "    for number, frame in enumerate(itertools.islice(clip.decode(video=0), 4)):\n"
        "        frame.to_image().save(pathlib.Path(sys.argv[1], f'{number}.png'))\n"
    )
    (tmp_path / "frames").mkdir()
    done = installed.run(installed.python, "-c", cut, tmp_path / "frames")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    command = ("process", tmp_path / "frames", "--sequence", "--no-video", "--device", "cpu", "--model", model)
    done = installed.run(installed.program, *command, "--out", out)
    assert done.returncode == 0, done.stderr
    session = json.loads((out / "session.json").read_text())
    assert (session["frames"], session["app_version"], session["model"]) == (4, __version__, model)


def test_nothing_is_written_into_the_installation(installed: Installed, tmp_path: Path):
    """It may be read-only; the cache and the settings have places of their own."""
    library = next(installed.python.parents[1].glob("lib/python*/site-packages/bothhands"))

    def files() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in library.rglob("*") if "__pycache__" not in path.parts}

    before = files()
    done = installed.run(installed.program, "process", ROOT / "docs/replay.jpg", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert installed.run(installed.program, "doctor").stdout.startswith("ok")
    assert files() == before


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "--map-root-user", "--mount", "true"], check=False, capture_output=True).returncode
    != 0,
    reason="nothing can be mounted here",
)
@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor",),
        ("models",),
        ("process", ROOT / "docs/replay.jpg", "--out", "out"),
        ("weights", "install", ROOT / "assets/weights/lwa-hand.safetensors", "--model", "lwa-hand"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_it_runs_from_an_installation_that_is_read_only(
    installed: Installed, tmp_path: Path, arguments: tuple[str | Path, ...]
):
    """Mounted so, which root is bound by as well."""
    place = installed.python.parents[1]
    mounting = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && ! touch "$0/x" 2>/dev/null && exec "$@"'
    isolated = ("unshare", "--map-root-user", "--mount", "sh", "-c", mounting, place)
    done = installed.run(*isolated, installed.program, *arguments, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Read-only" not in done.stdout + done.stderr


def unpacked(wheel: Path, environment: Path) -> Path:
    """Make an environment with the wheel's files and the packages of this one; returns where its packages lie."""
    venv.create(environment, with_pip=False, symlinks=True)
    (library,) = (environment / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(library)
    (library / "tested.pth").write_text(sysconfig.get_path("purelib"))
    return library


def test_two_versions_live_side_by_side(installed: Installed, tmp_path: Path):
    """With one home: each says what it is, and reads what the other recorded."""
    library = unpacked(installed.wheel, tmp_path / "venv")
    about = library / "bothhands" / "app" / "__init__.py"
    text = about.read_text(encoding="utf-8")
    assert __version__ in text
    about.write_text(text.replace(__version__, "9.9.9"), encoding="utf-8")
    start = (tmp_path / "venv" / "bin" / "python", "-m", "bothhands")
    programs: dict[str, tuple[str | Path, ...]] = {__version__: (installed.program,), "9.9.9": start}
    for version, program in programs.items():
        assert installed.run(*program, "--version").stdout.split() == ["bothhands", version]
        out = tmp_path / version
        done = installed.run(*program, "process", ROOT / "docs/replay.jpg", "--no-video", "--out", out)
        assert done.returncode == 0, done.stderr
        assert json.loads((out / "session.json").read_text())["app_version"] == version
    for program, other in zip(programs.values(), reversed(programs), strict=True):
        done = installed.run(*program, "export", tmp_path / other, "--format", "csv")
        assert done.returncode == 0, done.stderr


def test_where_a_bundle_marked_it_it_advises_what_can_be_done_there(installed: Installed, tmp_path: Path):
    library = unpacked(installed.wheel, tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    asked = "import bothhands.models.extras as extras; print(extras.remedy('ray'))"
    assert installed.run(python, "-c", asked).stdout == 'pip install "bothhands[ray]"\n'
    parts.mark(library)
    advised = f'pipx install "./bothhands-{__version__}-py3-none-any.whl[ray]"\n'
    assert installed.run(python, "-c", asked).stdout == advised


def test_weights_go_to_the_person_and_not_into_the_installation(installed: Installed):
    library = next(installed.python.parents[1].glob("lib/python*/site-packages/bothhands"))
    before = {path: path.stat().st_mtime_ns for path in library.rglob("*") if "__pycache__" not in path.parts}
    shipped = library / "assets" / "weights" / "lwa-hand.safetensors"
    done = installed.run(installed.program, "weights", "install", shipped, "--model", "lwa-hand")
    assert done.returncode == 0, done.stderr
    own = list(installed.home.rglob("lwa-hand.safetensors"))
    assert [path.read_bytes() == shipped.read_bytes() for path in own] == [True]
    after = {path: path.stat().st_mtime_ns for path in library.rglob("*") if "__pycache__" not in path.parts}
    assert after == before
    used = "import bothhands.models.places as places; print(places.weights_file('lwa-hand.safetensors'))"
    assert Path(installed.run(installed.python, "-c", used).stdout.strip()) == own[0]
