// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";
import { parseMinutes } from "./duration";

/**
 * A text input for a duration. What is typed stays as it was typed; the owner gets it with every
 * key and asks `parseMinutes` what it means.
 */
export class DurationInput extends Component {
    static template = "psa_core.DurationInput";
    static props = {
        value: String,
        update: Function,
        id: { type: String, optional: true },
        placeholder: { type: String, optional: true },
        label: { type: String, optional: true },
        autofocus: { type: Boolean, optional: true },
        class: { type: String, optional: true },
    };
    static defaultProps = { class: "" };

    setup() {
        if (this.props.autofocus) {
            useAutofocus({ refName: "input", selectAll: true });
        }
    }

    get isInvalid() {
        return Boolean(this.props.value.trim()) && !parseMinutes(this.props.value);
    }

    get hint() {
        return _t("For example 90, 1:30, 1h30 or 1.5h");
    }
}
