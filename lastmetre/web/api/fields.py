"""A sentence for each field that does not fit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from lastmetre.terms import Sentence, say

UNFIT = say("This does not fit.")
SENTENCES: dict[str, Sentence] = {
    "missing": say("This is missing."),
    "extra_forbidden": say("Nothing of this name is known here."),
    "string_type": say("A text is wanted."),
    "string_too_short": say("At least {min_length} characters are wanted."),
    "string_too_long": say("At most {max_length} characters are allowed."),
    "string_pattern_mismatch": say("It does not have the form {pattern}."),
    "int_type": say("A whole number is wanted."),
    "int_parsing": say("A whole number is wanted."),
    "int_from_float": say("A whole number is wanted."),
    "float_type": say("A number is wanted."),
    "float_parsing": say("A number is wanted."),
    "decimal_type": say("A number is wanted."),
    "decimal_parsing": say("A number is wanted."),
    "bool_type": say("true or false is wanted."),
    "bool_parsing": say("true or false is wanted."),
    "uuid_type": say("An id is wanted."),
    "uuid_parsing": say("An id is wanted."),
    "date_parsing": say("A date is wanted, such as 2026-11-26."),
    "date_type": say("A date is wanted, such as 2026-11-26."),
    "date_from_datetime_parsing": say("A date is wanted, such as 2026-11-26."),
    "datetime_type": say("A time is wanted, such as 2026-11-26T08:00:00+08:00."),
    "datetime_parsing": say("A time is wanted, such as 2026-11-26T08:00:00+08:00."),
    "datetime_from_date_parsing": say("A time is wanted, such as 2026-11-26T08:00:00+08:00."),
    "timezone_aware": say("The time zone is missing, such as +08:00."),
    "list_type": say("A list is wanted."),
    "dict_type": say("An object is wanted."),
    "model_attributes_type": say("An object is wanted."),
    "model_type": say("An object is wanted."),
    "enum": say("Allowed are: {expected}."),
    "literal_error": say("Allowed are: {expected}."),
    "greater_than": say("More than {gt} is wanted."),
    "greater_than_equal": say("{ge} or more is wanted."),
    "less_than": say("Less than {lt} is wanted."),
    "less_than_equal": say("{le} or less is wanted."),
    "too_long": say("At most {max_length} are allowed."),
    "too_short": say("At least {min_length} are wanted."),
}


def sentence_for(error: dict[str, Any]) -> dict[str, str]:
    """Return the field's name and what is wrong with it, in the caller's language."""
    sentence = SENTENCES.get(error["type"], UNFIT)
    values = tuple((error.get("ctx") or {}).items())
    return {"field": _name(error["loc"]), "what": Sentence(sentence.template, values).text(gettext)}


def _name(where: tuple[Any, ...]) -> str:
    # ("body", "payload", "items", 0, "name"): the parameter's own name means nothing to the caller
    source, *rest = where
    return ".".join(str(part) for part in (rest[1:] if source in ("body", "form") else rest)) or str(source)
