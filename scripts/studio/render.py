"""Renders the demo shop's pictures. The results are committed, so nobody needs this to run
the shop; it is here so that the pictures can be changed and new ones match the old.

    pip install bpy==4.5.15 pillow numpy        (Python 3.11)
    python render.py OUT                        everything that OUT lacks
    python render.py OUT tarn scree             names that begin with one of these
    python render.py OUT --draft tarn           200 px and few samples, to judge a form
    python render.py OUT --again tarn           replace what is there
"""

import argparse
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from PIL import Image

import studio
from products import PICTURES

QUALITY = 89


def wanted(arguments):
    out = Path(arguments.out)
    for name, picture in sorted(PICTURES.items(), key=lambda item: item[1].order):
        if arguments.names and not name.startswith(tuple(arguments.names)):
            continue
        file = out / (f"{name}.png" if arguments.draft else f"{name}.webp")
        if arguments.again or not file.exists():
            yield name, picture, file


def main():
    parser = argparse.ArgumentParser(description="Render the demo shop's pictures.")
    parser.add_argument("out")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--draft", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--limit", type=int, help="stop after so many pictures")
    arguments = parser.parse_intermixed_args()
    Path(arguments.out).mkdir(parents=True, exist_ok=True)

    failed = []
    for name, picture, file in islice(wanted(arguments), arguments.limit):
        started = time.time()
        width, height = picture.size
        if arguments.draft:
            width, height = (round(side / 3.2) for side in (width, height))
        try:
            scene = studio.open_studio(width, height, 10 if arguments.draft else arguments.samples)
            raw = file if arguments.draft else Path(tempfile.gettempdir()) / f"{name}.png"
            studio.shoot(scene, picture.build, str(raw), picture.fill, picture.low, picture.dim)
            if not arguments.draft:
                with Image.open(raw) as image:
                    image.convert("RGB").save(file, quality=QUALITY, method=6)
                raw.unlink()
            print(f"{name}: {time.time() - started:.0f} s", flush=True)
        except Exception as error:  # one broken scene must not stop a night of rendering
            failed.append(name)
            print(f"{name}: failed: {error!r}", flush=True)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
