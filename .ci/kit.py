"""The CI kit, tried: the steps of the GitHub Action as the runner starts them, the job for GitLab, the hooks through the
real pre-commit; and all of it judged by the linters and schemas of others.

Usage: kit.py BINARY, in a Python that has the packages of .ci/requirements.txt
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

binary = os.path.abspath(sys.argv[1])
root = os.getcwd()
tools = os.path.dirname(sys.executable)
system = f"{tools}:{os.environ['PATH']}"


def run(*command, code=0, cwd=root, **more):
    ran = subprocess.run(command, capture_output=True, text=True, cwd=cwd, **more)
    assert ran.returncode == code, (command, ran.returncode, ran.stdout, ran.stderr)
    return ran


def blocks(page, language):
    with open(page) as file:
        return re.findall(rf"^```{language}\n(.*?)^```", file.read(), re.M | re.S)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def judged_by_others(directory):
    """What the schemas and linters of others say to the kit, and to the recipes of the page."""
    schema = [f"{tools}/check-jsonschema", "--builtin-schema"]
    run(*schema, "vendor.github-actions", "action.yml")
    run(*schema, "vendor.gitlab-ci", "ci/gitlab.yml")
    run(f"{tools}/zizmor", "--offline", "--persona", "pedantic", "action.yml")
    run(f"{tools}/hadolint", "Dockerfile")
    run(f"{tools}/pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")
    recipes = {"jobs:": "github", "include:": "gitlab", "repos:": "pre-commit"}
    seen = set()
    for text in blocks("docs/ci.md", "yaml"):
        kind = next(kind for begins, kind in recipes.items() if re.search(f"^{begins}", text, re.M))
        path = write(f"{directory}/recipes/{kind}.yml", text)
        match kind:
            case "github":
                run(*schema, "vendor.github-workflows", path)
                asked = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
                given = next(step["with"] for step in asked if "nlbswitch" in step["uses"])
                assert set(given) <= set(action["inputs"]), given
            case "gitlab":
                run(*schema, "vendor.gitlab-ci", path)
                asked = yaml.safe_load(text)["nlbswitch"]["variables"]
                assert set(asked) <= set(gitlab["variables"]), asked
            case "pre-commit":
                run(f"{tools}/pre-commit", "validate-config", path)
        seen.add(kind)
    assert seen == set(recipes.values()), seen


class Runner:
    """GitHub's runner, as far as this action needs it."""

    def __init__(self, directory, workspace):
        self.temporary = f"{directory}/temporary"
        self.workspace = workspace
        shutil.rmtree(self.temporary, ignore_errors=True)
        os.makedirs(self.temporary)
        self.steps = {}
        self.summary = ""

    def value(self, text, inputs):
        """The value of what stands in `env`: text, or one expression."""
        expression = re.fullmatch(r"\$\{\{ (\S+) \}\}", text)
        match expression[1].split(".") if expression else None:
            case None:
                return text
            case ["inputs", name]:
                return inputs[name]
            case ["steps", step, "outputs", name]:
                return self.steps[step][name]
        raise AssertionError(text)

    def start(self, path=None, **given):
        """Starts the action with these inputs; gives the last step's exit code and all output."""
        given = {name.replace("_", "-"): value for name, value in given.items()}
        inputs = {name: given.get(name, about["default"]) for name, about in action["inputs"].items()}
        shown = ""
        for step in action["runs"]["steps"]:
            assert "${{" not in step["run"], "what is given reaches a script through its environment only"
            assert step["shell"] == "bash"
            files = {name: f"{self.temporary}/{name}" for name in ["output", "summary"]}
            for file in files.values():
                open(file, "w").close()
            environment = {
                "PATH": path or f"{os.path.dirname(binary)}:{os.environ['PATH']}",
                "HOME": self.temporary,
                "RUNNER_TEMP": self.temporary,
                "GITHUB_ACTION_PATH": root,
                "GITHUB_OUTPUT": files["output"],
                "GITHUB_STEP_SUMMARY": files["summary"],
            } | {name: self.value(text, inputs) for name, text in step.get("env", {}).items()}
            script = write(f"{self.temporary}/script.sh", step["run"])
            bash = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script]
            ran = subprocess.run(bash, capture_output=True, text=True, cwd=self.workspace, env=environment)
            shown += ran.stdout + ran.stderr
            with open(files["output"]) as file:
                self.steps[step["id"]] = dict(line.split("=", 1) for line in file.read().splitlines())
            with open(files["summary"]) as file:
                self.summary = file.read()
            if ran.returncode != 0:
                return ran.returncode, shown
        return 0, shown


