# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which lines of an answer are quoted history, by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .mail_lines import Line

# The headers that mail programs repeat above a quote, per language.
_LABELS = {
    "from": "from da von de van från fra od от expéditeur lähettäjä mittente remetente",
    "sent": "sent inviato gesendet envoyé enviado|enviado el|enviada|enviada em"
    "|enviado em|verzonden|skickat|sendt|wysłano|отправлено|lähetetty|odesláno",
    "date": "date data datum fecha dato дата",
    "to": "to a an à para aan till til do кому pour komu destinatario vastaanottaja",
    "cc": "cc copia kopie копия bcc ccn",
    "subject": "subject oggetto betreff asunto assunto onderwerp ämne emne temat тема"
    " objet aihe předmět",  # codespell:ignore objet
}
_KIND_OF = {
    label.strip(): kind
    for kind, labels in _LABELS.items()
    for label in re.split(r"\|| (?!e[lm]\b)", labels)
}
_LABEL = re.compile(r"[*_>\s]*([^\W\d_]+(?: e[lm])?)\s?[*_]*\s?[:：][*_]*(?=\s|$)")

_ORIGINAL = re.compile(
    r"[-_*\s]{2,}(?:original (?:message|appointment)|messaggio originale|messaggio"
    r" original|originalnachricht|ursprüngliche nachricht|message d'origine"
    r"|message original|mensaje original|mensagem original|oorspronkelijk bericht"
    r"|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding"
    r"|wiadomość oryginalna|исходное сообщение|reply message|risposta)[-_*\s]{2,}",
    re.I,
)
_FORWARDED = re.compile(
    r"[-_*\s]*(?:begin forwarded message|inizio messaggio inoltrato|(?:forwarded"
    r"|messaggio|message|mensaje|weitergeleitete|doorgestuurd)[ -](?:message|inoltrato"
    r"|transféré|reenviado|nachricht|bericht)|anfang der weitergeleiteten"
    r"|début du message (?:réexpédié|transféré)|mensagem encaminhada"
    r"|пересылаемое сообщение)\b",
    re.I,
)
# "On ... wrote:" and its likes: a date, an author and the verb that ends the line.
_WROTE = re.compile(
    r"(?:wrote|writes|ha scritto|scrisse|schrieb|a écrit|escribió|escreveu|schreef"
    r"|skrev|napisał(?:\(a\))?|писал(?:а)?|написал(?:а|\(а\))?|пишет|kirjoitti"
    r"|napsal(?:\(a\))?)\b[^:]{0,80}[:：]$|\bschrieb\b.{0,100}[:：]$",
    re.I,
)
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,200}")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2}"
)
_COLONS = ":："
_SEPARATOR = re.compile(r"[-_=*\u2500\u2014 ]{5,}")

#: how far the headers above a quote, or the line that introduces it, may stretch
_HEADER_LINES = 14
_INTRODUCTION_LINES = 4
_MAX_LINE = 400


def quoted_lines(lines: list[Line]) -> Iterator[int]:
    """Positions of the lines that are history, and of those that introduce it.

    Lines with ">" and what the host has marked end where they end, so an answer may
    stand below them or in between. After repeated headers, and after an introduction
    without any such line, all the rest is quoted.
    """
    texts = [line.text[:_MAX_LINE] for line in lines]
    quoted = [
        line.is_quoted or text.startswith(">")
        for line, text in zip(lines, texts, strict=True)
    ]
    for index, text in enumerate(texts):
        if not text:
            continue
        if quoted[index]:
            yield index
            continue
        if _FORWARDED.match(text):
            return
        start = _history_start(lines, texts, quoted, index)
        if start is not None:
            yield from range(start, len(lines))
            return
        yield from _introduction(texts, quoted, index)


def _history_start(
    lines: list[Line], texts: list[str], quoted: list[bool], index: int
) -> int | None:
    """First line of the history when it begins with this line and has no end."""
    text = texts[index]
    begins = _ORIGINAL.fullmatch(text) or _are_headers(texts, index)
    if not begins and text[-1] in _COLONS and _WROTE.search(_joined(texts, index)):
        # Nothing marks the quote, so the line has to look like a program's.
        after = _next(texts, index)
        marked = after is not None and quoted[after]
        begins = not marked and _DATE.search(_joined(texts, index)) is not None
        index = _introduction_start(texts, index) if begins else index
    if not begins:
        return None
    while index and _is_separator(lines[index - 1], texts[index - 1]):
        index -= 1
    return index


def _are_headers(texts: list[str], index: int) -> bool:
    """Do repeated headers begin here: an author, a date or subject, and a receiver?"""
    if _kind(texts[index]) not in ("from", "date", "sent", "subject"):
        return False
    kinds: set[str] = set()
    others = 0
    has_address = False
    for text in texts[index : index + _HEADER_LINES]:
        kind = _kind(text)
        others = 0 if kind or not text else others + 1
        if others > 2:
            break
        if kind:
            kinds.add(kind)
            has_address = has_address or bool(_ADDRESS.search(text))
    proof = has_address or "sent" in kinds or "subject" in kinds
    return "from" in kinds and len(kinds - {"cc"}) >= 3 and proof


def _kind(text: str) -> str | None:
    label = _LABEL.match(text)
    return _KIND_OF.get(label[1].lower()) if label else None


def _introduction(texts: list[str], quoted: list[bool], index: int) -> Iterator[int]:
    """Lines that introduce a quote which is marked, when this is the last of them."""
    text = texts[index]
    after = _next(texts, index)
    if after is None or not quoted[after] or text[-1] not in _COLONS:
        return
    whole = _joined(texts, index)
    told = _WROTE.search(whole) and re.search(r"\d", whole)
    if told or (_DATE.search(whole) and _ADDRESS.search(whole)):
        yield from range(_introduction_start(texts, index), after)


def _introduction_start(texts: list[str], index: int) -> int:
    """First of the lines that a mail program broke an introduction into."""
    for start in range(index, max(index - _INTRODUCTION_LINES, -1), -1):
        if not texts[start]:
            break
        if _DATE.search(texts[start]):
            return start
    return index


def _joined(texts: list[str], index: int) -> str:
    return " ".join(texts[_introduction_start(texts, index) : index + 1])


def _next(texts: list[str], index: int) -> int | None:
    """Next line that is not empty, not far away."""
    for position in range(index + 1, min(index + 6, len(texts))):
        if texts[position]:
            return position
    return None


def _is_separator(line: Line, text: str) -> bool:
    if not text:
        return line.rule or not any(piece.shows for piece in line.pieces)
    return bool(_SEPARATOR.fullmatch(text))
