"""Our load, check, plan and render against PyYAML's C loader plus Jinja2 doing the load and render alone.

Both sides get the same YAML and write the same lines: Jinja2 runs the packs' own templates over the entries that
`generate --format json` names, and what it writes is compared with what we wrote. The ratio is that of one run.

    python3 benches/compare.py            everything
    python3 benches/compare.py --quick    2,500 clusters instead of 10,000
"""

import json
import pathlib
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ["PyYAML==6.0.3", "Jinja2==3.1.6"]
PARTS = {"apply": "apply.j2", "rollback": "remove.j2", "verify": "verify.j2"}
ROUNDS = 5


def main():
    clusters = 2500 if "--quick" in sys.argv else 10000
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        in_virtual_environment(scratch / "venv")
        whole, binary = build()
        against_python(whole, binary, clusters, scratch)
        linearity(whole, clusters)
        small(whole, binary, scratch)
        hostile(binary, scratch)


def in_virtual_environment(place):
    """Makes a virtual environment with the packages, and its packages importable here."""
    venv.create(place, with_pip=True)
    subprocess.run([place / "bin/pip", "install", "--quiet", *PACKAGES], check=True)
    sys.path[:0] = [str(path) for path in place.glob("lib/python*/site-packages")]
    import yaml

    if not yaml.__with_libyaml__:
        sys.exit("this PyYAML was built without its C loader: the comparison would flatter us")


def build():
    """The benchmark and the tool, both in the `bench` profile."""

    def built(*arguments):
        command = ["cargo", *arguments, "--message-format=json"]
        lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        found = [message for line in lines if (message := json.loads(line)).get("executable")]
        return {message["target"]["name"]: message["executable"] for message in found}

    programs = built("bench", "--no-run", "--bench", "whole") | built("build", "--profile=bench", "--bin=nlbswitch")
    return programs["whole"], programs["nlbswitch"]


def our_run(whole, clusters):
    return json.loads(subprocess.run([whole, "run", str(clusters)], check=True, stdout=subprocess.PIPE).stdout)


def against_python(whole, binary, clusters, scratch):
    import yaml

    design = scratch / "design.yaml"
    subprocess.run([whole, "write", str(clusters), design], check=True)
    text = design.read_text()
    generated = subprocess.run([binary, "generate", "--force", "--format", "json", design],
                               check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    switches = json.loads(generated)["switches"]
    loaded = yaml.load(text, Loader=yaml.CSafeLoader)
    jobs = [(switch, view(switch, loaded)) for switch in switches]
    environment = jinja()
    differing = [switch["switch"] for switch, seen in jobs for part in PARTS
                 if lines_of(environment, switch["vendor"], part, seen) != ours(switch, part)]
    print(f"{clusters} clusters, {len(text.splitlines())} lines of YAML, {len(switches)} switches; "
          f"Jinja2 writes {'the same lines' if not differing else 'other lines for ' + ', '.join(differing)}")
    if differing:
        sys.exit(1)
    inputs = scratch / "views"
    inputs.write_bytes(pickle.dumps([(switch["vendor"], seen) for switch, seen in jobs]))
    del loaded, jobs, generated, switches
    ratios = []
    for _ in range(ROUNDS):
        # Each side in a process of its own: neither holds memory while the other is timed.
        python = json.loads(subprocess.run([sys.executable, __file__, "theirs", design, inputs, *sys.path[:1]],
                                           check=True, stdout=subprocess.PIPE).stdout)
        seconds = our_run(whole, clusters)["seconds"]
        ratios.append(sum(python.values()) / seconds["whole"])
        shown = ", ".join(f"{name} {value:.2f} s" for name, value in (python | seconds).items())
        print(f"  {shown}: {ratios[-1]:.1f} times")
    print(f"ratio: median {sorted(ratios)[ROUNDS // 2]:.1f}, best {max(ratios):.1f} (target 15)")


def theirs(design, inputs, packages):
    """The seconds that PyYAML and Jinja2 take, as JSON."""
    sys.path.insert(0, packages)
    import yaml

    text = pathlib.Path(design).read_text()
    views = pickle.loads(pathlib.Path(inputs).read_bytes())
    start = time.perf_counter()
    yaml.load(text, Loader=yaml.CSafeLoader)
    read = time.perf_counter()
    environment = jinja()
    for vendor, seen in views:
        for part in PARTS:
            lines_of(environment, vendor, part, seen)
    print(json.dumps({"PyYAML": read - start, "Jinja2": time.perf_counter() - read}))


def jinja():
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "templates"), trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["split"] = str.split  # minijinja's own
    environment.tests["startingwith"] = str.startswith
    return environment


