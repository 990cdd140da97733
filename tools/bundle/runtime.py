"""Compiles the program that an AppImage begins with: `appimage/runtime.c` and its neighbours."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "appimage"
COMPILER = "gcc"
_LIBRARIES = ("squashfuse_ll", "fuse3", "zstd")
PACKAGES = ("libsquashfuse-dev", "libfuse3-dev", "libzstd-dev", "libc6-dev")
"""Debian's, whose libraries become part of it."""
_MAGIC = b"AI\x02"
"""At byte 8 of an ELF file, which loaders pass over: an AppImage of type 2."""


class CannotCompileError(Exception):
    """The runtime cannot be made on this machine."""


def compile_runtime(target: Path, key: str) -> None:
    """Make the runtime: a program that needs nothing of the system but its kernel.

    Args:
        target: the file.
        key: version and digest of the squashfs that will follow it; part of the names of its folders.

    Raises:
        CannotCompileError: the compiler or a library is missing.
    """
    if shutil.which(COMPILER) is None:
        raise CannotCompileError(f"{COMPILER} is not installed")
    command = [COMPILER, "-static", "-s", "-Os", "-Wall", "-Wextra", f'-DKEY="{key}"', "-o", target]
    command += [*sorted(SOURCES.glob("*.c")), *(f"-l{name}" for name in _LIBRARIES)]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotCompileError(
            f"the runtime cannot be compiled; is one of {' '.join(PACKAGES)} missing?\n{done.stderr}"
        )
    program = bytearray(target.read_bytes())
    # Whoever reads an AppImage finds the squashfs where the table of sections ends, as the runtime itself does.
    (table,) = struct.unpack_from("<Q", program, 0x28)
    size, number = struct.unpack_from("<HH", program, 0x3A)
    if table + size * number != len(program):
        raise CannotCompileError(f"the table of sections is not the end of {target}")
    program[8 : 8 + len(_MAGIC)] = _MAGIC
    target.write_bytes(program)
