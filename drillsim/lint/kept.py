"""What rules work out from parts that most variants of a scenario share: worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last thing made, given again as long as the parts it is made from are the same."""

    def __init__(self) -> None:
        self._parts: Sequence[object] = ()
        self._made: list[T] = []

    def of(self, parts: Sequence[object], make: Callable[[], T]) -> T:
        """What ``make`` gives, which depends on nothing but these parts."""
        # what two scenarios share is the very same object, which makes comparing quick
        if not self._made or self._parts != parts:
            self._made = [make()]
            self._parts = parts
        return self._made[0]
