"""Licences, bans and size of the dependency tree, read from `cargo metadata`: what is checked where cargo-deny is not
installed. The allowed licences and banned crates are those of deny.toml."""

import json
import re
import subprocess
import sys
import tomllib

LARGEST_TREE = 95  # crates in a release build: "about 90", and the JUnit writer brings eight

deny = tomllib.load(open("deny.toml", "rb"))
allowed = set(deny["licenses"]["allow"])
banned = {ban["crate"]: ban["reason"] for ban in deny["bans"]["deny"]}
metadata = json.loads(
    subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], check=True, capture_output=True).stdout
)


def is_allowed(expression):
    """An SPDX expression holds when one of its alternatives has only allowed licences."""
    words = re.sub(r"\s+WITH\s+\S+", "", expression.replace("/", " OR "))
    tokens = re.findall(r"\(|\)|AND|OR|[^\s()]+", words)
    python = " ".join(
        token if token in "()" else token.lower() if token in ("AND", "OR") else str(token in allowed) for token in tokens
    )
    return bool(re.fullmatch(r"[()\s]*((True|False|and|or)[()\s]*)+", python)) and eval(python)


wrong = []
for package in metadata["packages"]:
    if package["name"] in banned:
        wrong.append(f"{package['name']} is banned: {banned[package['name']]}")
    if package["source"] and not package["source"].startswith("registry+"):
        wrong.append(f"{package['name']} does not come from the registry")
    if package["source"] and not is_allowed(package["license"] or ""):
        wrong.append(f"{package['name']} {package['version']}: licence {package['license']}")

tree = subprocess.run(
    ["cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"],
    check=True, capture_output=True, text=True,
).stdout
crates = {line.replace(" (*)", "").strip() for line in tree.splitlines() if line.strip()}
if len(crates) > LARGEST_TREE:
    wrong.append(f"the release tree has {len(crates)} crates, more than {LARGEST_TREE}")

print(f"licences: {len(metadata['packages'])} packages, {len(crates)} crates in the release tree")
if wrong:
    sys.exit("\n".join(wrong))
