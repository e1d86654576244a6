"""The HTTP API: everything that pages do, for programs (OpenAPI 3.1 at /api/openapi.json)."""
