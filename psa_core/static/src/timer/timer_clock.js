// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, useState, xml } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { formatSeconds } from "../core/duration";

/** The running time as text: the only thing that renders every second. */
export class TimerClock extends Component {
    static template = xml`<span class="o_psa_clock" role="timer" t-out="text"/>`;
    static props = { timer: Object };

    setup() {
        this.service = useService("psa_timer");
        this.clock = useState(this.service.clock);
    }

    get text() {
        return formatSeconds(this.service.secondsOf(this.props.timer, this.clock.now));
    }
}
