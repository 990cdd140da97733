"""Sessions as files of other programs: one module per format, listed in `formats`."""

from app.outputs.export.formats import FORMATS, ExportFormat, export_format
from app.outputs.export.job import ExportCancelled, ExportJob, ExportOptions, ExportResult, export_session

__all__ = [
    "FORMATS",
    "ExportCancelled",
    "ExportFormat",
    "ExportJob",
    "ExportOptions",
    "ExportResult",
    "export_format",
    "export_session",
]