def github_action(directory):
    workspace = f"{directory}/workspace"
    shutil.copytree(f"{root}/fixtures/repository", f"{workspace}/configs")
    runner = Runner(directory, workspace)
    code, shown = runner.start()
    assert code == 1, shown
    annotations = [line for line in shown.splitlines() if line.startswith("::")]
    assert len(annotations) == 3 and annotations[0].startswith("::error file=configs/acc1.cfg,line=18,"), shown
    assert runner.steps["lint"] == {"exit-code": "1", "sarif-file": "nlbswitch.sarif"}, runner.steps
    with open(f"{workspace}/nlbswitch.sarif") as file:
        assert len(json.load(file)["runs"][0]["results"]) == 3
    assert "NLB522" in runner.summary and "|" in runner.summary, runner.summary

    # A second run on the same machine writes over its own reports.
    assert runner.start(fail_level="never")[0] == 0
    assert runner.steps["lint"]["exit-code"] == "0"
    assert runner.start(sarif_file="", summary="false")[0] == 1
    assert "sarif-file" not in runner.steps["lint"] and runner.summary == ""
    assert runner.start(working_directory="configs", paths="acc1.cfg\n\ncore1.cfg\n", sarif_file="r.sarif")[0] == 1
    assert runner.steps["lint"]["sarif-file"] == "configs/r.sarif" and os.path.exists(f"{workspace}/configs/r.sarif")
    assert runner.start(arguments="--ignore=all\n--quiet")[0] == 0
    code, shown = runner.start(paths="missing.cfg")
    assert code == 2 and runner.steps["lint"]["exit-code"] == "2", shown
    assert "::error file=missing.cfg" in shown, shown
    os.mkdir(f"{workspace}/empty")
    assert runner.start(paths="empty")[0] == 3 and runner.steps["lint"] == {"exit-code": "3", "sarif-file": "nlbswitch.sarif"}

    # What is given is never a command.
    before = sorted(os.listdir(workspace))
    for nasty in ["$(touch pwned)", "`touch pwned`", "; touch pwned;", "'; touch pwned; '", '"; touch pwned; "', "--output=pwned", "$PATH", "*"]:
        for name in ["paths", "fail_level", "working_directory"]:
            code, shown = runner.start(**{name: nasty})
            assert code != 0, (name, nasty, shown)
        runner.start(sarif_file=f"{nasty}.sarif", arguments="--exit-zero")
        assert os.path.exists(f"{workspace}/{nasty}.sarif"), nasty
        os.remove(f"{workspace}/{nasty}.sarif")
        assert sorted(os.listdir(workspace)) == before, (nasty, os.listdir(workspace))
    for name in ["sarif_file", "working_directory"]:
        code, shown = runner.start(**{name: "x\nexit-code=0"})
        assert code == 2, (name, shown)

    # Without a nlbswitch on the PATH its own checkout is built. A cargo that copies stands in for the minutes of a build.
    fake = write(f"{directory}/bin/cargo", f'#!/bin/sh\necho "$@" > "{directory}/cargo"\nmkdir -p "$7/bin"\ncp {binary} "$7/bin/nlbswitch"\n')
    os.chmod(fake, 0o755)
    code, shown = runner.start(path=f"{directory}/bin:/usr/bin:/bin")
    with open(f"{directory}/cargo") as file:
        assert file.read() == f"install --locked --quiet --path {root} --root {runner.temporary}/nlbswitch\n"
    assert code == 1 and runner.steps["install"]["binary"] == f"{runner.temporary}/nlbswitch/bin/nlbswitch", shown


def gitlab_job(directory):
    workspace = f"{directory}/gitlab"
    shutil.copytree(f"{root}/fixtures/repository", f"{workspace}/configs")
    for variables, code in [({}, 1), ({"NLBSWITCH_PATHS": "configs/core1.cfg configs/core2.cfg"}, 1), ({"NLBSWITCH_FAIL_LEVEL": "never"}, 0), ({"NLBSWITCH_PATHS": "$(touch pwned) ;touch pwned"}, 2)]:
        environment = gitlab["variables"] | variables | {"PATH": f"{os.path.dirname(binary)}:{os.environ['PATH']}"}
        for line in gitlab["script"]:
            run("sh", "-e", "-c", line, code=code, cwd=workspace, env=environment)
        for kind, report in gitlab["artifacts"]["reports"].items():
            with open(f"{workspace}/{report}") as file:
                text = file.read()
            assert json.loads(text) if kind == "codequality" else "<testsuites" in text, text
        assert not os.path.exists(f"{workspace}/pwned")


def pre_commit(directory):
    """The hook that needs no build, in a repository of configs, against a clone of this one."""
    workspace = f"{directory}/hooked"
    hooks = f"{directory}/hooks"
    environment = os.environ | {
        "PATH": f"{os.path.dirname(binary)}:{system}", "PRE_COMMIT_HOME": f"{directory}/cache", "HOME": directory,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
    }

    def git(*words, cwd):
        return run("git", *words, cwd=cwd, env=environment).stdout.strip()

    os.makedirs(hooks)
    shutil.copy(f"{root}/.pre-commit-hooks.yaml", hooks)
    shutil.copytree(f"{root}/fixtures/repository", f"{workspace}/configs")
    for place in [hooks, workspace]:
        git("init", "--quiet", cwd=place)
    git("add", ".", cwd=hooks)
    git("commit", "--quiet", "-m", "hooks", cwd=hooks)
    revision = git("rev-parse", "HEAD", cwd=hooks)
    hook = {"repo": hooks, "rev": revision, "hooks": [{"id": "nlbswitch-system"}]}
    write(f"{workspace}/.pre-commit-config.yaml", yaml.safe_dump({"repos": [hook]}))
    git("add", ".", cwd=workspace)
    found = run(f"{tools}/pre-commit", "run", code=1, cwd=workspace, env=environment).stdout
    # core2 is at fault although it is core1 that has more: the repository is judged as a whole.
    assert "configs/core2.cfg:18:2: error[NLB402]" in found and "exit code: 1" in found, found
    with open(f"{workspace}/.nlbswitch.yaml", "w") as settings:
        settings.write("rules: {ignore: [all]}\n")
    git("add", ".", cwd=workspace)
    passed = run(f"{tools}/pre-commit", "run", cwd=workspace, env=environment).stdout
    assert "Passed" in passed, passed


with open("action.yml") as file:
    action = yaml.safe_load(file)
with open("ci/gitlab.yml") as file:
    gitlab = yaml.safe_load(file)["nlbswitch"]
with tempfile.TemporaryDirectory() as directory:
    for tried in [judged_by_others, github_action, gitlab_job, pre_commit]:
        tried(directory)
        print(f"kit: {tried.__name__.replace('_', ' ')}")
