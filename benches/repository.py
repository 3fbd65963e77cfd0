"""`nlbswitch lint` over a repository of switch configs against `rg` over the same files in the same run.

The configs are written by this script, the same every time: Catalyst configs of about 2,000 lines with banners,
certificates, CRLF files among them, a few static ARP and MAC entries of NLB clusters, right and wrong.

    python3 benches/repository.py                  1,000 configs, the ratio, peak memory, one large file
    python3 benches/repository.py --write DIR      only writes the configs
    python3 benches/repository.py --linear         10,000 and 100,000 small configs as well
    python3 benches/repository.py --parsers        ciscoconfparse2 and netutils over some of the files as well
    python3 benches/repository.py --binary FILE    a binary that is built already
"""

import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATTERN = r"^(mac[ -]address-table static|arp )"
CONFIGS = 1000
ROUNDS = 9


def main():
    arguments = sys.argv[1:]
    if "--write" in arguments:
        print(f"{write(pathlib.Path(arguments[arguments.index('--write') + 1]), CONFIGS)} octets")
        return
    if not shutil.which("rg"):
        sys.exit("`rg` (ripgrep) is not installed: there is nothing to compare with")
    binary = arguments[arguments.index("--binary") + 1] if "--binary" in arguments else build()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        tree = scratch / "configs"
        octets = write(tree, CONFIGS)
        print(f"{CONFIGS} configs, {octets / 1e6:.1f} MB")
        against_rg(binary, tree)
        large(binary, scratch)
        if "--linear" in arguments:
            linear(binary, scratch)
        if "--parsers" in arguments:
            parsers(binary, tree, scratch)


