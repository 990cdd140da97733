"""HOST:PORT as people write it."""

from __future__ import annotations

import re
from typing import NamedTuple

from models.errors import BothhandsError

LOCALHOST = "127.0.0.1"


class Address(NamedTuple):
    """A host, by name or number, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """An address out of "HOST:PORT", "[IPv6]:PORT" or "PORT", which is one of this machine.

    Raises:
        BothhandsError: it is none of these.
    """
    match = re.fullmatch(r"(?:(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s:\[\]/]+)):)?([0-9]{1,5})", text.strip())
    if match is None or not 0 < int(match[3]) < 65536:
        raise BothhandsError(
            f"{text.strip()[:80]!r} is no address: write HOST:PORT, such as {LOCALHOST}:39539, or a PORT."
        )
    try:
        (match[2] or "").encode("idna")  # as sockets do, whose error is no OSError
    except UnicodeError as error:
        raise BothhandsError(f"{match[2][:80]!r} is a name that no host can have: {error}.") from error
    return Address(match[1] or match[2] or LOCALHOST, int(match[3]))


def parse_addresses(text: str) -> list[Address]:
    """One address or more, with commas between them.

    Raises:
        BothhandsError: one of them is no address.
    """
    return list(dict.fromkeys(parse_address(part) for part in text.split(",")))
