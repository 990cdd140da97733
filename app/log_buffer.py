"""The last lines of the log, for whoever looks at them in the window."""

from __future__ import annotations

import logging
from collections import deque

MOST_LINES = 2000


class LogBuffer(logging.Handler):
    """Keeps the newest records as text. Any thread."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        try:
            self._lines.extend(self.format(record).splitlines())
        except Exception:  # noqa: BLE001 - a log never breaks what it tells of
            self.handleError(record)
        self.count += 1

    @property
    def text(self) -> str:
        """All that is kept, oldest first."""
        return "\n".join(self._lines.copy())


def keep_log() -> LogBuffer:
    """Keep what the program logs from now on.

    What reaches the terminal stays as it is: there, only warnings and worse.
    """
    buffer = LogBuffer()
    root = logging.getLogger()
    if not root.handlers:  # else Python's handler of last resort would fall silent
        terminal = logging.StreamHandler()
        terminal.setLevel(logging.WARNING)
        root.addHandler(terminal)
    root.addHandler(buffer)
    for name in ("app", "tracking", "models", "render"):
        logging.getLogger(name).setLevel(logging.INFO)
    return buffer
