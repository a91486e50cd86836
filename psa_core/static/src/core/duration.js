// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// What people write for "an hour and a half": 90, 90m, 1:30, 1h30, 1.5h, 1,5h, 1,5.
// A bare whole number is minutes; a decimal one can only be meant as hours.
const MINUTES = /^(\d+)\s*(?:m|min|mins|')?$/;
const CLOCK = /^(\d*):([0-5]\d)$/;
const HOURS_AND_MINUTES = /^(\d+)\s*h\s*([0-5]?\d)\s*(?:m|min|mins|')?$/;
const HOURS = /^(\d+|\d*[.,]\d+)\s*(?:h|hr|hrs)$/;
const DECIMAL = /^\d*[.,]\d+$/;

/**
 * @param {string} text a duration as people write it
 * @returns {number|null} whole minutes, or null when the text is no duration
 */
export function parseMinutes(text) {
    const value = text.trim().toLowerCase();
    let match;
    if ((match = MINUTES.exec(value))) {
        return Number(match[1]);
    }
    if ((match = CLOCK.exec(value) || HOURS_AND_MINUTES.exec(value))) {
        return Number(match[1]) * 60 + Number(match[2]);
    }
    if ((match = HOURS.exec(value) || DECIMAL.exec(value))) {
        const hours = Number((match[1] || match[0]).replace(",", "."));
        return Math.round(hours * 60);
    }
    return null;
}

const pad = (number) => String(number).padStart(2, "0");

/**
 * @param {number} minutes
 * @returns {string} "1:05"
 */
export function formatMinutes(minutes) {
    const total = Math.round(Math.abs(minutes));
    const sign = minutes < 0 && total ? "-" : "";
    return `${sign}${Math.floor(total / 60)}:${pad(total % 60)}`;
}

/**
 * @param {number} hours
 * @returns {string} "1:05"
 */
export function formatHours(hours) {
    return formatMinutes(hours * 60);
}

/**
 * @param {number} seconds
 * @returns {string} "1:05:09"
 */
export function formatSeconds(seconds) {
    const total = Math.max(0, Math.floor(seconds));
    return `${Math.floor(total / 3600)}:${pad(Math.floor(total / 60) % 60)}:${pad(total % 60)}`;
}
