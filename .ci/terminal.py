"""The bar of `nlbswitch lint`: on a terminal it comes when reading takes long and is gone afterwards; nothing of it
reaches a pipe. And `nlbswitch review`: text on a terminal, Markdown in a pipe. Tried with a pseudo-terminal, which the tests cannot have without another crate.

Usage: terminal.py BINARY
"""

import os
import pty
import subprocess
import sys
import tempfile
import time

binary = os.path.abspath(sys.argv[1])
interfaces = "".join(f"interface GigabitEthernet1/0/{port}\n switchport access vlan 10\n!\n" for port in range(1, 400))


def write(directory, count):
    for number in range(count):
        with open(f"{directory}/sw{number}.cfg", "w") as config:
            config.write(f"version 15.2\nhostname sw{number}\n!\n{interfaces}arp 10.0.0.4 03bf.0a00.0004 ARPA\nend\n")


def on_terminal(*arguments, command=("lint", "--select", "NLB101")):
    """What is written to a terminal that both outputs are."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(directory)
        os.execv(binary, [binary, *command, *arguments])
    written = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other end is closed
            piece = b""
        if not piece:
            break
        written += piece
    os.waitpid(child, 0)
    return written.replace(b"\r\n", b"\n")


with tempfile.TemporaryDirectory() as directory:
    count = 60
    while True:
        write(directory, count)
        start = time.monotonic()
        piped = subprocess.run([binary, "lint", "--select", "NLB101"], cwd=directory, capture_output=True)
        took = time.monotonic() - start
        if took > 3:
            break
        count *= 2
    assert piped.returncode == 0, piped
    assert b"\r" not in piped.stdout + piped.stderr, piped
    assert b"files" not in piped.stderr, piped.stderr

    seen = on_terminal()
    bars = seen.count(b"\r[")
    assert bars > 0, f"no bar in {took:.1f} s: {seen!r}"
    # The last thing drawn is blanks over the bar; what stands behind is what a pipe gets.
    left = seen.rsplit(b"\r", 1)[1]
    assert left == piped.stdout + piped.stderr, (left, piped)
    assert seen.rsplit(b"\r", 2)[1].strip() == b"", seen
    assert b"\r" not in on_terminal("--quiet"), "--quiet draws"

    subprocess.run([binary, "init", "nlb.yaml"], cwd=directory, capture_output=True, check=True)
    review = ("review", "nlb.yaml")
    piped = subprocess.run([binary, *review], cwd=directory, capture_output=True, check=True).stdout
    assert piped.startswith(b"<!-- nlbswitch-review ") and b"\n# NLB design review" in piped, piped[:400]
    seen = on_terminal(command=review)
    assert b"NLB design review" in seen and b"<!--" not in seen and b"| --- |" not in seen, seen[:400]
    assert b"\x1b[" in seen and b"\x1b[" not in piped, seen[:400]

print(f"terminal: {bars} bars drawn and wiped in {took:.1f} s over {count} files, none of them in a pipe")
