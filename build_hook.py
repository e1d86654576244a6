"""What a wheel carries beyond the source: compiled translations, and the static files of others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LastmetreHook(BuildHookInterface[Any]):
    """Runs translations.py and static_build.py before hatchling packs the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build into the source tree, from where the `artifacts` setting picks the files up."""
        sys.path.insert(0, self.root)
        import static_build
        import translations

        translations.compile_catalogues(Path(self.root) / "lastmetre")
        if version != "editable":  # `make` fetches them for a source tree, and says so while it does
            static_build.build(Path(self.root))
