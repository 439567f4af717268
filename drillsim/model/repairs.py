"""What a repair leaves behind: trouble that comes back, and repairs that look right and are not."""

from typing import Annotated

from pydantic import Field

from drillsim.model.base import Count, Probability, Record, Source
from drillsim.model.durations import Duration, constant


class Relapse(Record):
    """Trouble that comes back: with ``chance``, so long ``after`` it was mended, up to so many ``times``.

    Who mends the cause, rightly judged (``repair: cause``), goes to the root: then it does not come back.
    """

    chance: Probability = 0.7
    after: Duration = constant(30.0)
    times: Annotated[Count, Field(ge=1)] = 5
    source: Source = {}


class Imperfect(Record):
    """Repairs that look right and are not (imperfect repair): an interface that delivers nothing, a table that was not brought back.

    With ``chance`` the step that mends the target leaves it so, however rightly the cause was judged, up to so many ``times``. Each department that a step
    verifies sees it with the chance ``seen``, if it works with the target or with something that leans on it; otherwise it breaks out so long ``after`` the
    target gives service again, in use. Either way the trouble is back: once it is noticed, the steps that had mended it are done anew, and all that follow them.
    """

    chance: Probability = 0.1
    after: Duration = constant(60.0)
    seen: Probability = 0.8
    times: Annotated[Count, Field(ge=1)] = 1
    source: Source = {}


__all__ = ["Imperfect", "Relapse"]
