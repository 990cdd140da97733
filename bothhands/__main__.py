"""The command `bothhands`, and `python -m bothhands`: the same as `python main.py` in a checkout."""

from __future__ import annotations

import signal
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    # Until there is work to be finished (`app.cli.catch_ctrl_c`, the window), Ctrl+C ends the program without a word.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app.cli import main

    main()


if __name__ == "__main__":
    main()
