# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .portal_actions import clean_text

MAX_SUBJECT = 200
MAX_FILES = 10
MAX_FILES_MB = 25
MAX_ADDRESSES = 10
LEVELS = ("1", "2", "3")


class TicketForm:
    """The form of a new ticket: what was typed, what is wrong with it, what it means.

    :param choices: records to choose from, as of ``_get_portal_choices``
    :param post: what was sent; nothing for the empty form
    :param uploads: files that were sent
    """

    def __init__(self, env, choices, post=None, uploads=()):
        self.env = env
        self.choices = choices
        self.post = post or {}
        self.person = env.user.sudo().partner_id
        self.errors = {}
        self.subject = clean_text(self.post.get("subject"), MAX_SUBJECT)
        self.description = clean_text(self.post.get("description"))
        self.addresses = clean_text(self.post.get("addresses"), 2000)
        self.team = self._choose("team", "teams") or choices["teams"][:1]
        self.type = self._choose("type", "types")
        self.colleague = self._choose("colleague", "colleagues")
        self.impact = self._get_level("impact")
        self.urgency = self._get_level("urgency")
        self.watchers = self.addresses.replace(";", ",").replace("\n", ",").split(",")
        self.watchers = [text.strip() for text in self.watchers if text.strip()]
        self.files = self._read(uploads)

    def _choose(self, name, choice):
        """Return the record of a choice that was sent, if it is one of them."""
        sent = self.post.get(name)
        return self.choices[choice].filtered(lambda record: str(record.id) == sent)

    def _get_level(self, name):
        sent = self.post.get(name)
        return sent if sent in LEVELS else "1"

    def _read(self, uploads):
        files = []
        for upload in uploads:
            if upload.filename:
                # When the host repeats a request it rewinds the first file only.
                upload.seek(0)
                files.append((clean_text(upload.filename, 200), upload.read()))
        return files

    def check(self):
        """Fill the errors, by field, and return whether there are none."""
        if not self.team:
            self.errors["team"] = self.env._(
                "Tickets cannot be opened here at the moment."
            )
        if not self.subject:
            self.errors["subject"] = self.env._(
                "Please say in a few words what it is about."
            )
        if not self.description:
            self.errors["description"] = self.env._("Please describe what you need.")
        if len(self.watchers) > MAX_ADDRESSES:
            self.errors["addresses"] = self.env._(
                "Please give %s addresses at most.", MAX_ADDRESSES
            )
        else:
            self._check_watchers()
        size = sum(len(content) for _name, content in self.files)
        if len(self.files) > MAX_FILES or size > MAX_FILES_MB * 1024 * 1024:
            self.errors["files"] = self.env._(
                "%(count)s files with %(size)s MB together at most, please.",
                count=MAX_FILES,
                size=MAX_FILES_MB,
            )
        if self.errors and self.files and "files" not in self.errors:
            self.errors["files"] = self.env._("Please choose the files again.")
        return not self.errors

    def _check_watchers(self):
        # In sudo: customers may not look contacts up.
        tickets = self.env["psa.ticket"].sudo()
        contact = self.colleague or self.person
        for address in self.watchers:
            try:
                tickets._find_watcher(address, contact, contact.commercial_partner_id)
            except UserError as error:
                self.errors["addresses"] = str(error)

    def get_values(self):
        """Return the values of the ticket."""
        return {
            "name": " ".join(self.subject.split()),
            "description": plaintext2html(self.description),
            "team_id": self.team.id,
            "type_id": self.type.id,
            "partner_id": (self.colleague or self.person).id,
            "impact": self.impact,
            "urgency": self.urgency,
            "portal_key": clean_text(self.post.get("key"), 36) or False,
        }
