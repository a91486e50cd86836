#!/usr/bin/env python3
# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the pictures of the user guide from a running demo.

Start ``./psa demo`` in one terminal and ``python3 docs/pictures.py`` in another. Each
picture is a function below; name some of them to take only those. The script speaks
Chromium's DevTools protocol, logs in as the role that the page is for, and leaves the
demo as it was, except for one discarded timer.
"""

import argparse
import base64
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "guide" / "pictures"
WIDTH = 1100
PATIENCE = 120
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Of the people in the demo data.
TIME_ZONE = "Europe/Rome"
#: The last Tuesday of the demo data has a gap and an overlap.
DEMO_WEEKDAY = 1


class Browser:
    """One tab of a headless Chromium."""

    def __init__(self, url, debugger):
        import websocket

        self.url = url
        # Chromium refuses a connection that names an origin it was not told of.
        self.socket = websocket.create_connection(debugger, suppress_origin=True)
        self.numbers = itertools.count(1)
        self.call("Page.enable")
        # At the first login Odoo takes over the zone of the browser.
        self.call("Emulation.setTimezoneOverride", timezoneId=TIME_ZONE)

    def call(self, method, **params):
        """Send a command and return its answer; events in between are dropped."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def run(self, script):
        """Return the value of a JavaScript expression, awaited if it is a promise."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, selector, seconds=PATIENCE):
        """Wait until the page has an element."""
        end = time.monotonic() + seconds
        while not self.run(f"Boolean(document.querySelector({json.dumps(selector)}))"):
            if time.monotonic() > end:
                raise RuntimeError(f"{selector} did not appear in {seconds} s")
            time.sleep(0.1)

    def wait_text(self, selector, text):
        """Wait until the text of an element is this one."""
        end = time.monotonic() + PATIENCE
        script = f"document.querySelector({json.dumps(selector)}).textContent"
        while (shown := self.run(script)) != text:
            if time.monotonic() > end:
                raise RuntimeError(f"{selector} shows {shown}, not {text}")
            time.sleep(0.1)

    def click(self, selector):
        self.wait(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        time.sleep(0.5)

    def type(self, selector, text):
        self.wait(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def open(self, path, selector):
        """Go to a page and wait until an element of it is there."""
        self.call("Page.navigate", url=self.url + path)
        time.sleep(0.5)
        self.wait(selector)
        time.sleep(1.5)  # images and fonts

    def login(self, login, page=".o_main_navbar"):
        """Log in as a demo user, whose password is the login.

        :param page: selector of something on the page that follows
        """
        self.call("Network.clearBrowserCookies")
        self.open("/web/login", "input[name=login]")
        self.run(
            f"""(() => {{
                const form = document.querySelector("form.oe_login_form");
                form.login.value = form.password.value = {json.dumps(login)};
                form.submit();
            }})()"""
        )
        self.wait(page)

    def rpc(self, model, method, *args, **kwargs):
        """Call a method of the server as the user who is logged in."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        answer = self.run(
            f"""fetch("/web/dataset/call_kw", {{
                method: "POST",
                headers: {{"Content-Type": "application/json"}},
                body: {json.dumps(body)},
            }}).then((response) => response.json())"""
        )
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    def find(self, model, *domain):
        """Return the id of the record that a domain finds."""
        [found] = self.rpc(model, "search", list(domain), limit=1)
        return found

    def click_text(self, selector, text):
        """Click the element of a selector that contains a text."""
        script = f"""[...document.querySelectorAll({json.dumps(selector)})]
            .find((element) => element.textContent.includes({json.dumps(text)}))"""
        end = time.monotonic() + PATIENCE
        while not self.run(f"Boolean({script})"):
            if time.monotonic() > end:
                raise RuntimeError(f"{selector} with {text} did not appear")
            time.sleep(0.1)
        self.run(f"{script}.click()")
        time.sleep(1)

    def resize(self, height, width=WIDTH):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def save(self, name, selector=None):
        """Save the page, or one element of it, as a picture."""
        from PIL import Image

        options = {}
        if selector:
            self.wait(selector)
            box = self.run(
                f"document.querySelector({json.dumps(selector)})"
                ".getBoundingClientRect().toJSON()"
            )
            names = ("x", "y", "width", "height")
            options["clip"] = {"scale": 1, **{name: box[name] for name in names}}
        data = self.call("Page.captureScreenshot", **options)["data"]
        image = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
        # A page has few colours: a palette makes the file a third as large.
        image = image.quantize(256, method=Image.Quantize.MEDIANCUT)
        image.save(PICTURES / f"{name}.png", optimize=True)


