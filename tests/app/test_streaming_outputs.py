"""Each protocol received by a real client of it."""

import contextlib
import errno
import json
import os
import socket
import struct
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_server import BlockingOSCUDPServer
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.protocol import State
from websockets.sync.client import connect
from websockets.uri import parse_uri

from app.outputs.streaming import addresses
from app.outputs.streaming.addresses import Address, one_of_each_family, parse_address, parse_addresses
from app.outputs.streaming.factory import create_output
from app.outputs.streaming.message import HAND, HEADER, HandsMessage
from app.outputs.streaming.osc import PlainOscOutput
from app.outputs.streaming.output import OutputError
from app.outputs.streaming.virtual_camera import VirtualCameraOutput
from app.outputs.streaming.vmc import VmcOutput
from app.outputs.streaming.websocket import WebSocketOutput
from models.errors import BothhandsError
from tests.fakes import tracked_frame
from tracking.values import Frame

LOCAL = Address("127.0.0.1", 0)
BOTH = ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))


class OscReceiver(BlockingOSCUDPServer):
    """Notes messages by address, and how many datagrams there were."""

    def __init__(self):
        self.messages = []
        self.datagrams = []
        dispatcher = Dispatcher()
        dispatcher.set_default_handler(lambda address, *values: self.messages.append((address, values)))
        super().__init__(("127.0.0.1", 0), dispatcher)
        self.timeout = 5.0

    @property
    def address(self):
        return Address(*self.server_address[:2])

    def verify_request(self, request, client_address):
        self.datagrams.append(request[0])
        return True


@pytest.fixture
def receiver():
    with OscReceiver() as server:
        yield server


def sent(output, receiver, *frames):
    output.open()
    try:
        for frame in frames:
            output.send(frame)
            receiver.handle_request()
    finally:
        output.close()
    return receiver.messages


def test_vmc_sends_a_frame_as_one_bundle_of_bones(receiver):
    messages = sent(VmcOutput([receiver.address]), receiver, tracked_frame(3))
    assert len(receiver.datagrams) == 1
    assert OscBundle.dgram_is_bundle(receiver.datagrams[0])
    assert messages[:2] == [("/VMC/Ext/OK", (1,)), ("/VMC/Ext/T", (0.0,))]
    bones = {values[0]: values[1:] for address, values in messages if address == "/VMC/Ext/Bone/Pos"}
    assert len(bones) == 32
    assert {"LeftHand", "RightHand", "LeftThumbProximal", "RightLittleDistal"} <= set(bones)
    for numbers in bones.values():
        assert np.linalg.norm(numbers[3:]) == pytest.approx(1.0, abs=1e-5)


def test_vmc_counts_time_from_the_first_frame_and_leaves_absent_hands_out(receiver):
    late = tracked_frame(1, captured_ns=900_000_000_000_000, sides=["right"])
    later = tracked_frame(2, captured_ns=900_000_500_000_000, sides=[])
    messages = sent(VmcOutput([receiver.address]), receiver, late, later)
    times = [values[0] for address, values in messages if address == "/VMC/Ext/T"]
    assert times == [0.0, 0.5]
    names = [values[0] for address, values in messages if address == "/VMC/Ext/Bone/Pos"]
    assert len(names) == 16
    assert all(name.startswith("Right") for name in names)


def test_osc_sends_the_numbers_of_a_session(receiver):
    frame = tracked_frame(7, sides=["left"])
    messages = dict(sent(PlainOscOutput([receiver.address]), receiver, frame))
    hand = frame.hands.hands["left"]
    assert messages["/bothhands/frame"] == (7, 0.0)
    assert messages["/bothhands/left/tracked"] == (1,)
    assert messages["/bothhands/right/tracked"] == (0,)
    assert "/bothhands/right/joints" not in messages
    np.testing.assert_allclose(messages["/bothhands/left/joints"], hand.joints.ravel(), rtol=1e-6)
    np.testing.assert_allclose(messages["/bothhands/left/pose"], hand.parameters.pose.ravel(), rtol=1e-6)


