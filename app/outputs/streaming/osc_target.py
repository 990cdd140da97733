"""Open Sound Control over UDP: what both OSC outputs share."""

from __future__ import annotations

import contextlib
import socket
from abc import abstractmethod
from collections.abc import Iterable, Sequence

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import UDPClient

from app.outputs.streaming.addresses import Address, one_of_each_family
from app.outputs.streaming.output import Output, OutputError
from models.sentences import say
from tracking.values import TrackedFrame

OscMessage = tuple[str, Sequence[int | float | str]]
"""Address and arguments. Whole numbers go out as int32, others as float32."""


class OscOutput(Output):
    """Sends one bundle a frame, the same to every target: a receiver never sees half a frame.

    Args:
        targets: receivers. UDP has no connection: one that is not there is not missed.
    """

    def __init__(self, targets: Sequence[Address]) -> None:
        self._targets = targets
        self._clients: list[list[UDPClient]] = []
        self._start_ns: int | None = None

    @property
    def address(self) -> str:
        """Where bundles go to."""
        return ", ".join(map(str, self._targets))

    def open(self) -> None:
        """Look the targets up, once and for all."""
        for target in self._targets:
            try:
                hosts = one_of_each_family(target, socket.SOCK_DGRAM)
                clients = [UDPClient(host, target.port, allow_broadcast=True) for host in hosts]
            except OSError as error:
                raise OutputError(
                    say("There is no host {host} to send to ({reason}).", host=target.host, reason=error.strerror)
                ) from error
            self._clients.append(clients)

    def send(self, tracked: TrackedFrame) -> None:
        """Send the messages of a frame as one bundle.

        Raises:
            OSError: nothing could be sent to one of the targets.
        """
        now_ns = tracked.frame.captured_ns
        if self._start_ns is None or now_ns < self._start_ns:
            self._start_ns = now_ns
        # Since the first frame, as float32 has no milliseconds left for the age of a machine.
        bundle = _bundle(self.messages(tracked, (now_ns - self._start_ns) * 1e-9))
        failures = [error for clients in self._clients if (error := _send(clients, bundle)) is not None]
        if failures:
            raise failures[0]

    def close(self) -> None:
        """Close the sockets."""
        for clients in self._clients:
            for client in clients:
                client.close()
        self._clients.clear()

    @abstractmethod
    def messages(self, tracked: TrackedFrame, seconds: float) -> Iterable[OscMessage]:
        """What to say of a frame that was captured so many seconds after the first one."""


def _send(clients: Sequence[UDPClient], bundle: OscBundle) -> OSError | None:
    """Send by all ways to a target; what went wrong, where none of them worked."""
    errors: list[OSError] = []
    for client in clients:
        try:
            with contextlib.suppress(BlockingIOError):  # the network is behind: the next frame is newer anyway
                client.send(bundle)
        except OSError as error:
            errors.append(error)
    return errors[0] if len(errors) == len(clients) else None


def _bundle(messages: Iterable[OscMessage]) -> OscBundle:
    bundle = OscBundleBuilder(IMMEDIATELY)
    for address, values in messages:
        message = OscMessageBuilder(address)
        for value in values:
            message.add_arg(value)
        bundle.add_content(message.build())  # type: ignore[arg-type]  # takes messages as well as bundles
    return bundle.build()
