# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The helpdesks that are compared, each with a team (or a project) and an alias.

``floor`` is a model that gets mail and does nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NEW_STAGE = "helpdesk_mgmt.helpdesk_ticket_stage_new"


@dataclass
class Helpdesk:
    """A model that mails become records of, and where they are kept together."""

    env: Any
    label: str
    model: str
    alias: str
    #: The team or project, whose followers are told of each new record.
    team: Any = None
    #: The field of a record that holds it.
    team_field: str = "team_id"
    #: What makes the customer get an answer to a new mail; called without arguments.
    acknowledge: Any = None
    #: What has to run after a mail to have that answer sent.
    step: Any = None
    #: Addresses of those who follow what comes in.
    followers: Sequence[str] = ()

    @property
    def records(self):
        """The model with its environment."""
        return self.env[self.model]

    def prepare_values(self, client, number):
        """Return the values of a record to be created by a program."""
        if not self.team:
            return {"name": f"Request {number}", "email_from": client.email}
        return {
            "name": f"Request {number}",
            "description": f"<p>Text {number}</p>",
            "partner_id": client.id,
            self.team_field: self.team.id,
        }

    def add_followers(self):
        """Let two internal users, who want mails, follow what comes in."""
        groups = [
            self.env.ref(name).id
            for name in (
                "base.group_user",
                "project.group_project_user",
                "helpdesk_mgmt.group_helpdesk_user",
                "psa_core.group_psa_technician",
            )
            if self.env.ref(name, raise_if_not_found=False)
        ]
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Agent {number}",
                    "login": f"{self.alias}-agent{number}",
                    "email": f"{self.alias}-agent{number}@bench.example",
                    "notification_type": "email",
                    "group_ids": [(6, 0, groups)],
                }
                for number in range(2)
            ]
        )
        everything = self.env["mail.message.subtype"].search(
            [("res_model", "in", [False, self.team._name])]
        )
        self.team.message_subscribe(users.partner_id.ids, everything.ids)
        self.followers = users.mapped("email")


def floor(env):
    """Return the least there is; it has no team."""
    env["mail.alias"].create(
        {"alias_name": "floor", "alias_model_id": env["ir.model"]._get_id(FLOOR)}
    )
    return Helpdesk(env, "floor", FLOOR, "floor")


FLOOR = "bench.thread"


def host(env):
    """Return the host's tasks in a project with its own stages."""
    project = env["project.project"].create(
        {
            "name": "Bench",
            "alias_name": "tasks",
            "type_ids": [(0, 0, {"name": name}) for name in ("New", "Doing", "Done")],
        }
    )

    def acknowledge():
        project.type_ids.sorted()[0].mail_template_id = env.ref(
            "project.mail_template_data_project_task"
        )

    return Helpdesk(
        env, "host", "project.task", "tasks", project, "project_id", acknowledge
    )


def oca(env, with_sla=False):
    """Return OCA's helpdesk, on demand with a service level for its team."""
    team = env["helpdesk.ticket.team"].create({"name": "Bench", "alias_name": "oca"})
    if with_sla:
        team.use_sla = True
        env["helpdesk.sla"].create(
            {
                "name": "Eight hours",
                "team_ids": [(4, team.id)],
                "hours": 8,
                "stage_id": env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id,
            }
        )

    def acknowledge():
        env.ref(NEW_STAGE).mail_template_id = env.ref(
            "helpdesk_mgmt.changed_stage_template"
        )

    label = "OCA with SLA" if with_sla else "OCA"
    return Helpdesk(env, label, "helpdesk.ticket", "oca", team, "team_id", acknowledge)


def ours(env):
    """Return the suite's tickets; the team does not acknowledge at first."""
    team = env["psa.ticket.team"].create(
        {"name": "Bench", "alias_name": "ours", "acknowledge": False}
    )
    return Helpdesk(
        env,
        "ours",
        "psa.ticket",
        "ours",
        team,
        "team_id",
        lambda: team.write({"acknowledge": True}),
        lambda: env["psa.ticket"]._cron_acknowledge(),
    )


def everyone(env, others):
    """Return all that can be had; peers that were not fetched are left out."""
    found = [floor(others["host"]), host(others["host"])]
    if "oca" in others:
        found.append(oca(others["oca"]))
    if "oca_sla" in others:
        found.append(oca(others["oca_sla"], with_sla=True))
    return [*found, ours(env)]
