"""What the database refuses, as sentences: its constraints are the last word, and must be readable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from lastmetre.terms import InputError, Sentence, say

_CASE = (say("A case holds at least 1."), say("Leave it empty where single units are sold."))
_TIMES = (say("The end lies before the beginning."), say("Look at both times."))
_CAP_TWICE = (say("A cap for this is already in force here at that time."), say("End that one first."))
REFUSALS: dict[str, tuple[Sentence, Sentence]] = {
    "category_has_a_name": (say("A category needs a code and a name."), say("Fill in both.")),
    "goods_category_name": (say("Two categories have this name."), say("Choose another name.")),
    "category_ration_with_its_group": (
        say("A ration needs its group."),
        say("Say what it is a ration of, such as grain."),
    ),
    "goods_product_code": (
        say("This code already belongs to another product."),
        say("Choose another code, or change the product that has it."),
    ),
    "product_once": (
        say("There is already a product of this name and specification."),
        say("Change that one, or give this one its own specification."),
    ),
    "product_has_a_name": (say("A product needs code, name and sale unit."), say("Fill in all three.")),
    "product_step_positive": (
        say("The step must be above 0."),
        say("Write 1, or 0.5 for goods by half a 斤."),
    ),
    "product_case_positive": _CASE,
    "product_weight_positive": (
        say("The weight must be above 0."),
        say("Leave it empty where nobody knows."),
    ),
    "product_standing_sane": (say("Goods stand 240 minutes at most."), say("10 to 30 minutes are usual.")),
    "package_not_in_itself": (say("A package cannot contain itself."), say("Choose another product.")),
    "package_line_product_with_quantity": (
        say("A product in a package needs a quantity above 0."),
        say("Write how many sale units are in it."),
    ),
    "substitute_is_another": (say("A good cannot stand in for itself."), say("Choose another product.")),
    "substitute_ratio_positive": (say("The ratio must be above 0."), say("Write how many replace one.")),
    "supplier_licence_once": (
        say("This licence number already belongs to another supplier."),
        say("Compare the papers: one of the two is wrong."),
    ),
    "supplier_licence_ends_after_start": (
        say("The licence ends before it begins."),
        say("Look at both dates."),
    ),
    "supplier_plan_dated": (say("A supply plan needs the day it was filed."), say("Fill in the day.")),
    "supplier_position_whole": (
        say("A position needs both figures."),
        say("Fill in both, or leave both empty."),
    ),
    "goods_supplier_organisation": (
        say("This organisation is a supplier already."),
        say("Open it in the list of suppliers."),
    ),
    "goods_supplier_pkey": (
        say("This organisation is a supplier already."),
        say("Open it in the list of suppliers."),
    ),
    "supplier_area_one_at_a_time": (
        say("This supplier already serves this place in this way at that time."),
        say("End that first, or begin later."),
    ),
    "supplier_area_ends_after_start": _TIMES,
    "offer_once_at_a_time": (
        say("This supplier already offers this product here at that time."),
        say("Change the price of that offer, or end it first."),
    ),
    "offer_ends_after_start": _TIMES,
    "offer_stock_not_below_0": (say("There is not so much in stock."), say("Count again, or ask for less.")),
    "offer_case_positive": _CASE,
    "offer_minimum_positive": (say("A minimum is at least 1."), say("Leave it empty where there is none.")),
    "offer_price_one_at_a_time": (
        say("A price that begins later is already set."),
        say("Load the page again and change that one."),
    ),
    "offer_price_ends_after_start": _TIMES,
    "benchmark_says_where": (say("A benchmark needs its source."), say("Write whose price it is.")),
    "benchmark_seen_once": (say("This benchmark was just written."), say("Load the page again.")),
    "cap_of_product_or_category": (
        say("A cap is for a product or for a category."),
        say("Choose one of them."),
    ),
    "cap_says_how_much": (say("A cap needs a price or a margin."), say("Fill in at least one.")),
    "cap_margin_not_below_0": (say("A margin cannot be below 0."), say("Write 0 to 100.")),
    "cap_ends_after_start": _TIMES,
    "cap_of_product_one_at_a_time": _CAP_TWICE,
    "cap_of_category_one_at_a_time": _CAP_TWICE,
    "payee_one_proposed": (
        say("Another payee is already waiting for approval."),
        say("Approve or refuse that one first."),
    ),
}


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what a constraint refuses into its sentence; raises InputError."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        keys = [key for key in REFUSALS if name == key or name.startswith(f"{key}_")]
        if not keys:
            raise
        what, remedy = REFUSALS[max(keys, key=len)]
        raise InputError(what, remedy=remedy) from error
