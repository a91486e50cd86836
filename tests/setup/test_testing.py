# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The stages tell a failure from a success; each test makes one of both."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from setup import stages
from setup.stages import i18n
from setup.testing import coverage, logs, processes
from setup.testing.case import Case, Outcome, Session
from setup.testing.snapshot import Snapshot, changes, leftovers

RECORD = "2026-01-02 03:04:05,678 42 {} db odoo.some.place: {}\n"


class TestLogs:
    @pytest.fixture
    def complaints(self, tmp_path):
        def read(text, *patterns):
            log = tmp_path / "server.log"
            log.write_text(text)
            allowed = [{"pattern": pattern, "reason": "x"} for pattern in patterns]
            return logs.complaints(log, {"log_allow": allowed})

        return read

    def test_information_is_fine(self, complaints):
        assert not complaints(RECORD.format("INFO", "a WARNING in words"))

    @pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
    def test_levels(self, complaints, level):
        assert complaints(RECORD.format(level, "x")) == [f"{level} odoo.some.place: x"]

    def test_a_record_has_its_traceback(self, complaints):
        text = RECORD.format("ERROR", "x") + "Traceback\nBoom\n"
        [found] = complaints(text + RECORD.format("INFO", "y"))
        assert found.endswith("Traceback\nBoom")

    def test_allowed(self, complaints):
        text = RECORD.format("WARNING", "one") + RECORD.format("WARNING", "two")
        assert complaints(text, r"place: one$") == ["WARNING odoo.some.place: two"]

    def test_long_records_are_shortened_in_the_middle(self, complaints):
        lines = "".join(f"line {number}\n" for number in range(100))
        [found] = complaints(RECORD.format("ERROR", "x") + lines)
        assert "left out" in found
        assert found.endswith("line 99")
        assert len(found.splitlines()) < 30

    def test_no_log(self, tmp_path):
        assert logs.complaints(tmp_path / "none.log", {})


class TestCoverage:
    def file(self, covered, total, missing=()):
        return {
            "summary": {
                "covered_lines": covered,
                "covered_branches": 0,
                "num_statements": total,
                "num_branches": 0,
                "missing_lines": len(missing),
                "missing_branches": 0,
            },
            "missing_lines": list(missing),
            "missing_branches": [],
        }

    def test_rows(self):
        files = {
            "psa_core/models/a.py": self.file(9, 10, [3]),
            "psa_core/models/b.py": self.file(0, 10, [1, 2, 3, 7]),
            "psa_core/tools/c.py": self.file(10, 10),
            "psa_other/models/d.py": self.file(1, 10),
        }
        thresholds = {"default": 90, "psa_core/tools": 95}
        core, tools = coverage.summarise(files, ["psa_core"], thresholds)
        assert (core.name, core.percent, core.is_low) == ("psa_core", 45.0, True)
        assert core.gaps[0] == "psa_core/models/b.py: 1-3, 7"
        assert (tools.name, tools.threshold, tools.is_low) == (
            "psa_core/tools",
            95,
            False,
        )

    def test_nothing_to_cover_is_covered(self):
        files = {"psa_core/__init__.py": self.file(0, 0)}
        [row] = coverage.summarise(files, ["psa_core"], {"default": 90})
        assert not row.is_low


class TestSnapshots:
    before = Snapshot(
        frozenset({"column a.b"}),
        {"res_groups": {"1": "x", "2": "x"}},
        {("res_groups", "2"): "base.two"},
    )

    def test_same(self):
        assert not list(changes(self.before, self.before))
        assert not list(leftovers(self.before, self.before, "psa_core"))

    def test_different(self):
        after = Snapshot(
            frozenset({"column a.b", "column a.c"}),
            {"res_groups": {"2": "y", "3": "x"}},
            self.before.names,
        )
        assert list(changes(self.before, after)) == [
            "new: column a.c",
            "changed in res_groups: base.two",
        ]
        assert list(leftovers(self.before, after, "psa_core")) == [
            "new: column a.c",
            "gone in res_groups: 1",
            "left in res_groups: 3",
        ]
        assert len(list(leftovers(self.before, after, "psa_core", {"res_groups"}))) == 2

    def test_external_ids_of_the_addon_alone_are_its_leftovers(self):
        before = replace(self.before, rows={"ir_model_data": {}})
        after = replace(
            before,
            rows={"ir_model_data": {"psa_core.x": "1", "mail.selection__x": "2"}},
        )
        found = list(leftovers(before, after, "psa_core"))
        assert found == ["left in ir_model_data: psa_core.x"]

    def test_a_row_less_and_another_one_more(self):
        after = replace(self.before, rows={"res_groups": {"2": "x", "3": "y"}})
        assert list(changes(self.before, after)) == [
            "gone in res_groups: 1",
            "new in res_groups: 3",
        ]


