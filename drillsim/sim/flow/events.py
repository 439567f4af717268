"""Codes of the engine's events ``(minute, code, visit)``: they sort the events of one minute, and say what each is.

In one minute: shift changes first (so that nobody begins anything in the minute in which the shift ends; what ends then is complete), then
services that end, then, after the arrivals, ends of patience; each kind in the order in which it was set.
"""

ENDS = 1  # lowest two bits of a service that ends; 0: one about which nothing is special
MAY_END = 2  # lowest two bits of a service that can be cut short, so that its end may not count any more
OTHER = 3  # lowest two bits of everything else
SHIFT = -(1 << 58)  # negative codes: a shift change
PATIENCE = (
    1 << 58
)  # codes from here on: somebody's patience ends; other codes above 0: a patient moves on after a delay
