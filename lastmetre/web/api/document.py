"""What holds for every operation of the OpenAPI document: problems, languages, request keys."""

from __future__ import annotations

from typing import Any

from lastmetre.web.api.once import HEADER, LONGEST_KEY, SAFE
from lastmetre.web.api.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Sentences are in the language of Accept-Language or the language cookie.",
    "required": ["type", "title", "status", "remedy"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "What happened, for any problem of this status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened here."},
        "remedy": {"type": "string", "description": "What to do about it."},
        "errors": {
            "type": "array",
            "description": "The fields that do not fit.",
            "items": {
                "type": "object",
                "required": ["field", "what"],
                "properties": {"field": {"type": "string"}, "what": {"type": "string"}},
            },
        },
    },
}
KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same key gets the same answer and takes effect once; kept for 30 days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[A-Za-z0-9_-]+$"},
}
_ANSWER = {
    "description": "Problem",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def described(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the document."""
    document["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in document["paths"].values():
        for method, operation in operations.items():
            operation["responses"] |= {"4XX": _ANSWER, "5XX": _ANSWER}
            if method.upper() not in SAFE:
                operation.setdefault("parameters", []).append(KEY)
    return document
