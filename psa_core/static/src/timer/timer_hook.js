// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useService } from "@web/core/utils/hooks";

/**
 * The timer service, observed by the calling component.
 *
 * Nobody waits for its first data: the page must not be later because of a stopwatch.
 *
 * @returns {import("./timer_service").TimerService}
 */
export function useTimer() {
    const timer = useState(useService("psa_timer"));
    onWillStart(() => {
        timer.load();
    });
    return timer;
}

/** @returns {Function} ask before the time of a timer is thrown away, then do it */
export function useDiscardTimer() {
    const service = useService("psa_timer");
    const dialog = useService("dialog");
    return (timer) =>
        dialog.add(ConfirmationDialog, {
            title: _t("Discard this time?"),
            body: _t("The time on “%s” will not be recorded.", timer.name),
            confirmLabel: _t("Discard"),
            confirmClass: "btn-danger",
            confirm: () => service.discard(timer),
            cancel: () => {},
        });
}
