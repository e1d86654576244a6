"""`lastmetre drill`: a scenario's days played through, as they stand and what if (YC2, YX16)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lastmetre import scenarios
from lastmetre.cli.scenario import SEED, check_name
from lastmetre.cli.speaking import command, option
from lastmetre.terms import InputError, Translate, say

if TYPE_CHECKING:
    from lastmetre.cli.drilling.report import Report, Variant
    from lastmetre.planning.flow import Problem

MOST_VARIANTS = 5


@command(
    "drill", say("Play a scenario's days through: what comes when, what is held up, and what would help.")
)
@click.argument("name", metavar="SCENARIO")
@option(
    "--what-if",
    "what_ifs",
    multiple=True,
    metavar="CHANGE",
    sentence=say("Play it changed too, such as hands+2,carts+2 or absence=20%; may be given again."),
)
@option("--days", type=click.IntRange(1, 60), default=1, show_default=True, sentence=say("Days in a row."))
@option(
    "--replications",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    sentence=say("How often, each time with other luck."),
)
@option("--seed", type=int, default=SEED, show_default=True, sentence=say("Other people, and other luck."))
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    sentence=say("A folder for drill.html with charts, and drill.json."),
)
@option("--json", "as_json", is_flag=True, sentence=say("Print it as JSON, for other programs."))
def drill(
    name: str,
    what_ifs: tuple[str, ...],
    days: int,
    replications: int,
    seed: int,
    output: Path | None,
    as_json: bool,
    translate: Translate,
) -> int:
    """Play every variant on the same luck, and say what differs."""
    check_name(name)
    if len(what_ifs) > MOST_VARIANTS:
        raise InputError(
            say("{count} what-ifs are more than a page can compare.", count=len(what_ifs)),
            remedy=say("Give at most {most} at a time.", most=MOST_VARIANTS),
        )
    # What plays is slow to load: not before the words given make sense.
    from lastmetre.cli.drilling import page, report, text, town, variants

    here = town.town_of(scenarios.build(name, seed=seed), days=days, seed=seed)
    problems = [("", here.problem), *((what, variants.changed(here.problem, what)) for what in what_ifs)]
    with click.progressbar(
        length=len(problems) * 100, label=say("Playing").text(translate), file=sys.stderr
    ) as bar:
        played = tuple(_play(what, problem, replications, seed, bar) for what, problem in problems)
    made = report.Report(name, here.title, here.assumed, played)
    if as_json:
        click.echo(json.dumps(report.as_data(made), ensure_ascii=False, indent=1))
    else:
        for line in text.lines(made, translate):
            click.echo(line)
    if output:
        _write(made, output, page.page(made, translate), translate)
    return 0


def _play(what: str, problem: Problem, replications: int, seed: int, bar: Any) -> Variant:
    from lastmetre.cli.drilling.report import Variant
    from lastmetre.planning import capacity, flow

    shown = 0

    def progress(part: float) -> None:
        nonlocal shown
        bar.update(round(part * 100) - shown)
        shown = round(part * 100)

    played = flow.plan(problem, seed=seed, iterations=replications, progress=progress)
    return Variant(what, problem, played, capacity.plan(problem, day=problem.days - 1))


def _write(made: Report, folder: Path, page: str, translate: Translate) -> None:
    from lastmetre.cli.drilling.report import as_data

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "drill.html").write_text(page, encoding="utf-8")
    data = json.dumps(as_data(made), ensure_ascii=False, indent=1)
    (folder / "drill.json").write_text(data + "\n", encoding="utf-8")
    click.echo(say("The report lies in {folder}.", folder=str(folder)).text(translate), err=True)
