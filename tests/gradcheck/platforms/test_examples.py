"""The files of docs/examples/platforms do what docs/instructors.md says, with the installed command."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "examples" / "platforms"
SOFTMAX = ROOT / "exercises" / "softmax_regression"
COMMAND = Path(sys.executable).with_name("gradcheck")

needs_command = pytest.mark.skipif(not COMMAND.exists(), reason="gradcheck is not installed")


@pytest.fixture
def run_script(tmp_path):
    """Runs a script of a container whose root folder, such as /autograder, is a folder of the test's."""

    def run(script: str, root: str, place: str, files: dict[str, Path]) -> dict:
        folder = tmp_path / root.strip("/")
        (folder / place).mkdir(parents=True)
        for name, source in files.items():
            shutil.copy(source, folder / place / name)
        text = (EXAMPLES / script).read_text().replace(f"{root}/venv/bin/", f"{COMMAND.parent}/")
        # The cache of the tests serves; the example's own is filled when its image is built.
        text = re.sub(r"^export GRADCHECK_CACHE=.*\n", "", text, flags=re.MULTILINE).replace(root, str(folder))
        (tmp_path / "script").write_text(text)
        environment = {**os.environ, "PATH": f"{COMMAND.parent}:{os.environ['PATH']}"}
        subprocess.run(["bash", tmp_path / "script"], env=environment, check=False, capture_output=True, timeout=100)
        return json.loads((folder / "results" / "results.json").read_bytes())

    return run


@needs_command
def test_gradescope_grades_all_files_of_a_student_as_one(run_script):
    files = {"softmax.py": SOFTMAX / "wrong" / "residual_reversed.py", "tried.py": ROOT / "conftest.py"}
    document = run_script("gradescope/run_autograder", "/autograder", "submission", files)
    assert sum(test["max_score"] for test in document["tests"]) == 6
    assert 0 < document["score"] < 6
    assert "residual-reversed" in document["tests"][-1]["output"]


@needs_command
def test_gradescope_gets_a_document_for_an_empty_submission(run_script):
    document = run_script("gradescope/run_autograder", "/autograder", "submission", {})
    assert "There is no Python file or notebook in it" in document["output"]


@needs_command
def test_prairielearn_gets_a_share(run_script):
    document = run_script("prairielearn/run.sh", "/grade", "student", {"softmax.py": SOFTMAX / "solution.py"})
    assert document["score"] == 1.0


@needs_command
def test_prairielearn_does_not_count_an_empty_attempt(run_script):
    document = run_script("prairielearn/run.sh", "/grade", "student", {})
    assert document["gradable"] is False


@needs_command
def test_the_steps_of_the_workflow_give_the_result(tmp_path):
    yaml = pytest.importorskip("yaml")
    workflow = yaml.safe_load((EXAMPLES / "github-classroom/.github/workflows/classroom.yml").read_text())
    assert workflow["name"] == "Autograding Tests"
    [job] = workflow["jobs"]
    assert job == "run-autograding-tests"
    steps = {step["name"]: step for step in workflow["jobs"][job]["steps"] if "name" in step}
    shutil.copy(SOFTMAX / "wrong" / "residual_reversed.py", tmp_path / "softmax.py")
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "RUNNER_TEMP")}
    environment = {**os.environ, **files, "PATH": f"{COMMAND.parent}:{os.environ['PATH']}"}
    shell = ["bash", "-e", "-c", steps["Grade"]["run"]]
    done = subprocess.run(shell, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100, check=True)
    assert "::" not in done.stdout
    assert re.fullmatch(r"result=[A-Za-z0-9+/=]+\n", (tmp_path / "GITHUB_OUTPUT").read_text())
    assert "residual-reversed" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    reporter = steps["Autograding Reporter"]
    assert f"{reporter['with']['runners'].upper()}_RESULTS" in reporter["env"]


@pytest.mark.parametrize("script", [*EXAMPLES.rglob("*.sh"), EXAMPLES / "gradescope" / "run_autograder"])
def test_scripts_are_bash_and_may_be_run(script):
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.read_text().startswith("#!/usr/bin/env bash\n")


def test_json_files_are_json():
    assert json.loads((EXAMPLES / "prairielearn" / "info.json").read_text())["externalGradingOptions"]["enabled"]