class TestProcesses:
    def test_call(self, tmp_path):
        output = tmp_path / "out.txt"
        code = "import sys; print(sys.stdin.read()); sys.exit(3)"
        assert processes.call([sys.executable, "-c", code], output, stdin="hello") == 3
        assert output.read_text() == "hello\n"

    def test_a_process_that_hangs_is_killed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(processes, "PATIENCE", 0.2)
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        assert processes.call(command, tmp_path / "out.txt") < 0

    @pytest.fixture
    def verdict(self, tmp_path):
        def judge(code, cases, **options):
            report, output = tmp_path / "report.xml", tmp_path / "out.txt"
            report.write_text(f"<testsuites>{cases}</testsuites>")
            output.write_text("what pytest said")
            return processes.verdict(code, report, output, **options)

        return judge

    def test_passed_and_skipped(self, verdict):
        skipped = '<testcase><skipped message="no browser"/></testcase>'
        outcome = verdict(0, f"<testcase/>{skipped}")
        assert str(outcome) == "1 passed, 0 failed, 1 skipped"

    def test_failed(self, verdict):
        outcome = verdict(1, "<testcase/><testcase><failure/></testcase>")
        assert str(outcome) == "1 passed, 1 failed"
        assert outcome.problems == ("what pytest said",)

    def test_a_crash_is_a_failure(self, verdict):
        assert verdict(139, "<testcase/>").failed == 1

    def test_a_warning_in_the_log_is_a_failure(self, verdict):
        assert verdict(0, "<testcase/>", complaints=["WARNING x"]).failed == 1


class TestDrift:
    header = 'msgid ""\nmsgstr ""\n"POT-Creation-Date: {}\\n"\n'

    def test_the_date_is_no_difference(self, tmp_path):
        for name in ("old", "new"):
            (tmp_path / name).write_text(self.header.format(name))
        assert not i18n.differences(tmp_path / "old", tmp_path / "new")

    def test_a_new_term(self, tmp_path):
        (tmp_path / "new").write_text(self.header + 'msgid "More"\nmsgstr ""\n')
        (tmp_path / "old").write_text(self.header)
        found = i18n.differences(tmp_path / "old", tmp_path / "new")
        assert '+msgid "More"' in found
        assert i18n.differences(tmp_path / "none", tmp_path / "new")


class TestRun:
    @pytest.fixture
    def run(self, cache, monkeypatch):
        """Run made-up stages: name -> cases as {name: outcome or exception}."""

        def start(made_up, addons=(), keyword=None, chosen=None):
            def case(name, result):
                def action():
                    if isinstance(result, Exception):
                        raise result
                    return result

                return Case(name, action)

            def module(stage):
                found = [case(*item) for item in made_up[stage].items()]
                return SimpleNamespace(cases=lambda session: found)

            settings = {"stages": list(made_up)}
            env = SimpleNamespace(cache=cache, settings=settings, addons=["psa_core"])
            monkeypatch.setattr(stages, "_module", module)
            return stages.run(env, addons, keyword, chosen)

        return start

    def test_passed(self, run, capsys):
        assert run({"static": {"a": Outcome(2), "b": Outcome(3, 0, 1)}}) == 0
        assert capsys.readouterr().out.endswith("\n5 passed, 0 failed, 1 skipped\n")

    def test_failed(self, run, capsys):
        assert run({"static": {"a": Outcome(2)}, "alone": {"b": Outcome(1, 1)}}) == 1
        assert capsys.readouterr().out.endswith("\n3 passed, 1 failed\n")

    def test_a_case_that_raises_has_failed(self, run, capsys):
        result = run({"static": {"a": RuntimeError("boom"), "b": Outcome(1)}})
        assert result == 1
        assert "boom" in capsys.readouterr().out

    def test_addons_are_tested_alone(self, run, capsys):
        made_up = {"static": {"a": Outcome(0, 1)}, "alone": {"psa_core": Outcome(1)}}
        assert run(made_up, addons=["psa_core"]) == 0
        assert "static" not in capsys.readouterr().out

    def test_no_test_matches(self, run):
        assert run({"alone": {"psa_core": Outcome()}}, keyword="nothing") == 1

    def test_unknown_stage(self, run):
        with pytest.raises(Exception, match="no stage other"):
            run({"static": {}}, chosen=["other"])

    def test_longest_first(self, monkeypatch):
        names = {"a": "12", "b": "34", "c": "5"}

        def module(stage):
            cases = [Case(name, Outcome, float(name)) for name in names[stage]]
            return SimpleNamespace(cases=lambda session: cases)

        monkeypatch.setattr(stages, "_module", module)
        session = Session(SimpleNamespace(), (), None)
        queue = [case.name for _stage, case in stages._queue(session, "abc")]
        assert queue == ["5", "2", "1", "4", "3"]
