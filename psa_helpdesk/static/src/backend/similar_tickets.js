// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { x2ManyCommands } from "@web/core/orm_service";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Tickets like this one and how they were resolved; looked for when the tab is opened only. */
export class SimilarTickets extends Component {
    static template = "psa_helpdesk.SimilarTickets";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ tickets: false, linked: [] });
        onWillStart(() => {
            this.load(this.props.record.resId);
        });
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.props.record.resId) {
                this.load(record.resId);
            }
        });
    }

    get canWrite() {
        return !this.props.readonly;
    }

    async load(resId) {
        Object.assign(this.state, { tickets: false, linked: [] });
        const [ticket] = await this.orm.silent.read(
            "psa.ticket",
            [resId],
            ["similar", "related_ids"]
        );
        // The next ticket may have been opened meanwhile.
        if (resId === this.props.record.resId) {
            this.state.tickets = ticket.similar || [];
            this.state.linked = ticket.related_ids;
        }
    }

    open(ticket) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "psa.ticket",
            res_id: ticket.id,
            views: [[false, "form"]],
        });
    }

    async link(ticket) {
        const { record } = this.props;
        await record.save();
        await this.orm.write("psa.ticket", [record.resId], {
            related_ids: [x2ManyCommands.link(ticket.id)],
        });
        this.state.linked.push(ticket.id);
        await record.load();
    }

    async useResolution(ticket) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call("psa.ticket", "action_use_resolution", [
            [record.resId],
            ticket.id,
        ]);
        await this.action.doAction(action, { onClose: () => record.load() });
    }
}

registry.category("view_widgets").add("psa_similar_tickets", { component: SimilarTickets });
