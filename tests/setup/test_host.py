# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where Odoo comes from, with small fakes of it."""

import subprocess

import pytest

from setup import debian, host
from setup.console import SetupError


def fake_odoo(directory, version="(19, 0, 0, FINAL, 0, '')"):
    """Make what is looked at in an Odoo; return the directory."""
    (directory / "odoo" / "addons").mkdir(parents=True)
    (directory / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    return directory


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    monkeypatch.delenv("ODOO_PATH", raising=False)
    monkeypatch.delenv("ODOO_GIT_URL", raising=False)


@pytest.fixture
def sources(monkeypatch):
    """Replace the sources by fakes; the value says which were asked."""
    asked = []

    def fake(name, outcome):
        def fetch(directory, _cache):
            asked.append(name)
            if isinstance(outcome, Exception):
                raise outcome
            fake_odoo(directory)
            return outcome

        return fetch

    def replace(debian_outcome, git_outcome):
        monkeypatch.setattr(debian, "fetch", fake("debian", debian_outcome))
        monkeypatch.setattr(host, "_clone", fake("git", git_outcome))
        monkeypatch.setattr(host.Cache, "require_space", lambda *_args: None)
        return asked

    return replace


def test_debian_first_then_cache(cache, sources):
    asked = sources("19.0.0-1", "abc")
    first = host.find(cache)
    assert first.source == "Debian's package odoo-19 (19.0.0-1)"
    assert (first.path / "odoo" / "release.py").is_file()
    assert host.find(cache) == first
    assert asked == ["debian"]


@pytest.mark.parametrize("failure", [debian.NotHere("no apt"), SetupError("no net")])
def test_git_if_debian_fails(cache, sources, failure):
    asked = sources(failure, "abc")
    assert host.find(cache).identity == "abc"
    assert asked == ["debian", "git"]


def test_all_reasons_are_told(cache, sources):
    sources(debian.NotHere("no apt"), SetupError("no network"))
    with pytest.raises(SetupError) as failure:
        host.find(cache)
    assert "no apt" in failure.value.what
    assert "no network" in failure.value.what
    assert "ODOO_PATH" in failure.value.todo
    assert list(cache.path("host").iterdir()) == []


def test_given_checkout(cache, sources, tmp_path, monkeypatch, capsys):
    asked = sources("19.0.0-1", "abc")
    checkout = fake_odoo(tmp_path / "odoo")
    (checkout / "odoo-bin").touch()
    monkeypatch.setenv("ODOO_PATH", str(checkout))
    assert host.find(cache).path == checkout
    assert "from ODOO_PATH" in capsys.readouterr().err
    assert asked == []


@pytest.mark.parametrize("part", ["", "odoo"])
def test_given_package_comes_without_its_neighbours(cache, tmp_path, monkeypatch, part):
    packages = fake_odoo(tmp_path / "site-packages")
    (packages / "psycopg2").mkdir()
    monkeypatch.setenv("ODOO_PATH", str(packages / part))
    path = host.find(cache).path
    assert [entry.name for entry in path.iterdir()] == ["odoo"]
    assert (path / "odoo").resolve() == packages / "odoo"


def test_given_path_without_odoo(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_PATH", str(tmp_path))
    with pytest.raises(SetupError, match="neither a checkout"):
        host.find(cache)


@pytest.mark.parametrize(
    ("version", "series"),
    [("(18, 0, 0, FINAL, 0, '')", "18.0"), ("('saas~18', 4)", "unknown")],
)
def test_given_other_series(cache, tmp_path, monkeypatch, version, series):
    monkeypatch.setenv("ODOO_PATH", str(fake_odoo(tmp_path, version)))
    with pytest.raises(SetupError, match=f"{series}.*but these addons need 19.0"):
        host.find(cache)


def test_identity_follows_content(cache, tmp_path, monkeypatch):
    checkout = fake_odoo(tmp_path)
    monkeypatch.setenv("ODOO_PATH", str(checkout))
    before = host.find(cache).identity
    assert host.find(cache).identity == before
    (checkout / "odoo" / "addons" / "sale").mkdir()
    (checkout / "odoo" / "addons" / "sale" / "__manifest__.py").write_text("{}")
    assert host.find(cache).identity != before


def git(directory, *arguments):
    command = ["git", "-C", directory, "-c", "user.name=n", "-c", "user.email=e"]
    subprocess.run([*command, *arguments], check=True, capture_output=True)


@pytest.fixture
def remote(tmp_path):
    """A repository with the branches 18.0 (older) and 19.0."""
    directory = tmp_path / "remote"
    fake_odoo(directory, "(18, 0, 0, FINAL, 0, '')")
    git(directory, "init", "--initial-branch=18.0")
    git(directory, "add", ".")
    git(directory, "commit", "--message=eighteen")
    git(directory, "checkout", "-b", "19.0")
    text = "version_info = (19, 0, 0, FINAL, 0, '')\n"
    (directory / "odoo" / "release.py").write_text(text)
    git(directory, "commit", "--all", "--message=nineteen")
    return directory


@pytest.fixture
def no_debian(monkeypatch):
    def refuse(_directory, _cache):
        raise debian.NotHere("not a Debian")

    monkeypatch.setattr(debian, "fetch", refuse)
    monkeypatch.setattr(host.Cache, "require_space", lambda *_args: None)


def test_clone(cache, remote, monkeypatch, no_debian):
    monkeypatch.setenv("ODOO_GIT_URL", f"file://{remote}")
    found = host.find(cache)
    assert host.series_of(found.path) == "19.0"
    assert (found.path / ".git" / "shallow").is_file()


def test_clone_of_nothing(cache, tmp_path, monkeypatch, no_debian):
    monkeypatch.setenv("ODOO_GIT_URL", f"file://{tmp_path}/none")
    with pytest.raises(SetupError, match="git clone failed"):
        host.find(cache)


STANZAS = """\
Types: deb
# a comment
URIs: http://archive.example/debian-security
Suites: bookworm-security
Components: main

Types: deb deb-src
URIs:
  http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
LINE = "deb [arch=amd64 signed-by=/k.gpg] http://archive.example/debian bookworm main\n"


@pytest.mark.parametrize(
    ("name", "text", "signed_by"),
    [
        (
            "debian.sources",
            STANZAS,
            "/usr/share/keyrings/debian-archive-keyring.gpg",
        ),
        ("debian.list", f"# deb nothing\n\n{LINE}", "/k.gpg"),
    ],
)
def test_archive_of_this_system(tmp_path, name, text, signed_by):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / name).write_text(text)
    expected = debian.Archive("http://archive.example/debian", signed_by)
    assert debian.find_archive(tmp_path) == expected


@pytest.mark.parametrize(
    "text",
    [
        "deb http://archive.example/ubuntu noble main\n",
        "deb http://archive.example/debian bookworm contrib\n",
        "#deb http://archive.example/debian bookworm main\n",
        "deb-src http://archive.example/debian bookworm main\n",
    ],
)
def test_no_archive(tmp_path, text):
    (tmp_path / "sources.list").write_text(text)
    with pytest.raises(debian.NotHere):
        debian.find_archive(tmp_path)


def test_broken_links_are_noticed(tmp_path):
    odoo = tmp_path / "usr/lib/python3/dist-packages/odoo"
    (odoo / "addons").mkdir(parents=True)
    debian._complete(tmp_path)
    assert (odoo / "addons" / debian._LEFT_OUT).read_text().startswith("//")
    (odoo / "addons" / "jquery.js").symlink_to("../../jquery.js")
    with pytest.raises(SetupError, match=r"1 files .* addons/jquery.js"):
        debian._complete(tmp_path)
