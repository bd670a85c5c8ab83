"""What a history remembers: every text that somebody typed, where, and what was lost with a laptop and may be missing."""

import itertools
from dataclasses import dataclass, field

from tests.sync.histories.world import Machine, World


@dataclass
class Typed:
    """One text: on whose record, in which record, by which laptop."""

    text: str
    record_id: str
    by: str


@dataclass
class Model:
    """Each text is typed once, so that it can be looked for."""

    world: World
    typed: dict[str, Typed] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Typed on a laptop that was put back from a copy before it had sent them: they went with it (fault 13)."""
    only_on_server: set[str] = field(default_factory=set)
    """Sent by a laptop that was put back since, so that it does not keep them: a server put back loses them too."""
    was_put_back: bool = False
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def text(self) -> str:
        return f"typed{next(self._numbers):04}x"

    def remember(self, text: str, record_id: str, machine: Machine) -> None:
        self.typed[text] = Typed(text, record_id, machine.name)

    def in_outbox(self, machine: Machine) -> set[str]:
        """The texts in work that a laptop keeps, sent or not."""
        kept = "\n".join(patch for (patch,) in machine.laptop.ask("SELECT patch FROM outbox"))
        return {text for text in self.typed if text in kept}

    def on_server(self) -> set[str]:
        """The texts that the server can show: current, in history, in a conflict, or in quarantine. What the journal
        alone has is not findable."""
        org = self.world.org
        kept = self.world.practice.engine.read(
            lambda transaction: [
                *transaction.all("SELECT body FROM rec WHERE org = ?", (org,)),
                *transaction.all("SELECT body FROM version WHERE org = ?", (org,)),
                *transaction.all(
                    "SELECT j.raw FROM quarantine q JOIN journal j ON j.org = q.org AND j.dev = q.dev AND j.n = q.n"
                    " WHERE q.org = ? AND q.state IN ('open', 'waiting')",
                    (org,),
                ),
            ]
        )
        everything = b"\n".join(bytes(body) for (body,) in kept)
        return {text for text in self.typed if text.encode() in everything}

    def missing(self) -> set[str]:
        """Texts that are nowhere: neither on the server nor in any laptop's outbox."""
        found = self.on_server()
        for machine in self.world.machines:
            if len(found) == len(self.typed):
                break
            found |= self.in_outbox(machine)
        return set(self.typed) - found - self.gone
