// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { markRaw } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Reactive } from "@web/core/utils/reactive";
import { session } from "@web/session";
import { formatMinutes, formatSeconds } from "../core/duration";

const NOTIFICATION = "psa_core/timer";

// The server's clock comes in whole seconds and after a network delay: following every small
// difference would make the running seconds jump.
const CLOCK_TOLERANCE = 2000;

// A tab that was hidden for longer asks again when it is shown: its connection may have slept.
const STALE_AFTER = 60000;

/**
 * The user's timers, the same in every tab and on every device.
 *
 * The server is the only source: each call answers the whole picture, and the bus brings it when
 * something changed elsewhere. Nothing is loaded before a component asks for it.
 */
export class TimerService extends Reactive {
    constructor(env, services) {
        super();
        // Raw: what is reached through them is not ours to observe.
        this.services = markRaw({ env, ...services });

        this.isLoaded = false;
        this.isBusy = false;
        this.timers = [];
        this.workTypes = [];
        /** What the user may want to start: records with a name and a client. */
        this.suggestions = [];
        this.defaultWorkTypeId = false;
        this.today = { recorded: 0, expected: 0, missing: 0 };
        this.canRecord = true;
        this.message = false;
        /** What the user typed about a timer that is not recorded yet: {timer id: details}. */
        this.drafts = {};
        /** The server's time in milliseconds. Only who shows seconds should read it. */
        this.clock = { now: Date.now() };

        this._clockOffset = 0;
        this._appliedNow = "";
        this._fetchedAt = 0;
        this._interval = null;
        this._loading = null;
    }

    get isEnabled() {
        return Boolean(session.psa_timer_enabled);
    }

    get running() {
        return this.timers.find((timer) => timer.state === "running");
    }

    get paused() {
        return this.timers.filter((timer) => timer.state === "paused");
    }

    get forgotten() {
        return this.timers.filter((timer) => timer.state === "forgotten");
    }

    /** The open timer of a record, if there is one. */
    timerOf(resModel, resId) {
        return this.timers.find((timer) => timer.res_model === resModel && timer.res_id === resId);
    }

    /** Seconds worked on a timer until `now` (milliseconds, server's time). */
    secondsOf(timer, now = Date.now() + this._clockOffset) {
        if (!timer.running_since) {
            return timer.seconds;
        }
        const since = deserializeDateTime(timer.running_since).toMillis();
        return timer.seconds + Math.max(0, Math.floor((now - since) / 1000));
    }

    /** The details typed so far about a timer; they outlive the menu that shows them. */
    draftOf(timer) {
        if (!this.drafts[timer.id]) {
            this.drafts[timer.id] = {
                description: timer.description || "",
                workTypeId: timer.work_type_id ? timer.work_type_id[0] : false,
                client: timer.client_id || false,
                // Null until it is typed: the server suggests one when the timer is forgotten.
                duration: null,
            };
        }
        return this.drafts[timer.id];
    }

    // -------------------------------------------------------------------------
    // Keeping up with the server
    // -------------------------------------------------------------------------

    /** Load once, at the first call; later calls share it. */
    load() {
        if (!this._loading && this.isEnabled) {
            const { bus_service } = this.services;
            bus_service.subscribe(NOTIFICATION, (data) => this._apply(data));
            bus_service.addEventListener("BUS:RECONNECT", () => this.refresh());
            browser.addEventListener("visibilitychange", () => this._onVisibilityChange());
            bus_service.start();
            this._loading = this.refresh();
        }
        return this._loading;
    }

    async refresh() {
        this._receive(await this.services.orm.silent.call("psa.timer", "get_widget_data", []));
    }

    _onVisibilityChange() {
        if (document.visibilityState !== "visible") {
            return;
        }
        this._tick();
        if (Date.now() - this._fetchedAt > STALE_AFTER) {
            this.refresh();
        }
    }

    /** Take an answer of the server: unlike a notification it was not kept anywhere on its way. */
    _receive(data) {
        this._fetchedAt = Date.now();
        const offset = deserializeDateTime(data.now).toMillis() - this._fetchedAt;
        if (Math.abs(offset - this._clockOffset) > CLOCK_TOLERANCE) {
            this._clockOffset = offset;
        }
        this._apply(data);
    }

