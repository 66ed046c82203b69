"""What the parts of the bench share: the shop as a process, and what is asked of it."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

SHOP = "target/release/shopfront"
CEILING = "target/release/examples/ceiling"
PORT, CEILING_PORT = 3917, 3918
CONNECTIONS = 32


def forget_settings():
    """The measured shop is nobody's: it neither mails with a real shop's settings nor makes a key for one."""
    for name in [*os.environ]:
        if name == "SHOP_ACCESS" or name.startswith("SHOPFRONT_"):
            del os.environ[name]
    os.environ["SHOPFRONT_SECRET"] = secrets.token_hex(32)


def say(text):
    print(f"→ {text}", file=sys.stderr, flush=True)


def database(name):
    """The URL of another database on the same server."""
    return re.sub(r"(://[^/]*/)[^?]*", rf"\g<1>{name}", os.environ["DATABASE_URL"])


def psql(name, sql):
    done = subprocess.run(
        ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", database(name), "-c", sql], capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"error: psql: {done.stderr.strip()}")
    return done.stdout.strip()


class Server:
    """A process that serves, stopped when the block ends."""

    def __init__(self, command, port, env=None, log=None):
        self.port = port
        self.log = log
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **(env or {})},
            stdout=subprocess.DEVNULL,
            stderr=log or subprocess.DEVNULL,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ready(self, path, cookie=""):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": cookie} if cookie else {}
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    return answer.read()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self.process.poll() is not None:
                    sys.exit("error: the server left")
                time.sleep(0.05)
        sys.exit(f"error: {path} was not answered within a minute")

    def pss_mib(self):
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1)) / 1024


def wrk(port, path, seconds, cookie=""):
    """Requests a second, p50 and p99 in ms, failures."""
    out = subprocess.run(
        ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency",
         *(["-H", f"Cookie: {cookie}"] if cookie else []), f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    unit = {"us": 0.001, "ms": 1, "s": 1000}

    def percentile(name):
        found = re.search(rf"^\s+{name}%\s+([\d.]+)(us|ms|s)", out, re.M)
        return float(found.group(1)) * unit[found.group(2)] if found else float("nan")

    failures = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    return rate, percentile(50), percentile(99), int(failures.group(1)) if failures else 0


def serve(name, cache_mib, media, log=None, level="warn", settings=None):
    return Server(
        [SHOP, "serve", "--addr", f"127.0.0.1:{PORT}", "--media-dir", media, "--page-cache-mib", str(cache_mib),
         "--log", level, "--log-format", "json"],
        PORT,
        {"DATABASE_URL": database(name), **(settings or {})},
        log,
    )


def sql_times(name, media, paths, cookie="", cache_mib=0):
    """Queries and their time in ms per page, from the server's own log of each statement."""
    found = {}
    with tempfile.TemporaryFile("w+") as log:
        with serve(name, cache_mib, media, log, "warn,server::http=info,sqlx::query=debug") as server:
            server.ready("/readyz")
            for path in paths.values():
                # The first answers prepare the statements and warm the database.
                for _ in range(5):
                    server.ready(path, cookie)
            for label, path in paths.items():
                log.flush()
                start = os.fstat(log.fileno()).st_size
                rounds = 20
                for _ in range(rounds):
                    server.ready(path, cookie)
                with open(f"/proc/self/fd/{log.fileno()}") as reading:
                    reading.seek(start)
                    lines = [json.loads(line) for line in reading if '"sqlx::query"' in line]
                # The shop's own chores have no request around them.
                lines = [line for line in lines if "span" in line]
                seconds = [float(line["elapsed_secs"]) for line in lines if "elapsed_secs" in line]
                found[label] = (len(seconds) / rounds, sum(seconds) / rounds * 1000)
    return found


def table(head, rows):
    print("\n| " + " | ".join(head) + " |")
    print("|" + "---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    sys.stdout.flush()
