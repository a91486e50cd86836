// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { formatMinutes, parseMinutes } from "../core/duration";
import { DurationInput } from "../core/duration_input";
import { TimerClock } from "./timer_clock";
import { TimerDetails } from "./timer_details";
import { useDiscardTimer, useTimer } from "./timer_hook";

class TimerCard extends Component {
    static props = { timer: Object, close: { type: Function, optional: true } };

    setup() {
        this.timer = useTimer();
        this.action = useService("action");
        this.discard = useDiscardTimer();
    }

    /** Open the record the timer runs on. */
    openRecord() {
        const { res_model, res_id } = this.props.timer;
        this.props.close?.();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model,
            res_id,
            views: [[false, "form"]],
        });
    }
}

export class RunningTimer extends TimerCard {
    static template = "psa_core.RunningTimer";
    static components = { TimerClock, TimerDetails };
}

export class PausedTimer extends TimerCard {
    static template = "psa_core.PausedTimer";
    static components = { TimerClock };
}

/** A timer that ran too long to be believed: its user says how long it really was. */
export class ForgottenTimer extends TimerCard {
    static template = "psa_core.ForgottenTimer";
    static components = { DurationInput, TimerDetails };

    setup() {
        super.setup();
        this.draft = useState(this.timer.draftOf(this.props.timer));
    }

    get duration() {
        return this.draft.duration ?? formatMinutes(this.props.timer.suggested_minutes || 0);
    }

    get minutes() {
        return parseMinutes(this.duration);
    }

    get inputId() {
        return `psa_forgotten_${this.props.timer.id}`;
    }

    confirm() {
        if (this.minutes) {
            this.timer.confirm(this.props.timer, this.minutes);
        }
    }
}
