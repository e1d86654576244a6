"""The root of the API at /api/: each app's router in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, re_path
from ninja import NinjaAPI, Router, Schema

from lastmetre import __version__
from lastmetre.chain.allocation.api import router as allocation_router
from lastmetre.chain.doorstep.api import router as doorstep_router
from lastmetre.chain.gate.api import router as gate_router
from lastmetre.chain.ledger.api import router as ledger_router
from lastmetre.chain.orders.api import router as orders_router
from lastmetre.chain.purchase.api import router as purchase_router
from lastmetre.chain.settlement.api import router as settlement_router
from lastmetre.chain.sorting.api import router as sorting_router
from lastmetre.chain.transport.api import router as transport_router
from lastmetre.ground.goods.api import router as goods_router
from lastmetre.ground.journal.api import router as journal_router
from lastmetre.ground.people.api import router as people_router
from lastmetre.ground.places.api import router as places_router
from lastmetre.ground.protection import clock
from lastmetre.web.api import problems
from lastmetre.web.api.callers import Cookie, Token
from lastmetre.web.api.document import described
from lastmetre.web.api.once import once
from lastmetre.web.clock.api import router as clock_router
from lastmetre.web.printing.api import router as printing_router

ROUTERS: dict[str, Router] = {
    "goods": goods_router,
    "journal": journal_router,
    "people": people_router,
    "places": places_router,
    "ledger": ledger_router,
    "orders": orders_router,
    "allocation": allocation_router,
    "purchase": purchase_router,
    "transport": transport_router,
    "gate": gate_router,
    "sorting": sorting_router,
    "doorstep": doorstep_router,
    "settlement": settlement_router,
    "clock": clock_router,
    "printing": printing_router,
}
"""One line an app: the prefix below /api/ and the app's `api.router`."""


PREFIX = "/api/"


class Api(NinjaAPI):
    """Django Ninja's API with its document completed by what holds for every operation."""

    @cached_property
    def document(self) -> Any:
        """Return the OpenAPI document, made when it is first asked for: it takes as long as a hundred pages."""
        return described(super().get_openapi_schema(path_prefix=PREFIX))

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """Return the OpenAPI document, whatever the address that it was asked at."""
        return self.document


api = Api(
    title="Lastmetre",
    version=__version__,
    description="Everything that the pages do. Rows and permissions are those of the caller's role.",
    urls_namespace="api",
    auth=[Token(), Cookie()],
    docs_url=None,  # Swagger's page would fetch scripts from elsewhere
)
problems.register(api)
api.add_decorator(once, mode="view")


class Status(Schema):
    """The server's time, which rules (clocks of phones are wrong), and its version."""

    now: datetime
    version: str


@api.get("/status", auth=None, response=Status, tags=["status"])
def status(request: HttpRequest) -> dict[str, Any]:
    """Say what time it is here, and which version answers."""
    return {"now": clock.now(), "version": __version__}


for prefix, router in ROUTERS.items():
    api.add_router(f"/{prefix}", router)


def _spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def speak(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = problems.problem(405)
            response["Allow"] = allowed
        return response

    return speak


def urls() -> tuple[list[URLPattern], str, str]:
    """Return the addresses of the API, for `path("api/", urls())`."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        pattern.callback = _spoken(pattern.callback)
    return [*patterns, re_path("", problems.not_found)], app, namespace
