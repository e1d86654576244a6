"""`python -m lastmetre.web.printing`: keep the papers of all open rounds in the data folder, and end.

A process of its own, so that the one of the jobs stays small and what typesetting took is given back.
"""

from __future__ import annotations

import sys

import django


def main() -> int:
    """Write the papers; returns 1 and says why where they cannot be written."""
    django.setup()
    from django.conf import settings
    from django.utils.translation import gettext, override

    from lastmetre.terms import InputError
    from lastmetre.web.printing.writing import own_folder, write_open_rounds

    try:
        with override(settings.LANGUAGE_CODE):
            write_open_rounds(own_folder(), gettext)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
