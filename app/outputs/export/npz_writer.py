"""NumPy: the columns as they are, in one compressed archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from app.outputs.export.formats import Progress, WriterOptions
from app.outputs.export.take import Take
from app.sessions.info import info_json


def write(take: Take, path: Path, options: WriterOptions, progress: Progress) -> list[str]:
    """Write one array per column, and `session`: session.json as one string. See `app.outputs.export.formats.Writer`.

    Read with `numpy.load(path)`; nothing in it is pickled.
    """
    info = info_json(take.info)
    arrays = [*take.columns.items(), ("session", np.array(info))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for done, (name, array) in enumerate(arrays):
            progress(done, len(arrays))
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    progress(len(arrays), len(arrays))
    return []
