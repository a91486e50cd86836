// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { deserializeDate, serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useOwnedDialogs, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatHours, formatMinutes } from "../core/duration";
import { layoutDay } from "./my_day_layout";

const { DateTime } = luxon;

/** The technician's day: working hours against recorded work, and the gaps still to fill. */
export class MyDay extends Component {
    static template = "psa_core.MyDay";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.timer = useService("psa_timer");
        this.addDialog = useOwnedDialogs();
        this.keepLast = new KeepLast();
        this.formatHours = formatHours;
        this.formatMinutes = formatMinutes;
        this.state = useState({ data: null, day: null });
        const { bus_service } = this.env.services;
        const reload = () => this.load(this.state.data.date);
        onWillStart(() => this.load(this.props.action.params?.date || false));
        onMounted(() => bus_service.subscribe("psa_core/timer", reload));
        onWillUnmount(() => bus_service.unsubscribe("psa_core/timer", reload));
    }

    async load(date) {
        const data = await this.keepLast.add(
            this.orm.call("psa.work.day", "get_my_day", [], { date })
        );
        this.state.data = data;
        this.state.day = layoutDay(data);
    }

    // -------------------------------------------------------------------------
    // Texts
    // -------------------------------------------------------------------------

    get date() {
        return deserializeDate(this.state.data.date);
    }

    get isToday() {
        return this.date.hasSame(DateTime.now(), "day");
    }

    get title() {
        return this.date.toLocaleString({ weekday: "long", day: "numeric", month: "long" });
    }

    /** The day as a percentage of the hours expected. */
    get progress() {
        const { recorded, expected } = this.state.data;
        return expected ? Math.min(100, (recorded / expected) * 100) : 0;
    }

    formatTime(instant) {
        return instant.toLocaleString(DateTime.TIME_SIMPLE);
    }

    formatRange({ start, stop }) {
        return `${this.formatTime(start)} – ${this.formatTime(stop)}`;
    }

    formatHour(instant) {
        return instant.toLocaleString({ hour: "numeric" });
    }

    /** Where the work was done: client, project, task, whatever is known. */
    formatPlace({ client, project, task }) {
        return [client, project, task].filter(Boolean).join(" · ");
    }

    labelOf(item) {
        return `${this.formatRange(item)}, ${item.entry.name}`;
    }

    gapLabel(gap) {
        return _t("Record %(range)s, %(duration)s not recorded", {
            range: this.formatRange(gap),
            duration: formatMinutes(gap.minutes),
        });
    }

    // -------------------------------------------------------------------------
    // Actions
    // -------------------------------------------------------------------------

    openEntry(entry) {
        this.openForm({ resId: entry.id, title: _t("Work entry") });
    }

    addEntry() {
        this.openForm({
            title: _t("Add entry"),
            context: { default_date: this.state.data.date },
        });
    }

    fillGap({ start, stop, minutes }) {
        this.openForm({
            title: _t("Add entry"),
            context: {
                default_date: serializeDate(start),
                default_psa_date_start: serializeDateTime(start),
                default_psa_date_end: serializeDateTime(stop),
                default_unit_amount: minutes / 60,
            },
        });
    }

    openForm({ title, resId = false, context = {} }) {
        const reload = async () => {
            await this.load(this.state.data.date);
            this.timer.refresh();
        };
        this.addDialog(FormViewDialog, {
            resModel: "account.analytic.line",
            resId,
            title,
            context: { ...context, form_view_ref: "psa_core.work_entry_view_form" },
            expandedFormRef: "psa_core.work_entry_view_form",
            onRecordSaved: reload,
        });
    }
}

registry.category("actions").add("psa_core.my_day", MyDay);
