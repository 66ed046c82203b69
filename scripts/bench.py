"""Measures the shop. Started by scripts/bench, which brings up what this needs.

Every figure is taken beside its ceiling in the same run: machines differ, ratios travel better.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

import bench_accounts
import bench_cart
import bench_office
import bench_pictures
from bench_shop import (
    CEILING, CEILING_PORT, PORT, SHOP, Server, database, forget_settings, psql, say, serve, sql_times, table, wrk,
)

COLOURS = ["Sage", "Rust", "Ink", "Clay", "Oat", "Smoke"]
SIZES = ["Small", "Medium", "Large"]


def generate(source, products, target):
    """`products` products out of the real file's; every fifth gets colours and sizes, so that there is what to filter."""
    rows = list(csv.DictReader(source.open(encoding="utf-8", newline="")))
    columns = list(rows[0])
    columns[columns.index("Option1 Value") + 1 : columns.index("Option1 Value") + 1] = ["Option2 Name", "Option2 Value"]
    made = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        turn = 0
        while made < products:
            for at, row in enumerate(rows[: products - made]):
                suffix = f"-{turn}" if turn else ""
                row = dict(row)
                row["Handle"] += suffix
                row["Title"] = f"{row['Title'][:240]} {turn}" if turn else row["Title"]
                sku = row["Variant SKU"] + suffix
                if at % 5:
                    row["Variant SKU"] = sku
                    writer.writerow(row)
                else:
                    first = True
                    for colour in range(2):
                        for size in range(2):
                            line = dict(row) if first else {"Handle": row["Handle"]}
                            line["Variant SKU"] = f"{sku}-{colour}{size}"
                            line["Option1 Value"] = COLOURS[(at // 5 + colour) % 6]
                            line["Option2 Value"] = SIZES[(at // 5 + size) % 3]
                            if first:
                                line["Option1 Name"], line["Option2 Name"] = "Colour", "Size"
                            for column in ("Variant Price", "Variant Compare At Price", "Variant Inventory Qty"):
                                line[column] = row[column]
                            writer.writerow(line)
                            first = False
            made += min(len(rows), products - made)
            turn += 1
    return made


def pages(server):
    """The measured pages, made of what the catalogue holds."""
    listing = json.loads(server.ready("/api/catalog/listing?search="))
    deep = max(1, listing["pages"] * 2 // 3)
    category = listing["facets"]["categories"]["values"][0]["value"]
    product = listing["cards"][len(listing["cards"]) // 2]["slug"]
    quote = urllib.parse.quote
    return {
        "listing, page 1": "/products",
        f"listing, page {deep:,}": f"/products?page={deep}",
        "listing, two filters": "/products?option.colour=sage&in_stock=true",
        "category": f"/categories/{quote(category)}",
        "search, two words": "/search?q=cotton+shirt",
        "search, one common word": "/search?q=women",
        "product": f"/products/{quote(product)}",
        "home": "/",
    }


def downloads(name):
    """What a first visit to a shopper's page loads, after Brotli: its code and styles, not its pictures."""
    with serve(name, 16, tempfile.gettempdir()) as server:
        html = server.ready("/products").decode()
    names = set(re.findall(r'/pkg/[^"\'\\ ]+', html))
    hashes = dict(line.split(": ") for line in Path("target/release/hash.txt").read_text().splitlines() if ": " in line)
    names |= {f"/pkg/shopfront.{hashes[kind].strip()}.{kind}" for kind in ("js", "wasm", "css") if kind in hashes}
    if "split" in hashes:
        names.add(f"/pkg/__wasm_split.{hashes['split'].strip()}.js")
    sizes = {"JS": 0, "WASM": 0, "CSS": 0}
    for name in names:
        compressed = Path(f"target/site{name}.br")
        kind = {".js": "JS", ".wasm": "WASM", ".css": "CSS"}.get(Path(name).suffix)
        if kind and not compressed.exists():
            sys.exit(f"error: {compressed} isn't there, though pages load it: build anew")
        if kind:
            sizes[kind] += compressed.stat().st_size
    fonts = sum(path.stat().st_size for path in Path("target/site/fonts").glob("*.woff2"))
    return sizes, fonts


def measure(products, source, seconds, media, work):
    name = f"bench_{products}"
    psql("postgres", f"drop database if exists {name} with (force)")
    psql("postgres", f"create database {name}")
    file = work / f"{products}.csv"
    say(f"Writing {products:,} products")
    generate(source, products, file)
    env = {**os.environ, "DATABASE_URL": database(name)}
    subprocess.run([SHOP, "migrate", "--log", "warn"], env=env, check=True)
    say(f"Importing {products:,} products")
    lines = sum(1 for _ in csv.reader(file.open(encoding="utf-8", newline=""))) - 1
    started = time.monotonic()
    subprocess.run([SHOP, "import", str(file), "--log", "warn"], env=env, check=True, stdout=subprocess.DEVNULL)
    imported = time.monotonic() - started
    file.unlink()
    psql(name, "vacuum analyze")

    with serve(name, 16, media) as server:
        paths = pages(server)
    say("SQL times")
    sql = sql_times(name, media, paths)

    served, rendered, ceiling = {}, {}, {}
    with Server([CEILING, f"127.0.0.1:{CEILING_PORT}"], CEILING_PORT) as floor:
        floor.ready("/1")
        with serve(name, 16, media) as server:
            server.ready("/readyz")
            for label, path in paths.items():
                say(f"{label}, as served")
                size = len(server.ready(path))
                wrk(PORT, path, 1)
                served[label] = (size, *wrk(PORT, path, seconds))
                ceiling[label] = wrk(CEILING_PORT, f"/{size}", seconds)[0]
            memory = server.pss_mib()
        with serve(name, 0, media) as server:
            server.ready("/readyz")
            for label, path in paths.items():
                say(f"{label}, rendered")
                server.ready(path)
                wrk(PORT, path, 1)
                rendered[label] = wrk(PORT, path, seconds)

    print(f"\n## {products:,} products")
    print(f"\nImport: {lines:,} rows in {imported:.1f} s, {lines / imported:,.0f} rows a second. "
          f"Memory of the shop after load: {memory:.0f} MiB (PSS).")
    rows = []
    for label in paths:
        size, rate, p50, p99, failed = served[label]
        cold, cold50, cold99, cold_failed = rendered[label]
        queries, ms = sql[label]
        rows.append([
            label + (" (failures)" if failed or cold_failed else ""),
            f"{size / 1000:.0f}",
            f"{ceiling[label]:,.0f}",
            f"{rate:,.0f}",
            f"{rate / ceiling[label]:.0%}",
            f"{p50:.1f}",
            f"{p99:.1f}",
            f"{cold:,.0f}",
            f"{cold50:.1f}",
            f"{cold99:.1f}",
            f"{queries:.0f}",
            f"{ms:.2f}",
        ])
    table(["page", "kB", "ceiling/s", "served/s", "of ceiling", "p50 ms", "p99 ms", "rendered/s", "p50 ms", "p99 ms",
           "queries", "SQL ms"], rows)
    return served, rendered, sql


def catalogue(arguments, folder, work):
    source = arguments.catalogue or folder / "marketplace-15k.csv"
    if not source.exists():
        sys.exit(f"error: {source} isn't there: name a Shopify product CSV with --catalogue")
    media = str(work / "media")
    results = []
    for size in map(int, arguments.sizes.split(",")):
        results.append((size, *measure(size, source, arguments.seconds, media, work)))
    if len(results) > 1:
        (small, _, cold_small, sql_small), (large, _, cold_large, sql_large) = results[0], results[-1]
        rows = [
            [a, f"{cold_small[a][0] / cold_large[b][0]:.2f} ×", f"{sql_small[a][1]:.2f}", f"{sql_large[b][1]:.2f}"]
            for a, b in zip(cold_small, cold_large)
        ]
        print(f"\n## What a page costs at {large:,} products, as a multiple of {small:,}, every cache off")
        table(["page", "cost", f"SQL ms at {small:,}", f"SQL ms at {large:,}"], rows)
    sizes, fonts = downloads(f"bench_{results[0][0]}")
    total = sum(sizes.values())
    print("\n## A first visit, after Brotli\n")
    print(", ".join(f"{kind} {size / 1000:.1f} kB" for kind, size in sizes.items()) +
          f": {total / 1000:.1f} kB (aim 230). Fonts {fonts / 1000:.1f} kB.")



def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--only", choices=["catalogue", "accounts", "cart", "pictures", "office"])
    arguments.add_argument("--sizes", default="15000,300000")
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--catalogue", type=Path)
    arguments.add_argument("--samples", type=int, default=200, help="of each kind, for the accounts' times")
    arguments.add_argument("--logins", type=int, default=500, help="at once, for the memory that they take")
    arguments.add_argument("--pictures", type=int, default=60, help="uploaded in each turn")
    arguments = arguments.parse_args()
    folder = Path(os.environ.get("SHOPFRONT_CATALOGUES", "../shared/catalogue"))
    forget_settings()
    with tempfile.TemporaryDirectory() as work:
        media = str(Path(work) / "media")
        if arguments.only in (None, "catalogue"):
            catalogue(arguments, folder, Path(work))
        if arguments.only in (None, "accounts"):
            bench_accounts.measure(arguments.seconds, arguments.samples, arguments.logins, media)
        if arguments.only in (None, "cart"):
            bench_cart.measure(arguments.seconds, media)
        if arguments.only in (None, "pictures"):
            bench_pictures.measure(arguments.pictures, media, Path(work))
        if arguments.only in (None, "office"):
            bench_office.measure(arguments.seconds, media)


main()
