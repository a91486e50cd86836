# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import models, report, tools, wizards
from .hooks import post_init_hook, pre_init_hook
