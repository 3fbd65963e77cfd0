#!/usr/bin/env python3
"""What we read of interfaces, VLANs and port-channels against netcanon, on the configs of the corpus.

    python3 benches/netcanon.py [--shared DIR] [--show N]

Makes a virtual environment in a temporary directory, installs netcanon in it, runs `examples/readings.rs`, and prints
for each dialect and thing how many values both readers have alike, and how many only one has. `--show` prints so many
of the differences of each sort, to be looked into. What came of that stands in README.md beside this script.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("device", "whole", "small")
CODECS = {
    "cisco-ios": "cisco_iosxe_cli",
    "cisco-nxos": "cisco_nxos",
    "arista-eos": "arista_eos",
    "juniper-junos": "juniper_junos",
    "hpe-arubaos-switch": "aruba_aoss",
    "aruba-cx": "aruba_aoscx",
    "dell-os10": "dell_os10",
}
THEIRS = """
import json, sys
import netcanon.migration.codecs
from netcanon.migration.codecs.registry import get_codec
for line in sys.stdin:
    path, codec = json.loads(line)
    text = open(path, encoding="utf-8", errors="replace").read()
    try:
        tree = get_codec(codec).parse(text)
        print(json.dumps({"path": path, "tree": tree.model_dump()}))
    except Exception as error:
        print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"}))
"""


def vlan_set(text) -> frozenset[int]:
    """`10,20-22` as numbers."""
    found = set()
    for part in str(text).split(","):
        first, _, last = part.strip().partition("-")
        if first.isdigit():
            found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


SHORT = {"e": "ethernet", "gi": "gigabitethernet", "te": "tengigabitethernet", "po": "port-channel"}
# We read what is said of ports and SVIs, not of these.
BESIDE = re.compile(r"(?:lo\d|fxp|em\d|me\d|vme|loopback|tunnel|mgmt|management|dialer|nve|vxlan|bvi|bdi|oobm|virtual)")


def name(port: str) -> str:
    """A port in one spelling, whoever wrote it."""
    port = re.sub(r"\s", "", str(port)).lower()
    kind = re.match(r"[a-z]*", port)[0]
    return SHORT.get(kind, kind) + port[len(kind):]


def ours(entries: list[dict]) -> dict[str, dict]:
    """The things we compare, by what they are of."""
    things: dict[str, dict] = defaultdict(dict)
    for entry in entries:
        kind, value, port = entry["kind"], entry.get("value"), entry.get("port")
        if kind == "hostname":
            things["hostname"]["-"] = value
        elif kind == "vlan" and value:
            things["vlan"][entry["vlan"]] = True
        elif kind == "vlan-name":
            things["vlan-name"][entry["vlan"]] = str(value).strip('"')
        elif kind == "access-vlan" and port:
            things["access-vlan"][name(port)] = value
        elif kind == "native-vlan" and port:
            things["native-vlan"][name(port)] = value
        elif kind == "trunk-vlans" and port:
            things["trunk-vlans"][name(port)] = vlan_set(value)
        elif kind == "lag" and port:
            things["lag"][name(port)] = value
        elif kind == "address" and "svi" in entry:
            things["svi-address"][entry["svi"]] = value
        elif kind == "address" and port:
            things["port-address"][name(port)] = value
    return things


def theirs(tree: dict) -> dict[str, dict]:
    """The same of netcanon's tree."""
    things: dict[str, dict] = defaultdict(dict)
    if tree["hostname"]:
        things["hostname"]["-"] = tree["hostname"]
    for vlan in tree["vlans"]:
        things["vlan"][vlan["id"]] = True
        if vlan["name"]:
            things["vlan-name"][vlan["id"]] = vlan["name"]
    for interface in tree["interfaces"]:
        port = name(interface["name"])
        if BESIDE.match(port):
            continue
        svi = re.fullmatch(r"(?:vlan|irb\.|vlan\.)(\d+)", port)
        if interface["access_vlan"]:
            things["access-vlan"][port] = interface["access_vlan"]
        if interface["trunk_native_vlan"]:
            things["native-vlan"][port] = interface["trunk_native_vlan"]
        if interface["trunk_allowed_vlans"]:
            things["trunk-vlans"][port] = frozenset(interface["trunk_allowed_vlans"])
        if interface["lag_member_of"]:
            number = re.search(r"(\d+)$", interface["lag_member_of"])
            things["lag"][port] = int(number[1]) if number else interface["lag_member_of"]
        for address in interface.get("ipv4_addresses") or []:
            if not address["is_secondary"] and address["ip"]:
                text = f"{address['ip']}/{address['prefix_length']}"
                if svi:
                    things["svi-address"].setdefault(int(svi[1]), text)
                else:
                    things["port-address"].setdefault(port, text)
    return things


def run(command: list[str], **kwargs) -> str:
    return subprocess.run(command, check=True, text=True, capture_output=True, **kwargs).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    corpus = arguments.shared / "corpus"
    if not (corpus / "manifest.tsv").is_file():
        print(f"there is no corpus in {corpus}: nothing to compare", file=sys.stderr)
        return 2
    with open(corpus / "manifest.tsv", encoding="utf-8") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if row["kind"] in KINDS]
    paths = [str(corpus / row["file"]) for row in rows]
    command = ["cargo", "run", "--quiet", "--example", "readings", "--", *paths]
    readings = [json.loads(line) for line in run(command, cwd=ROOT).splitlines()]
    known = [reading for reading in readings if reading["pack"] in CODECS]
    with tempfile.TemporaryDirectory() as directory:
        run([sys.executable, "-m", "venv", directory])
        python = Path(directory) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        run([str(python), "-m", "pip", "install", "--quiet", "netcanon==0.7.7"])
        asked = "".join(json.dumps([reading["path"], CODECS[reading["pack"]]]) + "\n" for reading in known)
        answers = [json.loads(line) for line in run([str(python), "-c", THEIRS], input=asked).splitlines()]
    counts: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    examples: dict[tuple, list[str]] = defaultdict(list)
    refused: dict[str, list[str]] = defaultdict(list)
    for reading, answer in zip(known, answers, strict=True):
        pack = reading["pack"]
        if "error" in answer:
            refused[pack].append(f"{Path(reading['path']).name}: {answer['error']}"[:200])
            continue
        mine, other = ours(reading["entries"]), theirs(answer["tree"])
        for thing in sorted(set(mine) | set(other)):
            for of in set(mine[thing]) | set(other[thing]):
                one, two = mine[thing].get(of), other[thing].get(of)
                sort = 0 if one == two else 1 if two is None else 2 if one is None else 3
                counts[pack, thing][sort] += 1
                if sort:
                    shown = [sorted(side) if isinstance(side, frozenset) else side for side in (one, two)]
                    text = f"{Path(reading['path']).name}: {of}: ours {shown[0]}, theirs {shown[1]}"
                    examples[pack, thing, sort].append(text[:200])
    print(f"{'dialect':20} {'thing':13} {'alike':>7} {'only ours':>10} {'only theirs':>12} {'otherwise':>10}")
    for (pack, thing), sorts in sorted(counts.items()):
        print(f"{pack:20} {thing:13} {sorts[0]:7} {sorts[1]:10} {sorts[2]:12} {sorts[3]:10}")
        for sort, word in ((1, "only ours"), (2, "only theirs"), (3, "otherwise")):
            for text in examples[pack, thing, sort][: arguments.show]:
                print(f"    {word}: {text}")
    for pack, errors in sorted(refused.items()):
        print(f"netcanon refuses {len(errors)} configs of {pack}")
        for error in errors[: arguments.show]:
            print(f"    {error}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
