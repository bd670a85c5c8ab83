"""From one version of the record definitions to the next: what becomes of operations on their way (SYNC 3.10, P14).

Every operation names the schema it was made with. The server is updated first: it lifts what older laptops send,
with pure functions that are kept for two years, and judges everything in its own schema. A newer laptop under an older
server lowers what it can without losing a word, and holds the rest until the server has been updated.

A field that is only added needs nothing here: an older program keeps what it does not know, as it came. A step is for
what moved, was renamed or changed its meaning; a field never changes its type.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from wellbeing_desktop.domain.operation import SCHEMA, Operation
from wellbeing_desktop.sync.protocol.message import MIN_CLIENT
from wellbeing_desktop.sync.protocol.pushing import PushedOperation

Lift = Callable[[PushedOperation], PushedOperation]
Lower = Callable[[Operation], Operation | None]


class Step(msgspec.Struct, frozen=True):
    """From the schema before `number` to it. `lower` answers None for what the older schema has no place for: never an
    operation that says less. `serves_older` is False when rows in this schema would mislead an older laptop: then it
    is asked to update before it fetches, and what it sends is still taken."""

    number: int
    lift: Lift
    lower: Lower
    serves_older: bool = True


class Schemas(msgspec.Struct, frozen=True):
    """The steps that a program knows, in order, the first from schema `oldest` to the one after it."""

    steps: tuple[Step, ...] = ()
    oldest: int = MIN_CLIENT

    @property
    def current(self) -> int:
        return self.steps[-1].number if self.steps else SCHEMA

    def lifted(self, operation: PushedOperation) -> PushedOperation | None:
        """In this program's schema; None if a step cannot make sense of it. One from a newer schema stays as it is."""
        try:
            for step in self.steps:
                if operation.schema < step.number:
                    operation = msgspec.structs.replace(step.lift(operation), schema=step.number)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None  # a step is written for what our own programs sent; this came from elsewhere
        return operation

    def lowered(self, operation: Operation, to: int) -> Operation | None:
        """In an older schema, with every word in it; None if that has no place for it."""
        for step in reversed(self.steps):
            if to < step.number <= operation.schema:
                found = step.lower(operation)
                if found is None:
                    return None
                operation = msgspec.structs.replace(found, schema=step.number - 1)
        return operation

    def serves(self, schema: int) -> bool:
        """May a laptop of this schema fetch?"""
        return schema >= self.oldest and all(step.serves_older for step in self.steps if step.number > schema)


SCHEMAS: Final = Schemas()
"""What this program knows. There has been one schema so far."""
