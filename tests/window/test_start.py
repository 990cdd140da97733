"""The window starts, and ends, on a machine as it comes: what it imports, and what is left of a first start."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from render.auto_renderer import may_have_gpu

ROOT = Path(__file__).parents[2]
COMPILERS = ("triton", "torch._dynamo", "torch._inductor", "torch.utils.flop_counter", "jaxlib")
"""Packages with a compiler of their own, and what imports one: their LLVM and that of Mesa's GL crash each other.
numba's is not among them: it keeps its names to itself."""
PYPI_VARIABLE = "BOTHHANDS_PYPI_VENV"
"""Names a folder in which the environment of the slow test is kept: making it downloads several gigabytes."""
pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server without a screen")

CONVERTS = """
from pathlib import Path
from models.runtime import network_files
network_files.network_note = lambda model: Path("nowhere")
"""
"""As with weights of a person's own, of which there is no network in OpenVINO's files."""
CONVERTS_LITTLE = f"""{CONVERTS}
from models.lwa_hand import reconstructor
from tests.window.two_hands import TwoHands
reconstructor._as_run = lambda network, hand_models: TwoHands().eval()
from app import compiled
compiled.load_beside = lambda modules: None
"""
"""The same, with a network that is converted in seconds, and nothing that a process of its own compiles beside it."""

UNTIL_HANDS_ARE_SHOWN = """
from app.window import application

class Watched(application.MainWindow):
    def _refresh(self):
        super()._refresh()
        if self._session.model_cards and self._session.status.hands and self.figures.age.text() != "age –":
            self.close()

application.MainWindow = Watched
"""
"""A window that closes itself when a frame with its hands has been on the screen."""

WATCH = f"""
import importlib.abc, json, sys

asked = []

class Watch(importlib.abc.MetaPathFinder):
    # Also what is not installed here, and is elsewhere.
    def find_spec(self, name, path=None, target=None):
        if name in {COMPILERS}:
            asked.append(name)
        return None

sys.meta_path.insert(0, Watch())
from pathlib import Path
exec(sys.argv[2])
from app.settings import SettingsStore
from app.window import run_window
{UNTIL_HANDS_ARE_SHOWN}code = run_window(SettingsStore.load(Path(sys.argv[1]) / "settings.json", source="demo"))
loaded = [name for name in {COMPILERS} if name in sys.modules]
mapped = {{line.split()[-1] for line in open("/proc/self/maps") if ".so" in line}}
libraries = sorted(path for path in mapped if any(name in path for name in ("triton", "jaxlib")))
from PyQt5.QtWidgets import QApplication
outlives = QApplication.instance() is not None
print(json.dumps({{"code": code, "asked": asked, "loaded": loaded, "libraries": libraries, "outlives": outlives}}))
"""


