// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What is odd about a record, as badges that explain themselves. */
export class ProblemBadges extends Component {
    static template = "psa_helpdesk.ProblemBadges";
    static props = { ...standardFieldProps };

    get problems() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("psa_problem_badges", {
    component: ProblemBadges,
    displayName: _t("Problems"),
    supportedTypes: ["json"],
});
