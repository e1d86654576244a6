"""A sentence for each field that does not fit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from lastmetre.terms import Sentence

UNFIT = _("This does not fit.")
SENTENCES: dict[str, str] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("Nothing of this name is known here."),
    "string_type": _("A text is wanted."),
    "string_too_short": _("At least {min_length} characters are wanted."),
    "string_too_long": _("At most {max_length} characters are allowed."),
    "string_pattern_mismatch": _("It does not have the form {pattern}."),
    "int_type": _("A whole number is wanted."),
    "int_parsing": _("A whole number is wanted."),
    "int_from_float": _("A whole number is wanted."),
    "float_type": _("A number is wanted."),
    "float_parsing": _("A number is wanted."),
    "decimal_type": _("A number is wanted."),
    "decimal_parsing": _("A number is wanted."),
    "bool_type": _("true or false is wanted."),
    "bool_parsing": _("true or false is wanted."),
    "uuid_type": _("An id is wanted."),
    "uuid_parsing": _("An id is wanted."),
    "date_parsing": _("A date is wanted, such as 2026-11-26."),
    "date_type": _("A date is wanted, such as 2026-11-26."),
    "date_from_datetime_parsing": _("A date is wanted, such as 2026-11-26."),
    "datetime_type": _("A time is wanted, such as 2026-11-26T08:00:00+08:00."),
    "datetime_parsing": _("A time is wanted, such as 2026-11-26T08:00:00+08:00."),
    "datetime_from_date_parsing": _("A time is wanted, such as 2026-11-26T08:00:00+08:00."),
    "timezone_aware": _("The time zone is missing, such as +08:00."),
    "list_type": _("A list is wanted."),
    "dict_type": _("An object is wanted."),
    "model_attributes_type": _("An object is wanted."),
    "model_type": _("An object is wanted."),
    "enum": _("Allowed are: {expected}."),
    "literal_error": _("Allowed are: {expected}."),
    "greater_than": _("More than {gt} is wanted."),
    "greater_than_equal": _("{ge} or more is wanted."),
    "less_than": _("Less than {lt} is wanted."),
    "less_than_equal": _("{le} or less is wanted."),
    "too_long": _("At most {max_length} are allowed."),
    "too_short": _("At least {min_length} are wanted."),
}


def sentence_for(error: dict[str, Any]) -> dict[str, str]:
    """Return the field's name and what is wrong with it, in the caller's language."""
    template = SENTENCES.get(error["type"], UNFIT)
    values = tuple((error.get("ctx") or {}).items())
    return {"field": _name(error["loc"]), "what": Sentence(template, values).text(gettext)}


def _name(where: tuple[Any, ...]) -> str:
    # ("body", "payload", "items", 0, "name"): the parameter's own name means nothing to the caller
    source, *rest = where
    return ".".join(str(part) for part in (rest[1:] if source in ("body", "form") else rest)) or str(source)
