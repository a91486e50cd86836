# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a mail costs at the least."""

from odoo import fields, models


class BenchThread(models.Model):
    """A thread with nothing but a subject and its sender."""

    _name = "bench.thread"
    _description = "Thread of the benchmarks"
    _inherit = "mail.thread"
    _primary_email = "email_from"

    name = fields.Char()
    email_from = fields.Char()
