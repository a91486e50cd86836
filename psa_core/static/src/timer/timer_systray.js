// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, useState } from "@odoo/owl";
import { useDiscussSystray } from "@mail/utils/common/hooks";
import { useCommand } from "@web/core/commands/command_hook";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { formatHours } from "../core/duration";
import { formNavigation, newQuickEntry, QuickEntry } from "./quick_entry";
import { ForgottenTimer, PausedTimer, RunningTimer } from "./timer_cards";
import { TimerClock } from "./timer_clock";
import { useTimer } from "./timer_hook";

const HOTKEY = "alt+shift+w";

export class TimerSystray extends Component {
    static template = "psa_core.TimerSystray";
    static components = {
        Dropdown,
        ForgottenTimer,
        PausedTimer,
        QuickEntry,
        RunningTimer,
        TimerClock,
    };
    static props = {};

    setup() {
        this.timer = useTimer();
        this.action = useService("action");
        this.ui = useService("ui");
        this.systray = useDiscussSystray();
        this.dropdown = useDropdownState();
        // Kept here and not in the form: closing the menu must not lose what was typed.
        this.quickDraft = useState(newQuickEntry());
        this.navigationOptions = formNavigation;
        this.hotkeyLabel = "Alt+Shift+W";
        this.close = () => this.dropdown.close();
        useBus(this.env.bus, "PSA_TIMER:OPEN", () => this.dropdown.open());
        useCommand(_t("Record work or start a timer"), () => this.dropdown.open(), {
            category: "app",
            hotkey: HOTKEY,
            global: true,
            hotkeyOptions: { bypassEditableProtection: true },
        });
    }

    get progress() {
        const { recorded, expected } = this.timer.today;
        return expected ? Math.min(1, recorded / expected) : 0;
    }

    get recordedText() {
        return formatHours(this.timer.today.recorded);
    }

    get expectedText() {
        return formatHours(this.timer.today.expected);
    }

    get missingText() {
        return formatHours(this.timer.today.missing);
    }

    get tooltip() {
        if (this.timer.forgotten.length) {
            return _t("A timer was left running: say how long it really was");
        }
        if (this.timer.running) {
            return this.timer.running.name;
        }
        return _t("Recorded today: %(recorded)s of %(expected)s", {
            recorded: this.recordedText,
            expected: this.expectedText,
        });
    }

    /** The suggestions that have no timer yet; the others are listed with their timer. */
    get startable() {
        return this.timer.suggestions.filter(
            ({ res_model, res_id }) => !this.timer.timerOf(res_model, res_id)
        );
    }

    start({ res_model, res_id }) {
        return this.timer.start({ resModel: res_model, resId: res_id });
    }

    openAction(xmlId) {
        this.dropdown.close();
        this.action.doAction(xmlId, { clearBreadcrumbs: true });
    }
}

registry.category("systray").add(
    "psa_core.timer",
    {
        Component: TimerSystray,
        isDisplayed: () => Boolean(session.psa_timer_enabled),
    },
    { sequence: 102 }
);
