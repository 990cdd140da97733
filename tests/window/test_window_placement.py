"""Windows open on screens that are there, and fit them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt5.QtCore import QRect
from PyQt5.QtWidgets import QApplication
from window_fakes import FakeSession

from app.settings import SettingsStore
from app.window.main_window import MainWindow
from app.window.placement import on_a_screen

ROOT = Path(__file__).parents[2]
LEFT, RIGHT = QRect(0, 0, 1920, 1040), QRect(1920, 200, 1280, 984)
SMALL = QRect(0, 0, 960, 540)


@pytest.mark.parametrize(
    ("place", "screens"),
    [
        (QRect(5000, 3000, 1180, 760), [LEFT]),
        (QRect(-4000, -90000, 1180, 760), [LEFT, RIGHT]),
        (QRect(1900, 1030, 1180, 760), [LEFT, RIGHT]),
        (QRect(100, 0, 1180, 760), [LEFT]),  # its title bar would be above the screen
        (QRect(0, 0, 1228, 791), [SMALL]),
        (QRect(99_000, 99_000, 99_000, 99_000), [SMALL, RIGHT]),
    ],
)
def test_a_window_lies_wholly_on_one_screen_with_its_frame(place, screens):
    found = on_a_screen(place, screens)
    framed = found.adjusted(-4, -30, 4, 4)
    assert any(screen.contains(framed) for screen in screens)
    largest = max(screens, key=lambda screen: screen.width() * screen.height())
    if largest.contains(QRect(0, 0, place.width(), place.height()).translated(largest.topLeft()).adjusted(0, 0, 8, 40)):
        assert found.size() == place.size()


def test_a_window_that_is_on_a_screen_stays_where_it_is():
    for place in (QRect(40, 50, 900, 650), QRect(2000, 300, 1000, 700)):
        assert on_a_screen(place, [LEFT, RIGHT]) == place


def test_the_window_can_be_made_as_small_as_a_screen_at_200_percent(
    application: QApplication, session: FakeSession, store: SettingsStore
):
    window = MainWindow(session, store)  # type: ignore[arg-type]
    assert window.minimumSizeHint().width() <= 960 - 8
    assert window.minimumSizeHint().height() <= 540 - 40
    window.close()


SHOW = """
import json, sys
from pathlib import Path
sys.path.insert(0, "tests/window")
from window_fakes import FakeSession
from app.settings import SettingsStore
from app.window import application, qt_environment
from app.window.main_window import MainWindow
qt_environment.drop_opencv_qt_paths()
store = SettingsStore.load(Path(sys.argv[1]))
made = application._application(store.current)
window = MainWindow(FakeSession(), store)
window.show()
made.processEvents()
record = window.panel.record_button
screen = made.primaryScreen().availableGeometry()
corner = record.mapToGlobal(record.rect().bottomRight())
print(json.dumps({"inside": screen.contains(window.geometry()), "record": corner.x() <= screen.right()}))
window.close()
"""


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server without a screen")
@pytest.mark.parametrize("geometry", [None, {"x": 5000, "y": 3000, "width": 1180, "height": 760}])
def test_the_window_opens_on_the_screen(display: str, tmp_path: Path, geometry: dict | None):
    """At 200 %, where there are 960 x 540 px or fewer, by the resolution that the server tells."""
    (tmp_path / "settings.json").write_text(json.dumps({"geometry": geometry}))
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "2"}
    done = subprocess.run(
        [sys.executable, "-c", SHOW, str(tmp_path / "settings.json")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"inside": True, "record": True}
