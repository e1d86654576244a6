"""City times: when a vehicle can leave each node of its chain and must be there, kept while stops move about.

That says in a moment whether a stop can be put in. Where a vehicle may only be out for so long, the shortest
duration of the stretch up to each node and from it on is kept as well (T. Vidal and others, EJOR 234, 2014).
"""

from __future__ import annotations

from lastmetre.planning.compiling import compiled, in_place
from lastmetre.planning.routing.city_state import City, seconds

Span = tuple[float, float, float]
"""Duration, earliest start, latest start of a stretch of a route."""


@in_place
def is_in_time(city: City, stop: int, left: int, left_m: float, right_m: float) -> bool:
    """Tell whether a vehicle can put a stop in after a node and keep all windows and its hours."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    right, start = nodes[left].after, nodes[left].trip
    vehicle = nodes[start].owner
    out_s = seconds(city, left, stop, left_m, vehicle)
    loading = times[start].stays if left == start and nodes[start].calls == 0 else 0.0
    comes = times[left].leaves_s + loading + out_s
    if comes > times[stop].closes:
        return False
    back_s = seconds(city, stop, right, right_m, vehicle)
    if max(comes, times[stop].opens) + times[stop].stays + back_s > times[right].latest_s:
        return False
    if not city.has_hours:
        return True
    one = times[left].done_s + loading, times[left].from_s, times[left].until_s
    one = joined(one, (times[stop].stays, times[stop].opens, times[stop].closes), out_s)
    rest = times[right].rest_s, times[right].early_s, times[right].late_s
    return bool(joined(one, rest, back_s)[0] <= vehicles[vehicle].work)


@compiled
def retime(city: City, vehicle: int) -> None:
    """Count a vehicle's times anew, from its start on and from its end back."""
    first, last = city.vehicles[vehicle].first, city.vehicles[vehicle].last
    _pass_on(city, vehicle, first, last)
    _pass_back(city, vehicle, last, first)
    if city.has_hours:
        _measure_on(city, vehicle, first)
        _measure_back(city, vehicle, last)


@compiled
def retime_around(city: City, vehicle: int, stop: int) -> None:
    """Count a vehicle's times anew where one stop that was put in changes them."""
    left = city.nodes[stop].before
    _pass_on(city, vehicle, left, stop)
    _pass_back(city, vehicle, stop, left)
    if city.has_hours:
        _measure_on(city, vehicle, left)
        _measure_back(city, vehicle, stop)


@compiled
def retime_all(city: City) -> None:
    """Count the times of all vehicles."""
    for vehicle in range(city.vehicles.shape[0]):
        retime(city, vehicle)


@in_place
def _stay(city: City, node: int) -> float:
    """Return the time at a node: a depot loads before a trip that has stops."""
    is_idle = city.nodes[node].trip == node and city.nodes[node].calls == 0
    return 0.0 if is_idle else float(city.times[node].stays)


@compiled
def _pass_on(city: City, vehicle: int, node: int, sure: int) -> None:
    """Pass the earliest times on from a node, at least to `sure`, until nothing changes any more."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    is_sure = False
    while True:
        comes = times[node].opens
        if node != vehicles[vehicle].first:
            left = nodes[node].before
            drive = seconds(city, left, node, nodes[left].way, vehicle)
            comes = max(comes, times[left].leaves_s + drive)
        leaves = comes + _stay(city, node)
        is_as_before = leaves == times[node].leaves_s
        times[node].leaves_s = leaves
        if node == vehicles[vehicle].last or (is_sure and is_as_before):
            return
        is_sure = is_sure or node == sure
        node = nodes[node].after


@compiled
def _pass_back(city: City, vehicle: int, node: int, sure: int) -> None:
    """Pass the latest times back from a node, at least to `sure`, until nothing changes any more."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    is_sure = False
    while True:
        latest = times[node].closes
        if node != vehicles[vehicle].last:
            right = nodes[node].after
            drive = seconds(city, node, right, nodes[node].way, vehicle)
            latest = min(latest, times[right].latest_s - drive - _stay(city, node))
        is_as_before = latest == times[node].latest_s
        times[node].latest_s = latest
        if node == vehicles[vehicle].first or (is_sure and is_as_before):
            return
        is_sure = is_sure or node == sure
        node = nodes[node].before


@compiled
def _measure_on(city: City, vehicle: int, node: int) -> None:
    """Measure the stretches that end at a node and at each after it."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    if node == vehicles[vehicle].first:
        times[node].done_s, times[node].from_s, times[node].until_s = _alone(city, node)
    else:
        node = nodes[node].before
    while node != vehicles[vehicle].last:
        right = nodes[node].after
        drive = seconds(city, node, right, nodes[node].way, vehicle)
        one = times[node].done_s, times[node].from_s, times[node].until_s
        one = joined(one, _alone(city, right), drive)
        times[right].done_s, times[right].from_s, times[right].until_s = one
        node = right


@compiled
def _measure_back(city: City, vehicle: int, node: int) -> None:
    """Measure the stretches that begin at a node and at each before it."""
    nodes, times, vehicles = city.nodes, city.times, city.vehicles
    if node == vehicles[vehicle].last:
        times[node].rest_s, times[node].early_s, times[node].late_s = _alone(city, node)
    else:
        node = nodes[node].after
    while node != vehicles[vehicle].first:
        left = nodes[node].before
        drive = seconds(city, left, node, nodes[left].way, vehicle)
        two = times[node].rest_s, times[node].early_s, times[node].late_s
        one = joined(_alone(city, left), two, drive)
        times[left].rest_s, times[left].early_s, times[left].late_s = one
        node = left


@in_place
def _alone(city: City, node: int) -> Span:
    return _stay(city, node), city.times[node].opens, city.times[node].closes


@in_place
def joined(one: Span, two: Span, drive: float) -> Span:
    """Join two stretches: duration, earliest and latest start of both with the drive between them."""
    shift = one[0] + drive
    wait = max(two[1] - shift - one[2], 0.0)
    earliest = max(two[1] - shift, one[1]) - wait
    return shift + two[0] + wait, earliest, min(two[2] - shift, one[2])
