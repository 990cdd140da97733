"""Which image format a file has, by its first bytes."""

from __future__ import annotations

import re

HEAD_BYTES = 64
"""As much of a file tells its format."""

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"}
_AVIF_BRANDS = {b"avif", b"avis"}
_FORMATS: tuple[tuple[bytes, str], ...] = (
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"RIFF....WEBP", "WEBP"),
    (rb"BM....\0\0\0\0", "BMP"),
    (rb"GIF8[79]a", "GIF"),
    (rb"II[\x2a\x2b]\0|MM\0[\x2a\x2b]", "TIFF"),
)
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51", "JPEG 2000"),
    (rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (rb"8BPS", "Photoshop"),
    (rb"\x76\x2f\x31\x01", "OpenEXR"),
    (rb"#\?(RADIANCE|RGBE)", "Radiance HDR"),
    (rb"P[1-7F][ \t\r\n#]", "Netpbm"),
    (rb"\x0a[\x00-\x05]\x01[\x01-\x08]", "PCX"),
    (rb"\0\0[\x01\x02]\0", "icon"),
    (rb"DDS ", "DDS"),
    (rb"SIMPLE  =", "FITS"),
)


def image_format(head: bytes) -> str | None:
    """The format of an image file by its first `HEAD_BYTES`: one that is read, or None.

    Returns:
        Pillow's name of it: "JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF" or "HEIF".
    """
    if head[4:8] == b"ftyp":  # ISO 14496-12: a main brand, a version, and compatible brands
        brands = {head[at : at + 4] for at in (8, *range(16, min(len(head), int.from_bytes(head[:4], "big")), 4))}
        if brands & _AVIF_BRANDS:
            return "AVIF"
        return "HEIF" if head[8:12] in _HEIF_BRANDS else None
    return _named(head, _FORMATS)


def refused_format(head: bytes) -> str | None:
    """The format of an image that is known and not read; None for everything else."""
    return _named(head, _REFUSED)


def _named(head: bytes, formats: tuple[tuple[bytes, str], ...]) -> str | None:
    return next((name for pattern, name in formats if re.match(pattern, head, re.DOTALL)), None)
