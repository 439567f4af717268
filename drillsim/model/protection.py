"""What protects systems from attackers, and what an attack that got in is like."""

from typing import Annotated

from pydantic import Field, field_validator

from drillsim.errors import Wrong
from drillsim.model.base import Count, Minutes, OneOrMany, Probability, Record, Ref, Source
from drillsim.model.durations import Duration, constant
from drillsim.model.systems import Selector


class Attack(Record):
    """How an attack goes on from where it got in: for faults of the kinds ``spread``, ``intrusion`` and ``insider``.

    ``every``: for ``spread``, how long one component that has it needs on average to give it to one more (a fleet: one machine to one more) where
    nothing protects; for the others, how long a stage takes on average. It goes on only over a network that works and is not isolated:
    components of ``through`` that the two lean on. ``hidden`` passes from the first entry until it does its damage, everywhere at once.
    """

    every: Minutes = 60.0
    reaches: Annotated[tuple[Selector, ...], OneOrMany] = (
        "kind: application",
        "kind: database",
        "kind: server",
        "kind: workstation",
        "kind: backup",
    )  # what it can get into
    through: Annotated[tuple[Selector, ...], OneOrMany] = ("kind: network", "kind: firewall")
    hidden: Duration = constant(0.0)
    encrypts: bool = True  # False: it spreads and can be found, and harms nothing
    backups: Probability = 0.66  # chance that it spoils the copies on a medium within its reach (FACTS R16)
    stages: Annotated[Count, Field(ge=1)] = 3  # of an intrusion, before it has the data; an insider needs one
    enters_by: Annotated[str, Ref("component")] | None = (
        None  # the way in that an intruder needs all the time, such as remote access: cut off or away, nobody gets further
    )
    takes_out: Minutes = (
        0.0  # how long it takes to carry all of the data away (`people` of them, a share for each minute)
    )
    listens: bool = (
        False  # of an intruder or insider: takes data on their way over the network, not where they are kept
    )
    source: Source = {}

    @field_validator("every")
    @classmethod
    def _some_time(cls, value: float) -> float:
        if not 0 < value < float("inf"):
            raise Wrong("'every' must be longer than zero")
        return value


__all__ = ["Attack"]
