"""What every test shares."""

import os

# Each process of the run takes its share of the cores, and so does each process that it starts, and OpenMP's threads
# sleep while they wait for each other. Else all of them take all cores, and spin: a tenth of the time was work.
# Before anything imports numpy or torch, which read it once.
os.environ["OMP_NUM_THREADS"] = os.environ.get(
    "OMP_NUM_THREADS", str(max((os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), 1))
)
os.environ["OMP_WAIT_POLICY"] = os.environ.get("OMP_WAIT_POLICY", "PASSIVE")

import functools
import gc
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A shell's background jobs begin with Ctrl+C ignored, and so would every program that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("bothhands", deadline=None)  # a busy machine is no failure
settings.load_profile("bothhands")


@pytest.fixture(scope="session", autouse=True)
def _detectors_are_compiled_once() -> Iterator[None]:
    """To compile a tracker's detector takes longer than most tests that make one have it track."""
    from tracking.detector import landmarks, palm
    from tracking.detector.networks import LANDMARK_NETWORK, PALM_NETWORK, network_path

    def once(function: Callable[..., Any], network: str) -> Callable[..., Any]:
        """Its file is looked for each time: a test may have taken it away."""
        made = functools.cache(lambda path, *arguments, **options: function(*arguments, **options))
        return lambda *arguments, **options: made(network_path(network), *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        for module, name, network in (
            (landmarks, "_read", LANDMARK_NETWORK),
            (landmarks, "_compile", LANDMARK_NETWORK),
            (palm, "_compile", PALM_NETWORK),
        ):
            patch.setattr(module, name, once(getattr(module, name), network))
        yield


LONGEST = (
    "models/test_compiled_solver.py",
    "window/test_start.py",
    "models/test_registry_contract.py",
    "app/test_cli.py",
    "render/test_renderers.py",
    "app/test_processing.py",
    "training/test_trainer.py",
    "window/test_language.py",
    "models/test_eanet_network.py",
    "tracking/test_detector.py",
    "training/test_compiled_start.py",
    "window/test_whole_path.py",
    "faults/test_every_command.py",
    "training/test_synthetic.py",
    "app/test_no_home.py",
    "app/test_archives_local.py",
    "models/test_conversion.py",
    "packaging/test_base.py",
    "training/test_lent_loop.py",
    "models/test_openvino_runtime.py",
    "window/test_replay_window.py",
    "window/test_main_window.py",
)
"""Files that take seven seconds of a core and more, some only where they find no network converted before. The first
compiles what the second takes compiled."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that of several processes none goes on long after the others."""
    first = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path, len(first)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave the thousands of tests and all that they import out of every later search for garbage: a twentieth of the
    whole time was that."""
    gc.collect()
    gc.freeze()