def build():
    command = ["cargo", "build", "--release", "--bin=nlbswitch", "--message-format=json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return next(message["executable"] for line in lines if (message := json.loads(line)).get("executable"))


def measured(command):
    """CPU seconds (user and system), wall seconds and peak MiB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def lint(binary, *paths):
    return [binary, "lint", "--format", "json", "--exit-zero", *map(str, paths)]


def against_rg(binary, tree):
    rg = ["rg", "-n", PATTERN, str(tree)]
    for command in (rg, lint(binary, tree)):
        measured(command)  # the files are in memory from here on
    rounds = [(measured(rg), measured(lint(binary, tree))) for _ in range(ROUNDS)]
    ratios = sorted(ours[0] / theirs[0] for theirs, ours in rounds)
    middle = sorted(rounds, key=lambda pair: pair[1][0] / pair[0][0])[ROUNDS // 2]
    theirs, ours = middle
    print(f"CPU: rg {theirs[0] * 1000:.0f} ms, nlbswitch {ours[0] * 1000:.0f} ms: {ratios[ROUNDS // 2]:.2f} times "
          f"(from {ratios[0]:.2f} to {ratios[-1]:.2f} in {ROUNDS} rounds; target 1.5)")
    print(f"wall: rg {theirs[1] * 1000:.0f} ms, nlbswitch {ours[1] * 1000:.0f} ms")
    print(f"peak memory: {max(pair[1][2] for pair in rounds):.0f} MiB (target 64)")


def large(binary, scratch):
    for lines in (100_000, 300_000):
        file = scratch / f"large-{lines}.cfg"
        file.write_text(config(random.Random(7), "large", interfaces=lines // 9, clusters=200))
        cpu, wall, peak = measured(lint(binary, file))
        count = sum(1 for _ in file.open())
        print(f"one file of {count} lines: {cpu * 1000:.0f} ms, {cpu / count * 1e6:.2f} microseconds a line, {peak:.0f} MiB")


def linear(binary, scratch):
    for count in (1_000, 10_000, 100_000):
        tree = scratch / f"many-{count}"
        write(tree, count, interfaces=6)
        measured(lint(binary, tree))
        cpu, wall, peak = measured(lint(binary, tree))
        print(f"{count} files: {cpu / count * 1e6:.0f} microseconds a file, {peak:.0f} MiB")
        shutil.rmtree(tree)


def parsers(binary, tree, scratch):
    place = scratch / "venv"
    venv.create(place, with_pip=True)
    subprocess.run([place / "bin/pip", "install", "--quiet", "ciscoconfparse2==0.7.6", "netutils==1.9.0"], check=True)
    some = scratch / "some"
    some.mkdir()
    for file in sorted(tree.rglob("*.cfg"))[:20]:
        shutil.copy(file, some / file.name)
    programs = {
        "ciscoconfparse2": "import sys,pathlib\nfrom ciscoconfparse2 import CiscoConfParse\n"
                           "for f in pathlib.Path(sys.argv[1]).glob('*'):\n"
                           "    CiscoConfParse(f.read_text(errors='replace').splitlines(), syntax='ios')\n",
        "netutils": "import sys,pathlib\nfrom netutils.config.parser import IOSConfigParser\n"
                    "for f in pathlib.Path(sys.argv[1]).glob('*'):\n"
                    "    IOSConfigParser(f.read_text(errors='replace'))\n",
    }
    ours = min(measured(lint(binary, some))[0] for _ in range(5))
    for name, program in programs.items():
        cpu, *_ = measured([str(place / "bin/python"), "-c", program, str(some)])
        print(f"{name} on 20 of the files: {cpu:.2f} s, {cpu / ours:.0f} times ours ({ours * 1000:.0f} ms)")


def write(tree, count, interfaces=190):
    """Writes `count` configs; gives their octets."""
    tree.mkdir(parents=True, exist_ok=True)
    octets = 0
    for number in range(count):
        chance = random.Random(number)
        site = tree / f"site{number % 20:02}"
        site.mkdir(exist_ok=True)
        text = config(chance, f"sw{number:06}", interfaces, clusters=2 if number % 25 == 0 else 0)
        if number % 10 == 3:
            text = text.replace("\n", "\r\n")
        data = text.encode()
        (site / f"sw{number:06}.cfg").write_bytes(data)
        octets += len(data)
    return octets


def config(chance, name, interfaces, clusters):
    lines = ["Building configuration...", "", "Current configuration : 43210 bytes", "!", "version 15.2",
             "no service pad", "service timestamps debug datetime msec", "service password-encryption", "!",
             f"hostname {name}", "!", "boot-start-marker", "boot-end-marker", "!", "no aaa new-model", "system mtu routing 1500",
             "ip routing", "ip dhcp snooping vlan 10-20", "ip dhcp snooping", "!"]
    for vlan in range(10, 40):
        lines += [f"vlan {vlan}", f" name USERS-{vlan}", "!"]
    lines += ["crypto pki trustpoint TP-self-signed", " enrollment selfsigned", " revocation-check none", "!",
              "crypto pki certificate chain TP-self-signed", " certificate self-signed 01"]
    lines += ["  " + " ".join(f"{chance.getrandbits(32):08X}" for _ in range(8)) for _ in range(18)]
    lines += ["  quit", "!"]
    for port in range(interfaces):
        vlan = chance.randrange(10, 40)
        lines += [f"interface GigabitEthernet{port // 48 + 1}/0/{port % 48 + 1}",
                  f" description user port {chance.randrange(10000)}, room {chance.randrange(400)}",
                  f" switchport access vlan {vlan}", " switchport mode access", " storm-control broadcast level 5.00",
                  " spanning-tree portfast", " ip verify source", " no cdp enable", "!"]
    for vlan in range(10, 40):
        lines += [f"interface Vlan{vlan}", f" ip address 10.{vlan}.0.1 255.255.255.0", " no ip redirects", "!"]
    for cluster in range(clusters):
        vlan = 10 + cluster % 30
        host = 100 + cluster % 100
        mac = f"03bf.0a{vlan:02x}.00{host:02x}"
        lines += [f"arp 10.{vlan}.0.{host} {mac} ARPA",
                  f"mac address-table static {mac} vlan {vlan} interface GigabitEthernet1/0/1 GigabitEthernet1/0/2"]
    lines += ["ip default-gateway 10.10.0.254", "ip http server", "!"]
    for rule in range(interfaces // 3):
        lines += [f"access-list {100 + rule % 90} permit ip 10.{rule % 250}.0.0 0.0.255.255 any"]
    lines += ["banner motd ^C", "Access for staff only.", "arp 10.0.0.1 03bf.0a00.0001 ARPA is no line of this config", "^C",
              "!", "snmp-server location rack 7", "line con 0", " logging synchronous", "line vty 0 4", " login local",
              " transport input ssh", "!", "ntp server 10.10.0.123", "end", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
