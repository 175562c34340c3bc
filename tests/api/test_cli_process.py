"""The console script in processes of its own: exit codes, pure output, interruption, the demonstration."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

LINLI = Path(sys.executable).with_name("linli")
WAIT_S = 120.0


def run(*arguments: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LINLI_LANG": "en", **variables}
    environment.pop("LINLI_STORE", None)
    return subprocess.run(
        [str(LINLI), *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )


def test_exit_codes_and_pure_output(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text("category,quantity\nhealth,1\nlegal,两三次\n", encoding="utf-8")
    loaded = run("load", "needs.csv", "--json", cwd=tmp_path)
    assert loaded.returncode == 3
    assert json.loads(loaded.stdout)["kept"] == {"needs": 1}
    assert run("gaps", cwd=tmp_path).returncode == 1
    wrong = run("gaps", "--json", "--no-such-option", cwd=tmp_path)
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["type"].endswith("wrong-usage")
    matched = run("match", "--json", cwd=tmp_path)
    assert matched.returncode == 0
    assert json.loads(matched.stdout)["places_wanted"] == 1
    assert matched.stderr == ""


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom api.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = ('numpy', 'pandas', 'pyarrow', 'ortools', 'scipy', 'fastapi', 'rich', 'openpyxl')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def test_errors_are_plain_lines_and_debug_shows_where(tmp_path: Path) -> None:
    (tmp_path / "linli.db").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    plain = run("match", cwd=tmp_path)
    assert plain.returncode == 1
    assert "Traceback" not in plain.stderr
    assert len(plain.stderr.splitlines()) <= 2
    assert "Traceback" in run("match", "--debug", cwd=tmp_path).stderr


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    shell = f"{LINLI} --help | head -n 1"
    done = subprocess.run(["sh", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="interrupts a process as a terminal does")
@pytest.mark.parametrize(("module", "told"), [("click", ""), ("api.commands.rounds", "Stopped")])
def test_an_interruption_shows_no_traceback(tmp_path: Path, module: str, told: str) -> None:
    code = (
        "import os, signal, sys\n"
        # In the background a shell lets nobody hear Ctrl+C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Hand:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Hand())\n"
        "sys.argv[1:] = ['match', '--lang', 'en']\n"
        "from api.start import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (1 if told else -signal.SIGINT, told)


def test_demo_works_twice_and_spares_other_folders(tmp_path: Path) -> None:
    first = run("demo", "--no-serve", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    for words in ("rows refused", "by hand", "Ask first", "places unmatched, and why", "linli serve --store"):
        assert words in first.stdout
    again = run("demo", "--no-serve", "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    document = json.loads(again.stdout)
    assert document["match"]["places_served"] > document["match"]["nearest_first"]["places_served"]
    assert document["reports"]["problems"] == []
    reported = json.loads(run("gaps", "--json", "--store", document["reports_store"], cwd=tmp_path).stdout)
    assert reported["unserved"] > 0
    assert (tmp_path / "demo" / "subdistrict-marked.xlsx").exists()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "plan.txt").write_text("mine", encoding="utf-8")
    refused = run("demo", "--no-serve", "--folder", "own", cwd=tmp_path)
    assert refused.returncode == 1
    assert (tmp_path / "own" / "plan.txt").read_text(encoding="utf-8") == "mine"


def test_serve_refuses_other_hosts(tmp_path: Path) -> None:
    refused = run("serve", "--host", "0.0.0.0", "--json", cwd=tmp_path)
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["type"].endswith("unsafe-host")


@pytest.mark.skipif(os.name != "posix", reason="interrupts a process as a terminal does")
def test_serve_takes_any_free_port(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [str(LINLI), "serve", "--port", "0", "--store", "sqlite:///a.db"],
        cwd=tmp_path,
        env={**os.environ, "LINLI_LANG": "en"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[1]
        port = int(address.rstrip("/").rpartition(":")[2])
        # Whoever reads the address can open it at once.
        with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S):
            pass
    finally:
        process.terminate()
        process.wait(WAIT_S)


def test_serve_takes_the_next_free_port_and_ends_quietly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [str(LINLI), "serve", "--port", str(port), "--store", "sqlite:///a.db"],
            cwd=tmp_path,
            env={**os.environ, "LINLI_LANG": "en"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr is not None
            assert f"Port {port} is taken" in process.stderr.readline()
            address = process.stderr.readline().split()[1]
            assert wait_for(f"{address}health") == {"status": "ok"}
        finally:
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=WAIT_S)
    assert (process.returncode, output) == (0, "")
    assert errors == "Stopped\n"


def wait_for(address: str) -> dict[str, str]:
    """The status that a service says it has, once it listens."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            return {"status": httpx.get(address).json()["status"]}
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
