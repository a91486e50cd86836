# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Provisioning of the host (Odoo, PostgreSQL, Python) and the commands of ``./psa``.

Read in this order: ``bootstrap`` (from any Python to the locked one), ``cli`` (the
commands), ``environment`` (what a command is given), then the module of interest.
"""
