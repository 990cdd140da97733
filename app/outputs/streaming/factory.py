"""From what a person asked for to an output."""

from __future__ import annotations

from collections.abc import Sequence

from app.outputs.streaming.addresses import parse_address, parse_addresses
from app.outputs.streaming.output import Output, OutputError, StreamKind
from models.extras import repair
from models.sentences import said, say


def create_output(kind: StreamKind, address: str = "", origins: Sequence[str] = ()) -> Output:
    """Make an output; it begins when a hub starts it.

    Args:
        kind: which protocol; its package is imported here.
        address: receivers of OSC ("HOST:PORT", several with commas between), or where the WebSocket server listens.
        origins: for the WebSocket server: origins of web pages that may connect, besides this machine's.

    Raises:
        BothhandsError: no address, or a package is missing.
    """
    try:
        if kind == "vmc":
            from app.outputs.streaming.vmc import VmcOutput

            return VmcOutput(parse_addresses(address))
        if kind == "osc":
            from app.outputs.streaming.osc import PlainOscOutput

            return PlainOscOutput(parse_addresses(address))
        if kind == "websocket":
            from app.outputs.streaming.websocket import WebSocketOutput

            return WebSocketOutput(parse_address(address), origins)
        from app.outputs.streaming.virtual_camera import VirtualCameraOutput

        return VirtualCameraOutput()
    except ImportError as error:
        raise OutputError(
            say(
                "Streaming by {kind} needs a package that is not installed ({reason}). What helps: {repair}.",
                kind=kind,
                reason=said(error),
                repair=repair(),
            )
        ) from error
