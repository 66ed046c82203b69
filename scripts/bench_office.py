"""The back office's part of the bench: its tables of products and accounts at a large size, beside the same SQL without a
shop around it; the overview's first look; a bulk edit of ten thousand products."""

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse
import uuid

from bench_cart import TOKEN, UUID, pgbench, statement, with_values
from bench_shop import PORT, SHOP, database, psql, say, serve, sql_times, table, wrk

NAME = "bench_office"
EACH = 300_000
BULK_ROWS = 10_000
# Rows of a page.
SIZE = 50
# The last page that the table of products has: nobody pages further than ten thousand rows.
DEEP = 200
COOKIE = f"session={1:043d}"
BULK = "/api/admin/bulk/"


def prepare(media):
    psql("postgres", f"drop database if exists {NAME} with (force)")
    psql("postgres", f"create database {NAME}")
    say(f"Filling an office with {EACH:,} products and {EACH:,} people")
    subprocess.run([SHOP, "migrate", "--media-dir", media, "--log", "warn"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "DATABASE_URL": database(NAME)})
    psql(NAME, f"""
        insert into categories (id, slug, name) select {UUID.format('n')}, 'c' || n, 'Category ' || n
        from generate_series(1, 40) n;
        insert into products (id, slug, title, status, category_id, vendor, tags, updated_at)
        select {UUID.format('n')}, 'thing-' || n,
               case when n % {EACH // BULK_ROWS} = 0 then 'Common ' else 'Rare ' end || 'word' || n % 3000 || ' no' || n,
               case when n % 20 = 1 then 'draft' else 'active' end, {UUID.format('n % 40 + 1')}, 'Vendor ' || n % 200,
               array['tag' || n % 50], now() - make_interval(mins => n % 100000)
        from generate_series(1, {EACH}) n;
        insert into variants (id, product_id, position, sku, price, compare_at, on_hand)
        select {UUID.format('n')}, {UUID.format('n')}, 1, 'THING-' || n, 100 + n % 9000,
               case when n % 7 = 0 then 9900 end, n % 100
        from generate_series(1, {EACH}) n;
        insert into users (id, username, username_key, email, email_key, password_hash, verified_at, role, created_at,
                           last_seen_at)
        select {UUID.format('n')}, 'person-' || n, 'person-' || n, n || '@bench.example', n || '@bench.example', 'x',
               now(), case n when 1 then 'admin' else 'shopper' end, now() - make_interval(mins => n),
               case when n % 3 = 0 then now() - make_interval(mins => n) end
        from generate_series(1, {EACH}) n;
        insert into sessions (id, token_hash, user_id, expires_at)
        values ('{uuid.UUID(int=1)}', sha256({TOKEN.format(1)}::bytea), '{uuid.UUID(int=1)}', now() + interval '1 day')""")
    psql(NAME, "vacuum analyze")


def found(where="true", order="p.updated_at desc, p.seq desc", page=1, of="products p"):
    """The table of products, as `services/office/products/table.rs` puts it together: how many, which, and what they show."""
    which = f"select p.seq from {of} where {where} order by {order} limit {SIZE} offset {(page - 1) * SIZE}"
    return [
        f"select count(*) from (select 1 from products p where {where} limit 10001) c;",
        with_values(statement("with ordinality f(seq, at)", 'as "sorted_title!"'), [f"array({which})"]),
        with_values(statement('as "path!" from tree order by place'), []),
    ]


def names(words, tags):
    return (f"((E'\\n' || p.title || E'\\n' || p.skus) ilike '%{words}%' "
            f"or p.search @@ to_tsquery('english', plain_text('{tags}')))")


def people(where="true", order="created_at desc, id desc"):
    """As `services/office/users/list.rs`."""
    columns = ("id, username, display_name, email, role, verified_at, blocked_at is not null as blocked, created_at, "
               "last_seen_at")
    return [
        f"select {columns} from users where {where} order by {order} limit {SIZE + 1};",
        f"select count(*) from (select 1 from users where {where} limit 10001) counted;",
    ]


