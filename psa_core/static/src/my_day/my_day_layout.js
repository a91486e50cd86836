// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { deserializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

const COLORS = 8;

/**
 * What `psa.work.day.get_my_day` answers, turned into what the screen shows. Pure: no DOM, no
 * service; instants are luxon DateTimes in the user's time zone.
 *
 * @param {Object} data answer of the server
 * @param {DateTime} now
 * @returns {{agenda: Object[], untimed: Object[], ribbon: Object, legend: Object[]}}
 */
export function layoutDay(data, now = DateTime.now()) {
    const intervals = data.intervals.map(toInterval);
    const colors = colorsOf(data.entries);
    const entries = data.entries.map((entry) => ({
        type: "entry",
        key: `entry_${entry.id}`,
        entry,
        color: colors.get(entry.work_type || ""),
        ...(entry.start && entry.stop && toInterval([entry.start, entry.stop])),
    }));
    const timed = entries.filter((item) => item.start);
    const gaps = splitGaps(data.gaps.map(toInterval), now);
    return {
        agenda: [...timed, ...gaps].sort((a, b) => a.start - b.start || a.stop - b.stop),
        untimed: entries.filter((item) => !item.start),
        ribbon: layoutRibbon(intervals, timed, gaps, now),
        legend: [...colors].map(([name, color]) => ({ name, color })),
    };
}

function toInterval([start, stop]) {
    return { start: deserializeDateTime(start), stop: deserializeDateTime(stop) };
}

/** One colour per work type, in order of appearance. */
function colorsOf(entries) {
    const names = new Set(entries.map((entry) => entry.work_type || ""));
    return new Map([...names].map((name, index) => [name, (index % COLORS) + 1]));
}

/** Nobody has to account for the hours to come: a gap around now is cut there. */
function splitGaps(gaps, now) {
    const parts = [];
    for (const { start, stop } of gaps) {
        if (start < now) {
            parts.push({ type: "gap", start, stop: stop < now ? stop : now.startOf("minute") });
        }
        if (stop > now) {
            parts.push({ type: "later", start: start > now ? start : now.startOf("minute"), stop });
        }
    }
    return parts
        .filter(({ start, stop }) => stop > start)
        .map((part) => ({
            ...part,
            key: `${part.type}_${part.start.toMillis()}`,
            minutes: Math.round(part.stop.diff(part.start, "minutes").minutes),
        }));
}

/**
 * Place everything on one line from the first full hour to the last, in percent. Entries that
 * overlap share the height: each takes the first lane that is free.
 */
function layoutRibbon(intervals, timed, gaps, now) {
    const items = [...intervals, ...timed];
    if (!items.length) {
        return null;
    }
    const start = DateTime.min(...items.map((item) => item.start)).startOf("hour");
    const end = DateTime.max(...items.map((item) => item.stop));
    const stop = end > end.startOf("hour") ? end.startOf("hour").plus({ hours: 1 }) : end;
    const total = stop - start;
    const percent = (instant) => ((instant - start) / total) * 100;
    const place = (item) => ({
        ...item,
        left: percent(item.start),
        width: Math.max(percent(item.stop) - percent(item.start), 0.4),
    });

    const laneEnds = [];
    const blocks = [...timed]
        .sort((a, b) => a.start - b.start)
        .map((item) => {
            let lane = laneEnds.findIndex((laneEnd) => laneEnd <= item.start);
            lane = lane === -1 ? laneEnds.length : lane;
            laneEnds[lane] = item.stop;
            return { ...place(item), lane };
        });

    const hours = [];
    const step = total > 12 * 3600000 ? 2 : 1;
    for (let hour = start; hour <= stop; hour = hour.plus({ hours: step })) {
        hours.push({ hour, left: percent(hour) });
    }
    return {
        blocks,
        lanes: Math.max(1, laneEnds.length),
        working: intervals.map((item, index) => ({ ...place(item), key: index })),
        gaps: gaps.filter(({ type }) => type === "gap").map(place),
        hours,
        now: now > start && now < stop ? percent(now) : null,
    };
}
