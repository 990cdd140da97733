"""Changing the model again and again while the demo clip runs, with the real networks, leaves no memory behind."""

from itertools import cycle
from pathlib import Path

import pytest

from app.live import DEMO, LiveSession
from app.settings import Settings
from models.registry import list_models

SWITCHES = 53  # the last, like the fifth, is to the first model
SETTLED = 5
MEGABYTE = 1 << 20


def resident() -> int:
    """Bytes of this process in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_switching_between_all_models_leaves_no_memory_behind():
    session = LiveSession(Settings(source=DEMO, view="skeleton"))
    session.start()
    try:
        sizes = []
        names = cycle(list_models())
        for _ in range(SWITCHES):
            wanted = next(names)
            session.select_model(wanted)
            while (picture := session.newest(timeout=60.0)) is None or picture.tracked.model != wanted:
                assert picture is not None, f"no image while {wanted} loads: {session.messages()}"
            sizes.append(resident())
        growth = (sizes[-1] - sizes[SETTLED - 1]) / MEGABYTE
        assert growth < 50, [round(size / MEGABYTE) for size in sizes]
    finally:
        session.close()
