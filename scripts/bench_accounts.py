"""The accounts' part of the bench: log-ins and their memory, what a session costs, and what an answer's time tells."""

import collections
import http.client
import itertools
import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import threading
import time
import urllib.parse

from bench_shop import PORT, SHOP, database, psql, say, serve, sql_times, table, wrk

NAME = "bench_accounts"
PASSWORD = "slate under the thumb"
# Each of the bench's visitors has an address of their own, so that no limit is theirs together.
PROXY = {"SHOPFRONT_TRUSTED_PROXIES": "127.0.0.1"}
# What one hash takes, in MiB; as many are made at once as there are cores.
HASH_MIB = 19
# Visitors at once when log-ins are counted: enough to keep every core hashing, and fewer than are turned away.
VISITORS = 4 * (os.cpu_count() or 1)
KINDS = ["known", "unknown", "blocked"]
# What the medians may differ by, in ms, or else in per cent (BAR, rows 10 and 11).
BOUND_MS, BOUND_PERCENT = 5, 5
WARM_UP = 5

numbers = itertools.count(1)


def new_address():
    """A client's address that no request came from yet, in the network that is set aside for benchmarks."""
    number = next(numbers)
    return f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def email(group, number):
    return f"{group}-{number}@bench.example"


class Line:
    """A connection that is kept, as between a proxy and the shop."""

    def __init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        self.connection.connect()

    def post(self, form, fields, cookie=""):
        """The status, the cookie that was set, and the seconds that it took."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": new_address(),
        }
        if cookie:
            headers["Cookie"] = cookie
        body = urllib.parse.urlencode(fields).encode()
        started = time.perf_counter()
        self.connection.request("POST", f"/api/account/{form}", body, headers)
        answer = self.connection.getresponse()
        answer.read()
        seconds = time.perf_counter() - started
        return answer.status, (answer.getheader("set-cookie") or "").split(";")[0], seconds

    def log_in(self, address, password=PASSWORD):
        return self.post("log_in", {"login": address, "password": password})


def prepare(media):
    psql("postgres", f"drop database if exists {NAME} with (force)")
    psql("postgres", f"create database {NAME}")
    env = {**os.environ, "DATABASE_URL": database(NAME)}
    say("Loading the demo shop")
    for command in ("migrate", "seed-demo"):
        subprocess.run([SHOP, command, "--media-dir", media, "--log", "warn"], env=env, check=True,
                       stdout=subprocess.DEVNULL)
    # One hash, made by the shop with today's effort, does for everybody.
    with serve(NAME, 0, media) as shop:
        shop.ready("/readyz")
        fields = {"username": "first", "email": email("first", 0), "password": PASSWORD}
        status, _, _ = Line().post("sign_up", fields)
        if status != 200:
            raise SystemExit(f"error: signing up was answered {status}")


def add_accounts(group, count, blocked=False):
    """`count` verified accounts, whose addresses are those of `email(group, …)` from 0 on."""
    psql(NAME, f"""
        -- Nobody logs in by these names, so a key that no name can have will do.
        insert into users (id, username, username_key, email, email_key, password_hash, verified_at, blocked_at)
        select gen_random_uuid(), 'bench-' || n, address, address, address, hash, now(),
               case when {blocked} then now() end
        from generate_series(0, {count - 1}) n,
             lateral (select '{group}-' || n || '@bench.example' as address) a,
             (select password_hash as hash from users where email_key = '{email("first", 0)}') h""")


def percentile(seconds, percent):
    return sorted(seconds)[min(len(seconds) * percent // 100, len(seconds) - 1)] * 1000


def log_ins(seconds, at_once, media):
    accounts = max(2000, at_once)
    add_accounts("login", accounts)
    psql(NAME, "vacuum analyze")
    turns = itertools.count()
    lock = threading.Lock()

    with serve(NAME, 16, media, settings=PROXY) as shop:
        shop.ready("/products")
        first = Line()
        alone = [first.log_in(email("login", next(turns) % accounts))[2] for _ in range(30)][10:]
        calm = shop.pss_mib()

        say(f"Log-ins, {VISITORS} visitors at once")
        until = time.monotonic() + seconds
        taken, statuses = [], collections.Counter()

        def visit():
            line = Line()
            while time.monotonic() < until:
                status, _, spent = line.log_in(email("login", next(turns) % accounts))
                with lock:
                    taken.append(spent)
                    statuses[status] += 1

        started = time.monotonic()
        run_all([threading.Thread(target=visit) for _ in range(VISITORS)])
        rate = statuses[200] / (time.monotonic() - started)
        busy = shop.pss_mib()

        say(f"{at_once} log-ins at once")
        threading.stack_size(256 * 1024)
        lines = [Line() for _ in range(at_once)]
        gate = threading.Barrier(at_once + 1)
        burst, waits = collections.Counter(), []

        def storm(line, turn):
            gate.wait()
            try:
                status, _, spent = line.log_in(email("login", turn))
            except OSError as error:
                status, spent = type(error).__name__, 0
            with lock:
                burst[status] += 1
                waits.append(spent)

        peaks, done = [shop.pss_mib()], threading.Event()

        def watch():
            while not done.is_set():
                peaks.append(shop.pss_mib())
                done.wait(0.02)

        watcher = threading.Thread(target=watch)
        stormers = [threading.Thread(target=storm, args=(line, turn)) for turn, line in enumerate(lines)]
        for one in [*stormers, watcher]:
            one.start()
        gate.wait()
        for one in stormers:
            one.join()
        done.set()
        watcher.join()
        threading.stack_size(0)
        del lines
        time.sleep(3)
        after = shop.pss_mib()

    one = statistics.median(alone)
    cores = os.cpu_count() or 1
    print(f"\n## Log-ins, {accounts:,} accounts\n")
    print(f"One alone takes {one * 1000:.1f} ms, which makes {cores / one:.0f} a second on {cores} cores at best. "
          f"With {VISITORS} visitors at once, this bench beside the shop: {rate:.0f} a second, "
          f"p50 {percentile(taken, 50):.0f} ms, p99 {percentile(taken, 99):.0f} ms{odd(statuses, 200)}.")
    good = sum(count for status, count in burst.items() if str(status).startswith("2"))
    told = burst[429] + burst[503]
    table(
        ["at once", "answered 2xx", "429", "503", "otherwise", "longest ms", "MiB before", "at its peak", "3 s after"],
        [[at_once, good, burst[429], burst[503], at_once - good - told, f"{max(waits) * 1000:,.0f}",
          f"{busy:.0f}", f"{max(peaks):.0f}", f"{after:.0f}"]],
    )
    print(f"\nMemory is PSS. Before any but single log-ins it was {calm:.0f} MiB; {cores} hashes at once take "
          f"{cores * HASH_MIB} MiB.{odd(burst, 200, 429, 503)}")


def run_all(threads):
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def odd(statuses, *expected):
    """The answers that nobody expected, in words."""
    others = [f"{count} × {status}" for status, count in statuses.items() if status not in expected]
    return f" (failures: {', '.join(others)})" if others else ""


def session_cost(seconds, media):
    path = "/products"
    with serve(NAME, 0, media, settings=PROXY) as shop:
        shop.ready("/readyz")
        status, cookie, _ = Line().log_in(email("login", 0))
        if status != 200 or not cookie.startswith("session="):
            raise SystemExit(f"error: logging in was answered {status}")
    rows = []
    for label, cache_mib in (("no page kept", 0), ("pages kept", 16)):
        say(f"A session, {label}")
        queries = [sql_times(NAME, media, {path: path}, cookie=who, cache_mib=cache_mib)[path] for who in ("", cookie)]
        rounds = {"": [], cookie: []}
        failed = 0
        with serve(NAME, cache_mib, media, settings=PROXY) as shop:
            for who in rounds:
                shop.ready(path, who)
                wrk(PORT, path, 1, who)
            # In turns, so that what else the machine does hits both.
            for who in ["", cookie, cookie, ""]:
                rounds[who].append(wrk(PORT, path, seconds, who))
                failed += rounds[who][-1][3]
        out, signed_in = (
            [statistics.mean(column) for column in zip(*measured)] for measured in rounds.values()
        )
        rows.append([
            label + (" (failures)" if failed else ""),
            f"{out[0]:,.0f}", f"{out[1]:.1f}", f"{signed_in[0]:,.0f}", f"{signed_in[1]:.1f}",
            f"{1e6 / signed_in[0] - 1e6 / out[0]:,.0f}",
            f"{queries[0][0]:.1f}", f"{queries[1][0]:.1f}", f"{queries[0][1]:.2f}", f"{queries[1][1]:.2f}",
        ])
    print("\n## What a session costs, on /products\n")
    print("µs: of the whole machine's time, this bench included. Only a signed-out page is ever kept, so with pages kept "
          "the difference is the page's making too.")
    table(["", "signed out/s", "p50 ms", "signed in/s", "p50 ms", "session µs", "queries out", "queries in",
           "SQL ms out", "SQL ms in"], rows)


def swallow_mail(listener, received):
    """A mail server that takes every letter and keeps none; a process of its own, so as not to disturb the clock."""

    def talk(connection):
        with connection, connection.makefile("rwb") as stream:
            def say_back(line):
                stream.write(line + b"\r\n")
                stream.flush()

            say_back(b"220 bench.example")
            for line in stream:
                verb = line[:4].strip().upper()
                if verb == b"DATA":
                    say_back(b"354 go on")
                    for part in stream:
                        if part == b".\r\n":
                            break
                    with received.get_lock():
                        received.value += 1
                say_back(b"221 bye" if verb == b"QUIT" else b"250 ok")
                if verb == b"QUIT":
                    return

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


class MailServer:
    """Where the shop's mail goes while the block lasts; with `up` false, a port that nobody listens on."""

    def __init__(self, up):
        self.up = up
        self.received = multiprocessing.Value("i", 0)

    def __enter__(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        if self.up:
            fork = multiprocessing.get_context("fork")
            self.process = fork.Process(target=swallow_mail, args=(listener, self.received), daemon=True)
            self.process.start()
        listener.close()
        return self

    def __exit__(self, *_):
        if self.up:
            self.process.terminate()
            self.process.join()

    def settings(self):
        return {"SHOPFRONT_SMTP_URL": f"smtp://127.0.0.1:{self.port}", "SHOPFRONT_MAIL_FROM": "shop@bench.example"}


class Samples:
    """The times of one form, for each kind of address."""

    def __init__(self, label):
        self.label = label
        self.seconds = {kind: [] for kind in KINDS}
        self.statuses = {kind: collections.Counter() for kind in KINDS}

    def take(self, samples, ask):
        """`ask(kind, number)` posts a form. Kinds take turns in an order that changes, so that what a kind leaves
        behind (a letter on its way) doesn't always fall on the same other one."""
        turns = random.Random(self.label)
        for number in range(samples + WARM_UP):
            for kind in turns.sample(KINDS, len(KINDS)):
                status, seconds = ask(kind, number)
                if number >= WARM_UP:
                    self.statuses[kind][status] += 1
                    self.seconds[kind].append(seconds * 1000)

    def row(self):
        medians = [statistics.median(self.seconds[kind]) for kind in KINDS]
        apart = max(medians) - min(medians)
        percent = apart / min(medians) * 100
        # What is due to the machine: the known addresses beside themselves.
        known = self.seconds["known"]
        noise = abs(statistics.median(known[::2]) - statistics.median(known[1::2]))
        return [
            self.label,
            *(f"{median:.2f}" for median in medians),
            f"{apart:.2f}",
            f"{percent:.1f}",
            "yes" if apart <= BOUND_MS or percent <= BOUND_PERCENT else "NO",
            f"{noise:.2f}",
            self.answers(),
        ]

    def answers(self):
        """The status that all got, or else what each kind did."""
        if all(len(counts) == 1 for counts in self.statuses.values()) and len(set().union(*self.statuses.values())) == 1:
            return next(iter(self.statuses["known"]))
        return "; ".join(f"{kind} " + ", ".join(f"{count} × {status}" for status, count in counts.items())
                         for kind, counts in self.statuses.items())


def times(up, samples, media):
    """What each form takes for an address with an account, without, and with a blocked one."""
    run = "up" if up else "down"
    psql(NAME, "truncate outbox, throttles, flows, one_time_codes, sessions")
    forms = ["sign_up", "log_in", "forgot_password"]
    for form in forms:
        for kind in ("known", "blocked"):
            add_accounts(f"{run}-{form}-{kind}", samples + WARM_UP, kind == "blocked")
    psql(NAME, "vacuum analyze")

    def fields(form, kind, number):
        address = email(f"{run}-{form}-{kind}", number)
        if form == "sign_up":
            return {"username": f"{run}-{kind}-{number}", "email": address, "password": PASSWORD}
        if form == "log_in":
            return {"login": address, "password": "not the right password"}
        return {"email": address}

    results = []
    flows = {}
    with MailServer(up) as mail, serve(NAME, 16, media, settings={**PROXY, **mail.settings()}) as shop:
        shop.ready("/readyz")
        line = Line()
        for form in forms:
            say(f"{form}, mail server {run}")

            def ask(kind, number):
                status, cookie, seconds = line.post(form, fields(form, kind, number))
                flows[form, kind, number] = cookie
                return status, seconds

            results.append(Samples(form.replace("_", " ").replace("sign up", "sign-up").replace("log in", "log-in")))
            results[-1].take(samples, ask)
        # A minute must pass between two mails to one address.
        psql(NAME, "update one_time_codes set created_at = created_at - interval '61 seconds'")
        for form, label in (("sign_up", "resend, of a sign-up"), ("forgot_password", "resend, of a reset")):
            say(f"{label}, mail server {run}")

            def ask(kind, number):
                status, _, seconds = line.post("resend", {}, flows[form, kind, number])
                return status, seconds

            results.append(Samples(label))
            results[-1].take(samples, ask)
        received = mail.received.value
    waiting = psql(NAME, "select count(*) from outbox where state = 'waiting' and letter is not null")
    print(f"\n## What an answer's time tells, mail server {run}\n")
    print(f"Medians of {samples} samples each, in ms; bound: {BOUND_MS} ms or {BOUND_PERCENT} %. Noise: known addresses "
          f"beside themselves. The mail server took {received:,} letters, {int(waiting):,} were still waiting at the end.")
    table(["form", *KINDS, "apart ms", "apart %", "in bound", "noise ms", "status"], [one.row() for one in results])


def measure(seconds, samples, at_once, media):
    prepare(media)
    log_ins(seconds, at_once, media)
    session_cost(seconds, media)
    for up in (True, False):
        times(up, samples, media)
