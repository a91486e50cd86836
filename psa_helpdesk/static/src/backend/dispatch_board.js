// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** What waits for the dispatcher outside of the columns; zeros are not worth a look. */
export class BoardCounters extends Component {
    static template = "psa_helpdesk.BoardCounters";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ counters: [] });
        // The tickets should not be later because of them.
        onWillStart(() => {
            this.load();
        });
        onWillUpdateProps(() => {
            this.load();
        });
    }

    async load() {
        const counters = await this.orm.silent.call("psa.ticket", "get_board_counters");
        this.state.counters = counters.filter(({ count }) => count);
    }
}

export class DispatchKanbanRenderer extends kanbanView.Renderer {
    static template = "psa_helpdesk.DispatchKanbanRenderer";
    static components = { ...kanbanView.Renderer.components, BoardCounters };
}

registry.category("views").add("psa_dispatch_kanban", {
    ...kanbanView,
    Renderer: DispatchKanbanRenderer,
});
