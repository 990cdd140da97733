"""The examples do what they say."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.outputs.export.job import ExportOptions, export_session
from app.outputs.streaming.addresses import Address
from app.outputs.streaming.websocket import WebSocketOutput
from tests.app.export_fakes import CAMERA, STEP_NS, record
from tests.fakes import tracked_frame, write_video

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def test_every_example_is_in_the_list_and_tested():
    names = {path.name for path in EXAMPLES.glob("*.py")}
    listed = (EXAMPLES / "README.md").read_text()
    assert names == {"track_file.py", "plot_session.py", "receive_websocket.py", "blender_import.py"}
    assert all(f"({name})" in listed for name in names)


def test_a_file_is_tracked_in_seven_lines(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path):
    code = [line for line in (EXAMPLES / "track_file.py").read_text().splitlines()[1:] if line.strip()]
    assert len(code) == 7
    capture = cv2.VideoCapture(str(ROOT / "assets" / "demo.mp4"))
    capture.set(cv2.CAP_PROP_POS_FRAMES, 60)
    frames = [cv2.cvtColor(capture.read()[1], cv2.COLOR_BGR2RGB) for _ in range(4)]
    capture.release()
    clip = write_video(tmp_path / "clip.mp4", frames)
    monkeypatch.setattr(sys, "argv", ["track_file", str(clip)])
    runpy.run_path(str(EXAMPLES / "track_file.py"), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[1] for line in lines} == {"left", "right"}
    assert lines[0].startswith("0 ")
    assert "wrist at [" in lines[0]


def test_a_session_is_plotted(tmp_path: Path):
    session = record(tmp_path, gone={"left": range(10, 25)})
    target = tmp_path / "plot.png"
    subprocess.run([sys.executable, EXAMPLES / "plot_session.py", session, target], check=True, cwd=tmp_path)
    image = cv2.imread(str(target))
    assert image is not None
    assert image.std() > 5, "lines are on it"


def test_lines_of_the_plot_break_where_a_hand_is_gone():
    plot = runpy.run_path(str(EXAMPLES / "plot_session.py"))
    times, values = plot["broken"](np.array([0.0, 0.1, 1.0, 1.1]), np.arange(4.0))
    np.testing.assert_array_equal(times, [0.0, 0.1, 1.0, 1.0, 1.1])
    np.testing.assert_array_equal(values, [0.0, 1.0, np.nan, 2.0, 3.0])


def test_the_stream_is_received_until_it_ends():
    receive = runpy.run_path(str(EXAMPLES / "receive_websocket.py"))
    output = WebSocketOutput(Address("127.0.0.1", 0))
    output.open()
    frame = tracked_frame(8)
    output.send(frame)  # a client gets the newest message as soon as it comes
    messages = receive["messages"](output.address)
    try:
        received = next(messages)
    finally:
        output.close()
    assert list(messages) == []
    assert received["frame"] == 8
    joints = frame.hands.hands["left"].joints
    assert receive["pinch"](received["hands"]["left"]) == pytest.approx(np.linalg.norm(joints[4] - joints[8]), abs=1e-3)


def test_the_part_of_blenders_script_that_needs_no_blender(tmp_path: Path):
    script = runpy.run_path(str(EXAMPLES / "blender_import.py"), run_name="__main__")  # compiles, and does nothing here
    session = record(tmp_path, frames=31)
    exported = export_session(ExportOptions(session=session, format="glb", out=tmp_path / "hands.glb"))
    gltf = script["read_gltf"](exported.path)
    assert script["seconds_of"](gltf) == pytest.approx(30 * STEP_NS * 1e-9, abs=1e-3)
    assert script["video_size"](session) == (CAMERA.width, CAMERA.height)
    names = [node.get("name") for node in gltf["nodes"]]
    assert "Webcam" in names, "what the script looks for"
    (tmp_path / "other.glb").write_bytes(json.dumps({}).encode().ljust(40))
    with pytest.raises(SystemExit, match="export one with --format glb"):
        script["read_gltf"](tmp_path / "other.glb")
