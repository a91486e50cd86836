# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The quoted history in an answer by mail: marked, so that the client folds it.

The host marks what some mail programs mark themselves, and lines with ">". It does
not know the line that introduces a quote ("On ... wrote:") nor the headers that
Outlook and others repeat above one; those are found here, by what the lines say, in
the languages that customers write in.

Nothing is taken away. What is marked is one click away, so doubts are decided in
favour of the reader: forwarded mails are content, not history, and a mail without
anything of its own is left as it is.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from .mail_lines import QUOTE, Line, Piece, lines_of, parse, serialize
from .mail_quote_rules import quoted_lines

# Outlook and others send whole documents; only the body is read and written.
_BODY = re.compile(r"<body\b[^<>]*>|</body\s*>", re.I)
# HTML knows one line break, whatever was sent.
_BREAK = re.compile(r"\r\n?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<[^<>]*>")
# Below this the parser of the host begins to drop elements.
_MAX_DEPTH = 200


def mark_quotes(body: str) -> str:
    """Mark the quoted history of a body the way the host's client folds it.

    Takes HTML as the host has sanitized it (or is about to), and gives it back with
    the same text and more marks; unchanged when there is nothing to mark, or when it
    cannot be read. Marking twice changes nothing more. Never raises.

    >>> mark_quotes("<p>Done.</p><p>On 2 May 2026 at 9:15, Ann wrote:</p><p>And?</p>")
    ... # doctest: +NORMALIZE_WHITESPACE
    '<p>Done.</p><p data-o-mail-quote="1">On 2 May 2026 at 9:15, Ann wrote:</p><p
    data-o-mail-quote="1">And?</p>'
    """
    if not body:
        return body
    before, inside, after = _split(_BREAK.sub("\n", str(body)))
    try:
        root = parse(inside)
        lines = lines_of(root)
        if not _quote(lines):
            return body
        _mark(root, lines)
        marked = serialize(root)
    except (etree.LxmlError, ValueError):
        return body
    if _characters(marked) != _characters(inside):
        return body
    return type(body)(before + marked + after)


def storable(body: str) -> str:
    """Body without the control characters that no document can hold.

    One colour code of a terminal, pasted next to a quote, and the host's sanitizer
    gives up and stores an error message in place of the whole mail.

    >>> storable("<pre>\x1b[31mfailed\x1b[0m</pre>")
    '<pre>[31mfailed[0m</pre>'
    """
    return type(body)(_CONTROLS.sub("", str(body))) if body else body


def visible_text(body: str) -> str:
    """Text of a body without the quoted history, for notifications and previews.

    One line per line that shows, without empty ones. When everything is quoted, it is
    the text of everything.

    >>> visible_text("<pre>Done.\\n\\nOn 2 May 2026 at 9:15, Ann wrote:\\n> And?</pre>")
    'Done.'
    """
    if not body:
        return ""
    try:
        lines = lines_of(parse(_split(_BREAK.sub("\n", str(body)))[1]))
    except (etree.LxmlError, ValueError):
        return " ".join(_characters(str(body)).split())
    everything = [line.text for line in lines]
    _quote(lines)
    new = [line.new_text for line in lines]
    return "\n".join(filter(None, new if any(new) else everything))


def _quote(lines: list[Line]) -> bool:
    """Note in the pieces what is quoted; False when that adds nothing."""
    found = [index for index in quoted_lines(lines) if not lines[index].is_quoted]
    if not found or not _leaves_something(lines, set(found)):
        return False
    for index in found:
        lines[index].quote()
    return True


def _leaves_something(lines: list[Line], found: set[int]) -> bool:
    return any(
        piece.shows and not piece.quoted
        for index, line in enumerate(lines)
        if index not in found
        for piece in line.pieces
    )


def _mark(root: etree._Element, lines: list[Line]) -> None:
    """Mark the elements that hold nothing else; wrap what shares its element."""
    by_slot: dict[tuple[etree._Element, str], list[Piece]] = {}
    for line in lines:
        for piece in line.pieces:
            by_slot.setdefault((piece.element, piece.slot), []).append(piece)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    whole = _whole(root, by_slot)
    depths: dict[etree._Element, int] = {root: 0}
    covered: set[etree._Element] = set()
    for element in elements[1:]:
        parent = element.getparent()
        depths[element] = depths[parent] + 1
        if parent in covered:
            covered.add(element)
        elif element in whole:
            element.set(QUOTE, "1")
            covered.add(element)
        elif element.get(QUOTE):
            covered.add(element)
    for (element, slot), pieces in by_slot.items():
        holder = element if slot == "text" else element.getparent()
        if slot and holder not in covered and depths.get(holder, 0) < _MAX_DEPTH:
            _wrap(element, slot, pieces)


def _whole(
    root: etree._Element, by_slot: dict[tuple[etree._Element, str], list[Piece]]
) -> set[etree._Element]:
    """Elements of which all is quoted, and something is."""
    own: dict[etree._Element, list[bool]] = {}
    for (element, slot), pieces in by_slot.items():
        holder = element.getparent() if slot == "tail" else element
        marks = [piece.quoted for piece in pieces if not slot or piece.text.strip()]
        own.setdefault(holder, []).extend(marks)
    whole: set[etree._Element] = set()
    partly: set[etree._Element] = set()
    for element in reversed(list(root.iter())):
        marks = own.get(element, [])
        if element in partly or not all(marks):
            partly.update((element, element.getparent()))
        elif marks or element in whole:
            whole.add(element)
            whole.add(element.getparent())
    return whole - partly - {root}


def _wrap(element: etree._Element, slot: str, pieces: list[Piece]) -> None:
    """Put the quoted stretches of a text into marked elements of their own."""
    stretches: list[tuple[bool, list[str]]] = []
    for piece in pieces:
        if not stretches or stretches[-1][0] != piece.quoted:
            stretches.append((piece.quoted, []))
        stretches[-1][1].append(piece.text)
    runs = [(quoted, "".join(texts)) for quoted, texts in stretches]
    if not any(quoted and text.strip() for quoted, text in runs):
        return
    lead = "" if runs[0][0] else runs.pop(0)[1]
    marks: list[etree._Element] = []
    for quoted, text in runs:
        if quoted:
            marks.append(etree.Element("span", {QUOTE: "1"}))
            marks[-1].text = text
        else:
            marks[-1].tail = text
    # From the last to the first, so that each goes right behind what stays.
    setattr(element, slot, None)
    for mark in reversed(marks):
        if slot == "text":
            element.insert(0, mark)
        else:
            element.addnext(mark)
    setattr(element, slot, lead)


def _split(body: str) -> tuple[str, str, str]:
    """What is before, inside and after the body element, if there is one."""
    tags = list(_BODY.finditer(body))
    start = tags[0].end() if tags and tags[0][0][1] != "/" else 0
    stop = tags[-1].start() if tags and tags[-1][0][1] == "/" else len(body)
    return body[:start], body[start:stop], body[stop:]


def _characters(fragment: str) -> str:
    return unescape(_TAG.sub("", fragment))
