"""Configs of bad sizes and shapes: 100 MB of lines, one line of 100 MB, blocks in blocks. None may hang, crash, or take
memory without measure.

The files are written by this script, the same every time, and each holds an NLB line, so that it is read as a whole.

    python3 benches/sizes.py                  every shape, with 100 MB where it can have so many
    python3 benches/sizes.py 10               the same with 10 MB
    python3 benches/sizes.py 10 banner        the same, of the shapes that are called so
    python3 benches/sizes.py --binary FILE    a binary that is built already
"""

import os
import pathlib
import subprocess
import sys
import tempfile

from repository import build

MB = 1_000_000
NLB = b"arp 10.1.1.40 03bf.0a01.0128 ARPA\n"
PC = b"interface vlan 10\nbridge multicast address 03:bf:0a:01:01:28 add ethernet g1\nexit\nbridge multicast filtering\n"
# What one file may take: seconds of CPU, and memory.
MOST_SECONDS, MOST_MIB = 60, 2048


def repeated(block, size):
    return block * (size // len(block))


def numbered(line, size):
    """A line for each number, until they are `size` octets."""
    parts, total, number = [], 0, 0
    while total < size:
        part = line(number)
        parts.append(part)
        total += len(part)
        number += 1
    return b"".join(parts)


def interface(number):
    return (
        b"interface GigabitEthernet%d/0/%d\n description to host %d\n switchport mode access\n"
        b" switchport access vlan %d\n spanning-tree portfast\n!\n"
        % (number // 48 % 9 + 1, number % 48 + 1, number, number % 4000 + 1)
    )


def entry(number):
    octets = (10, number >> 16 & 255, number >> 8 & 255, number & 255)
    return b"arp %d.%d.%d.%d 03bf.%02x%02x.%02x%02x ARPA\n" % (*octets, *octets)


def staircase(size):
    """Each line one blank deeper than the one before."""
    parts, total, depth = [], 0, 0
    while total < size:
        parts.append(b" " * depth + b"interface Vlan10\n")
        total += len(parts[-1])
        depth += 1
    return b"".join(parts)


SHAPES = {
    "interfaces": ("cisco-ios", lambda size: NLB + numbered(interface, size)),
    "interfaces, no NLB line": ("cisco-ios", lambda size: numbered(interface, size)),
    "interfaces, CRLF": ("cisco-ios", lambda size: (NLB + numbered(interface, size)).replace(b"\n", b"\r\n")),
    "interfaces, CR": ("cisco-ios", lambda size: (NLB + numbered(interface, size)).replace(b"\n", b"\r")),
    "one line": ("cisco-ios", lambda size: b"x" * size),
    "one line within": ("cisco-ios", lambda size: NLB + b"description " + b"x" * size + b"\n" + NLB),
    "one line of words": ("cisco-ios", lambda size: NLB + b"arp " + repeated(b"03bf.0a01.0128 ", size) + b"\n"),
    "one banner": ("cisco-ios", lambda size: NLB + b"banner motd ^C\n" + repeated(b"keep out\n", size) + b"^C\n"),
    "a banner without an end": ("cisco-ios", lambda size: NLB + b"banner motd ^C\n" + repeated(b"keep out\n", size)),
    "many banners without an end": ("cisco-ios", lambda size: NLB + repeated(b"banner motd #x\nbanner exec @y\n", size)),
    "a certificate": (
        "cisco-ios",
        lambda size: NLB + b"crypto pki certificate chain A\n certificate 01\n" + repeated(b"  30820241 308201AA\n", size),
    ),
    "blank lines": ("cisco-ios", lambda size: NLB + b"\n" * size),
    "comments": ("cisco-ios", lambda size: NLB + repeated(b"!\n", size)),
    "a log with backspaces": ("cisco-ios", lambda size: NLB + repeated(b"--More--\x08\x08\x08   \x08\x08\x08 shutdown\n", size)),
    "prompts": ("cisco-ios", lambda size: NLB + repeated(b"sw1(config-if)#shutdown\n", size)),
    "zeros": ("cisco-ios", lambda size: NLB * 40 + b"\0" * size),
    "blocks in blocks": ("cisco-ios", lambda size: NLB + staircase(size)),
    "blocks in blocks, exit": ("dell-powerconnect-5400", lambda size: PC + repeated(b"vlan database\n", size)),
    "ranges": ("cisco-ios", lambda size: NLB + repeated(b"interface range Gi1/0/1 - 48\n switchport trunk allowed vlan add 1-4094\n", size // 10)),
    "impossible ranges": ("cisco-ios", lambda size: NLB + repeated(b"interface range Gi1/0/1 - 4294967295\n shutdown\n", size)),
    "ranges of PowerConnect": (
        "dell-powerconnect-5400",
        lambda size: PC + repeated(b"interface range ethernet g(1-48)\nswitchport trunk allowed vlan add 2-4094\nexit\n", size // 10),
    ),
    # Each line is a cluster with findings of its own.
    "static ARP lines": ("cisco-ios", lambda size: numbered(entry, size // 100)),
    "lines that are not understood": ("cisco-ios", lambda size: NLB + repeated(b"arp 03bf.0a01.0128 ARPA\n", size // 100)),
    "UTF-16": ("cisco-ios", lambda size: (NLB + numbered(interface, size // 2)).decode().encode("utf-16")),
    "Latin-1": ("cisco-ios", lambda size: NLB + repeated(b" description B\xfcro\n", size)),
}


def measured(command):
    """CPU seconds, peak MiB and the way one run ended."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def main():
    arguments = sys.argv[1:]
    binary = arguments.pop(arguments.index("--binary") + 1) if "--binary" in arguments else build()
    sizes = [int(argument) for argument in arguments if argument.isdigit()]
    size = (sizes or [100])[0] * MB
    names = [argument for argument in arguments if not argument.isdigit() and argument != "--binary"]
    bad = []
    print(f"{'shape':32}{'MB':>7}{'CPU s':>9}{'MiB':>7}{'exit':>6}")
    with tempfile.TemporaryDirectory() as scratch:
        file = pathlib.Path(scratch) / "sw1.cfg"
        for shape, (dialect, write) in SHAPES.items():
            if names and not any(name in shape for name in names):
                continue
            file.write_bytes(write(size))
            octets = file.stat().st_size
            seconds, mib, code = measured([binary, "lint", "--no-config", "--dialect", dialect, str(file)])
            print(f"{shape:32}{octets / MB:>7.1f}{seconds:>9.2f}{mib:>7.0f}{code:>6}", flush=True)
            if seconds > MOST_SECONDS or mib > MOST_MIB or code not in (0, 1):
                bad.append(shape)
    if bad:
        sys.exit(f"over {MOST_SECONDS} s or {MOST_MIB} MiB, or not ended by itself: {', '.join(bad)}")


if __name__ == "__main__":
    main()
