from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from app.window.qt_environment import QT_PATH_VARIABLES, drop_opencv_qt_paths

ROOT = Path(__file__).parents[2]

START = """
import cv2  # names its own Qt plugins to every Qt of the process
from app.window.qt_environment import drop_opencv_qt_paths
drop_opencv_qt_paths()
from PyQt5.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("text")
label.show()
application.processEvents()
print(application.platformName(), label.isVisible())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only OpenCV's Linux wheels bring Qt plugins")
def test_a_window_opens_on_the_real_platform_after_opencv_was_imported(display: str):
    environment = {name: value for name, value in os.environ.items() if name not in QT_PATH_VARIABLES}
    environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["xcb", "True"], done.stderr


def test_only_the_paths_of_opencv_are_dropped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", str(Path(cv2.__file__).parent / "qt" / "plugins"))
    monkeypatch.setenv("QT_QPA_FONTDIR", str(tmp_path))
    drop_opencv_qt_paths()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == str(tmp_path)
