import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.fakes import FakeCameraDevice, FakeVideoCapture
from tracking.sources import CameraMode, SourceError, camera, cameras, list_cameras, open_source
from tracking.sources.camera import CameraSource, Patience
from tracking.sources.camera_controls import Deviation, Told
from tracking.sources.camera_mode import ModalSource
from tracking.sources.mirrored import MirroredSource
from tracking.sources.protocol import BufferingSource

PROMPT = Patience(failed_grabs=3, pause=0.0)
WAIT = 10.0


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCameraDevice]:
    device = FakeCameraDevice()
    monkeypatch.setattr(cv2, "VideoCapture", device.capture)
    yield device
    device.unplug()  # frees a thread that waits in a grab


@pytest.fixture
def linux_cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two cameras, the first with a metadata node and a name that lasts, as Linux shows them."""
    sysfs = tmp_path / "video4linux"
    for node, index, name in (("video0", 0, "HD Webcam"), ("video1", 1, "HD Webcam"), ("video10", 0, "Studio Cam")):
        (sysfs / node).mkdir(parents=True)
        (sysfs / node / "index").write_text(f"{index}\n")
        (sysfs / node / "name").write_text(f"{name}\n")
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    (by_id / "usb-Maker_HD_Webcam-video-index0").symlink_to("/dev/video0")
    monkeypatch.setattr(cameras, "_SYSFS", sysfs)
    monkeypatch.setattr(cameras, "_BY_ID", by_id)
    return by_id


def test_images_are_rgb_and_read_only(device: FakeCameraDevice):
    source = open_source("0")
    frame = source.read()
    source.close()
    assert frame is not None
    assert frame.image.shape == (720, 1280, 3)
    assert frame.image[5, 5, 0] == 200  # red comes first
    assert frame.image[5, 5, 1] == 100
    assert not frame.image.flags.writeable
    assert source.live
    assert not source.independent
    assert source.frame_count is None


def test_a_reader_that_asks_for_it_gets_every_frame_in_order(device: FakeCameraDevice):
    source = MirroredSource(CameraSource("0"))
    assert isinstance(source, BufferingSource)
    source.keep_unread(1000)
    first = source.read()
    assert first is not None
    indices = [frame.index for frame in (source.read() for _ in range(50)) if frame is not None]
    source.close()
    assert indices == list(range(first.index + 1, first.index + 51))


def test_a_slow_reader_gets_the_newest_image_and_gaps_in_the_index(device: FakeCameraDevice):
    source = CameraSource("0")
    first = source.read()
    assert first is not None
    drained = threading.Event()
    device_images = device.next_image

    def count() -> int | None:
        number = device_images()
        if number is not None and number > 20:
            drained.set()
        return number

    device.next_image = count  # type: ignore[method-assign]
    assert drained.wait(WAIT)
    second = source.read()
    source.close()
    assert second is not None
    assert second.index - first.index > 10
    assert second.captured_ns > first.captured_ns
    assert source.dropped >= 10


def test_the_time_is_taken_between_grab_and_retrieve(device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch):
    ticks = iter(range(10**6))
    calls: list[str] = []
    monkeypatch.setattr("tracking.sources.camera.now_ns", lambda: (calls.append("clock"), next(ticks))[1])

    class Noting:
        def __init__(self, *arguments: object) -> None:
            self._inner = device.capture()

        def grab(self) -> bool:
            calls.append("grab")
            return self._inner.grab()

        def retrieve(self) -> tuple[bool, np.ndarray | None]:
            calls.append("retrieve")
            return self._inner.retrieve()

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

    monkeypatch.setattr(cv2, "VideoCapture", Noting)
    source = CameraSource("0")
    source.read()
    source.close()
    first = calls.index("grab")
    assert calls[first : first + 3] == ["grab", "clock", "retrieve"]


def test_read_waits_for_a_slow_camera(device: FakeCameraDevice):
    source = CameraSource("0")
    device.hold()
    while source._mailbox.take(timeout=0) is not None:  # what came before
        pass
    frames: queue.Queue[object] = queue.Queue()
    reader = threading.Thread(target=lambda: frames.put(source.read()))
    reader.start()
    device.flow()
    assert frames.get(timeout=WAIT) is not None
    reader.join(WAIT)
    source.close()


def test_close_wakes_a_blocked_read_and_releases_the_camera(device: FakeCameraDevice):
    source = CameraSource("0")
    results: queue.Queue[object] = queue.Queue()

    def read_on() -> None:
        while source.read() is not None:
            pass
        results.put("ended")

    reader = threading.Thread(target=read_on)
    reader.start()
    source.close()
    assert results.get(timeout=WAIT) == "ended"
    reader.join(WAIT)
    assert device.released == 1
    assert source.read() is None
    source.close()  # again does no harm


@pytest.mark.parametrize("raises", [False, True])
def test_an_unplugged_camera_is_opened_again_by_itself(device: FakeCameraDevice, raises: bool):
    notices: queue.Queue[str] = queue.Queue()
    source = CameraSource("0", on_notice=notices.put, reconnect_delays=(0.0,), patience=PROMPT)
    before = source.read()
    assert before is not None
    device.raises = raises
    device.unplug()
    assert notices.get(timeout=WAIT) == "camera 0 stopped delivering images; trying to reconnect."
    assert device.wait_for_opening(4)  # more than one attempt in vain
    device.plug()
    assert notices.get(timeout=WAIT) == "camera 0 is back."
    while (after := source.read()) is not None and after.captured_ns <= before.captured_ns:
        pass
    assert after is not None
    assert after.index > before.index
    source.close()
    assert device.released == 2
    assert notices.empty()


def test_reconnecting_waits_longer_each_time_and_stops_when_closed(
    device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch
):
    source = CameraSource("0", reconnect_delays=(0.0, 1.0, 2.0), patience=PROMPT)
    waits: list[float] = []
    enough = threading.Event()
    real_wait = source._stop.wait

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 5:
            enough.set()
            return real_wait()
        return False

    monkeypatch.setattr(source._stop, "wait", wait)
    device.unplug()
    assert enough.wait(WAIT)
    source.close()
    assert not source._thread.is_alive()
    assert waits == [0.0, 1.0, 2.0, 2.0, 2.0]


def test_a_single_failed_grab_is_no_loss(device: FakeCameraDevice):
    notices: list[str] = []
    source = CameraSource("0", on_notice=notices.append, patience=PROMPT)
    real = device.next_image
    failures = iter([None, None])
    passed = threading.Event()

    def shaky() -> int | None:
        if next(failures, "none left") is None:
            return None
        passed.set()
        return real()

    device.next_image = shaky  # type: ignore[method-assign]
    assert passed.wait(WAIT)
    assert source.read() is not None
    source.close()
    assert notices == []
    assert device.opened == 1


def test_a_camera_silent_for_long_is_given_up_at_the_first_failure(
    device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch
):
    notices: queue.Queue[str] = queue.Queue()
    never = Patience(failed_grabs=10**9, silence=3.0, pause=0.0)
    source = CameraSource("0", on_notice=notices.put, reconnect_delays=(0.0,), patience=never)
    hours = iter(range(0, 10**18, 3_600_000_000_000))
    monkeypatch.setattr("tracking.sources.camera.now_ns", lambda: next(hours))
    device.unplug()
    assert "stopped delivering" in notices.get(timeout=WAIT)
    source.close()


def test_what_the_camera_gives_counts_and_is_said(device: FakeCameraDevice):
    device.size, device.fps = (640, 480), 15.0
    notices: list[str] = []
    source = open_source("0", camera_mode=CameraMode(1920, 1080, 30.0), on_notice=notices.append)
    source.close()
    assert source.size == (640, 480)
    assert source.fps == 15.0
    assert notices == ["camera 0 was asked for 1920x1080, 30/s and gives 640x480, 15/s."]


def test_nothing_is_said_where_the_camera_does_as_asked(device: FakeCameraDevice):
    device.fps = 29.97
    notices: list[str] = []
    source = open_source("0", on_notice=notices.append)
    source.close()
    assert notices == []


@pytest.mark.parametrize(("platform", "place"), [("linux", 0), ("darwin", 0), ("win32", 3)])
def test_compressed_images_are_asked_for_where_the_driver_heeds_it(
    device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch, platform: str, place: int
):
    monkeypatch.setattr("sys.platform", platform)
    CameraSource("0").close()
    keys = [key for key, _ in device.settings]
    assert keys.index(cv2.CAP_PROP_FOURCC) == place
    assert (cv2.CAP_PROP_FRAME_WIDTH, 1280) in device.settings
    assert (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")) in device.settings


def test_nothing_is_asked_for_where_the_choice_is_the_drivers(device: FakeCameraDevice):
    notices: list[str] = []
    source = open_source("0", camera_mode=CameraMode(), on_notice=notices.append)
    source.close()
    assert device.settings == []
    assert notices == []


@pytest.mark.parametrize(
    ("platform", "asked", "letters"), [("linux", "YUYV", "YUYV"), ("win32", "YUYV", "YUY2"), ("linux", "Y16", "Y16 ")]
)
def test_a_pixel_format_is_asked_for_by_the_name_that_the_system_has_for_it(
    device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch, platform: str, asked: str, letters: str
):
    monkeypatch.setattr("sys.platform", platform)
    CameraSource("0", mode=CameraMode(pixel_format=asked)).close()
    assert device.settings == [(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*letters))]


def test_the_mode_is_read_back_through_a_mirror_and_after_a_reconnection(device: FakeCameraDevice):
    device.size, device.fps, device.pixel_format = (800, 600), 20.0, "YUYV"
    notices: queue.Queue[str] = queue.Queue()
    source = CameraSource("0", mode=CameraMode(fps=20.0), on_notice=notices.put, reconnect_delays=(0.0,))
    mirrored = MirroredSource(source)
    assert isinstance(mirrored, ModalSource)
    assert mirrored.asked == CameraMode(fps=20.0)
    assert mirrored.mode == CameraMode(800, 600, 20.0, "YUYV")
    device.unplug()
    assert "stopped" in notices.get(timeout=WAIT)
    device.pixel_format = ""
    device.plug()
    assert "is back" in notices.get(timeout=WAIT)
    source.close()
    assert mirrored.mode == CameraMode(800, 600, 20.0)


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        (CameraMode(pixel_format="MJPG"), "YUYV", "was asked for MJPG and gives 1280x720, 30/s, YUYV."),
        (CameraMode(pixel_format="YUYV"), "YUY2", None),  # two names of one format
        (CameraMode(pixel_format="MJPG"), "", None),  # the driver does not say
        (CameraMode(fps=60.0), "", "was asked for 60/s and gives 1280x720, 30/s."),
        (None, "YUYV", None),  # nobody has asked for a format
    ],
)
def test_what_is_said_of_a_mode_is_what_was_asked_for_and_is_not_so(
    device: FakeCameraDevice, asked: CameraMode | None, given: str, said: str | None
):
    device.pixel_format = given
    notices: list[str] = []
    CameraSource("0", mode=asked, on_notice=notices.append).close()
    assert notices == ([] if said is None else [f"camera 0 {said}"])


@pytest.mark.parametrize("number", [-1.0, float("nan"), 22.0, float(2**31 + 5)])
def test_a_number_that_stands_for_no_format_is_none(
    device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch, number: float
):
    monkeypatch.setattr(FakeVideoCapture, "get", lambda self, key: number)
    source = CameraSource("0")
    source.close()
    assert source.mode.pixel_format is None


def test_controls_are_told_when_the_camera_is_opened_and_plugged_in_again(
    device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch
):
    told: queue.Queue[tuple[str, dict[str, int]]] = queue.Queue()
    refused = Told((), (Deviation("gain", 50, 40, "Device busy"),))
    monkeypatch.setattr(camera, "apply_controls", lambda path, wanted: told.put((path, dict(wanted))) or refused)
    wanted = {"gain": 30}
    notices: queue.Queue[str] = queue.Queue()
    source = CameraSource("7", on_notice=notices.put, reconnect_delays=(0.0,), patience=PROMPT)
    assert told.empty(), "nothing was chosen yet"
    source.hold_controls(lambda: wanted)
    assert told.get(timeout=WAIT) == (camera.camera_identity("7"), {"gain": 30})
    assert notices.get(timeout=WAIT).endswith("Gain: the driver refuses 50 (Device busy) and stays at 40.")
    wanted["gain"] = 50
    device.unplug()
    assert "stopped" in notices.get(timeout=WAIT)
    device.plug()
    assert told.get(timeout=WAIT)[1] == {"gain": 50}
    assert "is back" in notices.get(timeout=WAIT), "what the driver refuses is said once"
    source.close()


def test_infrared_cameras_give_three_channels(device: FakeCameraDevice):
    device.grey = True
    source = CameraSource("0")
    frame = source.read()
    source.close()
    assert frame is not None
    assert frame.image.shape == (720, 1280, 3)
    assert np.ptp(frame.image[0, 0]) == 0


def test_a_missing_camera_is_named_with_those_there_are(device: FakeCameraDevice, linux_cameras: Path):
    device.unplug()
    with pytest.raises(SourceError, match=r"There is no camera 7: .*HD Webcam.*/dev/video10 \(Studio Cam\)"):
        open_source("7")


@pytest.mark.parametrize("there", [True, False])
def test_a_file_whose_name_is_a_number_is_spoken_of(
    device: FakeCameraDevice, linux_cameras: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
):
    number, said = ("0" if there else "7"), []
    monkeypatch.chdir(tmp_path)
    (tmp_path / number).touch()
    hint = f"{number} is taken for a camera; the file or folder of that name is ./{number}."
    if there:
        open_source(number, on_notice=said.append).close()
        assert hint in said
    else:
        device.unplug()
        with pytest.raises(SourceError) as caught:
            open_source(number)
        assert str(caught.value).endswith(hint)


def test_a_camera_in_use_is_released_again_and_says_what_helps(
    device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch
):
    device.in_use = True
    monkeypatch.setattr(Path, "exists", lambda self: True)
    monkeypatch.setattr("os.access", lambda path, mode: True)
    with pytest.raises(SourceError, match="camera 0 gives no image; close the program that may be using it"):
        CameraSource("0", patience=PROMPT)
    assert device.released == device.opened == 1


def test_a_camera_without_permission_says_so(device: FakeCameraDevice, monkeypatch: pytest.MonkeyPatch):
    device.unplug()
    monkeypatch.setattr(Path, "exists", lambda self: True)
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(SourceError, match="/dev/video0 may not be used by this account"):
        CameraSource("0")


def test_linux_lists_cameras_without_their_metadata_nodes(linux_cameras: Path):
    found = list_cameras()
    assert [camera.name for camera in found] == ["HD Webcam", "Studio Cam"]
    assert [camera.device for camera in found] == ["/dev/video0", "/dev/video10"]
    assert found[0].spec == str(linux_cameras / "usb-Maker_HD_Webcam-video-index0")
    assert found[1].spec == "/dev/video10"


def test_a_number_opens_the_name_that_lasts(
    device: FakeCameraDevice, linux_cameras: Path, monkeypatch: pytest.MonkeyPatch
):
    targets: list[object] = []

    def capture(target: object, *rest: object) -> object:
        targets.append(target)
        return device.capture()

    monkeypatch.setattr(cv2, "VideoCapture", capture)
    source = open_source("0")
    source.close()
    assert source.name == "camera 0 (HD Webcam)"
    assert targets == [str(linux_cameras / "usb-Maker_HD_Webcam-video-index0")]


def test_other_systems_are_probed_where_they_do_not_list_their_cameras(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    present, absent = FakeCameraDevice(), FakeCameraDevice()
    absent.unplug()
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(cv2, "VideoCapture", lambda index: (present if index == 1 else absent).capture())
    assert [(camera.spec, camera.name) for camera in list_cameras()] == [("1", "camera 1")]
    assert present.released == 1


def test_a_broken_reader_thread_is_an_error_and_not_silence(device: FakeCameraDevice):
    source = CameraSource("0")

    def broken() -> int | None:
        raise RuntimeError("driver bug")

    device.next_image = broken  # type: ignore[method-assign]

    def read_on() -> None:
        while source.read() is not None:
            pass

    with pytest.raises(SourceError, match="driver bug"):
        read_on()
    source.close()


def test_a_camera_that_comes_back_in_another_mode_gives_its_new_size(device: FakeCameraDevice):
    notices: queue.Queue[str] = queue.Queue()
    source = CameraSource("0", on_notice=notices.put, reconnect_delays=(0.0,))
    device.unplug()
    assert "stopped" in notices.get(timeout=WAIT)
    device.size = (640, 480)
    device.plug()
    said = [notices.get(timeout=WAIT), notices.get(timeout=WAIT)]
    assert said[1].endswith("is back, now with 640x480.")
    assert source.size == (640, 480)
    while (frame := source.read()) is not None and frame.image.shape != (480, 640, 3):
        pass
    assert frame is not None
    source.close()


@pytest.mark.parametrize("shape", [(480, 640), (480, 640, 1), (480, 640, 2), (480, 640, 4)])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_odd_cameras_give_rgb_in_eight_bits(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...], kind: type):
    device = FakeCameraDevice()

    class Odd(FakeVideoCapture):
        def retrieve(self) -> tuple[bool, np.ndarray | None]:
            return True, np.full(shape, 0.5 if kind is np.float32 else 100, kind)

    monkeypatch.setattr(cv2, "VideoCapture", lambda *arguments: Odd(device))
    source = CameraSource("0")
    frame = source.read()
    source.close()
    device.unplug()
    assert frame is not None
    assert (frame.image.shape, frame.image.dtype) == ((480, 640, 3), np.uint8)


def test_bytes_in_a_row_are_no_image(monkeypatch: pytest.MonkeyPatch):
    device = FakeCameraDevice()

    class Raw(FakeVideoCapture):
        def retrieve(self) -> tuple[bool, np.ndarray | None]:
            return True, np.zeros(1000, np.uint8)

    monkeypatch.setattr(cv2, "VideoCapture", lambda *arguments: Raw(device))
    with pytest.raises(SourceError, match=r"no camera|gives no image"):
        CameraSource("0", patience=Patience(failed_grabs=2, pause=0.0))
    device.unplug()
