// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formNavigation, newQuickEntry, QuickEntry } from "./quick_entry";
import { useTimer } from "./timer_hook";

/** Record work on the record of a form: how long, one line. */
export class QuickEntryButton extends Component {
    static template = "psa_core.QuickEntryButton";
    static components = { Dropdown, QuickEntry };
    static props = { ...standardWidgetProps, hotkey: { type: String, optional: true } };

    setup() {
        this.timer = useTimer();
        this.dropdown = useDropdownState();
        this.draft = useState(newQuickEntry());
        this.navigationOptions = formNavigation;
        this.onSaved = () => this.close();
    }

    get target() {
        const { resId, resModel, data } = this.props.record;
        return { resId, resModel, name: data.display_name || data.name };
    }

    async close() {
        this.dropdown.close();
        const { record } = this.props;
        // The record has a new work entry; what is being edited would be lost.
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("psa_quick_entry", {
    component: QuickEntryButton,
    extractProps: ({ attrs }) => ({ hotkey: attrs.hotkey }),
    fieldDependencies: [{ name: "display_name", type: "char" }],
});
