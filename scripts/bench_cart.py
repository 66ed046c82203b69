"""The cart's part of the bench: adding to it and looking at it, signed in, beside the same SQL without a shop around it."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_shop import CONNECTIONS, PORT, SHOP, database, psql, say, serve, sql_times, table

NAME = "bench_cart"
PRODUCTS = 20_000
PEOPLE = 2_000
LINES = 5
# As many as the shop has, so that neither side has more of the database.
DATABASE_CONNECTIONS = 10
# Different ones, of each of wrk's threads.
REQUESTS = 10_000
# Ids that both wrk and pgbench can make from a number.
UUID = "lpad(to_hex(({})::int), 32, '0')::uuid"
TOKEN = "lpad((({})::int)::text, 43, '0')"


def prepare(media):
    psql("postgres", f"drop database if exists {NAME} with (force)")
    psql("postgres", f"create database {NAME}")
    say(f"Filling a shop with {PRODUCTS:,} products and {PEOPLE:,} people")
    subprocess.run([SHOP, "migrate", "--media-dir", media, "--log", "warn"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "DATABASE_URL": database(NAME)})
    psql(NAME, f"""
        insert into products (id, slug, title, status)
        select {UUID.format('n')}, 'thing-' || n, 'Thing ' || n, 'active' from generate_series(1, {PRODUCTS}) n;
        insert into variants (id, product_id, position, sku, price, on_hand)
        select {UUID.format('n')}, {UUID.format('n')}, 1, 'THING-' || n, 100 + n, 1000000
        from generate_series(1, {PRODUCTS}) n;
        insert into users (id, username, username_key, email, email_key, verified_at)
        select {UUID.format('n')}, 'bench-' || n, 'bench-' || n, n || '@bench.example', n || '@bench.example', now()
        from generate_series(1, {PEOPLE}) n;
        insert into sessions (id, token_hash, user_id, expires_at)
        select {UUID.format('n')}, sha256({TOKEN.format('n')}::bytea), {UUID.format('n')}, now() + interval '1 day'
        from generate_series(1, {PEOPLE}) n""")
    fill_carts()


def fill_carts():
    """Every cart as it was."""
    psql(NAME, f"""
        truncate carts cascade;
        insert into carts (id, user_id) select id, id from users;
        insert into cart_lines (id, cart_id, variant_id, quantity, price, name)
        select gen_random_uuid(), c.id, v.id, 1, v.price, 'Thing'
        from carts c, generate_series(1, {LINES}) n, lateral (
            select id, price from variants where id = {UUID.format(f"1 + (('x' || right(c.id::text, 6))::bit(24)::int * 7 + n * 31) % {PRODUCTS}")}
        ) v""")
    psql(NAME, "vacuum analyze")


def statement(*marks):
    """A query as the shop sends it, which sqlx keeps beside the source; known by words that only it has."""
    texts = [json.loads(path.read_text())["query"] for path in Path(".sqlx").glob("query-*.json")]
    found = [text for text in texts if all(mark in text for mark in marks)]
    if len(found) != 1:
        sys.exit(f"error: {len(found)} queries have the words {marks}")
    return found[0]


def with_values(query, values):
    """Its parameters as expressions, on one line, as pgbench wants it."""
    query = re.sub(r"--[^\n]*", "", query)
    query = re.sub(r"\$(\d+)", lambda found: f"({values[int(found.group(1)) - 1]})", query)
    return " ".join(query.split()) + ";"


def pgbench(queries, seconds, name=NAME):
    """Transactions a second."""
    script = "\n".join([rf"\set person random(1, {PEOPLE})", rf"\set thing random(1, {PRODUCTS})", *queries, ""])
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        out = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(DATABASE_CONNECTIONS), "-j", "2", "-T", str(seconds),
             "-f", file.name, database(name)],
            capture_output=True, text=True)
    rate = re.search(r"^tps = ([\d.]+)", out.stdout, re.M)
    if out.returncode or not rate:
        sys.exit(f"error: pgbench: {out.stderr.strip()[-500:]}")
    return float(rate.group(1))


def wrk(request, seconds):
    """Requests a second and p99 in ms of what a Lua function makes; failures. The requests are made before the first is
    sent, each thread its own: what it costs to write them isn't the shop's."""
    script = f"""
        local function person() return string.format("session=%043d", math.random(1, {PEOPLE})) end
        local function thing() return string.format("%032x", math.random(1, {PRODUCTS})) end
        {request}
        local threads, requests, at = 0, {{}}, 0
        function setup(thread)
            threads = threads + 1
            thread:set("number", threads)
        end
        function init()
            math.randomseed(os.time() * 16 + number)
            for n = 1, {REQUESTS} do requests[n] = make() end
        end
        function request()
            at = at % {REQUESTS} + 1
            return requests[at]
        end
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        out = subprocess.run(["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", file.name,
                              f"http://127.0.0.1:{PORT}"], capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    p99, unit = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s)", out, re.M).groups()
    failures = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return rate, float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit], int(failures.group(1)) if failures else 0


