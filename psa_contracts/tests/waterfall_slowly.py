# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The oracle of the waterfall: each unit on its own looks for where it goes."""

from .waterfall_worlds import DAYS

NEVER = 10**6


class Slowly:
    """Pour the work of a world, see ``World.pour``, day by day and unit by unit."""

    def __init__(self, lines):
        self.lines = lines
        self.left, self.spans, self.blocks = {}, {}, {}
        #: (line, work, units) that were given back and wait for a block
        self.waiting = []
        self.found = {}
        for number, line in enumerate(lines):
            self.blocks[number] = []
            for index, stock in enumerate(line.stocks):
                self.left[number, index] = stock.limit
                self.spans[number, index] = stock.start, self._stop(stock.stop)
                if stock.has_heir:
                    rest = number, index, "rest"
                    self.left[rest] = 0
                    self.spans[rest] = stock.stop, stock.stop + stock.longer

    @staticmethod
    def _stop(day):
        return NEVER if day is None else day

    def pour(self, works):
        works = sorted(works, key=lambda work: (work.day, work.number))
        self.found = {work.number: {} for work in works}
        for work in works:
            for units, numbers in work.pieces:
                if units < 0:
                    self._give_back(work, -units, numbers)
        for day in range(DAYS + 1):
            self._roll(day)
            for work in works:
                if work.day == day:
                    self._draw(work)
        for _number, work, units in self.waiting:
            self._note(work, None, -units)
        return self.found

    def _note(self, work, name, units):
        found = self.found[work.number]
        found[name] = found.get(name, 0) + units

    def _names(self, number, day):
        """Return the pools of a line on a day, first to expire first.

        Of what expires together the rest of other hours comes first, and what is there
        without the work before a block.
        """
        ranked = [
            (stop, "rest" not in name, start, name in self.blocks[number], name)
            for name, (start, stop) in self.spans.items()
            if name[0] == number and start <= day < stop
        ]
        return [name for *_rank, name in sorted(ranked, key=lambda rank: rank[:4])]

    def _give_back(self, work, units, numbers):
        for number in numbers:
            for name in self._names(number, work.day):
                if self.left[name] is not None:
                    self.left[name] += units
                return self._note(work, name, -units)
        for number in numbers:
            if self.lines[number].block is not None:
                return self.waiting.append((number, work, units))
        return self._note(work, None, -units)

    def _draw(self, work):
        for units, numbers in work.pieces:
            for _unit in range(units):
                name = self._find(numbers, work.day)
                if name and self.left[name] is not None:
                    self.left[name] -= 1
                self._note(work, name, 1)

    def _find(self, numbers, day):
        for number in numbers:
            for name in self._names(number, day):
                if self.left[name] is None or self.left[name] > 0:
                    return name
            if self.lines[number].block:
                return self._open_block(number, day)
        return None

    def _open_block(self, number, day):
        line, name = self.lines[number], (number, "block", len(self.blocks[number]))
        stop = NEVER if line.validity is None else day + line.validity
        self.blocks[number].append(name)
        self.spans[name] = day, stop
        self.left[name] = line.block
        for entry in list(self.waiting):
            owner, work, units = entry
            if owner == number and day <= work.day < stop:
                self.waiting.remove(entry)
                self.left[name] += units
                self._note(work, name, -units)
        return name

    def _roll(self, day):
        for number, line in enumerate(self.lines):
            for index, stock in enumerate(line.stocks):
                if stock.has_heir and stock.stop == day:
                    rest = int(max(0, self.left[number, index]) * stock.share)
                    cap = rest if stock.cap is None else stock.cap
                    self.left[number, index, "rest"] += min(rest, cap)
