"""How the tests of the pages of places read a page, post a form and make a roster."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from xlsxwriter import Workbook

SignIn = Callable[..., Any]


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return str(answer.content.decode())


def post(client: Client, address: str, status: int = 302, **values: Any) -> str:
    answer = client.post(address, values)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.headers.get("Location", "")) or str(answer.content.decode())


def workbook(rows: list[list[object]]) -> SimpleUploadedFile:
    packed = io.BytesIO()
    with Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["楼栋", "单元", "房号", "姓名", "电话", "人数"], *rows]):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("花名册.xlsx", packed.getvalue())
