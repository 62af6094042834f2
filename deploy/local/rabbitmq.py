"""A private RabbitMQ node: its own name, ports, name server (epmd), home and cookie, all on loopback.

Debian's wrapper in /usr/sbin only works for the system's own node, so the programs behind it are called.
"""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path

from local import broker_users, packages, secret_files
from local.ports import Ports
from local.proc import with_children
from local.waiting import wait_until

# Idle schedulers of Erlang spin by default, which costs the other processes of a small machine.
QUIET = "+sbwt none +sbwtdcpu none +sbwtdio none"
LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"
NODE = "jishi@localhost"
ITS_OUTPUT = ("-fetch_stdout", "-no_result_term")
VHOST_MADE = """
ok = rabbit_vhost:add(<<"{vhost}">>, <<"jishi">>),
[rabbit_auth_backend_internal:set_permissions(User, <<"{vhost}">>, Configure, Write, Read, <<"jishi">>)
 || {{User, Configure, Write, Read}} <- [{permissions}]],
[rabbit_auth_backend_internal:set_topic_permissions(User, <<"{vhost}">>, Exchange, Write, Read, <<"jishi">>)
 || {{User, Exchange, Write, Read}} <- [{topics}]]
"""

# A node outlives the process that started it; its Popen would warn about that if it were collected earlier.
NODES: list[subprocess.Popen[bytes]] = []


class RabbitMQ:
    """A node with the users of `local.broker_users`; `jishi` may do everything."""

    def __init__(self, run_dir: Path, ports: Ports) -> None:
        self.ports = ports
        self.room = run_dir / "rabbitmq"
        self.passwords = {name: secret_files.secret(run_dir, _secret(name)) for name in broker_users.USERS}
        self.program = packages.program("rabbitmq-server", "rabbitmq-server")

    def url(self, vhost: str = "", user: str = "jishi") -> str:
        """URL of a vhost for a user; without a name, of the default vhost."""
        return f"amqp://{user}:{self.passwords[user]}@127.0.0.1:{self.ports.get('rabbitmq')}/{vhost or '%2F'}"

    def running(self) -> bool:
        """Whether this node lives and speaks AMQP: the port opens 7 to 9 seconds after the start."""
        return self._alive() and self._answers()

    def start(self) -> None:
        """Start the node, unless it runs, and return when it answers; fail with the end of its log if it ends."""
        if self.running():
            return
        self.room.mkdir(exist_ok=True)
        for name in ("rabbitmq", "rabbitmq_dist", "rabbitmq_epmd"):
            self.ports.free(name)
        self._write_settings()
        with (self.room / "node.log").open("wb") as log:
            node = subprocess.Popen(
                [self.program],
                env=self._environment(),
                cwd=self.room,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        NODES.append(node)
        (self.room / "pid").write_text(str(node.pid))
        wait_until(lambda: self.running() or node.poll() is not None, f"RabbitMQ answers ({log.name})", seconds=90)
        if node.poll() is not None:
            raise RuntimeError(f"RabbitMQ did not start: {(self.room / 'node.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Stop the node, then its name server, which would outlive it."""
        if self._alive():
            os.kill(self._pid(), signal.SIGTERM)
            wait_until(lambda: not self._alive(), "RabbitMQ stops", seconds=60)
        for node in NODES:
            node.poll()  # so that it is no zombie
        subprocess.run(["epmd", "-kill"], env=self._environment(), check=False, capture_output=True)

    def pids(self) -> list[int]:
        """The node and its child processes."""
        return with_children(self._pid())

    def create_vhost(self, name: str) -> str:
        """Create a vhost and return its URL."""
        users, topics = broker_users.USERS.items(), broker_users.TOPICS.items()
        permissions = ", ".join(_erlang(user, astuple(rights)) for user, rights in users)
        of_topics = ", ".join(_erlang(user, astuple(each)) for user, some in topics for each in some)
        self.evaluate(VHOST_MADE.format(vhost=name, permissions=permissions, topics=of_topics))
        return self.url(name)

    def delete_vhost(self, name: str) -> None:
        """Delete a vhost with all its queues and messages."""
        self.evaluate(f'rabbit_vhost:delete(<<"{name}">>, <<"jishi">>)')

    def evaluate(self, expressions: str) -> str:
        """The result of Erlang expressions on the node, by Erlang's `erl_call`: `rabbitmqctl` takes a second."""
        program = f'io:format("~p~n", [begin {expressions} end]).\n'
        with contextlib.suppress(FileNotFoundError):
            done = self._run(["erl_call", "-r", "-name", NODE, "-timeout", "30", *ITS_OUTPUT, "-e"], program)
            if done.returncode == 0 and done.stdout:  # a failure prints nothing
                return done.stdout
        return self.ctl("eval", f"{expressions}.")

    def ctl(self, *arguments: str) -> str:
        """The output of `rabbitmqctl`, for what AMQP does not report."""
        done = self._run([self.program.with_name("rabbitmqctl"), "--quiet", *arguments])
        if done.returncode != 0:
            raise RuntimeError(f"rabbitmqctl {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def _run(self, command: Sequence[str | Path], given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self._environment(),
            check=False,
            capture_output=True,
            text=True,
            cwd=self.room,
            input=given,
        )

    def _write_settings(self) -> None:
        secret_files.write(self.room / "users.json", broker_users.definitions(self.passwords, "/"))
        conf = f"load_definitions = {self.room / 'users.json'}\nvm_memory_high_watermark.relative = 0.2\n"
        conf += "disk_free_limit.absolute = 500MB\nlog.file.level = warning\n"
        secret_files.write(self.room / "rabbitmq.conf", conf)
        (self.room / "enabled_plugins").write_text("[].\n")
        (self.room / "env.conf").touch()

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(self.room),
            "RUNNING_UNDER_SYSTEMD": "true",  # the script replaces itself by the node
            "ERL_EPMD_PORT": str(self.ports.get("rabbitmq_epmd")),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.ports.get("rabbitmq")),
            "RABBITMQ_DIST_PORT": str(self.ports.get("rabbitmq_dist")),
            "RABBITMQ_MNESIA_BASE": str(self.room / "data"),
            "RABBITMQ_LOG_BASE": str(self.room / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.room / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.room / "env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.room / "enabled_plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{QUIET} {LOOPBACK}",
        }

    def _pid(self) -> int:
        return int((self.room / "pid").read_text())

    def _alive(self) -> bool:
        """Whether the node's process lives, and its id does not belong to another program by now."""
        with contextlib.suppress(OSError, ValueError):
            pid = self._pid()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            return str(self.room).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.ports.get("rabbitmq")), timeout=1) as peer,
        ):
            peer.sendall(b"AMQP\x00\x00\x09\x01")
            return peer.recv(1) == b"\x01"  # a method frame: Connection.Start
        return False


def _secret(user: str) -> str:
    return "rabbitmq_password" if user == "jishi" else f"rabbitmq_{user}_password"


def _erlang(user: str, texts: Iterable[str]) -> str:
    """A tuple of binaries, with backslashes doubled."""
    return "{" + ", ".join(f'<<"{text}">>'.replace("\\", "\\\\") for text in (user, *texts)) + "}"
