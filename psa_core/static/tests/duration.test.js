// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { describe, expect, test } from "@odoo/hoot";
import { formatHours, formatMinutes, formatSeconds, parseMinutes } from "@psa_core/core/duration";

describe.current.tags("headless");

test("durations as people write them", () => {
    for (const [text, minutes] of [
        ["90", 90],
        [" 90 ", 90],
        ["90m", 90],
        ["90 min", 90],
        ["90'", 90],
        ["1:30", 90],
        [":45", 45],
        ["0:05", 5],
        ["1h30", 90],
        ["1 h 30 min", 90],
        ["1H5", 65],
        ["2h", 120],
        ["1.5h", 90],
        ["1,5h", 90],
        [",5 h", 30],
        ["1,25", 75],
        ["0", 0],
    ]) {
        expect(parseMinutes(text)).toBe(minutes, { message: `"${text}"` });
    }
});

test("what is no duration is not guessed", () => {
    for (const text of ["", " ", "abc", "-5", "1:75", "1:2:3", "1h90", "h", "5 days", "1e3", "."]) {
        expect(parseMinutes(text)).toBe(null, { message: `"${text}"` });
    }
});

test("durations as they are shown", () => {
    expect(formatMinutes(0)).toBe("0:00");
    expect(formatMinutes(65)).toBe("1:05");
    expect(formatMinutes(59.7)).toBe("1:00");
    expect(formatMinutes(-90)).toBe("-1:30");
    expect(formatMinutes(-0.2)).toBe("0:00");
    expect(formatHours(1.25)).toBe("1:15");
    expect(formatHours(7.999)).toBe("8:00");
    expect(formatSeconds(3909)).toBe("1:05:09");
    expect(formatSeconds(90061)).toBe("25:01:01");
    expect(formatSeconds(-3)).toBe("0:00:00");
});
