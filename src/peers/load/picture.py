"""Draws how many times as many requests a CPU-second the service answers as its peers, from what load.py measured."""

import json
import math

# of the middle, so that they are seen on white and on black
TEXT, GRID, BLUE, ORANGE = "#737d88", "#8b949e", "#3b82d6", "#d9772b"
GROUPS = [
    ("json", "ordinary", "JSON, FastAPI with pydantic"),
    ("json", "tuned", "JSON, FastAPI with orjson"),
    ("npz", "tuned", "npz, FastAPI with numpy"),
    ("safetensors", "tuned", "safetensors, FastAPI"),
]
SHAPES = ["3x3", "64x10", "1024x100", "1024x1000"]
LEFT, RIGHT, TOP, ROW, GAP = 96, 700, 84, 20, 34
TICKS = [0.5, 1, 2, 4, 8, 16, 32]


def x(ratio):
    span = math.log(TICKS[-1] / TICKS[0])
    return LEFT + (RIGHT - LEFT) * math.log(min(max(ratio, TICKS[0]), TICKS[-1]) / TICKS[0]) / span


def text(at, y, words, anchor="start", weight="normal", size=12):
    style = f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{at:.1f}" y="{y:.1f}" {style} fill="{TEXT}">{words}</text>'


def mark(at, y, dtype, p):
    """Round for p = 1 and square for p = 2, blue for float32 and orange for float64."""
    colour = BLUE if dtype == "float32" else ORANGE
    if p == "p=1":
        return f'<circle cx="{at:.1f}" cy="{y:.1f}" r="5" fill="{colour}" fill-opacity="0.85"/>'
    return f'<rect x="{at - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{colour}" fill-opacity="0.85"/>'


def legend():
    at = LEFT
    for dtype in ("float32", "float64"):
        for p in ("p=1", "p=2"):
            yield mark(at + 5, 52, dtype, p)
            yield text(at + 16, 56, f"{dtype}, {p.replace('=', ' = ')}")
            at += 120


def grid(top, bottom):
    for tick in TICKS:
        width, opacity = (2, 0.9) if tick == 1 else (1, 0.3)
        yield (
            f'<line x1="{x(tick):.1f}" y1="{top}" x2="{x(tick):.1f}" y2="{bottom}" stroke="{GRID}" '
            f'stroke-width="{width}" stroke-opacity="{opacity}"/>'
        )


def draw(results, file):
    """From the cells' files in a folder to an SVG."""
    cells = {}
    for result in map(json.loads, (path.read_text() for path in results.glob("*.json"))):
        shape, form, dtype, p = result["cell"].split(" ")
        cells.setdefault((form, shape), []).append((dtype, p, result["results"]))
    parts = [
        text(LEFT, 22, "Requests for each CPU-second of the server: times as many as the peer", weight="bold", size=14),
        *legend(),
    ]
    y = TOP
    for form, peer, title in GROUPS:
        parts.append(text(LEFT + 6, y + 7, title, weight="bold"))
        y += ROW + 4
        parts += grid(y - ROW / 2, y + ROW * (len(SHAPES) - 0.5))
        for shape in SHAPES:
            parts.append(text(LEFT - 12, y + 4, shape.replace("x", "×"), "end"))
            for dtype, p, measured in sorted(cells.get((form, shape), []), key=lambda cell: cell[:2]):
                parts.append(mark(x(measured["service"]["cpu"] / measured[peer]["cpu"]), y, dtype, p))
            y += ROW
        y += GAP - ROW
    parts += [text(x(tick), y - 4, "as many" if tick == 1 else f"{tick:g}×", "middle") for tick in TICKS]
    height = y + 8
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 {height}" width="740" height="{height}"'
    fonts = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"'
    file.write_text("\n".join([f"{frame} {fonts}>", *parts, "</svg>", ""]))
