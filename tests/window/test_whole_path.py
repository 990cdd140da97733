"""The window with everything real behind it, on a real X server, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.sessions.session import load_session
from app.settings import Settings, SettingsStore
from app.window.theme import LIGHT
from models.registry import list_models, model_card
from tests.app.gltf_reader import Gltf

ROOT = Path(__file__).parents[2]

LOOK_AROUND = """
import json, sys, threading
from pathlib import Path
from app.settings import SettingsStore
from app.window import application, run_window
from models import registry

seen = {"errors": []}
painted = threading.Event()
require_weights = registry.require_weights

def require_weights_once_an_image_is_seen(name):
    seen.setdefault("image_before_model", painted.wait(30))
    require_weights(name)

registry.require_weights = require_weights_once_an_image_is_seen
steps = iter(("record", "stop", "sessions", "models", "compare", "swap", "alone", "light", "bad file"))

class Watched(application.MainWindow):
    step = next(steps)

    def _painted(self, picture):
        super()._painted(picture)
        seen.setdefault("meanwhile", [self._session.status.loading_model, self.panel._model_caption.text()])
        painted.set()

    def _refresh(self):
        super()._refresh()
        status = self._session.status
        seen["errors"] += [b.message.text for b in self.banners.banners if b.message.severity == "error"]
        if seen["errors"] and self.step != "bad file":
            self.close()
        elif self.step == "record" and len(status.hands) == 2 and self.scene_view._pixels is not None:
            seen["scene"] = int(self.scene_view._pixels[..., :3].std() > 3)
            self.step = next(steps)
            self.panel.record_button.click()
        elif self.step == "stop" and status.recording and status.recording.frames >= 10:
            self.step = next(steps)
            self.panel.record_button.click()
        elif self.step == "sessions" and status.last_recording:
            if self.sessions.browser is None:
                seen["banners"] = [banner.message.text for banner in self.banners.banners]
                seen["model"], seen["age"] = self.figures.model.text(), self.figures.age.text()
                seen["recording"] = str(status.last_recording)
                self.commands.actions["sessions"].trigger()
            elif self.sessions.browser.list.count():
                seen["session"] = self.sessions.browser.list.item(0).text()
                self.step = next(steps)
        elif self.step == "models" and self._session.model_cards:
            self.step = next(steps)
            self.commands.actions["models"].trigger()
            seen["models"] = sorted(self.model_cards.cards)
        elif self.step == "compare":
            pair = self._picture.beside
            if status.comparison is None:
                self.model_cards.cards["landmark-fit"].compare_button.click()
            elif pair is not None and len(pair.tracked.hands.hands) == 2:
                seen["pair"] = [self._picture.tracked.model, pair.tracked.model]
                seen["same_frame"] = pair.tracked.frame is self._picture.tracked.frame
                seen["tags"] = [tag.title for tag in self.view._tags]
                self.step = next(steps)
                self.comparison.bar.swap_button.click()
        elif self.step == "swap" and status.model == "landmark-fit":
            seen["swapped"] = [status.model, status.comparison.model]
            self.step = next(steps)
            self.commands.actions["leave-full-screen"].trigger()
        elif self.step == "alone" and status.comparison is None and self._picture.beside is None:
            self.step = next(steps)
        elif self.step == "light":
            self.step = next(steps)
            self.commands.actions["theme"].trigger()
            self._appearance.finish()
            seen["colour"] = self.palette().window().color().name()
            bad = folder / "holiday.mp4"
            bad.write_text("This is no video.")
            self.sources.select(str(bad))
        elif seen["errors"]:
            self.close()

if __name__ == "__main__":
    application.MainWindow = Watched
    folder = Path(sys.argv[1])
    choices = {"source": "demo", "recordings": folder / "takes", "scene": True, "language": "en"}
    store = SettingsStore.load(folder / "settings.json", **choices)
    code = run_window(store)
    print(json.dumps({**seen, "code": code}))
"""


SIX_CLICKS = """
import json, sys
from pathlib import Path
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from app.settings import SettingsStore
from app.window import application, run_window
from app.window.export_dialog import ExportDialog

seen = {"errors": [], "clicks": [], "ran": []}

def click(part, name, at=QPoint()):
    seen["clicks"].append(name)
    QTest.mouseClick(part, Qt.LeftButton, Qt.NoModifier, at or part.rect().center())

def entry(menu, action):
    return menu.actionGeometry(action).center()

