// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component } from "@odoo/owl";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { getTimeLeft, useMinuteClock } from "./sla_clock";

/** The target that presses most: how much time is left, counted down without asking anybody. */
export class SlaDeadlineField extends Component {
    static template = "psa_helpdesk.SlaDeadlineField";
    static props = { ...standardFieldProps, withKind: { type: Boolean, optional: true } };

    setup() {
        this.clock = useMinuteClock();
    }

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get kind() {
        const { data, fields } = this.props.record;
        const [, label] =
            fields.sla_kind.selection?.find(([value]) => value === data.sla_kind) || [];
        return label || "";
    }

    /** Was a target missed, other than the one that is counted? */
    get isMissed() {
        const { is_sla_breached, is_sla_paused } = this.props.record.data;
        const isCounting = this.deadline && this.deadline.toMillis() > this.clock.now;
        return is_sla_breached && (isCounting || is_sla_paused);
    }

    get status() {
        if (this.deadline) {
            const { text, className } = getTimeLeft(this.deadline, this.clock.now);
            const icon = className === "o_psa_sla_fine" ? "fa-clock-o" : "fa-hourglass-half";
            return { text, className, icon };
        }
        const { is_sla_paused, is_sla_breached } = this.props.record.data;
        if (is_sla_paused) {
            return { text: _t("Paused"), className: "o_psa_sla_paused", icon: "fa-pause" };
        }
        if (is_sla_breached) {
            return { text: _t("Missed"), className: "o_psa_sla_late", icon: "fa-times" };
        }
        return null;
    }

    get title() {
        if (this.deadline) {
            return _t("%(kind)s until %(instant)s", {
                kind: this.kind,
                instant: toLocaleDateTimeString(this.deadline),
            });
        }
        return this.props.record.data.is_sla_paused
            ? _t("Its targets stand still: it is somebody else's turn.")
            : _t("A target was missed.");
    }
}

registry.category("fields").add("psa_sla_deadline", {
    component: SlaDeadlineField,
    displayName: _t("SLA deadline"),
    supportedTypes: ["datetime"],
    // The deadline is empty while it is paused.
    isEmpty: () => false,
    fieldDependencies: [
        { name: "is_sla_breached", type: "boolean" },
        { name: "is_sla_paused", type: "boolean" },
        { name: "sla_kind", type: "selection", selection: [] },
    ],
    extractProps: ({ options }) => ({ withKind: options.with_kind }),
});
