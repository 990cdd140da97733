"""Sessions as files of other programs: one module per format, listed in `formats`; what for, in `presets`."""

from app.outputs.export.formats import FORMATS, ExportFormat, export_format
from app.outputs.export.job import ExportCancelled, ExportJob, ExportOptions, ExportResult, export_session
from app.outputs.export.presets import PRESETS, ExportPreset, export_preset

__all__ = [
    "FORMATS",
    "PRESETS",
    "ExportCancelled",
    "ExportFormat",
    "ExportJob",
    "ExportOptions",
    "ExportPreset",
    "ExportResult",
    "export_format",
    "export_preset",
    "export_session",
]