class Watched(application.MainWindow):
    step = "models"

    def _refresh(self):
        super()._refresh()
        status = self._session.status
        shown = [*self.banners.banners, *(b for replay in self.sessions.replays for b in replay.banners.banners)]
        seen["errors"] += [banner.message.text for banner in shown if banner.message.severity == "error"]
        if seen["errors"]:
            self.close()
        else:
            getattr(self, "_" + self.step)(status)

    def _models(self, status):
        # Not what a newcomer does: every model that has weights, one after the other, the first one again at last.
        usable = [name for name, card in self._session.model_cards.items() if not card.untrained]
        if len(status.hands) < 2 or status.loading_model or not usable:
            return
        first = (seen["ran"] or [status.model])[0]
        left = [first, *(name for name in usable if name != first), first][len(seen["ran"]):]
        if left and status.model == left[0]:
            seen["ran"].append(status.model)
        elif left:
            self.panel.choose_model(self._session.models.index(left[0]))
        else:
            self.step = "record"

    def _record(self, status):
        self.step = "stop"
        click(self.panel.record_button, "Record")

    def _stop(self, status):
        if status.recording and status.recording.tracked >= 10:
            self.step = "replay"
            click(self.panel.record_button, "Stop")

    def _replay(self, status):
        if status.last_recording:
            self.step = "file"
            click(self.panel.replay_button, "Replay")

    def _file(self, status):
        replay = next((one for one in self.sessions.replays if one._picture is not None), None)
        if replay is not None:
            self.step = "entry"
            file = replay.menuBar().actions()[0]
            click(replay.menuBar(), "File", entry(replay.menuBar(), file))

    def _entry(self, status):
        menu = self.sessions.replays[0].menuBar().actions()[0].menu()
        if menu.isVisible():
            self.step = "export"
            click(menu, "Export…", entry(menu, menu.actions()[0]))

    def _export(self, status):
        (dialog,) = self.sessions.replays[0].findChildren(ExportDialog) or (None,)
        if dialog is not None and dialog.isVisible():
            self.step = "written"
            self.dialog = dialog
            click(dialog.export_button, "Export")

    def _written(self, status):
        if not self.dialog.running:
            self.close()

if __name__ == "__main__":
    application.MainWindow = Watched
    folder = Path(sys.argv[1])
    store = SettingsStore.load(folder / "settings.json", source="demo", language="en", recordings=folder / "takes")
    code = run_window(store)
    print(json.dumps({**seen, "code": code}))
"""


def _run(display: str, script: str, tmp_path: Path) -> dict:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs an X server without a screen")
def test_the_demo_clip_is_tracked_shown_and_recorded_and_all_that_is_beside_it_comes_up(
    display: str, slow_demo: str, tmp_path: Path
):
    seen = _run(display, slow_demo + LOOK_AROUND, tmp_path)
    (error,) = set(seen["errors"])
    assert "holiday.mp4" in error, "the bad file's, and it is a sentence"
    assert seen["code"] == 0
    assert seen["image_before_model"], "the first image waited for the model"
    assert seen["meanwhile"][0] == Settings().model
    assert seen["meanwhile"][1].startswith(f"Loading {Settings().model}")
    assert all("Recorded" in text for text in seen["banners"]), seen
    assert seen["model"] == Settings().model
    assert seen["age"] != "age –"
    session = load_session(Path(seen["recording"]))
    assert session.info.frames is not None
    assert session.info.frames >= 10
    assert set(session.table["side"].to_pylist()) == {"left", "right"}
    assert session.video is not None
    assert seen["scene"] == 1, "floor, camera and hands are drawn"
    assert Settings().model in seen["session"]
    assert set(seen["models"]) >= {"landmark-fit", "lwa-hand"}
    assert seen["pair"] == [Settings().model, "landmark-fit"]
    assert seen["same_frame"]
    assert seen["tags"] == [f"A  {Settings().model}", "B  landmark-fit"]
    assert seen["swapped"] == ["landmark-fit", Settings().model]
    assert seen["colour"] == LIGHT["SURFACE"]
    assert SettingsStore.load(tmp_path / "settings.json").current.theme == "light"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs an X server without a screen")
def test_six_clicks_lead_from_a_first_start_to_an_animated_glb(display: str, tmp_path: Path):
    seen = _run(display, SIX_CLICKS, tmp_path)
    assert seen["errors"] == []
    assert seen["code"] == 0
    usable = [name for name in list_models() if not model_card(name).untrained]
    assert set(seen["ran"]) == set(usable), "every model that has weights ran in between"
    assert len(seen["ran"]) == len(usable) + 1
    assert seen["clicks"] == ["Record", "Stop", "Replay", "File", "Export…", "Export"]
    (path,) = (tmp_path / "takes").rglob("*.glb")
    hands = Gltf(path)
    assert {mesh["name"] for mesh in hands.json["meshes"]} == {"LeftMesh", "RightMesh"}
    assert len(hands.times("LeftHand", "rotation")) >= 10, "frames"
