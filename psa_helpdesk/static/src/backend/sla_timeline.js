// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatWork, getTimeLeft, useMinuteClock } from "./sla_clock";

/** What is worth a mark on the bar; of several in one place the last one here is shown. */
const MARKS = {
    start: "fa-play",
    resume: "fa-play",
    pause: "fa-pause",
    stop: "fa-stop",
    waive: "fa-flag",
    reach: "fa-check",
    breach: "fa-times",
};
const WEIGHTS = Object.keys(MARKS);
/** Marks that are closer, in percent of the bar, would cover each other. */
const NEAR = 3;
const BADGES = {
    missed: "text-bg-danger",
    running: "text-bg-info",
    met: "text-bg-success",
};

/** The targets of a ticket: how much of each was used when, and what happened to it. */
export class SlaTimeline extends Component {
    static template = "psa_helpdesk.SlaTimeline";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.clock = useMinuteClock();
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    /** The latest round of each promise; a long conversation has many of some. */
    get current() {
        const kinds = new Set();
        return this.rows.filter((row) => !kinds.has(row.kind) && kinds.add(row.kind));
    }

    get earlier() {
        const current = new Set(this.current.map((row) => row.id));
        return this.rows.filter((row) => !current.has(row.id));
    }

    badge(row) {
        return BADGES[row.result] || "text-bg-secondary";
    }

    timeLeft(row) {
        return row.state === "running" && row.deadline
            ? getTimeLeft(deserializeDateTime(row.deadline), this.clock.now)
            : null;
    }

    formatInstant(text) {
        return toLocaleDateTimeString(deserializeDateTime(text));
    }

    formatWork(seconds) {
        return formatWork(seconds);
    }

    usage(row) {
        return _t("%(used)s of %(target)s (%(percent)s %)", {
            used: formatWork(row.used),
            target: formatWork(row.target),
            percent: Math.floor((100 * row.used) / row.target),
        });
    }

    /** In words what the bar shows. */
    description(row) {
        const parts = [`${row.label}: ${row.result_label}`, this.usage(row)];
        const left = this.timeLeft(row);
        if (left) {
            parts.push(left.text);
        }
        return parts.join(", ");
    }

    /** Percent of the bar, which is as long as the target, or longer when it was missed. */
    position(row, seconds) {
        return (100 * seconds) / Math.max(row.target, row.used);
    }

    fill(row) {
        return this.position(row, Math.min(row.used, row.target));
    }

    marks(row) {
        const marks = [];
        for (const event of row.events.filter(({ event }) => event in MARKS)) {
            const left = this.position(row, event.used);
            const text = `${event.label}: ${this.formatInstant(event.at)}`;
            const last = marks.at(-1);
            if (last && left - last.left < NEAR) {
                last.texts.push(text);
                if (WEIGHTS.indexOf(event.event) >= WEIGHTS.indexOf(last.event)) {
                    last.event = event.event;
                }
            } else {
                marks.push({ left, event: event.event, texts: [text] });
            }
        }
        return marks.map((mark) => ({ ...mark, icon: MARKS[mark.event] }));
    }

    async waive(row) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call("psa.ticket.sla", "action_waive", [[row.id]]);
        await this.action.doAction(action, { onClose: () => record.load() });
    }
}

registry.category("fields").add("psa_sla_timeline", {
    component: SlaTimeline,
    displayName: _t("SLA timeline"),
    supportedTypes: ["json"],
});
