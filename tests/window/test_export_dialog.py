from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtCore import QEvent
from PyQt5.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMessageBox, QWidget

from app.outputs.export import FORMATS, PRESETS, ExportJob, job
from app.replay.runs import RunInfo, run_notes, run_path
from app.sessions.columns import HandColumns
from app.sessions.journal import HandJournal
from app.sessions.session import load_session
from app.window.export_dialog import ExportDialog
from models.errors import BothhandsError
from models.values import HandParameters, HandReconstruction, Reconstruction
from tests.app.export_fakes import record
from tracking.values import Frame, TrackedFrame


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


def choose_preset(dialog: ExportDialog, name: str | None) -> None:
    dialog.preset_box.setCurrentIndex(dialog.preset_box.findData(name))
    dialog.preset_box.activated.emit(dialog.preset_box.currentIndex())


def finish(dialog: ExportDialog) -> None:
    assert dialog._job is not None
    dialog._job.wait()
    dialog._poll()
    assert not dialog.running


def test_names_are_level_with_their_fields_and_fields_with_their_buttons(dialog: ExportDialog):
    """A form's labels stood 1.5 px too high, and the file's name was in a lower field than the button beside it."""
    choose(dialog, "bvh")  # which has a unit
    QApplication.processEvents()
    for field in (dialog.run_box, dialog.preset_box, dialog.format_box, dialog.place_edit, dialog.unit_box):
        (name,) = (
            label for label in dialog.findChildren(QLabel) if label.text() and label.geometry().top() == field.y()
        )
        assert name.height() == field.height(), name.text()
    assert dialog.place_edit.height() == dialog.browse_button.height() == dialog.format_box.height()


def test_the_file_lies_in_the_session_and_ends_like_its_format(dialog: ExportDialog, session: Path):
    assert dialog.place_edit.text() == str(session / "take.glb")
    choose(dialog, "bvh")
    assert dialog.place_edit.text() == str(session / "take.bvh")
    dialog.place_edit.setText("/somewhere/a.good.name.bvh")
    choose(dialog, "csv")
    assert dialog.place_edit.text() == "/somewhere/a.good.name.csv"


