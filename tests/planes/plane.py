"""Builds a forwarding plane in a network namespace of its own, runs commands on it, sends frames, and says who got them.

It reads what to do from standard input and writes what it saw to standard output, both as JSON:

    {"plane": "linux" | "ovs", "bridge": "br10", "ports": ["swp1", …], "address": "10.0.0.254/24" or null,
     "cases": [{"setup": [command…], "steps": [{"run": [command…], "send": [[port, hex]…], "wait": seconds,
                "probes": [{"port": "swp3", "frame": hex} | {"udp": "10.0.0.1", "tag": text}…]}…]}…]}

    {"cases": [[{"failed": [[command, message]…], "got": [[port…]…], "state": {…}}…]…]}

Each case gets a new bridge. A frame is known again by its last eight octets.
"""

import json
import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SENTINEL = b"all done"
ETH_P_ALL = 3
PACKET_OUTGOING = 4
PORT_SETTINGS = ("flood", "mcast_flood", "multicast_router")


def run(command):
    done = subprocess.run(shlex.split(command), capture_output=True, text=True)
    return None if done.returncode == 0 else (done.stderr + done.stdout).strip() or f"exit {done.returncode}"


def must(command):
    if message := run(command):
        sys.exit(f"{command}: {message}")


def told(command):
    done = subprocess.run(shlex.split(command), capture_output=True, text=True)
    return json.loads(done.stdout or "[]")


class Wire:
    """The far ends of the bridge's ports."""

    def __init__(self, ports):
        self.sockets = {}
        for number, port in enumerate(ports):
            far = f"far{number}"
            must(f"ip link add {port} type veth peer name {far}")
            for name in (port, far):
                with open(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "w", encoding="ascii") as knob:
                    knob.write("1")
                must(f"ip link set dev {name} up")
            must(f"ip link set dev {far} promisc on")
            link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            link.bind((far, 0))
            link.setblocking(False)
            self.sockets[port] = link

    def receive(self, seconds):
        """Yields what arrives within so many seconds: the port, and the frame."""
        end = time.monotonic() + seconds
        by_socket = {link: port for port, link in self.sockets.items()}
        while (left := end - time.monotonic()) > 0:
            for link in select.select(list(by_socket), [], [], left)[0]:
                try:
                    while True:
                        frame, (_, _, kind, _, _) = link.recvfrom(4096)
                        if kind != PACKET_OUTGOING:
                            yield by_socket[link], frame
                except BlockingIOError:
                    pass

    def probe(self, probes):
        """Sends the probes, and says of each which ports got it."""
        for _ in self.receive(0.01):
            pass
        tags = []
        for probe in probes:
            if "udp" in probe:
                tags.append(probe["tag"].encode())
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as local:
                    local.sendto(tags[-1], (probe["udp"], 5000))
            else:
                frame = bytes.fromhex(probe["frame"])
                tags.append(frame[-8:])
                self.sockets[probe["port"]].send(frame)
        # A broadcast behind them goes everywhere: with it, all of them have arrived.
        first = next(iter(self.sockets))
        others = set(self.sockets) - {first}
        broadcast = b"\xff" * 6 + b"\x02\x11\x11\x11\x11\x99" + b"\x88\xb5" + b"\0" * 40 + SENTINEL
        self.sockets[first].send(broadcast)
        got = [set() for _ in tags]
        for port, frame in self.receive(3):
            if frame.endswith(SENTINEL):
                others.discard(port)
                if not others:
                    break
            for number, tag in enumerate(tags):
                if frame.endswith(tag):
                    got[number].add(port)
        if others:
            sys.exit(f"a broadcast did not reach {sorted(others)}")
        for port, frame in self.receive(0.05):
            for number, tag in enumerate(tags):
                if frame.endswith(tag):
                    got[number].add(port)
        return [sorted(ports) for ports in got]


