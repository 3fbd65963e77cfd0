"""The page of a review and the pictures of traces, tried in Debian's Chromium, which Node drives (`tests/browser/`): what
is on the console, what is asked of the network, filters, keys, paper, and what axe says.

Usage: browser.py BINARY
"""

import os
import shutil
import subprocess
import sys
import tempfile

binary = os.path.abspath(sys.argv[1])
tests = os.path.join(os.getcwd(), "tests", "browser")
fixtures = os.path.join(os.getcwd(), "fixtures", "browser")

chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
missing = [name for name, path in (("chromium", chromium), ("node", shutil.which("node")), ("npm", shutil.which("npm"))) if not path]
if missing:
    print(f"skipped: {' and '.join(missing)} not found (Debian: apt-get install chromium nodejs npm)")
    sys.exit(0)


def run(*command, codes=(0,)):
    ran = subprocess.run(command, capture_output=True, text=True, cwd=fixtures)
    assert ran.returncode in codes, (command, ran.returncode, ran.stdout[-2000:], ran.stderr)
    return ran.stdout


def large():
    """A design with 12 switches and 32 nodes."""
    nodes = ", ".join(f"{{name: nlb{n}, attach: acc{n % 11 + 1} Gi1/0/{n // 11 + 1}}}" for n in range(32))
    access = "".join(
        f"  - {{name: acc{n}, vendor: ios, platform: catalyst-3750, links: [Gi1/0/48 core Gi1/0/{n}]}}\n" for n in range(1, 12)
    )
    return (
        "clusters:\n"
        f"  - {{name: farm, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{nodes}]}}\n"
        f"switches:\n  - {{name: core, vendor: ios, platform: catalyst-3750, gateway: true}}\n{access}"
    )


subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=tests, check=True)
with tempfile.TemporaryDirectory() as directory:
    pages = []

    def page(name, *command, codes=(0,)):
        path = os.path.join(directory, name)
        with open(path, "w") as file:
            file.write(run(binary, *command, codes=codes))
        pages.append(path)

    with open(os.path.join(directory, "large.yaml"), "w") as file:
        file.write(large())
    page("site.html", "review", "site.yaml", "--no-config", "--format", "html", codes=(0, 1))
    for name, design in (("site.svg", "site.yaml"), ("large.svg", os.path.join(directory, "large.yaml"))):
        page(name, "trace", design, "--no-config", "--format", "svg")
    sys.exit(subprocess.run(["node", os.path.join(tests, "run.mjs"), chromium, *pages]).returncode)
