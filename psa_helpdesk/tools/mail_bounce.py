# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails that say that another mail did not arrive, or not yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage

from .mail_header import (
    addresses_in,
    content_type,
    header,
    header_names,
    headers,
    opening,
    own_parts,
    report_type,
    sender,
)

# Accounts that no person writes from.
_DAEMONS = frozenset(
    str.split(
        "mailer-daemon mail-daemon maildaemon mdaemon mailerdaemon mail.delivery.system"
        " double-bounce bounce bounces"
    )
)
# Accounts of machines and of people alike: the text has to agree.
_MASTERS = frozenset(str.split("postmaster mailadm mailadmin mailmaster administrator"))
_DAEMON_NAME = re.compile(r"\bmail(?:er)?[ -]?(?:delivery|daemon)\b", re.I)
_ANSWER = re.compile(r"\s*(re|fwd?|r|i|aw|wg|tr|rv|sv|antw)\s*(?:\[\d+\])?\s*:", re.I)
_FRAME = "*-=_#|>. \t\r\n\"'"

_SUBJECT = re.compile(
    r"undeliver(?:able|ed)|returned (?:(?:e-?)?mail|message)|returning message"
    r"|delivery (?:status )?(?:notification|report|failure|failed|error|problem"
    r"|warning|has failed|delayed|incomplete)|failure (?:notice|delivery)"
    r"|(?:permanent|mail|message) (?:delivery|system) (?:fail|error|problem|warning)"
    r"|\bnon-?delivery\b|(?:mail|message)\b.{0,60}\b(?:not (?:yet )?(?:be(?:en)? )?"
    r"delivered|delayed|failed)|\bmail (?:error|failure)|failed mail|delayed mail"
    r"|processing error|user unknown|permanent failure|automatically rejected"
    r"|mancat[oa] (?:recapito|consegna)|(?:non|impossibil[ei]) (?:recapit|consegn)"
    r"|stato del recapito|notifica di (?:mancato )?recapito|messaggio respinto"
    r"|unzustellbar|nicht zu(?:ge|zu)?stell|zustellung(?:sfehler|.{0,20}fehlgeschlagen)"
    r"|non (?:remis|distribu|délivr)|échec (?:de|d'|dans) (?:la )?(?:remise|distrib"
    r"|envoi|livraison)|no se (?:puede|pudo|ha podido) entregar|no entregado"
    r"|entrega (?:fallida|no realizada)|não (?:foi )?(?:entregue|pôde)|onbestelbaar"
    r"|не доставлен|недоставлен|не удалось доставить|无法投递|退信|配信不能",
    re.I,
)
# How the texts of delivery programs begin (exim, postfix, qmail, sendmail, exchange,
# notes, groupwise, the big providers, gateways).
_OPENING = re.compile(
    r"(?:this (?:message|mail) was created automatically by mail|this is (?:an? )?"
    r"automat\w+ (?:generated )?(?:message|delivery status)|this is the (?:mail"
    r"|qmail|.{0,40}(?:postfix|mta|smtp|deliver\w*)) (?:system|program|agent|on"
    r"|-send)|hi[.!] (?:this is )?the |i'?m (?:afraid|sorry)\b.{0,40}\b(?:deliver"
    r"|inform)|(?:sorry, )?(?:we were |i was )?(?:unable|not able) to deliver"
    r"|(?:your|the|an?|this)(?: (?:following|attached))? (?:e-?mail |mail )?(?:e-?mail"
    r"|mail|message)\b.{0,200}\b(?:could ?n[o']t|cannot|can'?t|was not|did not|has not"
    r"|were not) (?:yet )?(?:be(?:en)? )?(?:delivered|reach)|could not deliver"
    r"|undeliverable"
    r"|delivery (?:has failed|to the following|failed|of (?:email|mail) to)"
    r"|del[ie]very to the following|[- ]*failed recipients|non-?delivery report"
    r"|the original message was received|.{0,40}delivery failure notif"
    r"|il (?:tuo |suo |vostro )?messaggio.{0,120}non (?:è stato|può essere|ha)"
    r"|impossibil[ei] (?:recapitare|consegnare)|recapito non riuscito"
    r"|(?:ihre|die|eine) (?:nachricht|mail).{0,120}nicht zugestellt"
    r"|votre message.{0,60}n'?a (?:pas|pu)|échec de la remise"
    r"|(?:su|el) mensaje.{0,120}no (?:pudo|se|ha)|sua mensagem.{0,80}n[ãa]o)",
    re.I | re.S,
)
_DELAY = re.compile(
    r"\bdelay(?:ed)?\b|still being retried|warning (?:message )?only|just a warning"
    r"|advisory-only|\bpostponed\b|do not (?:need to )?resend|not yet been"
    r" delivered|will (?:continue|keep) (?:to )?try"
    r"|attempts will (?:continue|be)|in ritardo|ritardata|verzögert|retardé"
    r"|retrasad|en attente de remise|preavviso",
    re.I,
)
# Below this the returned mail is quoted; its addresses are not those that failed.
_RETURNED = re.compile(
    r"(?:^|\n)[ \t]*(?:-{2,}.{0,40}(?:original|returned|copy|header|below)"
    r"|received: |original message follows|.{0,30}copy of the (?:original )?message"
    r"|message-id: |content-type: )",
    re.I,
)
_CONTEXT = re.compile(r"^\s*(?:from|sender|message-id|by|reporting)\b.*", re.I | re.M)
# What announces the list of addresses, and what stands around an address in it.
_LIST = re.compile(r"following (?:e-?mail )?(?:recipient|address)|delivered to\b", re.I)
_DETAIL = re.compile(r"\bfrom:?\s+\S+@\S+|\w+=|[\[\]]|\.{3}\w*", re.I)


