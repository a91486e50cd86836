# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who gets the next piece of work, while several are given out one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Person = TypeVar("Person", bound=Hashable)


@dataclass(slots=True)
class Roster(Generic[Person]):
    """The people of a team, what each has to do already and who is not there.

    >>> roster = Roster(["Anna", "Bruno", "Carla"], off={"Bruno"}, last="Anna")
    >>> roster.choose(roster.in_turn())
    ('Carla', ['Bruno'])
    >>> roster.give("Carla")
    >>> roster.in_turn()
    ['Anna', 'Bruno', 'Carla']

    Nothing is given to who is off, however the others rank.
    """

    #: in the order of their turns
    people: list[Person]
    #: pieces of work somebody has already; it grows while they are given out
    loads: Counter[Person] = field(default_factory=Counter)
    #: who is not there, whatever is known about it
    off: Mapping[Person, object] | set[Person] = field(default_factory=dict)
    #: whose turn it was
    last: Person | None = None
    #: what somebody's own way of ranking has to know, read once for all pieces
    facts: dict[str, object] = field(default_factory=dict)

    def in_turn(self) -> list[Person]:
        """Everybody, beginning after the one whose turn it was."""
        if self.last not in self.people:
            return list(self.people)
        following = self.people.index(self.last) + 1
        return self.people[following:] + self.people[:following]

    def by_load(self) -> list[Person]:
        """Everybody, beginning with the one who has least; equals in their order."""
        return sorted(self.people, key=lambda person: self.loads[person])

    def choose(self, ranked: Iterable[Person]) -> tuple[Person | None, list[Person]]:
        """First one who is there, and those better ranked who are not."""
        passed: list[Person] = []
        for person in ranked:
            if person not in self.off:
                return person, passed
            passed.append(person)
        return None, passed

    def give(self, person: Person) -> None:
        """Count a piece of work that somebody got."""
        self.loads[person] += 1
        self.last = person