def lines_of(environment, vendor, part, seen):
    text = environment.get_template(f"{vendor}/{PARTS[part]}").render(seen)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def ours(switch, part):
    """Our lines without the comments about evidence that stand between them."""
    lines = [line["text"] for line in switch[part]]
    return joined(lines) if part == "verify" else without_grades(lines)


def joined(lines):
    """What a check expects, in one line again."""
    whole = []
    for line in lines:
        if line.startswith("!   ") and whole:
            whole[-1] += " " + line[4:]
        else:
            whole.append(line)
    return whole


def without_grades(lines):
    kept, in_comment = [], False
    for line in lines:
        word = line.strip()
        in_comment = word.startswith("! unverified:") or in_comment and word.startswith("!   ")
        if not in_comment:
            kept.append(line)
    return kept


def view(switch, design):
    """What the templates see of a switch's entries: see `docs/packs.md`."""
    by_name = {cluster["name"]: cluster for cluster in design["clusters"]}
    notation = {"cisco-ios": dotted}.get(switch["vendor"], lambda mac: mac)
    clusters = [facts(by_name[name]) for name in switch["clusters"]]
    seen = {
        "device": {"name": switch["switch"], "platform": switch["platform"]}, "clusters": clusters,
        "static_arps": [], "snooping": None, "querier": None, "multicast_filtering": None,
        "vlan_flooding": None, "unregistered": [], "only_ports": False,
    }
    vlans = {}
    for entry in switch["entries"]:
        kind = entry["kind"]
        if entry.get("vlan") is not None:
            empty = {"id": entry["vlan"], "static_macs": [], "snooping": None, "querier": None, "mrouter": [], "lookup": None}
            vlan = vlans.setdefault(entry["vlan"], empty)
            vlan["clusters"] = [one for one in clusters if one["vlan"] == entry["vlan"]]
        if kind == "static-arp":
            port = entry["port"] and " ".join(split_port(entry["port"]))
            arp = {"ip": entry["ip"], "mac": notation(entry["mac"]), "vrf": entry["vrf"], "port": port}
            seen["static_arps"].append(arp)
        elif kind == "static-mac":
            lists = port_lists(switch["vendor"], entry["ports"])
            ports = ", ".join(f"{one['keyword']} {one['text']}" for one in lists).strip()
            vlan["static_macs"].append({"mac": notation(entry["mac"]), "lists": lists, "ports": ports})
        elif kind == "igmp-snooping":
            (seen if entry["vlan"] is None else vlan)["snooping"] = entry["enabled"]
        elif kind == "igmp-querier":
            (seen if entry["vlan"] is None else vlan)["querier"] = {"address": entry["address"]}
        elif kind == "multicast-filtering":
            seen["multicast_filtering"] = True
        else:
            sys.exit(f"the comparison knows no {kind}")
    seen["vlans"] = [vlans[vlan] for vlan in sorted(vlans)]
    return seen


def facts(cluster):
    primary = cluster["primary_ip"].split("/")[0]
    third, fourth = primary.split(".")[2:]
    igmp = cluster["mode"] == "igmp-multicast"
    return {"name": cluster["name"], "vlan": cluster["vlan"], "group": f"239.255.{third}.{fourth}" if igmp else None}