@dataclass(frozen=True)
class Bounce:
    """What a mail tells of one that did not arrive.

    ``addresses`` are those that failed, as far as they are easy to find, in lower
    case; ``temporary`` when the sending machine goes on trying.
    """

    reason: str
    addresses: tuple[str, ...] = ()
    temporary: bool = False


def bounce_of(message: EmailMessage, null_sender: bool = False) -> Bounce | None:
    """Read a bounce; None for any other mail.

    A report by the standard (RFC 3464) is enough by itself. Else two things have to
    agree out of account, subject and opening words, since people do write about
    mails that came back; only an account that is always a machine's stands alone.

    >>> from email import message_from_string, policy
    >>> mail = "From: <MAILER-DAEMON@example.com>\\n\\n<ann@example.org>: no such user"
    >>> bounce_of(message_from_string(mail, policy=policy.SMTP)).addresses
    ('ann@example.org',)

    :param null_sender: the mail came with the empty return path
    """
    reason = _standard(message) or _customary(message, null_sender)
    if not reason:
        return None
    addresses, actions = _status(message)
    text = opening(message)
    if actions:
        temporary = actions == {"delayed"}
    else:
        subject = header(message, "Subject") or ""
        temporary = bool(_DELAY.search(f"{subject}\n{text[:1500]}"))
    return Bounce(reason, tuple(addresses or _addresses(message, text)), temporary)


def is_daemon(message: EmailMessage) -> bool:
    """Is the sender an account that delivery programs use (people may, too)?"""
    return _local(message) in _DAEMONS | _MASTERS


def _standard(message: EmailMessage) -> str | None:
    kind = report_type(message)
    if content_type(message) == "multipart/report":
        if kind == "delivery-status":
            return "multipart/report; delivery-status"
        if kind in ("disposition-notification", "feedback-report"):
            return None
        types = {content_type(part) for part in own_parts(message)}
        if "message/delivery-status" in types:
            return "message/delivery-status"
        if not types & {"message/disposition-notification", "message/feedback-report"}:
            return "multipart/report"
    return None


def _customary(message: EmailMessage, null_sender: bool) -> str | None:
    local = _local(message)
    name = header(message, "From") or ""
    if local in _DAEMONS:
        return f"From: {local}"
    if not local and name.strip().endswith("<>"):
        return "From: <>"
    subject = header(message, "Subject") or ""
    text = opening(message)[:1000]
    by_subject = bool(_SUBJECT.search(subject))
    by_text = _opens_as_bounce(text)
    failed = header(message, "X-Failed-Recipients") is not None
    machine = (
        null_sender or failed or local in _MASTERS or bool(_DAEMON_NAME.search(name))
    )
    if machine and (by_subject or by_text or failed or _has_status(message)):
        return "Return-Path: <>" if null_sender else f"From: {local}"
    if by_subject and by_text and not _is_answer(message, subject):
        return "Subject: delivery failure"
    return None


def _opens_as_bounce(text: str) -> bool:
    """Do the words match, those after a first line that is a heading included?"""
    heading = re.match(r"[*\-= ]{3,}[^*\n]{0,80}[*\-= ]{3,}\s*\n", text)
    starts = [text, text[heading.end() :]] if heading else [text]
    return any(_OPENING.match(start.lstrip(_FRAME)) for start in starts)


def _is_answer(message: EmailMessage, subject: str) -> bool:
    """Did somebody answer or forward a bounce?

    Mail programs that answer name the mail; a machine that only puts "RE:" does not.
    """
    mark = _ANSWER.match(subject)
    if not mark or mark[1].lower() not in ("re", "r", "aw", "sv", "antw"):
        return bool(mark)
    return not header_names(message).isdisjoint(("in-reply-to", "references"))


def _has_status(message: EmailMessage) -> bool:
    return any(
        content_type(part) == "message/delivery-status" for part in own_parts(message)
    )


def _local(message: EmailMessage) -> str:
    return sender(message).partition("@")[0].strip('"\\')


def _status(message: EmailMessage) -> tuple[list[str], set[str]]:
    """Failed addresses and actions of the machine-readable part (RFC 3464)."""
    addresses: list[str] = []
    actions: set[str] = set()
    for part in own_parts(message):
        if content_type(part) != "message/delivery-status":
            continue
        payload = part.get_payload()
        for block in payload if isinstance(payload, list) else []:
            action = (header(block, "Action") or "").lower().partition(" ")[0]
            if action in ("failed", "delayed"):
                actions.add(action)
                recipient = header(block, "Original-Recipient")
                found = addresses_in(recipient) or addresses_in(
                    header(block, "Final-Recipient")
                )
                addresses += [a for a in found if a not in addresses]
    return addresses, actions


def _addresses(message: EmailMessage, text: str) -> list[str]:
    for value in headers(message, "X-Failed-Recipients"):
        return addresses_in(value)
    returned = _RETURNED.search(text)
    if returned and returned.start() > 40:
        text = text[: returned.start()]
    announced = _LIST.search(text)
    if announced and addresses_in(text[announced.end() :]):
        text = text[announced.end() :]
    text = _CONTEXT.sub("", text)
    ours = {sender(message), *addresses_in(header(message, "To"))}
    return [
        address
        for address in addresses_in(_DETAIL.sub(" ", text))
        if address not in ours and address.partition("@")[0] not in _MASTERS
    ]
