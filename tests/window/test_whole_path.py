"""The window with everything real behind it, on a real X server, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.sessions.session import load_session
from app.settings import Settings

ROOT = Path(__file__).parents[2]

PLAY = """
import json, sys
from pathlib import Path
from PyQt5.QtCore import QTimer
from app.settings import SettingsStore
from app.window import application, run_window

seen = {"banners": []}

class Watched(application.MainWindow):
    def _refresh(self):
        super()._refresh()
        status = self._session.status
        seen["banners"] = [banner.message.text for banner in self.banners.banners]
        if any(banner.message.severity == "error" for banner in self.banners.banners):
            self.close()
        elif len(status.hands) == 2 and not status.recording and not status.last_recording:
            self.panel.record_button.click()
        elif status.recording and status.recording.frames >= 10:
            self.panel.record_button.click()
        elif status.last_recording:
            seen["model"], seen["age"] = self.figures.model.text(), self.figures.age.text()
            seen["recording"] = str(status.last_recording)
            self.close()

application.MainWindow = Watched
store = SettingsStore.load(Path(sys.argv[1]) / "settings.json", source="demo", recordings=Path(sys.argv[1]) / "takes")
code = run_window(store)
print(json.dumps({**seen, "code": code}))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs an X server without a screen")
def test_the_demo_clip_is_tracked_shown_and_recorded(display: str, tmp_path: Path):
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        [sys.executable, "-c", PLAY, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert all("Recorded" in text for text in seen["banners"]), seen
    assert seen["code"] == 0
    assert seen["model"] == Settings().model
    assert seen["age"] != "age –"
    session = load_session(Path(seen["recording"]))
    assert session.info.frames is not None
    assert session.info.frames >= 10
    assert set(session.table["side"].to_pylist()) == {"left", "right"}
    assert session.video is not None