def dotted(mac):
    digits = mac.replace(":", "")
    return ".".join(digits[at:at + 4] for at in (0, 4, 8))


def split_port(port):
    at = next(index for index, character in enumerate(port) if character.isdigit())
    return port[:at], port[at:]


def port_lists(vendor, ports):
    """Lists of ports as the three packs write them. The order is that of the entries."""
    if vendor == "cisco-ios":
        return [{"keyword": "", "text": " ".join(ports)}]
    if vendor == "dell-force10":
        return [{"keyword": "", "text": ",".join(" ".join(split_port(port)) for port in ports)}]
    by_keyword = {}
    for name, number in ranges(ports):
        keyword, text = ("ethernet", name + number) if name == "g" else (name, number)
        by_keyword.setdefault(keyword, []).append(text)
    return [{"keyword": keyword, "text": ",".join(texts)} for keyword, texts in by_keyword.items()]


def ranges(ports):
    """Ports with neighbours drawn together: `g1-4`."""
    runs = []
    for name, number in map(split_port, ports):
        head, _, last = number.rpartition("/")
        if runs and runs[-1][0] == (name, head) and int(last) == runs[-1][2] + 1:
            runs[-1][2] = int(last)
        else:
            runs.append([(name, head), int(last), int(last)])
    for (name, head), first, last in runs:
        path = f"{head}/" if head else ""
        yield name, f"{path}{first}" + (f"-{last}" if last > first else "")


def linearity(whole, clusters):
    print("clusters  YAML lines  seconds  microseconds a cluster  peak MiB")
    for count in (clusters // 8, clusters // 4, clusters // 2, clusters):
        run = min((our_run(whole, count) for _ in range(ROUNDS)), key=lambda one: one["seconds"]["whole"])
        seconds = run["seconds"]["whole"]
        print(f"{count:8}  {run['yaml_lines']:10}  {seconds:7.3f}  {seconds / count * 1e6:22.0f}  "
              f"{run['peak_kib'] / 1024:8.0f}")


def small(whole, binary, scratch):
    design = scratch / "small.yaml"
    subprocess.run([whole, "write", "3", design], check=True)
    command = [binary, "generate", str(design)]
    if shutil.which("hyperfine"):
        subprocess.run(["hyperfine", "--shell=none", "--ignore-failure", "--warmup=10", " ".join(command)], check=True)
        return
    times = []
    for _ in range(100):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"start, one small design, end: median {times[50]:.1f} ms, best {times[0]:.1f} ms of 100 (target 10)")


def hostile(binary, scratch):
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9))
    cases = {
        "alias bomb in 1 MB": bomb + "b: [" + "x," * 500_000 + "x]\n",
        "10,000 brackets": "[" * 10_000,
        "10,000 nested mappings": "{a: " * 10_000,
        "10,000 nested lists": "- " * 10_000,
        "1 MB of brackets": "[" * 1_000_000,
    }
    for name, text in cases.items():
        file = scratch / "hostile.yaml"
        file.write_text(text)
        seconds, mebibytes, status = measured([binary, "generate", str(file)])
        print(f"{name}: exit {status}, {seconds * 1000:.0f} ms, {mebibytes:.0f} MiB (targets 50, 50)")


# A child counts the memory of the process that started it, so a fresh and small one starts it.
MEASURE = """
import os, sys, time
silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silent)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - start, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""


def measured(command):
    """Seconds, peak memory in MiB and exit status of one command."""
    words = subprocess.run([sys.executable, "-c", MEASURE, *command], check=True, stdout=subprocess.PIPE).stdout.split()
    return float(words[0]), float(words[1]), int(words[2])


if __name__ == "__main__":
    theirs(*sys.argv[2:]) if sys.argv[1:2] == ["theirs"] else main()
