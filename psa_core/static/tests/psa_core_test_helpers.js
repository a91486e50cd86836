// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { beforeEach, mockDate } from "@odoo/hoot";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import { startBusService } from "@bus/../tests/bus_test_helpers";
import { session } from "@web/session";
import {
    defineModels,
    fields,
    MockServer,
    models,
    onRpc,
    patchWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";

/** The instant the tests take place at, in UTC; their time zone is UTC too. */
export const NOW = "2026-03-02 09:00:00";

export class WorkEntry extends models.Model {
    _name = "account.analytic.line";

    name = fields.Char();
    date = fields.Date();
    project_id = fields.Many2one({ relation: "res.partner" });
    psa_client_id = fields.Many2one({ relation: "res.partner" });
    psa_date_start = fields.Datetime();
    psa_date_end = fields.Datetime();
    unit_amount = fields.Float();
    user_id = fields.Many2one({ relation: "res.users" });

    _views = {
        form: `
            <form>
                <field name="name"/>
                <field name="date"/>
                <field name="psa_date_start"/>
                <field name="psa_date_end"/>
                <field name="unit_amount" widget="float_time"/>
            </form>`,
    };
}

export class ResPartner extends mailModels.ResPartner {
    psa_summary = fields.Json();
}

/** Everything a test of the suite's browser side stands on; call it at the top of the file. */
export function definePsaModels() {
    defineModels({ ...mailModels, ResPartner, WorkEntry });
    onRpc("account.analytic.line", "formatted_read_group", () => []);
    beforeEach(() => {
        mockDate(NOW, +0);
        patchWithCleanup(session, { psa_timer_enabled: true });
    });
}

/** One timer as the server describes it, 15 minutes into its work. */
export function makeTimer(values = {}) {
    return {
        id: 1,
        state: "running",
        name: "Mail does not arrive",
        description: "",
        client_id: [11, "Bianchi"],
        res_model: "project.task",
        res_id: 7,
        work_type_id: [1, "Remote support"],
        seconds: 0,
        running_since: "2026-03-02 08:45:00",
        suggested_minutes: false,
        needs_client: false,
        ...values,
    };
}

export function makePausedTimer(values = {}) {
    return makeTimer({ state: "paused", running_since: false, seconds: 900, ...values });
}

export function makeForgottenTimer(values = {}) {
    return makeTimer({
        state: "forgotten",
        running_since: false,
        seconds: 50400,
        suggested_minutes: 75,
        ...values,
    });
}

/** The answer of `get_widget_data`. */
export function makeWidgetData(values = {}) {
    return {
        now: NOW,
        timers: [],
        work_types: [
            { id: 1, name: "Remote support" },
            { id: 2, name: "On site" },
        ],
        suggestions: [],
        default_work_type_id: 1,
        today: { recorded: 5.5, expected: 8, missing: 2.5 },
        can_record: true,
        message: false,
        ...values,
    };
}

/** Let `get_widget_data` answer this; the returned object may be changed between calls. */
export function mockWidgetData(values) {
    const data = makeWidgetData(values);
    onRpc("psa.timer", "get_widget_data", () => ({ ...data }));
    return data;
}

/** Tell the browser over the bus what changed on another device. */
export async function sendTimerNotification(values) {
    await startBusService();
    MockServer.env["bus.bus"]._sendone(
        serverState.partnerId,
        "psa_core/timer",
        makeWidgetData(values)
    );
}
