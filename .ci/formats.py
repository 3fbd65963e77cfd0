"""Every report format of a real run, read by tools that are not ours: SARIF by Microsoft's validator (its own rules and
those of GitHub's code scanning) and by its schema, JUnit by two viewers and a parser, rdjson by a validator, GitLab's
report by the fields that GitLab documents, Checkstyle by an XML parser.

Usage: formats.py BINARY NODE_MODULES, in a Python that has the packages of .ci/requirements.txt
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import jsonschema
import junitparser

binary, node_modules = (os.path.abspath(path) for path in sys.argv[1:])
root = os.getcwd()
FORMATS = ["sarif", "junit", "gitlab", "checkstyle", "rdjson", "json", "github", "markdown", "concise", "full"]


def lint(directory, name, *arguments, code):
    """Runs `lint` with a report in each format, and gives them by format."""
    reports = [word for format in FORMATS for word in ("-f", format, "-o", f"{name}.{format}")]
    run = subprocess.run([binary, "lint", *reports, *arguments], cwd=directory, capture_output=True, text=True)
    assert run.returncode == code, (name, run)
    texts = {}
    for format in FORMATS:
        with open(f"{directory}/{name}.{format}", encoding="utf-8") as file:
            texts[format] = file.read()
    return texts


def tool(*command, cwd=None):
    run = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    assert run.returncode == 0, (command, run.stdout, run.stderr)
    return run.stdout


def sarif(directory, name, text):
    package = f"{node_modules}/@microsoft/sarif-multitool-linux"
    log = json.loads(text)
    with open(f"{package}/sarif-2.1.0.json", encoding="utf-8-sig") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    complaints = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)]
    assert not complaints, complaints
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{}]})), "the schema judges"
    for rules in [[], ["--rule-kind", "Gh"]]:
        out = tool(f"{package}/Sarif.Multitool", "validate", f"{directory}/{name}.sarif", *rules)
        assert "Analysis completed successfully" in out, out
        complaints = [line for line in out.splitlines() if re.search(r": (error|warning) ", line)]
        # It asks for a URL of the tool, which has none.
        complaints = [line for line in complaints if not re.search("SARIF2005: .*'informationUri'", line)]
        assert not complaints, complaints
    return len(log["runs"][0]["results"])


def junit(directory, name, text):
    path = f"{directory}/{name}.junit"
    suites = junitparser.JUnitXml.fromstring(text.encode())
    cases = [case for suite in suites for case in suite]
    results = [result for case in cases for result in case.result]
    assert suites.tests == len(cases) and cases, (suites.tests, len(cases))
    kinds = {junitparser.Failure: suites.failures, junitparser.Error: suites.errors, junitparser.Skipped: suites.skipped}
    for kind, announced in kinds.items():
        count = sum(isinstance(result, kind) for result in results)
        assert announced in (count, None), (kind, announced, count)
    tool(sys.executable, "-m", "junit2htmlreport", path, f"{path}.html")
    with open(f"{path}.html", encoding="utf-8") as file:
        pages = {"junit2html": file.read()}
    pages["xunit-viewer"] = tool(f"{node_modules}/.bin/xunit-viewer", "-r", path, "--console", "--no-color", cwd=directory)
    for viewer, page in pages.items():
        for case in cases:
            assert case.name in page, (viewer, case.name)
    return len(cases)


def rdjson(directory, name, text):
    out = tool(f"{node_modules}/.bin/rdformat-validator", "--strict", "--no-extra-fields", f"{directory}/{name}.rdjson")
    assert "Invalid files: 0" in out and "Total errors: 0" in out, out
    return len(json.loads(text)["diagnostics"])


def gitlab(directory, name, text):
    """https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""
    place = {
        "type": "object",
        "required": ["path", "lines"],
        "properties": {
            "path": {"type": "string", "minLength": 1, "not": {"pattern": "^\\./"}},
            "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
        },
    }
    words = {"type": "string", "minLength": 1}
    severity = {"enum": ["info", "minor", "major", "critical", "blocker"]}
    fields = {"description": words, "check_name": words, "fingerprint": words, "severity": severity, "location": place}
    issues = json.loads(text)
    jsonschema.validate(issues, {"type": "array", "items": {"type": "object", "required": list(fields), "properties": fields}})
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints), "fingerprints are unique"
    return len(issues)


def checkstyle(directory, name, text):
    tree = xml.fromstring(text.encode())
    assert tree.tag == "checkstyle" and {file.tag for file in tree} <= {"file"}
    errors = [error for file in tree for error in file]
    for error in errors:
        assert error.tag == "error" and set(error.attrib) <= {"line", "column", "severity", "message", "source"}, error.attrib
        assert error.attrib["severity"] in ("error", "warning", "info", "ignore") and int(error.attrib["line"]) >= 1
    return len(errors)


def github(directory, name, text):
    commands = [line for line in text.splitlines() if line.startswith("::")]
    kinds = [re.match(r"::(error|warning|notice) ", line).group(1) for line in commands]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index), "the worst come first"
    assert all(kinds.count(kind) <= 10 for kind in set(kinds)), "GitHub shows ten of a kind"
    return len(commands)


with tempfile.TemporaryDirectory() as directory:
    subprocess.run(["cp", "-r", f"{root}/fixtures/repository", f"{directory}/configs"], check=True)
    for story in ["unicast-switch-dependent.yaml", "both-migrate.yaml", "circulating-line.yaml", "circulating-line.cfg"]:
        subprocess.run(["cp", f"{root}/fixtures/story/{story}", directory], check=True)
    with open(f"{directory}/.nlbswitch.yaml", "w") as settings:
        settings.write("suppressions:\n  - {rule: NLB523, switch: acc1, reason: edge is set by RADIUS, owner: netops}\n")
    paths = ["configs", "unicast-switch-dependent.yaml", "both-migrate.yaml", "circulating-line.yaml"]
    baseline = ["--baseline", "known.json", "both-migrate.yaml"]
    subprocess.run([binary, "lint", "--quiet", "--write-baseline", *baseline], cwd=directory, check=True, capture_output=True)
    os.mkdir(f"{directory}/fine")
    subprocess.run(["cp", f"{root}/fixtures/story/recommended.yaml", f"{directory}/fine"], check=True)
    runs = {
        "everything": lint(directory, "everything", *paths, code=1),
        "baselined": lint(directory, "baselined", *paths, *baseline, code=1),
        "unreadable": lint(directory, "unreadable", *paths, "missing.cfg", code=2),
        "clean": lint(directory, "clean", "--ignore", "all", "fine", code=0),
    }
    counts = []
    for name, texts in runs.items():
        for check in [sarif, junit, rdjson, gitlab, checkstyle, github]:
            counts.append(check(directory, name, texts[check.__name__]))
        assert json.loads(texts["json"])["version"] == 1
    assert all(count > 3 for count in counts[:6]), counts

print(f"formats: {len(counts)} reports of {len(runs)} runs read by others, with {sum(counts)} findings in them")
