"""HOST:PORT as people write it."""

from __future__ import annotations

import errno
import os
import re
import socket
from typing import NamedTuple

from models.errors import BothhandsError
from models.sentences import said, say

LOCALHOST = "127.0.0.1"
_LONGEST_HOST = 253
"""Characters of a host's whole name (RFC 1035, section 2.3.4)."""


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
            say(
                "{text!r} is no address: write HOST:PORT, such as {host}:39539, or a PORT.",
                text=text.strip()[:80],
                host=LOCALHOST,
            )
        )
    try:
        (match[2] or "").encode("idna")  # as sockets do, whose error is no OSError
    except UnicodeError as error:
        raise BothhandsError(
            say("{host!r} is a name that no host can have: {reason}.", host=match[2][:80], reason=said(error))
        ) from error
    if len(match[2] or "") > _LONGEST_HOST:
        raise BothhandsError(say("{host!r}... is a name that no host can have: it is too long.", host=match[2][:80]))
    return Address(match[1] or match[2] or LOCALHOST, int(match[3]))


def parse_addresses(text: str) -> list[Address]:
    """One address or more, with commas between them.

    Raises:
        BothhandsError: one of them is no address.
    """
    return list(dict.fromkeys(parse_address(part) for part in text.split(",")))


def one_of_each_family(address: Address, kind: socket.SocketKind) -> list[str]:
    """A host's numbers: the first of IPv4 and the first of IPv6, as far as it and this machine have both.

    `localhost` is both on most machines, and which one comes first differs. Programs listen on one of them, mostly on
    IPv4, and UDP does not tell whether anybody listens: who wants to be heard speaks to both.

    Args:
        address: of a host, by name or number.
        kind: `socket.SOCK_DGRAM` or `SOCK_STREAM`.

    Raises:
        OSError: there is no such host, or this machine cannot reach it.
    """
    first: dict[int, str] = {}
    for family, _, _, _, place in socket.getaddrinfo(address.host, address.port, type=kind):
        if family not in first and _has(family, kind):
            first[family] = str(place[0])
    if not first:
        raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
    return list(first.values())


def places_to_listen(address: Address) -> list[str]:
    """The numbers of a host at which this machine can listen: of `localhost`, IPv6's is missing in some containers.

    Raises:
        OSError: there is no such host, or it is not this machine.
    """
    failed: OSError | None = None
    places: list[str] = []
    for place in one_of_each_family(address, socket.SOCK_STREAM):
        family = socket.AF_INET6 if ":" in place else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_STREAM) as trial:
                trial.bind((place, 0))
        except OSError as error:
            failed = error
        else:
            places.append(place)
    if failed is not None and not places:
        raise failed
    return places


def _has(family: int, kind: int) -> bool:
    """Whether this machine's kernel speaks a family at all; containers often lack IPv6."""
    try:
        socket.socket(family, kind).close()
    except OSError:
        return False
    return True
