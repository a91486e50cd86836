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

    /** The chosen work type, else the one the server will take. */
    get workTypeId() {
        const { defaultWorkTypeId, workTypes } = this.timer;
        // A record whose project names a work type gave it to its timer already.
        const fallback = this.props.timer.res_id ? workTypes[0]?.id : defaultWorkTypeId;
        return this.draft.workTypeId || fallback;
    }

    onWorkTypeChange(ev) {
        this.draft.workTypeId = Number(ev.target.value);
    }
}
