# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The HTML body of a mail as the lines that a reader sees.

Each line remembers which pieces of the document it is made of, so that what is found
in the lines can be marked in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

#: attribute by which the host marks what its client folds
QUOTE = "data-o-mail-quote"

_BLOCKS = frozenset(
    str.split(
        "address article aside blockquote center dd div dl dt fieldset figure footer"
        " form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td"
        " tfoot th thead tr ul"
    )
)
_UNREAD = frozenset(str.split("script style title head template"))
_LEAVES = frozenset(("br", "hr", "img"))
# The text of a comment is not read, but what comes after it is.
_EVENTS = ("start", "end", "comment", "pi")
_SPACES = re.compile(r"[\s\u00a0\u200b\u200e\u200f\ufeff]+")
_PREFORMATTED = re.compile(r"white-space\s*:\s*(?:-moz-)?pre", re.I)
_LINE_BREAKS = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass
class Piece:
    """Part of the document on one line.

    A stretch of ``slot`` ("text" or "tail") of ``element``; or the whole element when
    there is no slot (a break, a rule, a picture).
    """

    element: etree._Element
    slot: str = ""
    text: str = ""
    quoted: bool = False

    @property
    def shows(self) -> bool:
        """Is there something to see?"""
        return self.element.tag == "img" if not self.slot else bool(self.text.strip())


@dataclass
class Line:
    """One line of the body."""

    pieces: list[Piece] = field(default_factory=list)
    rule: bool = False

    @property
    def text(self) -> str:
        return _SPACES.sub(" ", "".join(piece.text for piece in self.pieces)).strip()

    @property
    def new_text(self) -> str:
        """Text of the line outside of what is quoted."""
        pieces = (piece.text for piece in self.pieces if not piece.quoted)
        return _SPACES.sub(" ", "".join(pieces)).strip()

    @property
    def is_quoted(self) -> bool:
        """Is all that shows on the line quoted, and something does?"""
        shown = [piece.quoted for piece in self.pieces if piece.shows]
        return bool(shown) and all(shown)

    def quote(self) -> None:
        for piece in self.pieces:
            piece.quoted = True


def parse(fragment: str) -> etree._Element:
    """Parse the inside of a body into an element around it.

    :raise ValueError: when the text cannot be in a document
    :raise lxml.etree.LxmlError: when the parser gives up
    """
    body = html.document_fromstring(f"<div>{fragment}</div>").find("body")
    if body is None or len(body) != 1 or (body[0].tail or "").strip():
        raise ValueError("the body of the mail is not balanced")
    return body[0]


def serialize(root: etree._Element) -> str:
    """Inverse of :func:`parse`."""
    text = etree.tostring(root, encoding="unicode", method="html")
    return text[text.index(">") + 1 : text.rindex("</")].replace("\xa0", "&nbsp;")


def lines_of(root: etree._Element) -> list[Line]:
    """Lines of a document, those that are empty included.

    >>> [line.text for line in lines_of(parse("one<br>two<pre>3\\n\\n5</pre>6"))]
    ['one', 'two', '3', '', '5', '6']
    """
    lines = [Line()]
    for piece, breaks_before, breaks_after in _pieces(root):
        if breaks_before and any(known.shows for known in lines[-1].pieces):
            lines.append(Line())
        if piece is None:
            continue
        lines[-1].pieces.append(piece)
        if piece.element.tag == "hr" and not piece.slot:
            lines[-1].rule = True
        if breaks_after:
            lines.append(Line())
    return lines


def _pieces(root: etree._Element) -> Iterator[tuple[Piece | None, bool, bool]]:
    """Pieces in the order of the document, each with: new line before, and after."""
    quoted = pre = unread = 0
    for event, element in etree.iterwalk(root, events=_EVENTS):
        opens = event == "start"
        if element is root and not opens:
            return
        if event in ("start", "end"):
            step = 1 if opens else -1
            quoted += step * bool(element.get(QUOTE))
            pre += step * _is_preformatted(element)
            unread += step * (element.tag in _UNREAD)
        if opens and element.tag in _LEAVES:
            is_rule = element.tag == "hr"
            yield Piece(element, quoted=quoted > 0), is_rule, element.tag != "img"
        elif element.tag in _BLOCKS:
            yield None, True, False
        slot = "text" if opens else "tail"
        text = getattr(element, slot)
        if text and not unread:
            yield from _stretches(element, slot, text, quoted > 0, pre > 0)


def _stretches(
    element: etree._Element, slot: str, text: str, quoted: bool, pre: bool
) -> Iterator[tuple[Piece, bool, bool]]:
    stretches = _LINE_BREAKS.findall(text) if pre else [text]
    for stretch in stretches:
        ends = pre and stretch.endswith("\n")
        yield Piece(element, slot, stretch, quoted), False, ends


def _is_preformatted(element: etree._Element) -> bool:
    return element.tag == "pre" or bool(
        _PREFORMATTED.search(element.get("style") or "")
    )
