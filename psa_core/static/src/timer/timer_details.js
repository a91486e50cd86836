// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, useState } from "@odoo/owl";
import { ClientInput } from "../core/client_input";
import { useTimer } from "./timer_hook";

/** What a timer will be recorded with: one line of text, the work type, the client if unknown. */
export class TimerDetails extends Component {
    static template = "psa_core.TimerDetails";
    static components = { ClientInput };
    static props = { timer: Object };

    setup() {
        this.timer = useTimer();
        this.draft = useState(this.timer.draftOf(this.props.timer));
    }

    get workTypeId() {
        return this.draft.workTypeId || this.timer.defaultWorkTypeId;
    }
}
