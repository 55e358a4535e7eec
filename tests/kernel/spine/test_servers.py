"""The embedded servers: attach, survive, and say one clear sentence when something is wrong."""

import os
import shutil
import signal
import socket

import asyncpg
import pytest

from yiwang.kernel.errors import StartError
from yiwang.kernel.servers import EmbeddedNats, EmbeddedPostgres, installation_secret
from yiwang.kernel.settings import Settings
from yiwang.kernel.supervise.up import listen, only_one


@pytest.fixture
def home(tmp_path_factory):
    import tempfile
    from pathlib import Path

    folder = Path(tempfile.mkdtemp(prefix="yiwang-server-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def test_a_killed_server_recovers_what_was_committed_and_a_second_start_attaches(home):
    server = EmbeddedPostgres(home, memory_mib=64)
    assert server.start()
    other = EmbeddedPostgres(home, memory_mib=64)
    assert not other.start()
    assert other.port == server.port
    connection = await asyncpg.connect(server.url("postgres"))
    await connection.execute("create table kept (x int); insert into kept values (42)")
    os.kill(server.child.pid, signal.SIGKILL)
    server.child.wait()
    connection.terminate()
    again = EmbeddedPostgres(home, memory_mib=64)
    assert again.start()
    connection = await asyncpg.connect(again.url("postgres"))
    assert await connection.fetchval("select x from kept") == 42
    await connection.close()
    again.stop()
    assert not again.alive()


async def test_nobody_gets_in_without_the_password(server):
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url("postgres"), password="guess")


def test_a_data_folder_of_something_else_is_not_touched(home):
    data = home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "holiday.jpg").write_text("not a database")
    with pytest.raises(StartError, match=r"not empty and is not a PostgreSQL data folder"):
        EmbeddedPostgres(home).start()
    assert (data / "holiday.jpg").exists()


def test_a_damaged_data_folder_is_told_with_the_servers_last_words(home):
    server = EmbeddedPostgres(home, memory_mib=64)
    server.start()
    server.stop()
    (server.data / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(StartError, match="pg_control"):
        EmbeddedPostgres(home, memory_mib=64).start()


def test_a_taken_port_is_told_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"Port {port} .* is taken"):
            listen(Settings(port=port))


def test_a_second_supervisor_over_the_same_folder_is_refused(tmp_path):
    settings = Settings(state_dir=tmp_path)
    with only_one(settings), pytest.raises(StartError, match="already running"), only_one(settings):
        pass


def test_nats_wants_a_password_and_listens_on_loopback_only(home):
    nats = EmbeddedNats(home)
    nats.start()
    try:
        config = (home / "nats" / "nats.conf").read_text()
        assert "127.0.0.1" in config
        assert (home / "nats" / "nats.conf").stat().st_mode & 0o077 == 0
        with socket.create_connection(("127.0.0.1", nats.port)) as connection:
            assert b'"auth_required":true' in connection.recv(4096)
    finally:
        nats.stop()
    assert not nats.alive()


def test_secrets_are_made_once_and_are_private(tmp_path):
    first = installation_secret(tmp_path, "postgres")
    assert installation_secret(tmp_path, "postgres") == first
    assert (tmp_path / "secrets" / "postgres").stat().st_mode & 0o077 == 0