def test_osc_tells_when_gestures_begin_and_end(receiver):
    frames = [
        replace(tracked_frame(number), gestures=gestures)
        for number, gestures in enumerate(
            [{}, {"left": "open palm"}, {"left": "open palm"}, {"left": "pinch", "right": "fist"}, {}]
        )
    ]
    messages = sent(PlainOscOutput([receiver.address]), receiver, *frames)
    assert [values[0] for address, values in messages if address == "/bothhands/left/gesture"] == [
        "", "open palm", "open palm", "pinch", ""
    ]  # fmt: skip
    names = ("pinch", "fist", "open_palm")
    assert [(address, *values) for address, values in messages if address.rpartition("/")[2] in names] == [
        ("/bothhands/left/open_palm", 1),
        ("/bothhands/left/open_palm", 0),
        ("/bothhands/left/pinch", 1),
        ("/bothhands/right/fist", 1),
        ("/bothhands/left/pinch", 0),
        ("/bothhands/right/fist", 0),
    ]


def test_messages_say_which_gesture_is_made():
    message = HandsMessage(replace(tracked_frame(0), gestures={"right": "thumb up"}))
    hands = json.loads(message.text)["hands"]
    assert (hands["left"]["gesture"], hands["right"]["gesture"]) == (None, "thumb up")
    entries = np.frombuffer(message.binary, HAND, offset=HEADER.itemsize)
    assert dict(zip(entries["side"].tolist(), entries["gesture"].tolist(), strict=True)) == {0: 0, 1: 5}
    assert HAND.itemsize == 672


def test_every_target_gets_the_same(receiver):
    with OscReceiver() as other:
        output = VmcOutput([receiver.address, other.address])
        sent(output, receiver, tracked_frame(0))
        other.handle_request()
        assert other.messages == receiver.messages


def test_a_host_with_addresses_of_both_kinds_is_sent_to_on_both(receiver, monkeypatch):
    """Debian's and Windows' localhost is ::1 first, where receivers of avatars do not listen."""
    port = receiver.address.port
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        try:
            other.bind(("::1", port))
        except OSError:
            pytest.skip("this machine has no IPv6")
        other.settimeout(5.0)
        entries = [(family, socket.SOCK_DGRAM, 17, "", (host, port)) for family, host in BOTH]
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: entries if host == "both" else real(host, *a, **k)
        )
        with contextlib.closing(VmcOutput([Address("both", port)])) as output:
            output.open()
            output.send(tracked_frame(0))
            receiver.handle_request()
            assert other.recv(65536) == receiver.datagrams[0]
    assert receiver.messages[0] == ("/VMC/Ext/OK", (1,))


def test_one_way_that_fails_does_not_stop_the_other(receiver, monkeypatch):
    port = receiver.address.port
    output = VmcOutput([Address("127.0.0.1", port)])

    class Broken:
        def send(self, bundle):
            raise OSError(101, "Network is unreachable")

        def close(self):
            pass

    with contextlib.closing(output):
        output.open()
        output._clients[0].insert(0, Broken())
        output.send(tracked_frame(0))
        receiver.handle_request()
        assert len(receiver.datagrams) == 1
        output._clients[0][1].close()
        output._clients[0][1:] = []
        with pytest.raises(OSError, match="unreachable"):
            output.send(tracked_frame(1))


def test_a_machine_without_ipv6_sends_by_ipv4(monkeypatch):
    real = socket.socket

    def without_ipv6(family=socket.AF_INET, *arguments, **options):
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        return real(family, *arguments, **options)

    entries = [(family, socket.SOCK_DGRAM, 17, "", (host, 9)) for family, host in BOTH]
    monkeypatch.setattr(socket, "socket", without_ipv6)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: entries)
    assert one_of_each_family(Address("both", 9), socket.SOCK_DGRAM) == ["127.0.0.1"]


def test_a_page_connects_where_the_machine_has_no_place_of_one_family(monkeypatch):
    """Containers know IPv6's name of localhost, and cannot listen there."""
    bind = socket.socket.bind

    class Contained(socket.socket):
        def bind(self, place):
            if self.family == socket.AF_INET6:
                raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
            bind(self, place)

    found = [(family, socket.SOCK_STREAM, 6, "", (place, 0)) for family, place in BOTH]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(addresses, "_has", lambda family, kind: True)
    monkeypatch.setattr(addresses.socket, "socket", Contained)
    assert addresses.places_to_listen(Address("localhost", 0)) == ["127.0.0.1"]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: found[:1])
    with pytest.raises(OSError, match=os.strerror(errno.EADDRNOTAVAIL)):
        addresses.places_to_listen(Address("::1", 0))


