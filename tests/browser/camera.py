"""A camera that sees our own labels (a film of their QR codes in place of a lens), and a scanner that types them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import zxingcpp
from playwright.sync_api import Page
from timed import within

WIDTH, HEIGHT, RATE = 640, 480, 10
CODE_PX = 300
FEEDBACK_MS = within(300)
"""From frame to answer."""
GROUND = 0xB4
"""The label is white paper on a grey bag."""


def film(codes: Sequence[str], path: Path, *, frames: int = 4) -> Path:
    """Write a film (Y4M) that shows each code for some frames of a tenth of a second, with a gap between."""
    colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        empty = bytes([GROUND]) * (WIDTH * HEIGHT)
        for code in codes:
            for picture in [_picture(code)] * frames + [empty]:
                out.write(b"FRAME\n" + picture + colour)
    return path


SCANNER = """(text) => {
  for (const key of [...text, "Enter"]) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""


def types_like_a_scanner(page: Page, text: str) -> None:
    """Type a label's code at once: key by key, a busy machine would be as slow as a person."""
    page.locator("h1").click()  # out of every field
    page.evaluate(SCANNER, text)


def flags(path: Path) -> tuple[str, ...]:
    """Return what makes Chromium take a film for its camera."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    )


def _picture(code: str) -> bytes:
    rows = _modules(code)
    scale = CODE_PX // (len(rows) + 8)
    side = scale * (len(rows) + 8)
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    plain = bytes([GROUND]) * WIDTH
    quiet = bytes([GROUND]) * left + b"\xf5" * side + bytes([GROUND]) * (WIDTH - left - side)
    lines = [plain] * top + [quiet] * (4 * scale)
    for row in rows:
        ink = b"".join((b"\x14" if dark else b"\xf5") * scale for dark in row)
        margin = b"\xf5" * (4 * scale)
        line = bytes([GROUND]) * left + margin + ink + margin + bytes([GROUND]) * (WIDTH - left - side)
        lines += [line] * scale
    lines += [quiet] * (4 * scale)
    return b"".join(lines + [plain] * (HEIGHT - len(lines)))


def _modules(code: str) -> list[list[bool]]:
    drawn = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = drawn.to_image(scale=1, add_quiet_zones=False)
    return [[square == 0 for square in row] for row in memoryview(image).tolist()]
