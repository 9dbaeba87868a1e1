"""JSON for our own scripts."""

import json

from django.http import HttpResponse


def json_reply(value: object) -> HttpResponse:
    """The value as JSON, never stored."""
    response = HttpResponse(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        content_type="application/json",
    )
    response["Cache-Control"] = "no-store"
    return response