def pages():
    """Each page's path, and the statements that it can't do without."""
    middle = uuid.UUID(int=EACH // 2)
    text = "(username || ' ' || display_name || ' ' || email)"
    after = f"(lower(username), id) > ((select lower(username) from users where id = '{middle}'), '{middle}')"
    return {
        "products, first page": ("/admin/products", found()),
        f"products, page {DEEP}": (f"/admin/products?page={DEEP}", found(page=DEEP)),
        "products, by title": ("/admin/products?sort=title", found(order="plain_text(p.title) asc, p.seq asc")),
        "products, by price": ("/admin/products?sort=price", found(order="coalesce(p.price_min, -1) asc, p.seq asc")),
        "products, by stock": (
            "/admin/products?sort=stock",
            found(order="k.on_hand asc, k.seq asc", of="product_stock k join products p on p.seq = k.seq")),
        "products, search, few": ("/admin/products?q=word77", found(names("word77", "word77:*C"))),
        "products, search, one number": (
            "/admin/products?q=THING-150000", found(names("THING-150000", "THING:*C & 150000:*C"))),
        "products, search, all numbers": ("/admin/products?q=THING-", found(names("THING-", "THING:*C"))),
        "users, first page": ("/admin/users", people()),
        "users, from the middle": (f"/admin/users?sort=username&after={middle}",
                                   people(after, "lower(username) asc, id asc")),
        "users, search, few": ("/admin/users?q=person-7777", people(f"{text} ilike '%person-7777%'")),
        "users, search, all": ("/admin/users?q=person", people(f"{text} ilike '%person%'")),
    }


def post(path, fields):
    """Seconds until a form was answered."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=180)
    started = time.monotonic()
    connection.request("POST", path, urllib.parse.urlencode(fields), {
        "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin", "Cookie": COOKIE})
    answer = connection.getresponse()
    said = answer.read()
    took = time.monotonic() - started
    connection.close()
    if answer.status != 200:
        sys.exit(f"error: {path} was answered with {answer.status}: {said[:300]!r}")
    return took, json.loads(said)


def bulk_edit(fields, kind):
    """Seconds for choosing, for looking ahead and for doing it, of everything that a search finds."""
    choosing, acted = post(BULK + "begin", {"which": "filter", "filter": "q=Common", "act": kind})
    edit = acted["path"].split("?")[0].rsplit("/", 1)[1]
    looking, _ = post(BULK + kind, {"edit": edit, **fields})
    seen = psql(NAME, f"select digest from bulk_edits where id = '{edit}'")
    doing, _ = post(BULK + "apply", {"edit": edit, "seen": seen, "page": f"/admin/products/bulk/{edit}"})
    return choosing, looking, doing


def measure(seconds, media):
    prepare(media)
    wanted = pages()
    sql = sql_times(NAME, media, {label: path for label, (path, _) in wanted.items()}, cookie=COOKIE)
    session = with_values(statement("from sessions s join users u", "seen_long_ago"), [f"sha256({TOKEN.format(1)}::bytea)"])
    rows = []
    for label, (path, statements) in wanted.items():
        say(label)
        ceiling = pgbench([session, *statements], seconds, NAME)
        with serve(NAME, 16, media) as server:
            server.ready(path, COOKIE)
            wrk(PORT, path, 1, COOKIE)
            rate, p50, p99, failed = wrk(PORT, path, seconds, COOKIE)
        queries, ms = sql[label]
        rows.append([label + (f" ({failed} failures)" if failed else ""), f"{rate:,.0f}", f"{p50:.1f}", f"{p99:.1f}",
                     f"{ceiling:,.0f}", f"{rate / ceiling:.0%}", f"{queries:.0f}", f"{ms:.2f}"])
    print(f"\n## Back office, {EACH:,} products and {EACH:,} people\n")
    print("Ceiling: what each page can't do without, through pgbench, prepared, over as many connections as the shop has.")
    table(["page", "requests/s", "p50 ms", "p99 ms", "ceiling/s", "of it", "queries", "SQL ms"], rows)

    say("The overview")
    looks = []
    for _ in range(5):
        with serve(NAME, 16, media) as server:
            server.ready("/readyz")
            started = time.monotonic()
            server.ready("/admin", COOKIE)
            looks.append(time.monotonic() - started)
            memory = server.pss_mib()
    print(f"\nThe overview's first look after a start: {sorted(looks)[2] * 1000:.0f} ms (median of five; "
          f"{memory:.0f} MiB).")

    say(f"Bulk edits of {BULK_ROWS:,} products")
    rows = []
    with serve(NAME, 16, media) as server:
        server.ready("/readyz")
        for label, kind, fields in (("status", "status", {"status": "archived"}), ("a tag", "tags", {"add": "bench"})):
            times = bulk_edit(fields, kind)
            rows.append([label, *(f"{took * 1000:,.0f}" for took in times), f"{BULK_ROWS / times[2]:,.0f}"])
    done = int(psql(NAME, "select count(*) from products where status = 'archived' and 'bench' = any(tags)"))
    if done != BULK_ROWS:
        sys.exit(f"error: {done} of {BULK_ROWS} products were changed")
    print(f"\n### Bulk edits of {BULK_ROWS:,} products")
    table(["what", "choosing ms", "preview ms", "applying ms", "products/s"], rows)
