"""Static files as browsers get them: named by their content, compressed, kept for ever."""

from __future__ import annotations

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LEFT_OUT = ["ext", "htmax-*", "htmx-4*", "htmx-2.js", "django-htmx.js"]
"""Of django-htmx's files only htmx-2.min.js is asked for; its extensions name files that are not there."""


BROTLI_QUALITY = 9
"""Fifty times as fast as 11, whose tenth less to fetch (once a phone) is not worth a first start twice as long."""


class QuickCompressor(Compressor):
    """Compresses files so that nobody waits for it."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return the compressed content of a file."""
        return brotli.compress(data, quality=BROTLI_QUALITY)


class Storage(CompressedManifestStaticFilesStorage):
    """Names files by their content once they are collected; before that, by their plain names."""

    support_js_module_import_aggregation = True

    def create_compressor(self, **options: Any) -> Compressor:
        """Return what compresses the collected files."""
        return QuickCompressor(**options)

    def stored_name(self, name: str) -> str:
        """Return the name that pages use."""
        return super().stored_name(name) if self.hashed_files else name


def collect() -> bool:
    """Collect and compress the static files if any has changed; returns whether it had to."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / "collected.sha256"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    quietly = {"interactive": False, "verbosity": 0, "stdout": StringIO()}
    call_command("collectstatic", clear=True, ignore_patterns=LEFT_OUT, **quietly)
    stamp.write_text(wanted)
    return True


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: str(pair[0])):
            found.update(f"{name}\0".encode() + Path(storage.path(name)).read_bytes())
    return found.hexdigest()
