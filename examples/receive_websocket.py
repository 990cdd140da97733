"""Receive the hands that the window or `process` streams; needs the package websockets and nothing of this program.

Usage: python main.py run --websocket 8765, and beside it: python examples/receive_websocket.py [ws://127.0.0.1:8765]
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

THUMB_TIP, INDEX_TIP = 4, 8


def messages(url: str) -> Iterator[dict[str, Any]]:
    """One message for each frame, until the server goes away; docs/streaming.md names what is in it."""
    with connect(url) as server:
        try:
            while True:
                yield json.loads(server.recv())
        except ConnectionClosed:
            return


def pinch(hand: dict[str, Any]) -> float:
    """Metres between the tips of thumb and index finger."""
    return math.dist(hand["joints"][THUMB_TIP], hand["joints"][INDEX_TIP])


if __name__ == "__main__":
    for message in messages(sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8765"):
        hands = {side: f"{100 * pinch(hand):.1f} cm" for side, hand in message["hands"].items()}
        print(message["frame"], hands or "no hand", flush=True)
