// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { onMounted, onWillUnmount, reactive, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

const MINUTE = 60 * 1000;
const HOUR = 60;
const DAY = 24 * HOUR;
/** A target that has fewer minutes left is at risk, as on the server. */
const RISK = 2 * HOUR;

// One clock for a whole list: 80 rows do not need 80 of them.
const clock = reactive({ now: Date.now() });
let watchers = 0;
let interval;

/** @returns {{ now: number }} the current instant; what reads it is drawn again each minute */
export function useMinuteClock() {
    if (!watchers) {
        clock.now = Date.now();
    }
    onMounted(() => {
        if (!watchers++) {
            interval = browser.setInterval(() => (clock.now = Date.now()), MINUTE);
        }
    });
    onWillUnmount(() => {
        if (!--watchers) {
            browser.clearInterval(interval);
        }
    });
    return useState(clock);
}

/**
 * @param {number} minutes
 * @returns {string} "20 min", "1 h 20 min", "30 h", "3 d": as exact as it still matters
 */
export function formatSpan(minutes) {
    const total = Math.floor(minutes);
    if (total < HOUR) {
        return _t("%s min", total);
    }
    if (total < 10 * HOUR && total % HOUR) {
        return _t("%(hours)s h %(minutes)s min", {
            hours: Math.floor(total / HOUR),
            minutes: total % HOUR,
        });
    }
    if (total < 2 * DAY) {
        return _t("%s h", Math.floor(total / HOUR));
    }
    return _t("%s d", Math.floor(total / DAY));
}

/**
 * @param {number} seconds of working time
 * @returns {string} "5 h 10 min", never in days: whose days would that be?
 */
export function formatWork(seconds) {
    const total = Math.floor(seconds / 60);
    const [hours, minutes] = [Math.floor(total / HOUR), total % HOUR];
    if (!hours) {
        return _t("%s min", minutes);
    }
    return minutes ? _t("%(hours)s h %(minutes)s min", { hours, minutes }) : _t("%s h", hours);
}

/**
 * @param {luxon.DateTime} deadline
 * @param {number} now
 * @returns {{ text: string, className: string }} how much time is left, or how late it is
 */
export function getTimeLeft(deadline, now) {
    const minutes = (deadline.toMillis() - now) / MINUTE;
    if (minutes < 0) {
        return { text: _t("%s late", formatSpan(-minutes)), className: "o_psa_sla_late" };
    }
    return {
        text: _t("%s left", formatSpan(minutes)),
        className: minutes <= RISK ? "o_psa_sla_soon" : "o_psa_sla_fine",
    };
}
