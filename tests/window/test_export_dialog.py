from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtWidgets import QApplication, QMessageBox

from app.outputs.export import ExportJob, job
from app.window.export_dialog import ExportDialog
from tests.app.export_fakes import record


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return record(tmp_path, frames=12)


@pytest.fixture
def dialog(application: QApplication, session: Path) -> Iterator[ExportDialog]:
    made = ExportDialog(session)
    made.show()
    yield made
    made.close()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions are read only after somebody lost patience."""
    impatient = threading.Event()
    load_take, cancel = job.load_take, ExportJob.cancel

    def load_slowly(*arguments, **options):
        assert impatient.wait(30)
        return load_take(*arguments, **options)

    def cancel_and_go_on(self: ExportJob) -> None:
        cancel(self)
        impatient.set()

    monkeypatch.setattr(job, "load_take", load_slowly)
    monkeypatch.setattr(ExportJob, "cancel", cancel_and_go_on)


def choose(dialog: ExportDialog, name: str) -> None:
    dialog.format_box.setCurrentIndex(dialog.format_box.findData(name))


def finish(dialog: ExportDialog) -> None:
    assert dialog._job is not None
    dialog._job.wait()
    dialog._poll()
    assert not dialog.running


def test_the_file_lies_in_the_session_and_ends_like_its_format(dialog: ExportDialog, session: Path):
    assert dialog.place_edit.text() == str(session / "take.glb")
    choose(dialog, "bvh")
    assert dialog.place_edit.text() == str(session / "take.bvh")
    dialog.place_edit.setText("/somewhere/a.good.name.bvh")
    choose(dialog, "csv")
    assert dialog.place_edit.text() == "/somewhere/a.good.name.csv"


@pytest.mark.parametrize(("name", "rig", "unit"), [("glb", True, False), ("bvh", False, True), ("npz", False, False)])
def test_only_options_that_the_format_knows_are_offered(dialog: ExportDialog, name: str, rig: bool, unit: bool):
    choose(dialog, name)
    assert dialog.rig_only_box.isVisible() == rig
    assert dialog.unit_box.isVisible() == unit


def test_an_export_is_shown_under_way_and_when_it_is_there(dialog: ExportDialog, session: Path):
    dialog.export_button.click()
    assert dialog.running
    assert not dialog.export_button.isEnabled()
    assert dialog.progress_bar.isVisible()
    assert dialog.close_button.text() == "Cancel"
    finish(dialog)
    assert (session / "take.glb").stat().st_size > 1000
    assert f"Wrote {session / 'take.glb'}" in dialog.message.text()
    assert dialog.show_button.isVisible()
    assert not dialog.progress_bar.isVisible()
    assert dialog.export_button.isEnabled()
    assert dialog.close_button.text() == "Close"


def test_options_reach_the_file(dialog: ExportDialog, session: Path, tmp_path: Path):
    choose(dialog, "bvh")
    for unit, name in ((0, "m.bvh"), (1, "cm.bvh")):
        dialog.unit_box.setCurrentIndex(unit)
        dialog.place_edit.setText(str(tmp_path / name))
        dialog.export_button.click()
        finish(dialog)
    rows = [np.loadtxt((tmp_path / name).read_text().splitlines()[-12:]) for name in ("m.bvh", "cm.bvh")]
    assert np.allclose(rows[0][:, 6:9] * 100, rows[1][:, 6:9], atol=1e-4)


def test_what_a_format_does_not_know_is_forgotten(dialog: ExportDialog):
    dialog.rig_only_box.setChecked(True)
    choose(dialog, "bvh")
    dialog.export_button.click()
    finish(dialog)
    assert "Wrote" in dialog.message.text()


def test_what_goes_wrong_is_one_sentence(dialog: ExportDialog, session: Path):
    (session / "video.mkv").unlink()
    choose(dialog, "mp4")
    dialog.export_button.click()
    finish(dialog)
    assert "kept without its video" in dialog.message.text()
    assert not dialog.show_button.isVisible()
    assert not list(session.glob("*.mp4"))


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No])
def test_an_older_file_is_asked_about(dialog: ExportDialog, session: Path, monkeypatch, answer):
    older = session / "take.glb"
    older.write_bytes(b"precious")
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: answer)
    dialog.export_button.click()
    if answer == QMessageBox.StandardButton.Yes:
        finish(dialog)
        assert older.read_bytes()[:4] == b"glTF"
    else:
        assert not dialog.running
        assert older.read_bytes() == b"precious"


@pytest.mark.usefixtures("slow")
def test_cancelling_leaves_nothing(dialog: ExportDialog, session: Path):
    before = set(session.iterdir())
    dialog.export_button.click()
    dialog.close_button.click()
    finish(dialog)
    assert dialog.message.text() == "Cancelled; nothing was written."
    assert set(session.iterdir()) == before
    assert dialog.isVisible()


@pytest.mark.usefixtures("slow")
def test_closing_ends_an_export_first(dialog: ExportDialog, session: Path):
    before = set(session.iterdir())
    dialog.export_button.click()
    dialog.close()
    assert not dialog.running
    assert set(session.iterdir()) == before


@pytest.mark.usefixtures("slow")
def test_leaving_the_program_ends_an_export_first(application: QApplication, dialog: ExportDialog, session: Path):
    before = set(session.iterdir())
    dialog.export_button.click()
    application.aboutToQuit.emit()
    assert not dialog.running
    assert set(session.iterdir()) == before