def test_an_unknown_host_is_one_sentence():
    output = VmcOutput([Address("no-such-host.invalid", 39539)])
    with pytest.raises(OutputError, match=r"no-such-host\.invalid"):
        output.open()
    output.close()


@pytest.fixture
def server():
    output = WebSocketOutput(LOCAL)
    output.open()
    yield output
    output.close()


def test_a_client_gets_json(server):
    frame = tracked_frame(5, sides=["left", "right"], predicted=["right"])
    with connect(server.address) as client:
        server.send(frame)
        message = json.loads(client.recv(timeout=5))
    assert message["frame"] == 5
    assert (message["width"], message["height"]) == (64, 48)
    assert message["hands"]["right"]["predicted"] is True
    left = frame.hands.hands["left"]
    np.testing.assert_allclose(message["hands"]["left"]["joints"], left.joints, atol=1e-5)
    np.testing.assert_allclose(message["hands"]["left"]["pose"], left.parameters.pose, atol=1e-5)


def test_a_client_gets_binary_as_documented(server):
    frame = tracked_frame(6, sides=["right"])
    with connect(server.address + "/binary") as client:
        server.send(frame)
        data = client.recv(timeout=5)
    assert isinstance(data, bytes)
    magic, index, seconds, width, height, hands = struct.unpack_from("<4sIdHHI", data)
    assert (magic, index, width, height, hands) == (b"BHH1", 6, 64, 48, 1)
    assert seconds == pytest.approx(0.2)
    side, predicted, score = struct.unpack_from("<BBxxf", data, 24)
    hand = frame.hands.hands["right"]
    assert (side, predicted) == (1, 0)
    assert score == pytest.approx(hand.score)
    numbers = np.frombuffer(data, "<f4", offset=32)
    assert len(numbers) == 63 + 42 + 48 + 10 + 3
    np.testing.assert_array_equal(numbers[:63], hand.joints.ravel())
    np.testing.assert_array_equal(numbers[105:153], hand.parameters.pose.ravel())
    np.testing.assert_array_equal(numbers[-3:], hand.parameters.translation)


class ManualClient:
    """A client that answers pings when the test says so."""

    def __init__(self, url):
        uri = parse_uri(url)
        self.protocol = ClientProtocol(uri)
        self.socket = socket.create_connection((uri.host, uri.port), timeout=5)
        self.protocol.send_request(self.protocol.connect())
        self.answer()
        while self.protocol.state is not State.OPEN:
            self.protocol.receive_data(self.socket.recv(4096))
        self.events = []

    def answer(self):
        for data in self.protocol.data_to_send():
            self.socket.sendall(data)

    def next(self, opcode):
        """Data of the next frame of this kind; what comes before it is left out."""
        while True:
            while self.events:
                event = self.events.pop(0)
                if isinstance(event, WebSocketFrame) and event.opcode is opcode:
                    return bytes(event.data)
            self.protocol.receive_data(self.socket.recv(65536))
            self.events += self.protocol.events_received()


def test_a_slow_client_gets_the_newest_hands_next(server):
    """It does not answer the ping behind the first message until a hundred more frames went by."""
    slow = ManualClient(server.address)
    with contextlib.closing(slow.socket), connect(server.address) as quick:
        server.send(tracked_frame(0))
        assert json.loads(slow.next(Opcode.TEXT))["frame"] == 0
        slow.next(Opcode.PING)
        for index in range(101):
            if index:
                server.send(tracked_frame(index))
            assert json.loads(quick.recv(timeout=5))["frame"] == index
        slow.answer()
        assert json.loads(slow.next(Opcode.TEXT))["frame"] == 100


def test_clients_are_counted_until_they_leave(server):
    with connect(server.address) as client:
        server.send(tracked_frame(0))
        client.recv(timeout=5)
        assert server.detail == "1 client"
    # The next one is served after the goodbye of the first was dealt with.
    with connect(server.address) as other:
        server.send(tracked_frame(1))
        other.recv(timeout=5)
        assert server.detail == "1 client"


def test_pages_of_other_sites_are_refused_and_those_of_this_machine_let_in(server):
    for origin in ("http://localhost:8000", "http://127.0.0.1", None):
        with connect(server.address, origin=origin) as client:
            server.send(tracked_frame(1))
            client.recv(timeout=5)
    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example:80"):
        with pytest.raises(InvalidStatus) as refused:
            connect(server.address, origin=origin)
        assert refused.value.response.status_code == 403