ADD = """
    local function make()
        local headers = {["Accept"] = "application/json", ["Content-Type"] = "application/x-www-form-urlencoded",
                         ["Sec-Fetch-Site"] = "same-origin", ["Cookie"] = person()}
        return wrk.format("POST", "/api/cart/add_line", headers, "quantity=1&variant=" .. thing())
    end
"""
LOOK = """
    local function make()
        return wrk.format("GET", "/cart", {["Accept"] = "text/html", ["Cookie"] = person()})
    end
"""


def measure(seconds, media):
    prepare(media)
    person, thing = UUID.format(":person"), UUID.format(":thing")
    session = with_values(statement("from sessions s join users u", "seen_long_ago"), [f"sha256({TOKEN.format(':person')}::bytea)"])
    shelf = with_values(statement("with owner as", 'as "wished!"'), [person, "null::bytea"])
    cart = with_values(statement("l.price as agreed", "from holds h"), [person])
    add = with_values(
        statement("with item as", "insert into cart_acts"),
        ["gen_random_uuid()", person, "null", "gen_random_uuid()", thing, "1", "null", "1200", "300"])
    rows = []
    for label, request, queries in (("add to cart", ADD, [session, add]), ("cart page", LOOK, [session, shelf, cart])):
        say(label)
        shops, ceilings, p99s, failed = [], [], [], 0
        # In turns, so that what else the machine does hits both.
        for _ in range(3):
            fill_carts()
            ceilings.append(pgbench(queries, seconds))
            fill_carts()
            with serve(NAME, 16, media) as shop:
                shop.ready("/readyz")
                wrk(request, 1)
                rate, p99, failures = wrk(request, seconds)
                memory = shop.pss_mib()
            shops.append(rate)
            p99s.append(p99)
            failed += failures
        shop_rate, ceiling = sorted(shops)[1], sorted(ceilings)[1]
        rows.append([label + (f" ({failed} failures)" if failed else ""), f"{shop_rate:,.0f}", f"{sorted(p99s)[1]:.1f}",
                     len(queries), f"{ceiling:,.0f}", f"{shop_rate / ceiling * 100:.0f} %", f"{memory:.0f}"])
    print(f"\n## Carts, {PRODUCTS:,} products, {PEOPLE:,} people signed in, {LINES} lines in each cart\n")
    print("Ceiling: the same statements through pgbench, prepared, over as many connections as the shop has. "
          "Medians of three turns.")
    table(["", "requests/s", "p99 ms", "statements", "ceiling/s", "of it", "MiB after"], rows)
    counted = sql_times(NAME, media, {"/cart": "/cart"}, cookie=f"session={1:043d}")["/cart"]
    print(f"\nThe cart page's statements, as the shop's own log counts them: {counted[0]:.0f}, "
          f"{counted[1]:.2f} ms together.")
