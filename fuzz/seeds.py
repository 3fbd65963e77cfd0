#!/usr/bin/env python3
"""The beginnings of the corpora: fuzz/seeds and what the fixtures and the rules' pages hold, into fuzz/corpus.

A config is led by the octet that chooses its dialect: the number of its pack among all, by name.
"""

import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
CORPUS = HERE / "corpus"
PACKS = sorted(path.stem for path in (ROOT / "vendors").glob("*.yaml") if path.stem != "foreign")
BLOCK = re.compile(r"^```(yaml|config \S+(?: \S+)?)\n(.*?)^```", re.MULTILINE | re.DOTALL)
VENDOR = re.compile(r"vendor: *([\w-]+)")
ALIASES = {"ios": "cisco-ios", "nxos": "cisco-nxos", "eos": "arista-eos", "ftos": "dell-force10", "powerconnect": "dell-powerconnect-5400"}


def put(target, name, octets):
    place = CORPUS / target
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(octets)


def config(name, packs, octets):
    for pack in packs:
        for target in ("config", "lint"):
            put(target, f"{name}-{pack}", bytes([PACKS.index(pack)]) + octets)


for seed in sorted((HERE / "seeds").glob("*/*")):
    put(seed.parent.name, seed.name, seed.read_bytes())

for fixture in sorted((ROOT / "fixtures").rglob("*.cfg")):
    own = [pack for pack in PACKS if fixture.name.startswith(f"{pack}.")]
    config(fixture.stem, own or PACKS, fixture.read_bytes())

for fixture in sorted((ROOT / "fixtures").rglob("*.yaml")):
    put("design", f"{fixture.parent.name}-{fixture.stem}", fixture.read_bytes())

for page in sorted((ROOT / "docs/rules").glob("*.md")):
    text = page.read_text()
    named = {ALIASES.get(word, word) for word in VENDOR.findall(text)}
    for number, (kind, block) in enumerate(BLOCK.findall(text)):
        name = f"{page.stem}-{number}"
        if kind == "yaml":
            put("design", name, block.encode())
        else:
            said = {word for word in kind.split() if word in PACKS}
            config(name, sorted((said or named) & set(PACKS)) or PACKS[:2], block.encode())

for target in sorted(CORPUS.iterdir()):
    print(f"{target.name}: {len(list(target.iterdir()))} seeds and finds")
