// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, useState } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const LIMIT = 8;

/** Choose a client by name; without a name the recent ones are offered first. */
export class ClientInput extends Component {
    static template = "psa_core.ClientInput";
    static components = { AutoComplete };
    static props = {
        value: { type: [Array, { value: false }] }, // [id, name]
        update: Function,
        id: { type: String, optional: true },
        placeholder: { type: String, optional: true },
        recent: { type: Array, optional: true }, // [[id, name], …]
        inputRef: { type: Function, optional: true },
    };
    static defaultProps = { recent: [] };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ revision: 0 });
        this.sources = [
            { placeholder: _t("Loading…"), options: (request) => this.loadOptions(request) },
        ];
    }

    get name() {
        return this.props.value ? this.props.value[1] : "";
    }

    async loadOptions(request) {
        const found = await this.orm.silent.call("res.partner", "name_search", [], {
            name: request,
            domain: ["|", ["is_company", "=", true], ["parent_id", "=", false]],
            limit: LIMIT,
        });
        const recent = request ? [] : this.props.recent;
        const recentIds = new Set(recent.map(([id]) => id));
        const clients = [...recent, ...found.filter(([id]) => !recentIds.has(id))];
        if (!clients.length) {
            return [{ label: _t("No client found"), cssClass: "text-muted" }];
        }
        return clients.slice(0, LIMIT).map((client) => ({
            label: client[1],
            onSelect: () => this.props.update(client),
        }));
    }

    onChange({ inputValue }) {
        if (!inputValue.trim()) {
            this.props.update(false);
        }
    }

    /** A name that is only half typed chooses nobody: show the choice that holds. */
    onBlur({ inputValue }) {
        if (inputValue.trim() && inputValue !== this.name) {
            this.state.revision++;
        }
    }
}