    _apply(data) {
        // Answers and notifications travel separately: the older one may arrive last.
        if (data.now < this._appliedNow) {
            return;
        }
        this._appliedNow = data.now;
        this.timers = data.timers;
        this.workTypes = data.work_types;
        this.suggestions = data.suggestions;
        this.defaultWorkTypeId = data.default_work_type_id;
        this.today = data.today;
        this.canRecord = data.can_record;
        this.message = data.message;
        this.isLoaded = true;
        const open = new Set(data.timers.map((timer) => String(timer.id)));
        for (const id of Object.keys(this.drafts)) {
            if (!open.has(id)) {
                delete this.drafts[id];
            }
        }
        this._tick();
    }

    /** Move the clock, and keep moving it while something runs. */
    _tick() {
        this.clock.now = Date.now() + this._clockOffset;
        if (this.running && !this._interval) {
            this._interval = browser.setInterval(() => this._tick(), 1000);
        } else if (!this.running && this._interval) {
            browser.clearInterval(this._interval);
            this._interval = null;
        }
    }

    // -------------------------------------------------------------------------
    // Commands; each answers whether it was carried out
    // -------------------------------------------------------------------------

    async start({ resModel = false, resId = false, description = "" } = {}) {
        const before = this.running;
        const done = await this._call("start_timer", [resModel, resId, description]);
        if (done) {
            this._notifyInterrupted(before);
        }
        return done;
    }

    pause(timer) {
        return this._call("pause_timer", [[timer.id]]);
    }

    async resume(timer) {
        const before = this.running;
        const done = await this._call("resume_timer", [[timer.id]]);
        if (done) {
            this._notifyInterrupted(before);
        }
        return done;
    }

    discard(timer) {
        return this._call("discard_timer", [[timer.id]]);
    }

    /** Record the work; a timer that ran too long is asked about instead of recorded. */
    async stop(timer) {
        const seconds = this.secondsOf(timer);
        const done = await this._call("stop_timer", [[timer.id]], this._details(timer));
        if (!done) {
            return false;
        }
        if (this.forgotten.some(({ id }) => id === timer.id)) {
            this.services.env.bus.trigger("PSA_TIMER:OPEN");
        } else {
            this._notifyRecorded(formatSeconds(seconds), timer.name);
        }
        return true;
    }

    /** Record a forgotten timer with the minutes its user says it took. */
    async confirm(timer, minutes) {
        const done = await this._call("confirm_timer", [[timer.id], minutes], this._details(timer));
        if (done) {
            this._notifyRecorded(formatMinutes(minutes), timer.name);
        }
        return done;
    }

    /** Record work that ends now: for a client, on a record (which knows its client) or internal. */
    async quickEntry({ client, minutes, description, workTypeId, record }) {
        const done = await this._call("quick_entry", [client ? client[0] : false, minutes], {
            description,
            work_type_id: workTypeId,
            ...(record && { res_model: record.resModel, res_id: record.resId }),
        });
        if (done) {
            const name = record ? record.name : client && client[1];
            this._notifyRecorded(formatMinutes(minutes), name || description);
        }
        return done;
    }

    _details(timer) {
        const draft = this.draftOf(timer);
        return {
            description: draft.description,
            client_id: draft.client ? draft.client[0] : false,
            work_type_id: draft.workTypeId,
        };
    }

    async _call(method, args, kwargs = {}) {
        // A second click while the first one travels must not record the work twice.
        if (this.isBusy) {
            return false;
        }
        this.isBusy = true;
        try {
            this._receive(await this.services.orm.call("psa.timer", method, args, kwargs));
            return true;
        } catch (error) {
            if (error instanceof RPCError && error.exceptionName?.startsWith("odoo.exceptions.")) {
                // What the server refuses is said beside the form, which keeps what was typed.
                this.services.notification.add(error.data.message, { type: "danger" });
                await this.refresh();
                return false;
            }
            throw error;
        } finally {
            this.isBusy = false;
        }
    }

    _notifyRecorded(duration, name) {
        this.services.notification.add(_t("%(duration)s recorded: %(name)s", { duration, name }), {
            type: "success",
        });
    }

    /** Say what became of the timer that ran until another one was started. */
    _notifyInterrupted(before) {
        const { notification } = this.services;
        const state = before && this.timers.find(({ id }) => id === before.id)?.state;
        if (state === "paused") {
            notification.add(_t("“%s” is paused.", before.name), { type: "info" });
        } else if (state === "forgotten") {
            notification.add(_t("“%s” ran for very long: how long was it really?", before.name), {
                type: "warning",
            });
        }
    }
}

export const timerService = {
    dependencies: ["bus_service", "notification", "orm"],
    start(env, services) {
        return new TimerService(env, services);
    },
};

registry.category("services").add("psa_timer", timerService);