# ------------------------------------------------------------
# The pictures, by the name of their file
# ------------------------------------------------------------


def my_day(browser):
    browser.login("technician")
    browser.resize(700)
    browser.open("/odoo/my-day", ".o_psa_my_day_title")
    today = date.today()
    back = (today.weekday() - DEMO_WEEKDAY) % 7 or 7
    for days in range(1, back + 1):
        browser.click(".o_psa_previous")
        browser.wait_text(
            ".o_psa_my_day_title", f"{today - timedelta(days):%A, %B %-d}"
        )
    browser.save("my-day")


def timer_menu(browser):
    browser.login("technician2")
    browser.resize(820)
    browser.open("/odoo/my-work-entries", ".o_psa_systray_button")
    task = browser.find(
        "project.task", ("name", "=", "Install and move the file shares")
    )
    data = browser.rpc("psa.timer", "start_timer", "project.task", task)
    try:
        browser.click(".o_psa_systray_button")
        browser.type(".o_psa_timer_description", "Access rights of the share Sales")
        browser.click(".o_psa_chip[title]")
        browser.click(".o_psa_minutes .o_psa_chip:nth-child(3)")
        browser.type(".o_psa_quick_description", "Printer queue restarted")
        browser.save("timer-menu", ".o_psa_menu")
    finally:
        running = [timer["id"] for timer in data["timers"] if timer["running_since"]]
        browser.rpc("psa.timer", "discard_timer", running)


def work_entry(browser):
    browser.login("technician")
    browser.resize(700)
    entry = browser.find("account.analytic.line", ("psa_review_state", "=", "returned"))
    browser.open(f"/odoo/my-work-entries/{entry}", ".o_form_view")
    browser.save("work-entry")


def review(browser):
    browser.login("manager")
    browser.resize(560, width=1200)
    browser.open("/odoo/work-entries-to-review", ".o_data_row")
    browser.type(".o_searchview_input", "Conti")
    browser.click_text(".o_searchview_autocomplete .o-dropdown-item", "Employee")
    browser.save("review")


def working_days(browser):
    browser.login("manager")
    browser.resize(600)
    browser.open("/odoo/working-days", ".o_group_header")
    browser.click_text(".o_group_header .o_group_name", "Marco Rinaldi")
    browser.wait(".o_data_row")
    browser.save("working-days")


def client(browser):
    browser.login("billing")
    browser.resize(680)
    partner = browser.find("res.partner", ("name", "=", "Officine Bellini S.r.l."))
    browser.open(f"/odoo/res.partner/{partner}", ".o_form_view")
    browser.click(".nav-link[name=psa]")
    browser.wait("[name=psa_summary]")
    browser.run("document.activeElement.blur()")
    browser.save("client")


def work_type(browser):
    browser.login("psa_admin")
    browser.resize(440)
    found = browser.find("psa.work.type", ("name", "=", "Remote support"))
    browser.open(f"/odoo/work-types/{found}", ".o_form_view")
    browser.save("work-type")


def settings(browser):
    browser.login("psa_admin")
    browser.resize(440)
    browser.open("/odoo/psa-settings", "[name=psa_timer_cap_hours]")
    browser.save("settings")


def ticket_mine(browser):
    browser.login("technician")
    browser.resize(330)
    browser.open("/odoo/my-tickets", ".o_data_row")
    browser.save("ticket-mine")


def ticket(browser):
    browser.login("technician")
    browser.resize(900, width=1300)
    found = browser.find("psa.ticket", ("name", "ilike", "Outlook keeps asking"))
    browser.open(f"/odoo/tickets/{found}", ".o-mail-Message")
    time.sleep(1)
    browser.save("ticket")


def ticket_dispatch(browser):
    browser.login("manager")
    browser.resize(820, width=1300)
    browser.open("/odoo/dispatch", ".o_kanban_record")
    browser.save("ticket-dispatch")


