"""Compiled beside a program: kept on the disk, given up where that does not go, ended at any moment."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from models.runtime import compiled

SOURCE = """
from numba import float64, njit

@njit([(float64,)], cache=True)
def twice(number):
    return 2.0 * number
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of a small module that is not compiled yet."""
    pytest.importorskip("numba")
    name = "loops_of_a_test"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / f"{name}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path / "source")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    forget(name, monkeypatch)
    yield name  # type: ignore[misc]
    sys.modules.pop(name, None)


def forget(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the start of a program."""
    monkeypatch.setattr(compiled, "_ready", {})
    monkeypatch.setattr(compiled, "_problem", None)
    sys.modules.pop(name, None)


def test_nothing_is_ready_that_nobody_asked_for(module):
    assert compiled.ready(module) is None


def test_what_was_compiled_once_is_loaded_without_compiling(module, tmp_path, monkeypatch):
    assert compiled.load([module], compiling=True)
    assert compiled.ready(module).twice(2.0) == 4.0
    assert list((tmp_path / "cache").rglob("*.nbi")), "kept on the disk"
    forget(module, monkeypatch)

    def no_process(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(subprocess, "Popen", no_process)
    assert compiled.load([module], compiling=False)
    assert compiled.ready(module).twice(3.0) == 6.0


def test_another_source_is_compiled_anew(module, tmp_path, monkeypatch):
    assert compiled.load([module], compiling=True)
    forget(module, monkeypatch)
    (tmp_path / "source" / f"{module}.py").write_text(SOURCE.replace("2.0", "20.0"))
    assert not compiled.load([module], compiling=False)
    assert compiled.load([module], compiling=True)
    assert compiled.ready(module).twice(2.0) == 40.0


def test_nothing_is_compiled_where_only_loading_was_asked_for(module):
    assert not compiled.load([module], compiling=False)
    assert compiled.problem() is None


def test_a_damaged_cache_is_made_anew(module, tmp_path, monkeypatch, caplog):
    assert compiled.load([module], compiling=True)
    for index in (tmp_path / "cache").rglob("*.nbi"):
        index.write_bytes(b"no index")
    forget(module, monkeypatch)
    assert compiled.load([module], compiling=True)
    assert compiled.ready(module).twice(2.0) == 4.0
    (said,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert said.getMessage().endswith("is damaged, and made anew.")
    assert said.exc_info is None


def test_without_numba_it_is_said_why(module, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert not compiled.load([module], compiling=True)
    assert "numba cannot be loaded" in str(compiled.problem())


def test_without_a_folder_to_write_to_it_is_said_why(module, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert not compiled.load([module], compiling=True)
    assert "cannot be kept" in str(compiled.problem())


def test_what_does_not_compile_is_said_in_one_line(module, tmp_path):
    (tmp_path / "source" / f"{module}.py").write_text(SOURCE.replace("2.0 * number", "number.nothing"))
    assert not compiled.load([module], compiling=True)
    assert f"{module} cannot be compiled" in str(compiled.problem())
    assert "\n" not in str(compiled.problem())


def test_a_module_waits_for_no_other_one(module, tmp_path, monkeypatch):
    """What is compiled, the renderer takes at once, also while the solver is compiled for half a minute."""
    assert compiled.load([module], compiling=True)
    forget(module, monkeypatch)
    endless = "endless_loops_of_a_test"
    (tmp_path / "source" / f"{endless}.py").write_text("import signal; signal.pause()")
    thread = compiled.load_beside([endless])
    try:
        while not compiled._processes:
            assert thread.is_alive()
            threading.Event().wait(0.001)
        other = threading.Thread(target=compiled.load, args=([module], True), daemon=True)
        other.start()
        other.join(60)
        assert compiled.ready(module) is not None
    finally:
        compiled.stop_compiling()
        thread.join(20)


def test_compiling_can_be_stopped_at_any_moment(module, tmp_path):
    (tmp_path / "source" / f"{module}.py").write_text("import signal; signal.pause()")
    thread = compiled.load_beside([module])
    while not compiled._processes:
        assert thread.is_alive()
        threading.Event().wait(0.001)
    compiled.stop_compiling()
    thread.join(20)
    assert not thread.is_alive()
    assert compiled.ready(module) is None
    assert compiled.problem() is None
    assert not compiled._processes
