from __future__ import annotations

import json

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from window_fakes import FakeSession

from app.live import Message
from app.outputs.streaming.hub import StreamStatus
from app.settings import SettingsStore
from app.window.main_window import MainWindow
from app.window.stream_panel import StreamPanel


@pytest.fixture
def panel(window: MainWindow) -> StreamPanel:
    return window.panel.streams


def streams_called(session: FakeSession) -> list[tuple]:
    return [call for call in session.calls if "stream" in call[0]]


def test_nothing_streams_until_it_is_switched_on(panel: StreamPanel, session: FakeSession):
    assert streams_called(session) == []
    assert not any(box.isChecked() for box in panel.boxes.values())
    assert all(edit.text().startswith("127.0.0.1:") for edit in panel.addresses.values())


def test_a_stream_is_switched_on_shown_and_remembered_once_it_works(
    window: MainWindow, panel: StreamPanel, session: FakeSession, store: SettingsStore
):
    panel.addresses["websocket"].setText("9001")
    panel.boxes["websocket"].click()
    assert streams_called(session) == [("start_stream", "websocket", "9001")]
    session.streams = {"websocket": StreamStatus("opening", "ws://127.0.0.1:9001")}
    window._refresh()
    assert not store.current.websocket
    session.streams = {"websocket": StreamStatus("on", "ws://127.0.0.1:9001", "2 clients")}
    window._refresh()
    assert panel.captions["websocket"].text() == "ws://127.0.0.1:9001, 2 clients"
    assert not panel.addresses["websocket"].isEnabled()
    assert store.current.websocket
    assert store.current.websocket_address == "9001"

    panel.boxes["websocket"].click()
    assert streams_called(session)[-1] == ("stop_stream", "websocket")
    session.streams = {"websocket": StreamStatus("off", "ws://127.0.0.1:9001")}
    window._refresh()
    assert panel.captions["websocket"].isHidden()
    assert panel.addresses["websocket"].isEnabled()
    assert not store.current.websocket


def test_a_stream_that_fails_says_why_and_is_not_remembered(
    window: MainWindow, panel: StreamPanel, session: FakeSession, store: SettingsStore
):
    panel.boxes["virtual-camera"].click()
    assert streams_called(session) == [("start_stream", "virtual-camera", "")]
    session.streams = {"virtual-camera": StreamStatus("failed", "first virtual camera", "There is no virtual camera.")}
    window._refresh()
    assert not panel.boxes["virtual-camera"].isChecked()
    assert panel.captions["virtual-camera"].text() == "There is no virtual camera."
    assert not store.current.virtual_camera


@pytest.mark.parametrize("kind", ["virtual-camera", "websocket"])
def test_a_stream_that_fails_at_the_start_is_forgotten_and_told_once(
    application: QApplication, session: FakeSession, store: SettingsStore, kind: str
):
    name = kind.replace("-", "_")
    store.change(**{name: True})
    window = MainWindow(session, store)  # type: ignore[arg-type]
    why = "There is no virtual camera."
    session.streams = {kind: StreamStatus("failed", "there", why, told=True)}
    session.news = [Message("error", why)]
    window._refresh()
    window._refresh()
    assert not getattr(store.current, name)
    assert [banner.message.text for banner in window.banners.banners] == [why]
    assert why not in window.panel.streams.captions[kind].text()
    assert window.panel.streams.captions[kind].property("failed")
    window.close()
    assert json.loads(store.path.read_text())[name] is False


def test_a_stream_of_the_command_line_that_fails_changes_nothing_that_is_remembered(
    application: QApplication, session: FakeSession, store: SettingsStore
):
    store.change(vmc=False, osc=True)
    store.save()
    again = SettingsStore.load(store.path, vmc=True)
    window = MainWindow(session, again)  # type: ignore[arg-type]
    session.streams = {"vmc": StreamStatus("failed", "x", "There is no host x.", told=True)}
    window._refresh()
    window.close()
    kept = json.loads(store.path.read_text())
    assert (kept["vmc"], kept["osc"]) == (False, True)


def test_errors_stand_out_until_they_are_fixed(window: MainWindow, panel: StreamPanel, session: FakeSession):
    caption = panel.captions["vmc"]
    session.streams = {"vmc": StreamStatus("on", "10.0.0.9:39539")}
    window._refresh()
    plain = caption.palette().color(caption.foregroundRole())
    session.streams = {"vmc": StreamStatus("off", "10.0.0.9:39539")}
    window._refresh()
    panel.addresses["vmc"].setText("nonsense")
    panel.boxes["vmc"].click()
    window._refresh()
    assert "HOST:PORT" in caption.text(), "also while an older stream of the kind is known"
    assert caption.palette().color(caption.foregroundRole()) != plain
    panel.addresses["vmc"].setText("127.0.0.1:39539")
    panel.boxes["vmc"].click()
    session.streams = {"vmc": StreamStatus("on", "127.0.0.1:39539")}
    window._refresh()
    assert caption.text() == "To 127.0.0.1:39539"
    assert caption.palette().color(caption.foregroundRole()) == plain


def test_an_error_is_brought_into_view(window: MainWindow, panel: StreamPanel, session: FakeSession):
    window.resize(1000, 480)
    QApplication.processEvents()
    session.streams = {"virtual-camera": StreamStatus("failed", "x", "There is no virtual camera. " * 5)}
    window._refresh()
    QApplication.processEvents()
    caption = panel.captions["virtual-camera"]
    bottom = caption.mapTo(window._scroll, caption.rect().bottomLeft()).y()
    assert 0 < bottom <= window._scroll.height()


def test_what_is_no_address_is_said_at_once(panel: StreamPanel, session: FakeSession):
    panel.addresses["vmc"].setText("nonsense")
    panel.boxes["vmc"].click()
    assert streams_called(session) == []
    assert not panel.boxes["vmc"].isChecked()
    assert "HOST:PORT" in panel.captions["vmc"].text()


def test_a_stream_of_the_command_line_is_shown_and_not_remembered(
    window: MainWindow, panel: StreamPanel, session: FakeSession, store: SettingsStore
):
    session.streams = {"vmc": StreamStatus("on", "10.0.0.9:39539")}
    window._refresh()
    assert panel.boxes["vmc"].isChecked()
    assert panel.captions["vmc"].text() == "To 10.0.0.9:39539"
    window.close()
    assert json.loads(store.path.read_text())["vmc"] is False


def test_typing_an_address_presses_no_keys_of_the_window(window: MainWindow, panel: StreamPanel, session: FakeSession):
    edit = panel.addresses["osc"]
    window.activateWindow()
    edit.setFocus()
    edit.clear()
    mirrored = window.panel.mirror_box.isChecked()
    QTest.keyClicks(edit, "mars1:12")
    assert edit.text() == "mars1:12"
    assert window.panel.mirror_box.isChecked() == mirrored
    assert not any(call[0] in ("start_recording", "select_model") for call in session.calls)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert not edit.hasFocus()