def test_a_named_origin_may_connect():
    output = WebSocketOutput(LOCAL, ["https://hands.example"])
    output.open()
    try:
        with connect(output.address, origin="https://hands.example") as client:
            output.send(tracked_frame(2))
            assert json.loads(client.recv(timeout=5))["frame"] == 2
    finally:
        output.close()


def test_another_path_is_not_found(server):
    with pytest.raises(InvalidStatus) as refused:
        connect(server.address + "/nonsense")
    assert refused.value.response.status_code == 404


def test_a_taken_port_is_one_sentence(server):
    other = WebSocketOutput(parse_address(server.address.removeprefix("ws://")))
    with pytest.raises(OutputError, match="choose another port") as error:
        other.open()
    other.close()
    assert str(error.value).count("127.0.0.1") == 1


class FakeCamera:
    def __init__(self, width, height, fps, fmt):
        self.width, self.height, self.device, self.fmt = width, height, "/dev/video9", fmt
        self.pictures = []
        self.closed = False
        FakeCamera.made = self

    def send(self, picture):
        assert picture.flags.c_contiguous
        self.pictures.append(picture)

    def close(self):
        self.closed = True


@pytest.fixture
def module(monkeypatch):
    made = SimpleNamespace(Camera=FakeCamera, PixelFormat=SimpleNamespace(RGB="rgb"))
    monkeypatch.setitem(sys.modules, "pyvirtualcam", made)
    return made


def test_the_virtual_camera_takes_the_first_images_size_and_fits_others_into_it(module):
    output = VirtualCameraOutput()
    output.open()
    first = tracked_frame(4)
    other = replace(first, frame=Frame(5, 1, np.full((100, 50, 3), 255, np.uint8)))
    output.send(first)
    output.send(other)
    camera = FakeCamera.made
    assert (camera.width, camera.height, camera.fmt) == (64, 48, "rgb")
    assert output.address == "/dev/video9"
    np.testing.assert_array_equal(camera.pictures[0], first.frame.image)
    assert camera.pictures[1].shape == (48, 64, 3)
    assert camera.pictures[1][:, 0].max() == 0  # a black border
    output.close()
    assert camera.closed


def test_no_virtual_camera_is_one_sentence(module):
    def none_there(**options):
        raise RuntimeError("'v4l2loopback' backend: No v4l2 loopback device found.\nmore")

    module.Camera = none_there
    output = VirtualCameraOutput()
    output.open()
    with pytest.raises(OutputError, match="modprobe v4l2loopback"):
        output.send(tracked_frame(0))
    output.close()


@pytest.mark.parametrize(
    ("kind", "package", "named"),
    [("vmc", "pythonosc.osc_bundle", "requirements"), ("virtual-camera", "pyvirtualcam", "pip install pyvirtualcam")],
)
def test_a_missing_package_is_one_sentence(monkeypatch, kind, package, named):
    monkeypatch.setitem(sys.modules, package, None)
    for name in ("vmc", "osc_target"):  # imported anew
        monkeypatch.delitem(sys.modules, f"app.outputs.streaming.{name}", raising=False)
    with pytest.raises(BothhandsError, match=named):
        create_output(kind, "39539").open()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("39539", ("127.0.0.1", 39539)),
        ("10.0.0.5:39539", ("10.0.0.5", 39539)),
        (" studio.local:80 ", ("studio.local", 80)),
        ("[::1]:8765", ("::1", 8765)),
        ("[fe80::1%eth0]:8765", ("fe80::1%eth0", 8765)),
        ("münchen.example:80", ("münchen.example", 80)),
    ],
)
def test_addresses_are_of_this_machine_unless_a_host_is_named(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "host", "host:", ":80", "host:0", "host:65536", "a b:80", "http://host:80", "::1:80"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(BothhandsError, match="HOST:PORT"):
        parse_address(text)


@pytest.mark.parametrize("host", ["a" * 64, "a..b", "\ud800", "x." * 200])
def test_a_name_that_no_host_can_have_is_refused(host):
    with pytest.raises(BothhandsError, match="no host can have"):
        parse_address(f"{host}:80")


def test_several_addresses():
    assert [str(address) for address in parse_addresses("39539, [::1]:39540,39539")] == [
        "127.0.0.1:39539",
        "[::1]:39540",
    ]
