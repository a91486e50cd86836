# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from math import log

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, html2plaintext, is_html_empty

#: words of a ticket that are looked for, the subject's first
MAX_WORDS = 12
#: a word in more tickets than this tells little; more are not counted
COMMON = 1000
#: tickets that are ranked by all their words
CANDIDATES = 100
#: what a ticket must share of the weight of all words to be called similar
LEAST_SHARE = 0.15
SHOWN = 5
RESOLUTION_SHOWN = 2000

# The text of a ticket as the database searches it: the beginning only, because nothing
# limits a subject or a description and PostgreSQL searches at most 1 MB. Tags are no
# words to it.
DOCUMENT = (
    "to_tsvector('simple'::regconfig, left({0}name, 1000) || ' ' ||"
    " left(coalesce({0}description, ''), 4000))"
)


class PsaTicketSimilar(models.AbstractModel):
    """Finds tickets that are like a ticket, by the rare words they share.

    A word counts the more, the fewer tickets have it, as in any search engine: what is
    said in every mail finds nothing. The tickets with rare words come from the full
    text index and are few, so that the time hardly grows with the number of tickets.
    """

    _name = "psa.ticket.similar"
    _description = "Tickets Like a Ticket"

    similar = fields.Json(
        string="Similar Tickets",
        compute="_compute_similar",
        export_string_translation=False,
        help="The tickets most like this one, with how they were resolved; false when "
        "there are none.",
    )

    _document_idx = models.Index(f"USING gin ({DOCUMENT.format('')})")

    # For a form: each ticket costs a few queries.
    @api.depends("name", "description", "client_id")
    def _compute_similar(self):
        for ticket in self:
            ticket.similar = ticket._get_similar()._similar_values()

    def _similar_values(self):
        """Return what the form shows of similar tickets."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "id": ticket.id,
                "number": ticket.number,
                "name": ticket.name,
                "client": ticket.client_id.name or "",
                "state": ticket.state,
                "state_label": labels[ticket.state],
                "resolution": html2plaintext(ticket.resolution or "")[
                    :RESOLUTION_SHOWN
                ],
                "resolved": fields.Datetime.to_string(ticket.resolved_at),
            }
            for ticket in self
        ]

    def _get_similar(self):
        """Return the tickets the user may read that are most like this one.

        Of equals the same client's come first, then those with a resolution.
        """
        self.ensure_one()
        self.flush_model(["name", "description", "client_id", "resolution"])
        weights, common = self._get_words()
        find, words = (
            (self._find_with_any, weights) if weights else (self._find_with_all, common)
        )
        return self.browse(self._rank(find(words), {**common, **weights}))

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def _get_words(self):
        """Return the words to look for with their weights: rare ones, common ones.

        In the way PostgreSQL reads them and quoted for its queries, so that no text can
        be taken for an operator. Words no other ticket has are left out. Tickets of all
        companies are counted; it tells how common a word is and nothing else.
        """
        rows = self.env.execute_query(
            SQL(
                r"""
                SELECT word, (
                           SELECT count(*) FROM (
                               SELECT FROM psa_ticket ticket
                                WHERE %(document)s @@ word::tsquery
                                LIMIT %(most)s
                           ) AS having_it
                       )
                  FROM (
                      SELECT '''' || replace(replace(lexeme, '\', '\\'), '''', '''''')
                             || '''' AS word
                        FROM unnest(to_tsvector('simple', %(text)s))
                       WHERE length(lexeme) >= 3
                       ORDER BY positions[1]
                       LIMIT %(words)s
                  ) AS words
                """,
                document=SQL(DOCUMENT.format("ticket.")),
                text=f"{(self.name or '')[:1000]} {(self.description or '')[:4000]}",
                most=COMMON + 1,
                words=MAX_WORDS,
            )
        )
        own = 1 if self._origin else 0
        weights = {word: log(1 + COMMON / count) for word, count in rows if count > own}
        rare = {word for word, count in rows if count <= COMMON}
        return (
            {word: weight for word, weight in weights.items() if word in rare},
            {word: weight for word, weight in weights.items() if word not in rare},
        )

    # ------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------

    def _search_others(self):
        """Return the query of the tickets the user may read, without this one."""
        others = Domain("merged_into_id", "=", False) & Domain(
            "id", "!=", self._origin.id or 0
        )
        query = self.with_context(active_test=False)._search(others)
        query.order = None
        return query

    def _find_with_any(self, weights):
        """Return the ids of the tickets with the heaviest of these rare words."""
        query = self._search_others()
        query.add_join(
            "JOIN",
            "word",
            self._sql_words(weights),
            SQL("%s @@ word.query", SQL(DOCUMENT.format("psa_ticket."))),
        )
        query.groupby = SQL("psa_ticket.id")
        query.order = SQL("sum(word.weight) DESC, psa_ticket.id DESC")
        query.limit = CANDIDATES
        return [row[0] for row in self.env.execute_query(query.select())]

    def _find_with_all(self, words):
        """Return the ids of the latest tickets that have all of these common words."""
        if not words:
            return []
        query = self._search_others()
        # In a query of its own: PostgreSQL, knowing that the words are common, would
        # read the tickets from the last one on and parse each, maybe all of them.
        query.add_where(
            SQL(
                "%s @@ (SELECT %s::tsquery)",
                SQL(DOCUMENT.format("psa_ticket.")),
                " & ".join(words),
            )
        )
        query.order = SQL("psa_ticket.id DESC")
        query.limit = CANDIDATES
        return [row[0] for row in self.env.execute_query(query.select())]

    @api.model
    def _sql_words(self, weights):
        return SQL(
            "(SELECT word::tsquery AS query, weight FROM unnest(%s, %s::float[])"
            " AS given (word, weight))",
            list(weights),
            list(weights.values()),
        )

    def _rank(self, ticket_ids, weights):
        """Return the ids of the few tickets that share most of all the words."""
        if not ticket_ids:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                WITH ticket AS MATERIALIZED (
                    SELECT id, client_id, resolution, %(document)s AS document
                      FROM psa_ticket ticket
                     WHERE id IN %(ids)s
                )
                SELECT ticket.id
                  FROM ticket
                  JOIN %(words)s AS word ON ticket.document @@ word.query
                 GROUP BY ticket.id, ticket.client_id, ticket.resolution
                HAVING sum(word.weight) >= %(least)s
                 ORDER BY round(sum(word.weight)::numeric, 3) DESC,
                          coalesce(ticket.client_id = %(client)s, FALSE) DESC,
                          coalesce(ticket.resolution, '') != '' DESC,
                          ticket.id DESC
                 LIMIT %(shown)s
                """,
                document=SQL(DOCUMENT.format("ticket.")),
                ids=tuple(ticket_ids),
                words=self._sql_words(weights),
                least=LEAST_SHARE * sum(weights.values()),
                client=self.client_id._origin.id or None,
                shown=SHOWN,
            )
        )
        return [row[0] for row in rows]

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_use_resolution(self, ticket_id):
        """Take over how another ticket was resolved; open the dialog to finish it.

        The two are related from now on.

        :raise UserError: when the other ticket has no resolution
        """
        self.ensure_one()
        other = self.browse(ticket_id if isinstance(ticket_id, int) else []).exists()
        other.check_access("read")
        if not other or is_html_empty(other.resolution):
            raise UserError(self.env._("That ticket has no resolution."))
        values = {"related_ids": [Command.link(other.id)]}
        if is_html_empty(self.resolution):
            values["resolution"] = other.resolution
        if not self.cause_id:
            values["cause_id"] = other.cause_id.id
        self.write(values)
        return self.action_resolve()
