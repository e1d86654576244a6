"""How long papers take: labels against fpdf2 drawing the same, and whole packs in seconds and megabytes.

`python benchmarks/sheets.py [orders...]` (default 600 and 10,000). Both sides draw the same laid-out pages:
each text, line, box and QR code at the same place. fpdf2 cannot load the variable font as it is within
minutes; it is given small fonts with just the characters that occur, and their making is not counted.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from time import perf_counter, sleep

sys.path.append(str(Path(__file__).parents[1] / "tests" / "papers"))  # the made-up rounds

LABELS = 600
TRIES = 3


def main() -> None:
    print_speed()
    print_labels()
    print("\norders  start s  pack s  peak MB of all processes  of the largest")
    for count in map(int, sys.argv[1:] or ("600", "10000")):
        print_pack(count)


def print_speed() -> None:
    """Say how fast this machine is just now: its cores may be shared."""
    started = perf_counter()
    sum(number * number for number in range(2_000_000))
    print(f"2 million squares in {perf_counter() - started:.2f} s (0.15 on a quiet core of 2.5 GHz)\n")


def print_labels() -> None:
    from rounds_of_goods import pack

    from lastmetre.papers.edition import Edition
    from lastmetre.papers.label_pages import label_pages
    from lastmetre.papers.pack import LabelKind, LabelPer
    from lastmetre.papers.typeset import PAGES_A_JOB, set_pages

    edition = Edition(pack(LABELS))
    started = perf_counter()
    pages = label_pages(edition, LabelKind.SHEET, LabelPer.HOUSEHOLD)
    labels = sum(len(page.codes) for page in pages)
    print(
        f"{labels} labels of 70 x 37 mm laid out in {1000 * (perf_counter() - started) / labels:.2f} ms each"
    )
    set_pages(pages[:1])  # loads the font
    with tempfile.TemporaryDirectory() as folder:
        fonts = small_fonts(pages, Path(folder))
        ours, theirs = [], []
        for _ in range(TRIES):
            started = perf_counter()
            pdfs = [
                set_pages(pages[first : first + PAGES_A_JOB]) for first in range(0, len(pages), PAGES_A_JOB)
            ]
            ours.append((perf_counter() - started) / labels)
            started = perf_counter()
            drawn = fpdf2_pdf(pages, fonts)
            theirs.append((perf_counter() - started) / labels)
    size, their_size = sum(map(len, pdfs)) // 1024, len(drawn) // 1024
    print(
        f"set: Lastmetre {1000 * min(ours):.2f} ms a label, {size} kB; fpdf2 {1000 * min(theirs):.2f} ms, {their_size} kB"
    )
    print(f"ratio {min(ours) / min(theirs):.2f} (best of {TRIES} each)")


def small_fonts(pages: Sequence, folder: Path) -> dict[int, Path]:
    """Make a font a weight that fpdf2 loads quickly: only the characters on the pages."""
    from fontTools import subset, ttLib
    from fontTools.varLib import instancer

    from lastmetre.papers import font
    from lastmetre.papers.metrics import Weight

    signs = {
        sign for page in pages for places in page.texts.values() for *_, words in places for sign in words
    }
    made = {}
    for weight in Weight:
        face = ttLib.TTFont(font.FILE, fontNumber=2, lazy=True)
        options = subset.Options(layout_features=[])
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(signs))
        subsetter.subset(face)
        made[int(weight)] = folder / f"{int(weight)}.otf"
        instancer.instantiateVariableFont(face, {"wght": int(weight)}).save(made[int(weight)])
    return made


def fpdf2_pdf(pages: Sequence, fonts: dict[int, Path]) -> bytes:
    """Draw pages as a user of fpdf2 would: texts at their places, QR codes as images."""
    import fpdf
    import zxingcpp
    from PIL import Image

    pdf = fpdf.FPDF(unit="mm", format=(pages[0].width, pages[0].height))
    pdf.set_auto_page_break(False)
    for weight, path in fonts.items():
        pdf.add_font(str(weight), "", path)
    for page in pages:
        pdf.add_page()
        for style, places in page.texts.items():
            pdf.set_font(str(int(style.weight)), size=style.size_pt)
            for x, baseline, words in places:
                pdf.text(x, baseline, words)
        for thickness_pt, lines in page.lines.items():
            pdf.set_line_width(thickness_pt * 25.4 / 72)
            for x, y, to_x, to_y in lines:
                pdf.line(x, y, to_x, to_y)
        for x, y, width, height, thickness_pt in page.boxes:
            pdf.set_line_width(thickness_pt * 25.4 / 72)
            pdf.rect(x, y, width, height, round_corners=True, corner_radius=1)
        for code in page.codes:
            drawn = zxingcpp.create_barcode(code.content, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
            image = BytesIO()
            Image.fromarray(drawn.to_image(add_quiet_zones=False)).convert("1").save(image, "png")
            pdf.image(image, code.x, code.y, code.side, code.side)
    return bytes(pdf.output())


def print_pack(count: int) -> None:
    """Write one pack in a process of its own and watch the memory of it and its workers."""
    import psutil

    context = multiprocessing.get_context("spawn")
    told = context.SimpleQueue()
    started = perf_counter()
    process = context.Process(target=write, args=(count, told))
    process.start()
    watched = psutil.Process(process.pid)
    together = largest = 0
    while process.is_alive():
        sizes = []
        try:
            for one in (watched, *watched.children(recursive=True)):
                sizes.append(one.memory_info().rss)
        except psutil.NoSuchProcess:
            pass  # it has just ended
        together, largest = max(together, sum(sizes)), max(largest, *sizes, 0)
        sleep(0.02)
    begun, ended = told.get()
    print(
        f"{count:6}  {begun - started:7.2f}  {ended - begun:6.2f}"
        f"  {together / 2**20:24.0f}  {largest / 2**20:14.0f}"
    )


def write(count: int, told: multiprocessing.SimpleQueue[tuple[float, float]]) -> None:
    from rounds_of_goods import pack

    from lastmetre.papers.write import write_pack

    found = pack(count, buildings=max(8, count // 75))
    begun = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        write_pack(found, Path(folder))
        told.put((begun, perf_counter()))


if __name__ == "__main__":
    main()
