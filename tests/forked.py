"""Processes that begin with everything imported, for tests of what is done in them and not of how they begin."""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from types import ModuleType, SimpleNamespace

import pytest

_IMPORTED = ("pytest", "pandas", "app.archives.local", "app.replay.probe", "tracking.tracker")
"""pandas because pyarrow imports it with the first table. Nothing that starts threads, which a fork would not have."""


def fork_processes(monkeypatch: pytest.MonkeyPatch, *users: ModuleType) -> None:
    """Let modules that spawn processes fork them from one that has done nothing else; where there is no fork, nothing.

    They have the variables of the environment as they were when the first was begun.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_IMPORTED))
    forkserver.ensure_running()
    for module in users:
        monkeypatch.setattr(module, "multiprocessing", SimpleNamespace(get_context=lambda method: context))
