"""The hub: newest wins, nobody waits, failures are said once."""

import threading

import pytest

from app.outputs.streaming.hub import StreamHub
from app.outputs.streaming.output import Output, OutputError
from models.errors import BothhandsError
from tests.fakes import tracked_frame

PATIENCE = 5.0


class FakeOutput(Output):
    kind = "vmc"
    address = "somewhere:1"

    def __init__(self, open_error=None):
        self.open_error = open_error
        self.errors = {}
        self.sent = []
        self.threads = set()
        self.progress = threading.Condition()
        self.may_send = threading.Event()
        self.may_send.set()
        self.sending = threading.Event()
        self.log = []

    def open(self):
        self.threads.add(threading.get_ident())
        self.log.append("open")
        if self.open_error is not None:
            raise self.open_error

    def send(self, tracked):
        self.threads.add(threading.get_ident())
        self.sending.set()
        assert self.may_send.wait(PATIENCE)
        index = tracked.frame.index
        with self.progress:
            self.sent.append(index)
            self.progress.notify_all()
        if index in self.errors:
            raise self.errors[index]

    def close(self):
        self.threads.add(threading.get_ident())
        self.log.append("close")

    def wait_for(self, index):
        with self.progress:
            assert self.progress.wait_for(lambda: index in self.sent, PATIENCE)


@pytest.fixture
def reports():
    return []


@pytest.fixture
def hub(reports):
    made = StreamHub(reports.append)
    yield made
    made.close(PATIENCE)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("bothhands-stream")]


def test_an_output_lives_in_one_thread_which_is_not_the_trackers(hub):
    output = FakeOutput()
    hub.start(output)
    hub.wait_open()
    assert hub.status["vmc"].state == "on"
    hub.offer(tracked_frame(0))
    output.wait_for(0)
    hub.close(PATIENCE)
    assert output.log == ["open", "close"]
    assert len(output.threads) == 1
    assert threading.get_ident() not in output.threads
    assert hub.status["vmc"].state == "off"


def test_an_output_that_hangs_holds_up_nobody_and_goes_on_with_the_newest(hub):
    output, other = FakeOutput(), FakeOutput()
    other.kind = "osc"
    output.may_send.clear()
    for each in (output, other):
        hub.start(each)
    hub.offer(tracked_frame(0))
    assert output.sending.wait(PATIENCE)
    for index in range(1, 50):
        hub.offer(tracked_frame(index))  # returns at once
        other.wait_for(index)
    output.may_send.set()
    output.wait_for(49)
    assert output.sent == [0, 49]


def test_what_cannot_begin_is_said_once_and_the_rest_goes_on(hub, reports):
    broken, sound = FakeOutput(OutputError("The port is taken.")), FakeOutput()
    sound.kind = "osc"
    hub.start(broken)
    hub.start(sound)
    with pytest.raises(BothhandsError, match="port is taken"):
        hub.wait_open()
    for index in range(3):
        hub.offer(tracked_frame(index))
        sound.wait_for(index)
    assert reports == ["The port is taken."]
    assert hub.status["vmc"].state == "failed"
    assert hub.status["vmc"].detail == "The port is taken."
    assert broken.sent == []
    assert "close" in broken.log


def test_lost_frames_are_said_once_until_it_works_again(hub, reports):
    output = FakeOutput()
    output.errors = {index: OSError(101, "Network is unreachable") for index in (1, 2, 4)}
    hub.start(output)
    for index in range(6):
        hub.offer(tracked_frame(index))
        output.wait_for(index)
    hub.close(PATIENCE)
    assert len(reports) == 2
    assert "Network is unreachable" in reports[0]


def test_a_bug_in_an_output_ends_that_output_only(hub, reports):
    output = FakeOutput()
    output.errors = {0: ZeroDivisionError("oops")}
    hub.start(output)
    hub.offer(tracked_frame(0))
    output.wait_for(0)
    hub.close(PATIENCE)
    assert len(reports) == 1
    assert "ZeroDivisionError" in reports[0]
    assert hub.status["vmc"].state == "failed"


def test_another_output_of_a_kind_begins_when_the_first_has_ended(hub):
    order = []
    first, second = FakeOutput(), FakeOutput()
    first.close = lambda: order.append("first closed")
    second.open = lambda: order.append("second opened")
    hub.start(first)
    hub.start(second)
    hub.wait_open()
    hub.offer(tracked_frame(3))
    second.wait_for(3)
    assert order == ["first closed", "second opened"]
    assert first.sent == []


def test_images_go_to_those_that_show_them(hub):
    hands, pictures = FakeOutput(), FakeOutput()
    pictures.kind, pictures.drawn = "virtual-camera", True
    assert not hub.shows_images
    hub.start(hands)
    hub.start(pictures)
    assert hub.shows_images
    hub.offer(tracked_frame(0))
    hub.offer_drawn(tracked_frame(1))
    hands.wait_for(0)
    pictures.wait_for(1)
    hub.stop("virtual-camera")
    hub.close(PATIENCE)
    assert (hands.sent, pictures.sent) == ([0], [1])
    assert not hub.shows_images


class LateOutput(FakeOutput):
    """Known to work only with its first frame, as a virtual camera is."""

    @property
    def works(self):
        return bool(self.sent) and not self.errors


def until_ended(hub):
    stream = hub._streams["vmc"]
    stream.join(PATIENCE)


def test_an_output_that_needs_a_frame_is_not_on_before_it_had_one(hub):
    output = LateOutput()
    hub.start(output)
    hub.wait_open()
    assert hub.status["vmc"].state == "opening"
    hub.offer(tracked_frame(0))
    output.wait_for(0)
    while hub.status["vmc"].state == "opening":
        threading.Event().wait(0.001)
    assert hub.status["vmc"].state == "on"


def test_an_output_that_fails_with_its_first_frame_was_never_on(hub, reports):
    output = LateOutput()
    output.errors[0] = OutputError("There is no virtual camera.")
    hub.start(output, watched=True)
    hub.wait_open()
    hub.offer(tracked_frame(0))
    until_ended(hub)
    status = hub.status["vmc"]
    assert (status.state, status.detail, status.told) == ("failed", "There is no virtual camera.", False)
    assert reports == [], "the person looks at the status"


def test_what_fails_after_it_worked_is_reported_whoever_watches(hub, reports):
    output = FakeOutput()
    output.errors[1] = OutputError("The server has ended.")
    hub.start(output, watched=True)
    hub.wait_open()
    for index in (0, 1):
        hub.offer(tracked_frame(index))
        output.wait_for(index)
    until_ended(hub)
    assert hub.status["vmc"].told
    assert reports == ["The server has ended."]
