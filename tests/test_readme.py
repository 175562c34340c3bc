"""Every command of the README is run, in its order, in one folder."""

import asyncio
import re
import shlex
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from api.app import create_app
from api.cli import COMMANDS
from api.settings import Settings
from tests.api.terminal import linli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFUSED_ROWS = 3


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[list[str]]:
    for block in blocks("sh"):
        for line in block.splitlines():
            yield shlex.split(line)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a planner stands who has lists of their own."""
    made = tmp_path_factory.mktemp("readme")
    lists = made / "my-lists"
    lists.mkdir()
    (lists / "单位.csv").write_text("名称,经度,纬度\n示例诊所,121.47,31.23\n", encoding="utf-8")
    (lists / "资源清单.csv").write_text("提供方,类别\n示例诊所,医疗健康\n", encoding="utf-8")
    (lists / "需求清单.csv").write_text("类别,经度,纬度\n医疗健康,121.471,31.23\n", encoding="utf-8")
    return made


def run_linli(arguments: list[str]) -> None:
    """A command may refuse rows of the made-up lists, which have faults on purpose."""
    brings_faults = arguments[0] in ("load", "check") and "town.xlsx" in arguments
    linli(*arguments, code=REFUSED_ROWS if brings_faults else 0)


def test_commands_work_in_their_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("uvicorn.Server.run", lambda self: None)
    for words in commands():
        match words:
            case ["make", target]:
                done = subprocess.run(["make", "-n", "-C", ROOT, target], capture_output=True, check=False)
                assert done.returncode == 0, (target, done.stderr)
            case [".", activate]:
                assert 'ENVIRONMENT = ROOT / ".venv"' in (ROOT / "tools" / "setup.py").read_text(
                    encoding="utf-8"
                )
                assert activate == ".venv/bin/activate"
            case ["linli", *arguments]:
                run_linli(arguments)
            case ["curl", address]:
                ask(address)
            case _:
                raise AssertionError(f"the README has a command that no test knows how to run: {words}")


def environment() -> str:
    """The folder that set-up makes for Python."""
    code = (ROOT / "tools" / "setup.py").read_text(encoding="utf-8")
    return re.findall(r'^ENVIRONMENT = ROOT / "(.+)"$', code, re.MULTILINE)[0]


def ask(address: str) -> None:
    """Ask the service as curl would, without a port."""
    parts = urlsplit(address)
    app = create_app(Settings(store_url="sqlite:///linli.db"))

    async def get() -> int:
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url=f"{parts.scheme}://{parts.netloc}")
        async with app.router.lifespan_context(app), client:
            return (await client.get(parts.path)).status_code

    # A thread of its own: in this one a browser test may have left its event loop running.
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(asyncio.run, get()).result() == 200, address


def test_python_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    linli("load", "my-lists")
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})


def test_every_command_and_file_named_is_there() -> None:
    assert set(re.findall(r"`linli ([a-z]+)`", README)) == set(COMMANDS)
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
