"""QR codes for screens: one path that scales, with the white border that scanners need in dark mode."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import zxingcpp

QUIET = 4
"""White squares around a code, as its standard asks."""


def qr_drawing(content: str) -> tuple[int, str]:
    """Return the side of a QR code in squares, border included, and the SVG path of its dark squares."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    rows: list[list[int]] = np.asarray(code.to_image(scale=1, add_quiet_zones=False)).tolist()
    path = []
    for y, row in enumerate(rows, start=QUIET):
        x = QUIET
        for shade, run in groupby(row):
            width = len(list(run))
            if shade == 0:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return len(rows) + 2 * QUIET, "".join(path)