class Linux:
    """The kernel's bridge."""

    def __init__(self, order):
        self.bridge, self.ports, self.address = order["bridge"], order["ports"], order.get("address")
        self.built = False

    def build(self):
        steps = [f"link del {self.bridge}"] if self.built else []
        self.built = True
        steps += [f"link add {self.bridge} type bridge", f"link set dev {self.bridge} addrgenmode none"]
        steps += [f"link set dev {port} master {self.bridge}" for port in self.ports]
        steps.append(f"link set dev {self.bridge} up")
        if self.address:
            steps.append(f"addr add {self.address} dev {self.bridge}")
        done = subprocess.run(["ip", "-batch", "-"], input="\n".join(steps), capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{steps}: {done.stderr}")

    def state(self):
        """What was configured, without what was learned."""
        links = {link["ifname"]: link["linkinfo"] for link in told("ip -d -j link show") if "linkinfo" in link}
        bridge = links[self.bridge]["info_data"]
        ports = {port: [links[port]["info_slave_data"][key] for key in PORT_SETTINGS] for port in self.ports}
        groups = [
            [entry["port"], entry["grp"]]
            for table in told("bridge -j mdb show")
            for entry in table["mdb"]
            if entry["state"] == "permanent"
        ]
        neighbours = [
            [entry["dst"], entry.get("lladdr")]
            for entry in told("ip -j neigh show")
            if "PERMANENT" in entry["state"]
        ]
        static = [
            [entry["ifname"], entry["mac"]]
            for entry in told("bridge -j fdb show")
            if entry.get("state") == "static" and entry["ifname"] in self.ports
        ]
        flags = {key: bridge[key] for key in ("mcast_snooping", "mcast_querier")}
        return {"bridge": flags, "ports": ports, "groups": sorted(groups), "neighbours": sorted(neighbours), "fdb": sorted(static)}

    def close(self):
        pass


class OpenVSwitch:
    """Open vSwitch with its datapath in user space: a database and a daemon of its own."""

    def __init__(self, order):
        self.bridge, self.ports = order["bridge"], order["ports"]
        self.home = tempfile.mkdtemp(prefix="nlb-ovs-")
        for name in ("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"):
            os.environ[name] = self.home
        database, schema = f"{self.home}/conf.db", "/usr/share/openvswitch/vswitch.ovsschema"
        must(f"ovsdb-tool create {database} {schema}")
        self.daemons = [
            self.start(f"ovsdb-server --remote=punix:{self.home}/db.sock {database}"),
        ]
        self.await_file("db.sock")
        must("ovs-vsctl --timeout=20 --no-wait init")
        self.daemons.append(self.start(f"ovs-vswitchd --disable-system --pidfile unix:{self.home}/db.sock"))
        self.built = False

    def start(self, command):
        log = open(f"{self.home}/{command.split()[0]}.txt", "w", encoding="utf-8")
        return subprocess.Popen(shlex.split(command), stdout=log, stderr=log)

    def await_file(self, name):
        for _ in range(200):
            if os.path.exists(f"{self.home}/{name}"):
                return
            time.sleep(0.02)
        sys.exit(f"there is no {name}")

    def build(self):
        # In one transaction with its deletion it would keep its flows.
        if self.built:
            must(f"ovs-vsctl --timeout=20 del-br {self.bridge}")
        self.built = True
        steps = f"ovs-vsctl --timeout=20 add-br {self.bridge} -- set bridge {self.bridge} datapath_type=netdev"
        for port in self.ports:
            steps += f" -- add-port {self.bridge} {port}"
        must(steps)

    def state(self):
        return {}

    def close(self):
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
        for daemon in self.daemons:
            daemon.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)


def main():
    order = json.load(sys.stdin)
    links = [link["ifname"] for link in told("ip -j link show")]
    if links != ["lo"]:
        sys.exit(f"this is no namespace of its own: it has {links}")
    must("ip link set dev lo up")
    wire = Wire(order["ports"])
    plane = {"linux": Linux, "ovs": OpenVSwitch}[order["plane"]](order)
    try:
        seen = []
        for case in order["cases"]:
            plane.build()
            for command in case["setup"]:
                must(command)
            steps = []
            for step in case["steps"]:
                failed = [[command, message] for command in step["run"] if (message := run(command))]
                for port, frame in step.get("send", []):
                    wire.sockets[port].send(bytes.fromhex(frame))
                time.sleep(step.get("wait", 0))
                steps.append({"failed": failed, "got": wire.probe(step["probes"]), "state": plane.state()})
            seen.append(steps)
    finally:
        plane.close()
    json.dump({"cases": seen}, sys.stdout)


main()
