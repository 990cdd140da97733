"""The command `bothhands`, and `python -m bothhands`: the same as `python main.py` in a checkout."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    # pip refuses to install it for an older Python, but a checkout can be started by one.
    if sys.version_info < (3, 11):  # noqa: UP036
        own = ".".join(map(str, sys.version_info[:2]))
        told = f"Bothhands needs Python 3.11 or newer, and this is {own}; start it by python3.11."
        sys.stderr.write(f"bothhands: {told}\n")
        sys.exit(2)
    # Until there is work to be finished (`app.commands.console.catch_ctrl_c`, the window), Ctrl+C ends the program
    # without a word.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Before anything imports numpy: the inverse kinematics solves many small systems, on which OpenBLAS's threads only
    # wait for each other (ten times slower on a busy machine). Torch and OpenVINO have threads of their own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from app.cli import main
    from app.leaving import end_process

    try:
        main()
    except SystemExit as end:
        end_process(end)


if __name__ == "__main__":
    main()
