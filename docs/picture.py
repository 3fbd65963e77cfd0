"""Draws docs/picture.svg: a terminal in which nlbswitch does its work. `--check` only says whether it is current."""

import html
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "picture.svg"
COMMANDS = [
    "lint fixtures/story/circulating-line.yaml --select NLB101",
    "generate fixtures/story/recommended.yaml --switch core1",
]
COLOURS = {"31": "#ff7b72", "91": "#ff7b72", "33": "#e3b341", "93": "#e3b341", "34": "#79c0ff", "94": "#79c0ff",
           "32": "#7ee787", "92": "#7ee787", "36": "#76e3ea", "96": "#76e3ea"}
CELL, LINE, PAD, COLUMNS = 8.0, 18, 18, 112


def output(command):
    run = subprocess.run(
        ["cargo", "run", "--quiet", "--locked", "--", "--color", "always", *command.split()],
        cwd=ROOT, capture_output=True, text=True,
    )
    return run.stdout.rstrip("\n").splitlines()


def spans(line):
    """A line with terminal colours as (text, colour, bold) pieces."""
    colour, bold, pieces = None, False, []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            codes = [code.lstrip("0") for code in part[2:-1].split(";")]
            for index, code in enumerate(codes):
                if code == "":
                    colour, bold = None, False
                elif code == "1":
                    bold = True
                elif code in COLOURS:
                    colour = COLOURS[code]
                elif code == "38" and codes[index + 1:index + 2] == ["5"]:
                    number = codes[index + 2] or "0"
                    colour = {"9": "#ff7b72", "12": "#79c0ff", "11": "#e3b341", "10": "#7ee787"}.get(number, colour)
                    break
        elif part:
            pieces.append((part, colour, bold))
    return pieces


def comment(line):
    return line.lstrip().startswith("!")


def draw():
    lines = []
    for command in COMMANDS:
        lines.append([("$ ", "#7ee787", True), ("nlbswitch " + command, "#f0f6fc", True)])
        for line in output(command):
            lines.append([(line, "#8b949e", False)] if comment(line) else spans(line))
        lines.append([])
    lines.pop()
    width, height = COLUMNS * CELL + 2 * PAD, len(lines) * LINE + 2 * PAD + 24
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        'aria-label="A terminal: nlbswitch lint finds a wrong ARP line, nlbswitch generate prints the right ones">',
        f'<rect width="{width:g}" height="{height:g}" rx="10" fill="#0d1117"/>',
        *(f'<circle cx="{22 + 20 * n}" cy="20" r="6" fill="{c}"/>' for n, c in enumerate(["#ff5f56", "#ffbd2e", "#27c93f"])),
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13.2" xml:space="preserve">',
    ]
    for number, pieces in enumerate(lines):
        y, column = PAD + 40 + number * LINE, 0
        for text, colour, bold in pieces:
            text = text[: COLUMNS - column]
            weight = ' font-weight="600"' if bold else ""
            length = f' textLength="{len(text) * CELL:g}" lengthAdjust="spacingAndGlyphs"' if text.strip() else ""
            out.append(f'<text x="{PAD + column * CELL:g}" y="{y}" fill="{colour or "#c9d1d9"}"{weight}{length}>'
                       f"{html.escape(text)}</text>")
            column += len(text)
    out += ["</g>", "</svg>", ""]
    return "\n".join(out)


picture = draw()
if "--check" in sys.argv:
    if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != picture:
        sys.exit("docs/picture.svg is not current: run python3 docs/picture.py")
    print("docs/picture.svg is current")
else:
    PICTURE.write_text(picture, encoding="utf-8")
