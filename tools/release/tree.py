"""The commit that a release is made of."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

from models.errors import BothhandsError


class Commit(NamedTuple):
    """A commit of a clean checkout.

    Attributes:
        name: its whole hash.
        seconds: its time, since 1970; what is built says that it is as old, so that it comes out the same again.
    """

    name: str
    seconds: int


def clean_commit(root: Path) -> Commit:
    """The commit that a checkout shows.

    Raises:
        BothhandsError: it is no checkout, or holds something that the commit does not.
    """
    try:
        changed = _git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
        name, seconds = _git(root, "log", "-1", "--format=%H %ct").split()
    except (OSError, subprocess.CalledProcessError) as error:
        raise BothhandsError(f"A release is made of a commit, and {root} is no checkout of git with one.") from error
    if changed:
        listed = ", ".join(line[3:] for line in changed[:3]) + (", ..." if len(changed) > 3 else "")
        raise BothhandsError(f"A release is made of a clean checkout: commit, or put away, what differs ({listed}).")
    return Commit(name, int(seconds))


def export(root: Path, commit: Commit, target: Path) -> None:
    """Write the commit's files, and nothing else that may lie in the checkout, into a new folder."""
    archive = subprocess.run(["git", "archive", commit.name], cwd=root, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(target, filter="data")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
