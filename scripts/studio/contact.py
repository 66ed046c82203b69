"""A contact sheet, for looking at many pictures at once.

    python contact.py SHEET.png PICTURE...
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

CELL, LABEL, COLUMNS = 260, 16, 6


def main(sheet, *files):
    rows = -(-len(files) // COLUMNS)
    board = Image.new("RGB", (COLUMNS * CELL, rows * (CELL + LABEL)), "white")
    pen = ImageDraw.Draw(board)
    for i, file in enumerate(files):
        x, y = i % COLUMNS * CELL, i // COLUMNS * (CELL + LABEL)
        with Image.open(file) as picture:
            picture = picture.convert("RGB")
            picture.thumbnail((CELL - 4, CELL - 4))
            board.paste(picture, (x, y))
        pen.text((x + 4, y + CELL), Path(file).stem, fill="black")
    board.save(sheet)


if __name__ == "__main__":
    main(*sys.argv[1:])
