"""The entry of our processes: `python -m lastmetre.cli.child prepare|web|worker|scenario ...`, started by the supervisor."""

from __future__ import annotations

import sys


def main(name: str, arguments: list[str]) -> None:
    """Become the process of this name; each loads only what it needs."""
    if name == "prepare":
        from lastmetre.cli.prepare_process import prepare

        prepare(*arguments)
    elif name == "web":
        from lastmetre.cli.web_process import serve

        serve(*arguments)
    elif name == "worker":
        from lastmetre.cli.worker_process import work

        work()
    elif name == "scenario":
        from lastmetre.cli.scenario_process import load

        load(*arguments)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