@pytest.mark.parametrize("text", ["", "   ", "/", ".."])
def test_a_file_without_a_name_is_asked_for_and_nothing_is_written(
    dialog: ExportDialog, session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    dialog.place_edit.setText(text)
    dialog.export_button.click()
    assert not dialog.running
    assert "take.glb" in dialog.message.text()
    assert sorted(tmp_path.rglob("*")) == before
    choose(dialog, "bvh")
    assert dialog.place_edit.text() == str(session / "take.bvh")


def test_a_file_without_a_folder_lies_in_the_session(dialog: ExportDialog, session: Path, tmp_path: Path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    dialog.place_edit.setText("mine.glb")
    dialog.export_button.click()
    finish(dialog)
    assert (session / "mine.glb").is_file()
    assert list(elsewhere.iterdir()) == []


def store_run(session: Path, name: str) -> None:
    """A run over the session's frames that sees left hands alone, one metre farther away than they were recorded."""
    recorded = load_session(session)
    place = run_path(session, name)
    place.parent.mkdir()
    info = RunInfo(model=name, weights_sha256=None, app_version="0", smoothing=None, made="")
    journal = HandJournal(place, recorded.info.hand_model, notes=run_notes(info))
    rows = HandColumns.of(recorded.table)
    blank = np.zeros((48, 64, 3), np.uint8)
    for number, row in enumerate(rows.rows("left")):
        parameters = HandParameters(
            rows.pose[row].reshape(16, 3), rows.shape[row], rows.translation[row] + np.float32([0, 0, 1])
        )
        joints, pixels = rows.joints[row].reshape(21, 3), rows.joints_px[row].reshape(21, 2)
        hand = HandReconstruction(parameters, np.zeros((778, 3), np.float32), joints, pixels, 0.9)
        frame = Frame(number, int(rows.captured_ns[row]), blank)
        tracked = TrackedFrame(
            frame, Reconstruction({"left": hand}), {"left": parameters}, frozenset(), recorded.info.intrinsics
        )
        journal.append(tracked, model=name, camera=0)
    journal.close()


def test_the_hands_of_a_run_are_exported(application: QApplication, session: Path):
    store_run(session, "lwa-hand")
    made = ExportDialog(session, run="lwa-hand")
    made.show()
    assert made.place_edit.text() == str(session / "take-lwa-hand.glb")
    choose(made, "csv")
    made.export_button.click()
    finish(made)
    made.run_box.setCurrentIndex(0)
    assert made.place_edit.text() == str(session / "take.csv")
    made.export_button.click()
    finish(made)
    made.close()
    rows = {}
    for name in ("take", "take-lwa-hand"):
        with (session / f"{name}.csv").open(newline="") as file:
            rows[name] = [row for row in csv.DictReader(file) if row["side"] == "left"]
    column = next(name for name in rows["take"][0] if "translation" in name and name.endswith(("z", "2")))
    run, own = (np.array([float(row[column]) for row in rows[name]]) for name in ("take-lwa-hand", "take"))
    assert np.allclose(run - own, 1.0, atol=1e-4)


@pytest.mark.parametrize("name", ["none", "../elsewhere", "", "/tmp/x"])
def test_a_run_that_is_not_there_is_refused_and_nothing_is_written(session: Path, tmp_path: Path, name: str):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BothhandsError, match="has no run named"):
        job.export_session(job.ExportOptions(session=session, format="csv", run=name))
    assert sorted(tmp_path.rglob("*")) == before


def test_dialogs_are_deleted_when_they_are_done(application: QApplication, session: Path):
    window = QWidget()
    dialog = ExportDialog(session, window)
    dialog.open()
    dialog.browse_button.click()
    (files,) = dialog.findChildren(QFileDialog)
    assert all(edit.completer() is None for edit in files.findChildren(QLineEdit))
    files.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert dialog.findChildren(QFileDialog) == []
    dialog.close_button.click()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChildren(ExportDialog) == []


@pytest.mark.parametrize(("name", "rig", "unit"), [("glb", True, False), ("bvh", False, True), ("npz", False, False)])
def test_only_options_that_the_format_knows_are_offered(dialog: ExportDialog, name: str, rig: bool, unit: bool):
    choose(dialog, name)
    assert dialog.rig_only_box.isVisible() == rig
    assert dialog.unit_box.isVisible() == unit


@pytest.mark.parametrize("before", ["csv", "bvh"])
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_format_and_options(dialog: ExportDialog, session: Path, name: str, before: str):
    choose(dialog, before)
    dialog.smooth_box.setChecked(not PRESETS[name].smooth)
    dialog.unit_box.setCurrentIndex(1)
    choose_preset(dialog, name)
    preset = PRESETS[name]
    assert dialog.preset_box.currentData() == name
    assert dialog._wanted() == preset.options(session)
    assert dialog.place_edit.text() == str(session / f"take{FORMATS[preset.formats[0]].suffix}")
    assert dialog.message.text() == preset.advice


def test_what_is_changed_after_a_preset_is_an_own_choice(dialog: ExportDialog):
    changes = (
        ("unreal", lambda: dialog.rig_only_box.setChecked(False)),
        ("blender", lambda: dialog.smooth_box.setChecked(False)),
        ("vtubing", lambda: dialog.unit_box.setCurrentIndex(1)),
        ("science", lambda: choose(dialog, "npz")),
    )
    for name, change in changes:
        choose_preset(dialog, name)
        change()
        assert dialog.preset_box.currentData() is None
        assert dialog.message.text() == ""
    assert dialog.format_box.currentData() == "npz"
    assert dialog.smooth_box.isChecked() == PRESETS["science"].smooth


def test_without_a_preset_format_and_options_stay(dialog: ExportDialog):
    choose_preset(dialog, "unity")
    wanted = dialog._wanted()
    choose_preset(dialog, None)
    assert dialog._wanted() == wanted
    assert dialog.message.text() == ""


def test_a_preset_of_two_formats_writes_both(dialog: ExportDialog, session: Path):
    choose_preset(dialog, "science")
    dialog.export_button.click()
    assert not dialog.preset_box.isEnabled()
    finish(dialog)
    lines = dialog.message.text().splitlines()
    assert [line.split(" (")[0] for line in lines[:2]] == [
        f"Wrote {session / name}" for name in ("take.csv", "take.npz")
    ]
    assert lines[-1] == PRESETS["science"].advice
    with (session / "take.csv").open(newline="") as file, np.load(session / "take.npz") as arrays:
        assert [int(row["frame"]) for row in csv.DictReader(file)] == arrays["frame"].tolist()


def test_an_older_second_file_is_asked_about(dialog: ExportDialog, session: Path, monkeypatch):
    older, asked = session / "take.npz", []
    older.write_bytes(b"precious")

    def no(parent: QWidget, title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", no)
    choose_preset(dialog, "science")
    dialog.export_button.click()
    assert not dialog.running
    assert len(asked) == 1
    assert "take.npz" in asked[0]
    assert older.read_bytes() == b"precious"
    assert not (session / "take.csv").exists()


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
