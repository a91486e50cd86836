// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, xml } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * @param {number} minutes
 * @returns {string} the largest unit only: who scans a list compares days with days
 */
export function formatAge(minutes) {
    if (minutes < 1) {
        return _t("now");
    }
    if (minutes < HOUR) {
        return _t("%s min", Math.floor(minutes));
    }
    if (minutes < 2 * DAY) {
        return _t("%s h", Math.floor(minutes / HOUR));
    }
    return _t("%s d", Math.floor(minutes / DAY));
}

/** How long ago an instant was, with the instant itself as a tooltip. */
export class AgeField extends Component {
    static template = xml`<span class="o_psa_age text-nowrap" t-att-title="title" t-out="age"/>`;
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get age() {
        return this.value ? formatAge(DateTime.now().diff(this.value).as("minutes")) : "";
    }

    get title() {
        return this.value ? formatDateTime(this.value) : "";
    }
}

registry.category("fields").add("psa_age", {
    component: AgeField,
    displayName: _t("Age"),
    supportedTypes: ["datetime"],
});
