"""The pictures' part of the bench: photographs uploaded at once, how many a second, and how much memory that takes."""

import http.client
import os
import re
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench_shop import PORT, SHOP, database, psql, say, serve, table

NAME = "bench_pictures"
PHOTOS = "target/release/examples/photos"
# As shops of this kind photograph: square, two thousand pixels a side.
SIDE = 2000
UPLOAD = "/api/admin/pictures/upload"
TOKEN = "1".zfill(43)
BOUNDARY = "a-bench-of-pictures"
AT_ONCE = (1, 4, 16)
# An upload waits this long for its picture: what is measured is when it is there.
PATIENT = {"SHOPFRONT_PICTURE_WAIT_SECONDS": "60"}


def prepare(media, products):
    psql("postgres", f"drop database if exists {NAME} with (force)")
    psql("postgres", f"create database {NAME}")
    subprocess.run([SHOP, "migrate", "--media-dir", media, "--log", "warn"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "DATABASE_URL": database(NAME)})
    psql(NAME, f"""
        insert into users (id, username, username_key, email, email_key, verified_at, role)
        values ('{uuid.UUID(int=1)}', 'bench', 'bench', 'b@bench.example', 'b@bench.example', now(), 'editor');
        insert into sessions (id, token_hash, user_id, expires_at)
        values ('{uuid.UUID(int=1)}', sha256('{TOKEN}'::bytea), '{uuid.UUID(int=1)}', now() + interval '1 day');
        insert into products (id, slug, title, status)
        select lpad(to_hex(n), 32, '0')::uuid, 'thing-' || n, 'Thing ' || n, 'active'
        from generate_series(1, {products}) n""")


def form(product, photo):
    def part(head, content):
        return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
    return b"".join([
        part('name="product"', str(product).encode()),
        part('name="pictures"; filename="photo.jpg"', photo),
        f"--{BOUNDARY}--\r\n".encode(),
    ])


def upload(product, path):
    """Seconds until the picture was there."""
    body = form(product, path.read_bytes())
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=180)
    connection.request("POST", UPLOAD, body, {
        "Accept": "application/json", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Sec-Fetch-Site": "same-origin", "Cookie": f"session={TOKEN}"})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != 200:
        # 202: it is still being prepared.
        sys.exit(f"error: an upload was answered with {answer.status}: {said[:300]!r}")
    return time.monotonic() - started


def peak_mib(server):
    """The most memory that the server has had at once."""
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+)", text, re.M).group(1)) / 1024


def measure(pictures, media, work):
    folder = work / "photos"
    say(f"Making {pictures * len(AT_ONCE)} photographs")
    subprocess.run([PHOTOS, str(folder), str(pictures * len(AT_ONCE)), str(SIDE)], check=True)
    photos = sorted(folder.iterdir())
    prepare(media, len(photos))
    size = sum(path.stat().st_size for path in photos) / len(photos)
    rows = []
    for turn, at_once in enumerate(AT_ONCE):
        say(f"{at_once} at once")
        # A server of its own for each, as memory has no way back from its peak.
        with serve(NAME, 16, media, settings=PATIENT) as server:
            server.ready("/readyz")
            idle = peak_mib(server)
            mine = [(uuid.UUID(int=at + 1), photos[at]) for at in range(turn * pictures, (turn + 1) * pictures)]
            started = time.monotonic()
            with ThreadPoolExecutor(at_once) as pool:
                times = sorted(pool.map(lambda one: upload(*one), mine))
            took = time.monotonic() - started
            rows.append([at_once, f"{pictures / took:.1f}", f"{times[len(times) // 2]:.2f}", f"{times[-1]:.2f}",
                         f"{idle:.0f}", f"{peak_mib(server):.0f}"])
    stored = int(psql(NAME, "select count(*) from product_images where media_id is not null"))
    if stored != len(photos):
        sys.exit(f"error: {stored} of {len(photos)} pictures are there")
    print(f"\n## Pictures: JPEGs of {SIDE:,} × {SIDE:,} pixels, {size / 1e6:.1f} MB each, {pictures} a turn, "
          f"{os.cpu_count()} cores\n")
    print("From the first byte sent to the picture there: kept, queued, decoded, scaled and encoded in six widths. "
          "Memory is the peak of the whole server (resident).")
    table(["at once", "pictures/s", "p50 s", "longest s", "MiB before", "MiB at most"], rows)
