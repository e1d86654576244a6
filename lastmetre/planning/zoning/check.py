"""Check: independent code that a zoning must pass before anybody writes it down."""

from __future__ import annotations

import numpy as np

from lastmetre.planning.zoning.terms import NOBODY, Plan, Problem


def check_zoning(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with a plan: loads of every day and of every single failure are added up anew."""
    faults = _pair_faults(problem, plan) + _area_faults(problem, plan)
    use = problem.use()
    down: list[int | None] = [None, *range(problem.suppliers)]
    for failed in down:
        load = np.zeros_like(problem.capacity)
        for compound in range(len(problem)):
            server = plan.primary[compound]
            if server == failed:
                server = plan.backup[compound]
            if server != NOBODY:
                load[server] += use[compound, server]
        helped = set() if failed is None else set(plan.backup[plan.primary == failed].tolist())
        for supplier in range(problem.suppliers):
            limit = problem.when_one_is_down if supplier in helped else problem.capacity
            if bool((load[supplier] > limit[supplier]).any()):
                faults.append(f"Supplier {supplier} is overloaded when {failed} is down.")
    return tuple(faults)


def _pair_faults(problem: Problem, plan: Plan) -> list[str]:
    faults = []
    for compound, pair in enumerate(zip(plan.primary.tolist(), plan.backup.tolist(), strict=True)):
        if pair[0] == pair[1] != NOBODY:
            faults.append(f"Compound {compound} is backed up by its own supplier.")
        if pair[1] != NOBODY and (pair[0] == NOBODY or not problem.backups):
            faults.append(f"Compound {compound} has a backup that it needs not.")
        for side, supplier in enumerate(pair):
            if supplier == NOBODY:
                continue
            if problem.closed is not None and problem.closed[supplier]:
                faults.append(f"Compound {compound} is given a supplier that is closed.")
            if problem.allowed is not None and not problem.allowed[compound, supplier]:
                faults.append(f"Compound {compound} is given a supplier that may not serve it.")
            if problem.fixed is not None and problem.fixed[compound, side] not in (NOBODY, supplier):
                faults.append(f"Compound {compound} is not given what a person has fixed.")
    return faults


def _area_faults(problem: Problem, plan: Plan) -> list[str]:
    if problem.area is None:
        return []
    groups: dict[int, set[int]] = {}
    for compound in np.flatnonzero(plan.primary != NOBODY).tolist():
        supplier = int(plan.primary[compound])
        group = supplier if problem.group is None else int(problem.group[supplier])
        groups.setdefault(int(problem.area[compound]), set()).add(group)
    return [f"Area {area} has suppliers of several groups." for area, of in groups.items() if len(of) > 1]
