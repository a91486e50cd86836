// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, onMounted, useState } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { user } from "@web/core/user";
import { useChildRef, useService } from "@web/core/utils/hooks";
import { ClientInput } from "../core/client_input";
import { formatMinutes, parseMinutes } from "../core/duration";
import { DurationInput } from "../core/duration_input";
import { useTimer } from "./timer_hook";

const MINUTES = [5, 10, 15, 30, 60];
const RECENT_CLIENTS = 4;

// The menu around the form leaves Tab, the arrows and Enter to its inputs.
const FORM_KEYS = ["tab", "shift+tab", "arrowdown", "arrowup", "enter", "home", "end"];
export const formNavigation = {
    hotkeys: Object.fromEntries(FORM_KEYS.map((key) => [key, null])),
};

/** @returns {Object} an empty quick entry; its owner keeps it while the menu is closed */
export function newQuickEntry() {
    return {
        client: null, // null: not said yet, false: internal work, or [id, name]
        duration: "",
        description: "",
        workTypeId: false,
    };
}

/** Record work that is already done: who, or on which record, how long, one line. */
export class QuickEntry extends Component {
    static template = "psa_core.QuickEntry";
    static components = { ClientInput, DurationInput };
    static props = {
        draft: Object,
        hotkey: { type: String, optional: true },
        onSaved: { type: Function, optional: true },
        // { resModel, resId, name } of a record that can be timed: it knows its client.
        record: { type: Object, optional: true },
    };
    static defaultProps = { onSaved: () => {} };

    setup() {
        this.timer = useTimer();
        this.orm = useService("orm");
        this.draft = useState(this.props.draft);
        this.state = useState({ recent: [], missing: false });
        this.clientRef = useChildRef();
        this.minuteChoices = MINUTES;
        onMounted(() => this.askClient());
    }

    get minutes() {
        return parseMinutes(this.draft.duration);
    }

    get workTypeId() {
        return this.draft.workTypeId || this.timer.defaultWorkTypeId;
    }

    askClient() {
        if (!this.props.record) {
            this.focusClient();
            this.loadRecentClients();
        }
    }

    /** The clients this user worked for last; the suggestions are complete without them. */
    async loadRecentClients() {
        const groups = await this.orm.silent.formattedReadGroup(
            "account.analytic.line",
            [
                ["user_id", "=", user.userId],
                ["project_id", "!=", false],
                ["psa_client_id", "!=", false],
            ],
            ["psa_client_id"],
            ["id:max"],
            { order: "id:max desc", limit: RECENT_CLIENTS }
        );
        this.state.recent = groups.map((group) => group.psa_client_id);
    }

    focusClient() {
        // On a phone the keyboard would cover the recent clients.
        if (!hasTouch() && this.draft.client === null) {
            this.clientRef.el.focus();
        }
    }

    isClient(client) {
        return client ? this.draft.client?.[0] === client[0] : this.draft.client === false;
    }

    setClient(client) {
        this.draft.client = client;
        this.state.missing = false;
    }

    setMinutes(minutes) {
        this.setDuration(minutes < 60 ? String(minutes) : formatMinutes(minutes));
    }

    setDuration(text) {
        this.draft.duration = text;
        this.state.missing = false;
    }

    onWorkTypeChange(ev) {
        this.draft.workTypeId = Number(ev.target.value);
    }

    /** The first answer that nobody but the user can give and that is still missing. */
    get missing() {
        if (this.draft.client === null && !this.props.record) {
            return "client";
        }
        if (!this.minutes) {
            return "duration";
        }
        return this.draft.description.trim() ? false : "description";
    }

    async save() {
        this.state.missing = this.missing;
        if (this.state.missing) {
            return;
        }
        const { client, description, workTypeId } = this.draft;
        const done = await this.timer.quickEntry({
            client,
            description,
            minutes: this.minutes,
            record: this.props.record,
            workTypeId: this.props.record ? this.workTypeId : workTypeId,
        });
        if (done) {
            Object.assign(this.draft, newQuickEntry());
            this.askClient();
            this.props.onSaved();
        }
    }
}
