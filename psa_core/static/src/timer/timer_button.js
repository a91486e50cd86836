// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { TimerClock } from "./timer_clock";
import { useTimer } from "./timer_hook";

/** Start, pause and stop the timer of the record a form or a card shows. */
export class TimerButton extends Component {
    static template = "psa_core.TimerButton";
    static components = { TimerClock };
    static props = { ...standardWidgetProps, hotkey: { type: String, optional: true } };

    setup() {
        this.timer = useTimer();
        // Known from the start: it may be stopped before this button is on the screen.
        let openTimerId = this.current?.id;
        useEffect(
            (timerId) => {
                // Stopped, here or anywhere else: the record has a new work entry.
                if (openTimerId && !timerId) {
                    this.reload();
                }
                openTimerId = timerId;
            },
            () => [this.current?.id]
        );
    }

    get current() {
        const { resId, resModel } = this.props.record;
        return resId && this.timer.timerOf(resModel, resId);
    }

    async start() {
        const { record } = this.props;
        if (record.isNew && !(await record.save())) {
            return;
        }
        await this.timer.start({ resModel: record.resModel, resId: record.resId });
    }

    async stop() {
        const { record } = this.props;
        // What is being edited goes first: the reload after the stop would drop it.
        if ((await record.isDirty()) && !(await record.save())) {
            return;
        }
        await this.timer.stop(this.current);
    }

    async reload() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }

    askDuration() {
        this.env.bus.trigger("PSA_TIMER:OPEN");
    }
}

registry.category("view_widgets").add("psa_timer_button", {
    component: TimerButton,
    // With <widget name="psa_timer_button" hotkey="t"/> one key starts and stops.
    extractProps: ({ attrs }) => ({ hotkey: attrs.hotkey }),
});
