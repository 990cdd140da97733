"""Which streams a person chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.outputs.streaming.addresses import parse_address, parse_addresses
from app.outputs.streaming.output import StreamKind
from app.settings import Settings

Streams = list[tuple[StreamKind, str]]
"""Kind and address of each."""


def chosen_streams(settings: Settings) -> Streams:
    """The streams that run from the start."""
    streams: list[tuple[bool, StreamKind, str]] = [
        (settings.vmc, "vmc", settings.vmc_address),
        (settings.osc, "osc", settings.osc_address),
        (settings.websocket, "websocket", settings.websocket_address),
        (settings.virtual_camera, "virtual-camera", ""),
    ]
    return [(kind, address) for on, kind, address in streams if on]


def given_streams(
    vmc: Sequence[str] | None, osc: Sequence[str] | None, websocket: str | None, virtual_camera: bool
) -> Streams:
    """The streams that the command line names.

    Raises:
        BothhandsError: what should be an address is none.
    """
    streams: Streams = []
    if vmc:
        streams.append(("vmc", _checked(vmc)))
    if osc:
        streams.append(("osc", _checked(osc)))
    if websocket is not None:
        streams.append(("websocket", str(parse_address(websocket))))
    if virtual_camera:
        streams.append(("virtual-camera", ""))
    return streams


def stream_settings(streams: Streams) -> dict[str, Any]:
    """Values of `Settings` by which these streams run as well; others stay as they are."""
    values: dict[str, Any] = {}
    for kind, address in streams:
        name = kind.replace("-", "_")
        values[name] = True
        if address:
            values[f"{name}_address"] = address
    return values


def _checked(addresses: Sequence[str]) -> str:
    return ", ".join(map(str, parse_addresses(",".join(addresses))))