def ticket_team(browser):
    browser.login("psa_admin")
    browser.resize(720)
    found = browser.find("psa.ticket.team", ("name", "=", "Service Desk"))
    browser.open(f"/odoo/helpdesk-teams/{found}", ".o_form_view")
    browser.save("ticket-team")


def portal_ticket(browser):
    browser.login("manager")
    found = browser.find("psa.ticket", ("name", "ilike", "Pages are missing"))
    browser.login("customer", ".o_portal_my_home")
    browser.resize(900, width=1000)
    browser.open(f"/my/tickets/{found}", "#wrap h1, #wrap h2, #wrap h3")
    time.sleep(4)
    browser.save("portal-ticket")


def contract_form(browser):
    browser.login("billing")
    browser.resize(820, width=1200)
    found = browser.find(
        "psa.contract", ("client_id.name", "=", "Officine Bellini S.r.l.")
    )
    browser.open(f"/odoo/service-contracts/{found}", ".o_form_view .o_data_row")
    browser.save("contract-form")


def contract_hours(browser):
    browser.login("billing")
    browser.resize(330, width=1200)
    browser.open("/odoo/contract-hours", ".o_data_row")
    browser.save("contract-hours")


def contract_banner(browser):
    browser.login("technician")
    browser.resize(420)
    found = browser.find(
        "psa.ticket",
        ("client_id.name", "=", "Officine Bellini S.r.l."),
        ("is_open", "=", True),
    )
    browser.open(f"/odoo/tickets/{found}", "[name=psa_coverage_banner] [role=status]")
    browser.save("contract-banner")


def portal_contract(browser):
    browser.login("billing")
    found = browser.find(
        "psa.contract", ("client_id.name", "=", "Officine Bellini S.r.l.")
    )
    browser.login("customer", ".o_portal_my_home")
    browser.resize(1000, width=1000)
    browser.open(f"/my/contracts/{found}", ".o_psa_contract_left")
    browser.run("document.querySelector('#hours').scrollIntoView()")
    browser.save("portal-contract")


ALL = (
    my_day,
    timer_menu,
    work_entry,
    review,
    working_days,
    client,
    work_type,
    settings,
    ticket_mine,
    ticket,
    ticket_dispatch,
    ticket_team,
    portal_ticket,
    contract_form,
    contract_hours,
    contract_banner,
    portal_contract,
)


# ------------------------------------------------------------
# Running it
# ------------------------------------------------------------


@contextmanager
def started(url):
    """Run a headless Chromium and yield its tab."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        sys.exit("There is no Chromium on this computer.")
    command = [program, "--headless=new", "--remote-debugging-port=0"]
    # Chromium cannot lock itself in when root runs it.
    command += ["--no-sandbox"] if os.geteuid() == 0 else []
    command += ["--lang=en-US", "--hide-scrollbars", "--disable-gpu", "--no-first-run"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        child = subprocess.Popen(
            [*command, f"--user-data-dir={profile}", "about:blank"],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Browser(url, debugger_of(Path(profile)))
        finally:
            child.terminate()
            child.wait()


def debugger_of(profile):
    """Return the address of the first tab, once the browser has written its port."""
    port = profile / "DevToolsActivePort"
    end = time.monotonic() + PATIENCE
    while not port.exists() or not port.read_text():
        if time.monotonic() > end:
            sys.exit("Chromium did not start.")
        time.sleep(0.1)
    address = f"http://127.0.0.1:{port.read_text().split()[0]}/json/list"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address) as answer:
        tabs = json.load(answer)
    return next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")


def enter_environment():
    """Start again with the interpreter of ./psa, which has what this needs."""
    try:
        import PIL  # noqa: F401
        import websocket  # noqa: F401
    except ImportError:
        sys.path.insert(0, str(ROOT))
        from setup import bootstrap, cache

        python = bootstrap.virtual_environment(cache.Cache.open())
        os.execv(python, [python, __file__, *sys.argv[1:]])


def main():
    names = {function.__name__.replace("_", "-"): function for function in ALL}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8069")
    parser.add_argument("name", nargs="*", help=f"some of: {', '.join(names)}")
    args = parser.parse_args()
    if unknown := set(args.name) - set(names):
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    enter_environment()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with started(args.url.rstrip("/")) as browser:
        for name in args.name or names:
            names[name](browser)
            sys.stdout.write(f"{name}.png\n")


if __name__ == "__main__":
    main()
