# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.psa_core.tests.common import at

from ..models import psa_ticket_similar
from .common import PsaHelpdeskCommon


class TestSimilar(PsaHelpdeskCommon):
    """What was done the last time."""

    def _similar(self, ticket, user=None):
        ticket.invalidate_recordset(["similar"])
        found = ticket.with_user(user or self.technician).similar
        return self.env["psa.ticket"].browse(values["id"] for values in found or [])

    def test_what_the_form_gets(self):
        with freeze_time(at(9)):
            old = self._create_ticket(
                name="Zyxmail does not synchronize", no_time_reason="A test"
            )
            old._move_to("resolved", resolution="<p>Updated the <b>add-in</b></p>")
        ticket = self._create_ticket(
            name="zyxmail again", partner_id=self.other_contact.id
        )
        self.assertEqual(
            ticket.with_user(self.technician).similar,
            [
                {
                    "id": old.id,
                    "number": old.number,
                    "name": "Zyxmail does not synchronize",
                    "client": "Officine Bellini",
                    "state": "resolved",
                    "state_label": "Resolved",
                    "resolution": "Updated the *add-in*",
                    "resolved": "2026-03-02 09:00:00",
                }
            ],
        )

    def test_rare_words_count_more(self):
        both = self._create_ticket(name="Qwpaper jam in tray xtwo")
        rare = self._create_ticket(name="Tray xtwo")
        common = [self._create_ticket(name="Qwpaper") for _ticket in range(6)]
        ticket = self._create_ticket(name="qwpaper xtwo")
        found = self._similar(ticket)
        self.assertEqual(found[:2], both | rare)
        self.assertLessEqual(set(found[2:]), set(common))
        self.assertEqual(len(found), 5)

    def test_of_equals(self):
        """The same client's first, then those that say how; then the latest."""
        name = "Vplugx is slow"
        others = {"name": name, "partner_id": self.other_contact.id}
        plain = self._create_ticket(**others)
        latest = self._create_ticket(**others)
        solved = self._create_ticket(**others, resolution="<p>New disk</p>")
        same = self._create_ticket(name=name)
        ticket = self._create_ticket(name=name)
        self.assertEqual(
            self._similar(ticket).ids, (same | solved | latest | plain).ids
        )

    def test_in_the_description(self):
        old = self._create_ticket(description="<p>Error <b>0xdeadbeef42</b></p>")
        ticket = self._create_ticket(name="Help", description="<p>0xdeadbeef42!</p>")
        self.assertIn(old, self._similar(ticket))
        far = self._create_ticket(description=f"<p>{'so ' * 2000} 0xcafe</p>")
        ticket = self._create_ticket(name="0xcafe")
        self.assertNotIn(far, self._similar(ticket), "only the beginning is searched")

    def test_tags_and_attributes_are_no_words(self):
        self._create_ticket(name="Ooone", description='<p class="zzcls">Oofirst</p>')
        ticket = self._create_ticket(
            name="Ootwo", description='<p class="zzcls">Oosecond</p>'
        )
        self.assertFalse(self._similar(ticket))

    def test_short_words_and_none(self):
        self._create_ticket(name="zq zz")
        for name in ("zq zz", "!!!", "…"):
            ticket = self._create_ticket(name=name)
            self.assertFalse(self._similar(ticket), name)

    def test_operators_are_words(self):
        old = self._create_ticket(name="Kablooey")
        for name in (
            "kablooey & | ! ( <-> :*",
            "kablooey' OR 1=1; --",
            "kablooey \\ '' \\' \\\\",
            "kablooey %s %(x)s {0} $1",
            "C:\\kablooey\\it's kablooey",
        ):
            ticket = self._create_ticket(name=name)
            self.assertIn(old, self._similar(ticket), name)
            ticket.sudo().unlink()

    def test_a_huge_text(self):
        words = " ".join(f"word{number}" for number in range(120_000))
        self.assertGreater(len(words), 1_000_000)
        ticket = self._create_ticket(name="Huge", description=f"<p>{words}</p>")
        other = self._create_ticket(name="word1", description=f"<p>{'x' * 10**6}</p>")
        self.assertIn(ticket, self._similar(other))
        self.assertIn(other, self._similar(ticket))

    def test_a_huge_subject(self):
        words = " ".join(f"word{number}" for number in range(120_000))
        ticket = self._create_ticket(name=words)
        other = self._create_ticket(name="word1")
        self.assertIn(ticket, self._similar(other))
        self.assertIn(other, self._similar(ticket))

    def test_common_words_only(self):
        """The latest with all of them, as none tells anything alone."""
        self.patch(psa_ticket_similar, "COMMON", 3)
        tickets = [self._create_ticket(name="Ffprinter ggoffline") for _n in range(5)]
        self._create_ticket(name="Ffprinter")
        ticket = self._create_ticket(name="Ffprinter ggoffline")
        self.assertEqual(
            self._similar(ticket), self.env["psa.ticket"].union(*reversed(tickets))
        )

    def test_little_in_common_is_not_similar(self):
        words = [f"ww{number}" for number in range(12)]
        for word in words[1:]:
            self._create_ticket(name=word)
        one = self._create_ticket(name=words[0])
        ticket = self._create_ticket(name=" ".join(words))
        self.assertNotIn(one, self._similar(ticket))

    def test_duplicates_are_left_out(self):
        target = self._create_ticket(name="Uubackup")
        source = self._create_ticket(name="Uubackup failed")
        source._merge(target)
        ticket = self._create_ticket(name="uubackup")
        self.assertEqual(self._similar(ticket), target)

    def test_record_rules(self):
        other = self.env["res.company"].create({"name": "Other"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", other.id)])
        foreign = self.env["psa.ticket"].create(
            self._prepare_ticket(name="Iiproxy down", team_id=team.id)
        )
        ticket = self._create_ticket(name="Iiproxy down")
        self.assertFalse(self._similar(ticket))
        self.technician.company_ids = [Command.link(other.id)]
        allowed = ticket.with_context(allowed_company_ids=(self.company | other).ids)
        self.assertEqual(self._similar(allowed), foreign)
        self.env["ir.rule"].create(
            {
                "name": "Nothing",
                "model_id": self.env["ir.model"]._get_id("psa.ticket"),
                "domain_force": f"[('id', '!=', {foreign.id})]",
            }
        )
        self.assertFalse(self._similar(allowed))

    def test_while_it_is_typed(self):
        old = self._create_ticket(name="Jjscanner makes stripes")
        new = (
            self.env["psa.ticket"].with_user(self.technician).new({"name": "jjscanner"})
        )
        self.assertEqual([values["id"] for values in new.similar], old.ids)

    def test_queries_do_not_grow(self):
        def count(number):
            self.env["psa.ticket"].create(
                [self._prepare_ticket(name="Kkmodem") for _ticket in range(number)]
            )
            ticket = self._create_ticket(name="Kkmodem is dead")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(ticket.with_user(self.technician).similar), 5)
            return self.cr.sql_log_count - before

        count(5)
        self.assertEqual(count(10), count(20))

    # ------------------------------------------------------------
    # Using it
    # ------------------------------------------------------------

    def test_use(self):
        cause = self.env["psa.ticket.cause"].search([], limit=1)
        old = self._create_ticket(resolution="<p>Reboot</p>", cause_id=cause.id)
        ticket = self._create_ticket()
        action = ticket.with_user(self.technician).action_use_resolution(old.id)
        self.assertIn("Reboot", ticket.resolution)
        self.assertEqual((ticket.cause_id, ticket.related_ids), (cause, old))
        self.assertEqual(ticket.state, "new")
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.technician)
            .with_context(**action["context"])
        )
        self.assertIn("Reboot", wizard.resolution)

    def test_what_was_written_stays(self):
        old = self._create_ticket(resolution="<p>Reboot</p>")
        ticket = self._create_ticket(resolution="<p>New cable</p>")
        ticket.with_user(self.technician).action_use_resolution(old.id)
        self.assertIn("New cable", ticket.resolution)

    def test_what_cannot_be_used(self):
        ticket = self._create_ticket().with_user(self.technician)
        for bad in (self._create_ticket().id, 0, "1; DROP TABLE", None):
            with self.assertRaisesRegex(UserError, "no resolution"):
                ticket.action_use_resolution(bad)
        other = self.env["res.company"].create({"name": "Other"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", other.id)])
        foreign = self.env["psa.ticket"].create(
            self._prepare_ticket(team_id=team.id, resolution="<p>Secret</p>")
        )
        with self.assertRaises(AccessError):
            ticket.action_use_resolution(foreign.id)
