"""Settings are written beside the window, one write at a time, and none is lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QApplication

from app.settings import SettingsStore
from app.window.banner import BannerStack
from app.window.settings_saver import SettingsSaver


class BusyDisk:
    """Keeps each file only when it is allowed to."""

    def __init__(self) -> None:
        self.asked = 0
        self.reached = threading.Event()
        self.allowed = threading.Event()

    def fsync(self, number: int) -> None:
        self.asked += 1
        self.reached.set()
        assert self.allowed.wait(30)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[BusyDisk]:
    busy = BusyDisk()
    monkeypatch.setattr(os, "fsync", busy.fsync)
    yield busy
    busy.allowed.set()


@pytest.fixture
def banners(application: QApplication) -> BannerStack:
    return BannerStack()


@pytest.fixture
def saver(store: SettingsStore, banners: BannerStack) -> Iterator[SettingsSaver]:
    parent = QObject()
    made = SettingsSaver(parent, store, banners)
    yield made
    made.wait()


def change(saver: SettingsSaver, store: SettingsStore, opacity: float) -> None:
    store.change(opacity=opacity)
    saver.save_soon()
    saver.poll()  # as by its timer


def test_a_busy_disk_holds_nobody_up_and_gets_the_newest(saver: SettingsSaver, store: SettingsStore, disk: BusyDisk):
    change(saver, store, 0.1)
    assert disk.reached.wait(30)
    for opacity in (0.2, 0.3, 0.4):
        change(saver, store, opacity)
    assert disk.asked == 1
    disk.allowed.set()
    saver.wait()
    assert SettingsStore.load(store.path).current.opacity == 0.1
    saver.poll()
    saver.wait()
    assert disk.asked == 2
    assert SettingsStore.load(store.path).current.opacity == 0.4
    saver.poll()
    assert disk.asked == 2


def test_the_last_write_waits_for_the_one_before(saver: SettingsSaver, store: SettingsStore, disk: BusyDisk):
    change(saver, store, 0.1)
    assert disk.reached.wait(30)
    store.change(opacity=0.7)
    saver.save_last()
    assert disk.asked == 1
    disk.allowed.set()
    saver.wait()
    assert SettingsStore.load(store.path).current.opacity == 0.7


def test_what_another_window_wrote_during_a_write_is_kept(saver: SettingsSaver, store: SettingsStore, disk: BusyDisk):
    other = SettingsStore.load(store.path)
    change(saver, store, 0.1)
    assert disk.reached.wait(30)
    change(saver, store, 0.2)
    disk.allowed.set()
    saver.wait()
    other.change(theme="light")
    other.save()
    saver.poll()
    saver.wait()
    found = SettingsStore.load(store.path).current
    assert (found.opacity, found.theme) == (0.2, "light")


def test_what_cannot_be_written_is_told_once(saver: SettingsSaver, store: SettingsStore, banners: BannerStack):
    file = store.path.with_name("a file")
    file.write_text("")
    works, store.path = store.path, file / "settings.json"
    for opacity in (0.1, 0.2):
        change(saver, store, opacity)
        saver.wait()
        assert [banner.message.severity for banner in banners.banners] == ["warning"] * (opacity == 0.1)
        for banner in banners.banners:
            assert "Settings cannot be saved" in banner.message.text
            banner.dismissed.emit()
    store.path = works
    change(saver, store, 0.3)
    saver.wait()
    store.path = file / "settings.json"
    change(saver, store, 0.4)
    saver.wait()
    assert len(banners.banners) == 1
