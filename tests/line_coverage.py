"""Counts the lines that the tests run, and fails below a floor: a plugin, `pytest -p tests.line_coverage`.

SlipCover writes probes into the byte code of what is imported and takes them out again where a line was seen, which
costs less than a tracer of lines. Counted is each process of the run, not the programs that tests start.
`[tool.slipcover]` of pyproject.toml says which lines there are, and the floor.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import slipcover

REPORT = Path("build") / "lines.txt"
"""Which lines of which file no test runs; below the floor the terminal shows it too."""

_PROBES_STAY = 1000
"""How often a line is seen again before all that were seen lose their probes, which takes longer than that."""

_settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["slipcover"]
_own: dict[str, Any] = {"omit": _settings.get("omit"), "exclude_also": _settings.get("exclude-also")}
_seen = slipcover.Slipcover(d_miss_threshold=_PROBES_STAY, **_own)
# Here, where pytest has read no conftest.py: what is imported before this has no probes.
slipcover.ImportManager(_seen, slipcover.FileMatcher(_settings["source"], _settings.get("omit"))).__enter__()


def _unseen(seen: Iterable[str]) -> dict[str, Any]:
    """The lines of files that nothing imports: to read all files would take seconds, at the end of all tests."""
    own = {**_own, "omit": [*(_settings.get("omit") or ()), *seen]}
    return slipcover.Slipcover(source=_settings["source"], **own).get_coverage()


class LineCoverage:
    """What each process of the run has seen, put together by the one that reports."""

    def __init__(self) -> None:
        self._seen_by_workers: list[dict[str, Any]] = []
        self._summary = ""
        self._table = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Keep what a worker of pytest-xdist says at its end."""
        self._seen_by_workers.append(getattr(node, "workeroutput", {}).get("lines", {"files": {}}))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker says what it has seen; the run fails where all of it is too little."""
        seen = _seen.get_coverage()
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["lines"] = {"files": seen["files"]}
            return
        lines = seen
        for part in self._seen_by_workers:
            slipcover.merge_coverage(lines, part)
        slipcover.merge_coverage(lines, _unseen(lines["files"]))
        run, missed = lines["summary"]["covered_lines"], lines["summary"]["missing_lines"]
        share, floor = lines["summary"]["percent_covered"], _settings["fail-under"]
        self._summary = (
            f"{share:.1f} % of {run + missed} lines are run, and {floor} % have to be; {REPORT} names the others"
        )
        REPORT.parent.mkdir(exist_ok=True)
        with REPORT.open("w", encoding="utf-8") as file:
            slipcover.print_coverage(lines, outfile=file, skip_covered=True)
        if share < floor:
            self._table = REPORT.read_text(encoding="utf-8")
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say how much was run."""
        terminalreporter.write_line(self._table + self._summary)


def pytest_configure(config: pytest.Config) -> None:
    """Each process of the run counts."""
    config.pluginmanager.register(LineCoverage())