def environment(display: str, folder: Path) -> dict[str, str]:
    """A first start: nothing is remembered and nothing is cached."""
    return {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "BOTHHANDS_CONFIG": str(folder / "settings.json"),
    }


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at Linux's list of loaded libraries")
@pytest.mark.slow  # test_conversion.py looks at a process that converts, and the next one at that of the window
@pytest.mark.parametrize("converts", [CONVERTS_LITTLE, CONVERTS], ids=["little", "real"])
def test_the_process_of_the_window_loads_no_compiler(display: str, tmp_path: Path, converts: str):
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(tmp_path), converts],
        cwd=ROOT,
        env=environment(display, tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    # Windows that Qt's application does not outlive end some of ten processes in a crash.
    assert seen == {"code": 0, "asked": [], "loaded": [], "libraries": [], "outlives": True}
    assert list((tmp_path / "cache").rglob("converted/*.xml")), "it was no first start"


WITHOUT_TORCH = f"""
import json, sys
from pathlib import Path
from app import compiled
from app.settings import SettingsStore
from app.window import run_window
{UNTIL_HANDS_ARE_SHOWN}
compiled.load_beside = lambda modules: None  # half a minute of a core, of which nothing comes before the window closes
code = run_window(SettingsStore.load(Path(sys.argv[1]) / "settings.json", source="demo", device="cpu"))
heavy = [name for name in ("torch", "mediapipe") if name in sys.modules]
from PyQt5.QtWidgets import QApplication
print(json.dumps({{"code": code, "heavy": heavy, "outlives": QApplication.instance() is not None}}))
"""


def test_the_window_with_the_default_model_loads_neither_torch_nor_mediapipe(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, str(tmp_path)],
        cwd=ROOT,
        env={**environment("", tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"code": 0, "heavy": [], "outlives": True}
    assert not list((tmp_path / "cache").rglob("converted/*.xml"))


RUN = """
import sys
from app import cli
sys.argv[0] = "main.py"
cli.main()
"""


def start(converts: str, display: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", converts + RUN, "run", *arguments],
        cwd=ROOT,
        env=environment(display, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def converting(process: subprocess.Popen[str]) -> bool:
    """Whether it has started the process that converts a network."""
    # Neither a thread nor a child need be there any more when its file is read.
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children()
        return any("models.runtime.converter" in command_line(child) for child in children)
    return False


def command_line(process: psutil.Process) -> str:
    """What it was started with; nothing of one that has ended, and lies there unread or is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie is one of them
        return ""


@pytest.mark.parametrize(
    ("converts", "number"),
    [
        (CONVERTS_LITTLE, signal.SIGINT),
        pytest.param(CONVERTS, signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(CONVERTS, signal.SIGTERM, marks=pytest.mark.slow),
    ],
)
def test_a_first_start_can_be_ended_while_a_network_is_converted(
    display: str, tmp_path: Path, converts: str, number: int
):
    process = start(converts, display, tmp_path, "--source", str(ROOT / "assets" / "demo.mp4"))
    try:
        while process.poll() is None and not converting(process):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.send_signal(number)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert "terminate" not in said
    assert "hangs" not in said


CLOSE_WHILE_STUCK = """
import sys, threading, time
from app import leaving

def stuck():
    entered.set()
    while True:
        sum(range(1000))

entered = threading.Event()
threading.Thread(target=stuck, name="bothhands-tracking", daemon=True).start()
entered.wait()
print("said")
leaving.leave(3)
"""


def test_what_was_said_is_read_and_the_code_is_kept_where_a_thread_cannot_be_ended():
    done = subprocess.run(
        [sys.executable, "-c", CLOSE_WHILE_STUCK], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "said\n", "")


@pytest.fixture(scope="session")
def pypi_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An environment with what `make run` installs on an ordinary machine: the index's own torch, compilers and all."""
    kept = os.environ.get(PYPI_VARIABLE)
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pypi") / "venv"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PIP_") or name == "PIP_CERT"}
    subprocess.run(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "-r",
            str(ROOT / "requirements.txt"),
        ],
        env={**bare, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""},
        check=True,
    )
    return str(python)


UNTIL_DRAWN = f"""
import os, signal, sys
{CONVERTS}
from app import cli
from app.window import application

class Watched(application.MainWindow):
    def _refresh(self):
        super()._refresh()
        if self._session.model_cards and self._session.status.hands and self.figures.age.text() != "age –":
            os.kill(os.getpid(), signal.SIGINT)

application.MainWindow = Watched
sys.argv = ["main.py", "run", "--source", "demo"]
cli.main()
"""


@pytest.mark.slow
def test_the_window_starts_ten_times_of_ten_with_the_indexs_own_torch(pypi_python: str, display: str, tmp_path: Path):
    seen = subprocess.run([pypi_python, "-c", "import triton"], capture_output=True, check=False)
    assert seen.returncode == 0, "this torch brings no triton: it is not the one that ordinary machines get"
    outcomes = []
    for number in range(10):
        done = subprocess.run(
            [pypi_python, "-c", UNTIL_DRAWN],
            cwd=ROOT,
            # Every other one is a first start, in which a network is converted.
            env=environment(display, tmp_path / str(number // 2)),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        outcomes.append((done.returncode, "Traceback" in done.stderr))
    assert outcomes == [(0, False)] * 10


def test_numbas_llvm_keeps_its_names_to_itself():
    """Why it goes with Mesa's in one process: it is loaded for itself alone, and gives out none of LLVM's names."""
    library = pytest.importorskip("llvmlite.binding.ffi").lib
    assert library.LLVMPY_ContextCreate is not None  # loads it
    assert not hasattr(ctypes.CDLL(None), "LLVMPY_ContextCreate"), "it is not for everybody"
    for name in ("LLVMContextCreate", "LLVMCreateBuilder", "LLVMGetGlobalPassRegistry"):
        assert not hasattr(library._lib, name)


DRAWS_WITH_NUMBA = """
import os, signal, sys
from app import cli, compiled
from app.window import application
from models.runtime.compiled import ready

order, renderer, at_the_end, *options = sys.argv[1:]
beside, compiled.load_beside = compiled.load_beside, lambda modules: None
if order == "before":
    compiled.use_what_is_compiled()
    assert all(map(ready, compiled.MODULES))

class Watched(application.MainWindow):
    drawn = 0

    def _refresh(self):
        super()._refresh()
        if not (self._session.model_cards and self._session.status.hands and self.figures.age.text() != "age –"):
            return
        if order == "after" and not self.drawn:
            beside(compiled.MODULES)
        if not self.drawn or all(map(ready, compiled.MODULES)):
            self.drawn += 1
        if self.drawn == 20:
            exec(at_the_end, {})
            os.kill(os.getpid(), signal.SIGINT)

application.MainWindow = Watched
sys.argv = ["main.py", "run", "--source", "demo", "--renderer", renderer, *options]
cli.main()
"""


COMPILES = """
from app.compiled import MODULES
from models.runtime.compiled import load, problem
assert load(MODULES, compiling=True), problem()
"""


@pytest.fixture(scope="module")
def compiled_ahead() -> dict[str, str]:
    """Variables of the folder in which everything is compiled: compiling takes long, and is not what is tested."""
    pytest.importorskip("numba")
    subprocess.run([sys.executable, "-c", COMPILES], cwd=ROOT, check=True)
    return {name: os.environ[name] for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME") if name in os.environ}


def draw_with_numba(
    order: str,
    display: str,
    folder: Path,
    cache: dict[str, str],
    renderer: str = "moderngl",
    at_the_end: str = 'print("drawn by both")',
    options: Sequence[str] = ("--model", "landmark-fit"),
) -> tuple[int, str]:
    surroundings = {**environment(display, folder), **cache}
    if not cache:
        del surroundings["XDG_CACHE_HOME"]
    done = subprocess.run(
        [sys.executable, "-c", DRAWS_WITH_NUMBA, order, renderer, at_the_end, *options],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout.strip() or done.stderr


@pytest.mark.parametrize("order", [pytest.param("before", marks=pytest.mark.slow), "after"])
def test_compiled_code_loaded_before_or_after_the_gl_context_goes_with_it(
    order: str, display: str, tmp_path: Path, compiled_ahead: dict[str, str]
):
    assert draw_with_numba(order, display, tmp_path, compiled_ahead) == (0, "drawn by both")


def test_where_there_is_no_gpu_and_all_is_compiled_neither_a_gl_context_is_made_nor_torch_loaded(
    display: str, tmp_path: Path, compiled_ahead: dict[str, str]
):
    if may_have_gpu():
        pytest.skip("there may be a GPU here, and OpenGL is asked")
    libraries = ("moderngl", "glcontext", "pyrender", "torch", "mediapipe")
    asked = f"import sys; print([name for name in {libraries} if name in sys.modules])"
    assert draw_with_numba("before", display, tmp_path, compiled_ahead, "auto", asked, ()) == (0, "[]")


@pytest.mark.slow
@pytest.mark.parametrize("order", ["before", "after"])
def test_it_does_so_ten_times_of_ten(order: str, display: str, tmp_path: Path, compiled_ahead: dict[str, str]):
    outcomes = [draw_with_numba(order, display, tmp_path, compiled_ahead) for _ in range(10)]
    assert outcomes == [(0, "drawn by both")] * 10
