"""Towns for the flow: one that can be solved by hand, and random ones."""

import numpy as np
from hypothesis import strategies as st

from lastmetre.planning.flow import Chances, Change, Compound, Problem, Regime, Supplier

HOUR = 3600
BY_THE_CLOCK = Chances(spread=0.0)


def four_homes(**changes):
    """Four homes in two units; a bag weighs 1 kg, two fit a vehicle and a cart. Packing begins at 6:00."""
    supplier = {"lines": 1, "pack_s": 60, "vehicles": 1, "vehicle_g": 2000, "load_s": 600, "stock_g": 2**40}
    compound = {
        "drive_s": 1200, "lanes": 1, "gate_s": 300, "unload_s": 30, "sorters": 1, "sort_s": 60,
        "hands": 1, "carts": 1, "cart_g": 2000, "waves": ((7 * HOUR, 9 * HOUR),),
    }  # fmt: skip
    regime = {"standing_s": 1800, "door_s": 120, "walk_s": 300}
    for part in (supplier, compound, regime):
        part |= {name: changes.pop(name) for name in list(changes) if name in part}
    options = {"ration_g": 1000, "chances": BY_THE_CLOCK} | changes
    return Problem(
        (Supplier("shop", **supplier),),
        (Compound("yard", 0, **compound),),
        home_compound=[0, 0, 0, 0],
        home_unit=[0, 0, 1, 1],
        people=[1, 1, 1, 1],
        regimes=options.pop("regimes", (Regime("sealed", **regime),)),
        **options,
    )


@st.composite
def towns(draw):
    """Small towns of every kind: short of hands, goods, lanes or hours, for one to four days."""
    some = st.integers(1, 3)
    suppliers = tuple(
        Supplier(
            f"s{number}",
            lines=draw(some),
            pack_s=draw(st.sampled_from([20, 300])),
            vehicles=draw(some),
            vehicle_g=draw(st.sampled_from([3000, 20_000])),
            stock_g=draw(st.sampled_from([0, 20_000, 2**40])),
            daily_g=draw(st.sampled_from([0, 30_000])),
        )
        for number in range(draw(st.integers(1, 2)))
    )
    compounds = tuple(
        Compound(
            f"c{number}",
            number % len(suppliers),
            drive_s=draw(st.sampled_from([300, 3000])),
            lanes=draw(st.integers(0, 2)),
            sorters=draw(st.integers(0, 2)),
            hands=draw(st.integers(0, 3)),
            carts=draw(some),
            cart_g=draw(st.sampled_from([2000, 12_000])),
            waves=draw(st.sampled_from([((32_000, 40_000),), ((30_000, 36_000), (50_000, 60_000))])),
            regime=draw(st.integers(0, 1)),
        )
        for number in range(draw(some))
    )
    homes = draw(st.integers(0, 40))
    compound = np.sort(
        np.array(draw(st.lists(st.integers(0, len(compounds) - 1), min_size=homes, max_size=homes)), int)
    )
    return Problem(
        suppliers,
        compounds,
        home_compound=compound,
        home_unit=np.arange(homes) // 5,
        people=draw(st.lists(st.integers(0, 5), min_size=homes, max_size=homes)),
        climbs=draw(st.lists(st.integers(0, 6), min_size=homes, max_size=homes)),
        regimes=(Regime("sealed"), Regime("control", every_days=2, orders=0.7, standing_s=0, door_s=30)),
        changes=(Change(draw(st.integers(0, 3)), 1),) if draw(st.booleans()) else (),
        days=draw(st.integers(1, 4)),
        keeps_days=draw(some),
        chances=draw(st.sampled_from([BY_THE_CLOCK, Chances(absence=0.3, breakdown=0.3)])),
    )  # fmt: skip


def busy_town(*, compounds=3, homes=200, seed=1, **options):
    """A town of walk-ups where every stage has its queue."""
    rng = np.random.default_rng(seed)
    suppliers = tuple(
        Supplier(f"s{place}", lines=3, vehicles=4, vehicle_g=600_000) for place in range(-(-compounds // 3))
    )
    return Problem(
        suppliers,
        tuple(
            Compound(f"c{place}", place % len(suppliers), hands=2, carts=3, drive_s=600 + 90 * place)
            for place in range(compounds)
        ),
        home_compound=np.repeat(np.arange(compounds), homes),
        home_unit=np.tile(np.arange(homes) // 24, compounds),
        people=rng.integers(1, 6, homes * compounds),
        climbs=rng.integers(0, 6, homes * compounds),
        **options,
    )
