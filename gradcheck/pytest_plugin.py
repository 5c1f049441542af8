"""The pytest plugin: `pytest --gradcheck FILE`, the marker `gradcheck`, and the fixture `gradcheck_report`.

pytest imports this module in every run on a machine where gradcheck is installed, so it imports nothing but pytest;
what checks a file is imported when there is one to check.

A right function passes, a wrong one fails, one that was not run is an error, one that could not be judged is skipped:
the same as in JUnit files (`gradcheck.render.report_junit`). The files are checked while pytest collects, since only
then their functions are known; of a file of no exercise, even their names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from checkers.findings import Finding
    from checkers.report import Report, TaskReport

MARKER = (
    "gradcheck(file, exercise=None, functions=None, hints=None): check a file of gradients, and fail unless the "
    "functions named, or all of them, are right. A relative file is looked for beside the test's. The fixture "
    "gradcheck_report is the whole report."
)

_SEED = "gradcheck_seed"
_REPORTS = pytest.StashKey[dict[tuple[str, str | None], "Report"]]()


# Options --------------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, in a group of their own."""
    group = parser.getgroup("gradcheck", "hand-derived gradients")
    group.addoption(
        "--gradcheck",
        action="append",
        default=[],
        metavar="FILE",
        help="Check a file of gradients: one test for each function. May be given several times. Where no other path "
        "is given, nothing else is collected.",
    )
    group.addoption("--gradcheck-exercise", metavar="ID|PATH", help="Its exercise; found from each file if left out.")
    group.addoption(
        "--gradcheck-hints",
        type=int,
        choices=range(4),
        default=2,
        metavar="N",
        help="0 verdicts; 1 also what is wrong; 2 also where (default); 3 also expected values and the fix.",
    )
    group.addoption(
        "--gradcheck-seed", type=_seed, metavar="N", help="Seed of the random probes; a fresh one if left out."
    )


def _seed(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; refuse files that are not there before anything is collected.

    Raises:
        pytest.UsageError: there is no such file.
    """
    config.addinivalue_line("markers", MARKER)
    config.stash[_REPORTS] = {}
    if config.option.gradcheck_seed is None:
        given: Mapping[str, int] = getattr(config, "workerinput", {})
        config.option.gradcheck_seed = given.get(_SEED, int.from_bytes(os.urandom(4), "big") >> 1)
    config.option.gradcheck = [str(_existing(config.invocation_params.dir / file)) for file in config.option.gradcheck]
    if config.option.gradcheck and config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Let all workers of pytest-xdist use the same seed."""
    node.workerinput[_SEED] = node.config.option.gradcheck_seed


def _existing(path: Path) -> Path:
    if path.is_dir():
        raise pytest.UsageError(f"--gradcheck {path} is a folder: give the Python file in it.")
    if not path.exists():
        raise pytest.UsageError(f"--gradcheck: there is no file {path}.")
    return path


def pytest_report_header(config: pytest.Config) -> str | None:
    """What is checked, and the seed that repeats it."""
    if not config.option.gradcheck:
        return None
    files = ", ".join(os.path.relpath(file, config.invocation_params.dir) for file in config.option.gradcheck)
    return f"gradcheck: {files}, seed {config.option.gradcheck_seed}"


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)  # before -k, --lf and the like choose among the tests
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add a test for each function of each file.

    Not by paths that pytest collects: it would import a student's file as a module of tests as well.
    """
    for file in dict.fromkeys(config.option.gradcheck):
        items.extend(session.genitems(GradientFile.from_parent(session, path=Path(file))))


class GradientFile(pytest.File):
    """A file of `--gradcheck`."""

    def collect(self) -> Iterable[pytest.Item]:
        """One item for each function, and one for each problem of the whole file."""
        option = self.config.option
        budget = 0.0 if option.collectonly else None
        try:
            report = _report(self.config, self.path, option.gradcheck_exercise, budget)
        except _UnusableError as error:
            raise self.CollectError(str(error)) from None
        for problem in report.problems:
            if problem.is_fault:
                section = _Section(report, (), option.gradcheck_hints)
                yield GradientItem.from_parent(self, name=problem.code, verdict="not-run", line=None, told=section)
        for task in report.tasks:
            section = _Section(report, (task.name,), option.gradcheck_hints)
            yield GradientItem.from_parent(
                self, name=task.name, verdict=task.verdict.value, line=task.line, told=section
            )
        for left in report.left_alone:
            section = _Section(report, (), option.gradcheck_hints, f"not checked: {left.reason}")
            yield GradientItem.from_parent(self, name=left.name, verdict="undecided", line=left.line, told=section)


class GradientItem(pytest.Item):
    """One function of a file."""

    def __init__(self, *, verdict: str, line: int | None, told: _Section, **names: object) -> None:
        super().__init__(**names)  # type: ignore[arg-type]  # pytest's own names
        self.verdict, self.line, self.told = verdict, line, told

    def setup(self) -> None:
        """What was not run fails here, which pytest calls an error: it is nothing that was computed wrongly."""
        if self.verdict == "not-run":
            pytest.fail(self.told.text(), pytrace=False)

    def runtest(self) -> None:
        """Say what the report says."""
        if self.verdict == "undecided":
            _skip(self.told.reason())
        if self.verdict == "wrong":
            pytest.fail(self.told.text(), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The place that pytest shows, its line counted from 0."""
        return self.path, None if self.line is None else self.line - 1, self.name


def _skip(reason: str) -> NoReturn:
    """Skip a test as from its own place, not from this one."""
    raise pytest.skip.Exception(reason, _use_item_location=True)


# Tests of a course ----------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A marked test fails, without its body being run, unless the functions that its marker names are right."""
    if (request := _Request.of(item)) is not None:
        request.demand()
    return (yield)


@pytest.fixture
def gradcheck_report(request: pytest.FixtureRequest) -> Report:
    """The report of the file in the test's marker `gradcheck`.

    With `functions=[]` the marker demands nothing, and the test may judge the report by itself.
    """
    marked = _Request.of(request.node)
    if marked is None:
        pytest.fail('gradcheck_report needs a marker on its test: @pytest.mark.gradcheck("student.py").', pytrace=False)
    return marked.report()


class _Request:
    """What a marker asks for."""

    def __init__(
        self,
        item: pytest.Item,
        file: str | os.PathLike[str],
        exercise: str | os.PathLike[str] | None = None,
        functions: Sequence[str] | None = None,
        hints: int | None = None,
    ) -> None:
        self.config = item.config
        self.path = item.path.parent / file
        self.exercise = None if exercise is None else str(exercise)
        if exercise is not None and (item.path.parent / exercise).is_dir():
            self.exercise = str(item.path.parent / exercise)
        self.functions = (functions,) if isinstance(functions, str) else functions
        self.hints = item.config.option.gradcheck_hints if hints is None else hints

    @staticmethod
    def of(item: pytest.Item) -> _Request | None:
        marker = item.get_closest_marker("gradcheck")
        if marker is None:
            return None
        try:
            return _Request(item, *marker.args, **marker.kwargs)
        except TypeError as error:
            what = str(error).replace("_Request.__init__()", "it")
        # Outside of the except, here and below: pytest would print the first error as well.
        pytest.fail(f"The marker of {item.name} is not {MARKER.partition(':')[0]}: {what}.", pytrace=False)

    def report(self) -> Report:
        try:
            return _report(self.config, self.path, self.exercise)
        except _UnusableError as error:
            why = str(error)
        pytest.fail(why, pytrace=False)

    def demand(self) -> None:
        """Fail or skip unless the functions are right."""
        report = self.report()
        wanted = report.tasks if self.functions is None else self._named(report)
        names = tuple(task.name for task in wanted if task.verdict.value != "right")
        verdicts = {task.verdict.value for task in wanted}
        if self.functions is None and not report.tasks:
            pytest.fail(f"Nothing in {self.path} was recognised as a gradient.", pytrace=False)
        if self.functions is None and any(problem.is_fault for problem in report.problems):
            verdicts.add("wrong")
        if verdicts & {"wrong", "not-run"}:
            pytest.fail(_Section(report, names, self.hints).text(), pytrace=False)
        if "undecided" in verdicts:
            _skip(_Section(report, names, self.hints).reason())

    def _named(self, report: Report) -> tuple[TaskReport, ...]:
        tasks: Mapping[str, TaskReport] = {task.name: task for task in report.tasks}
        reasons = {left.name: left.reason for left in report.left_alone}
        for name in self.functions or ():
            if name in reasons:
                _skip(f"{name} was not checked: {reasons[name]}")
            if name not in tasks:
                known = ", ".join(tasks) or "none"
                pytest.fail(f"The report on {self.path} has no function {name}. It has: {known}.", pytrace=False)
        return tuple(tasks[name] for name in self.functions or ())


# The check ------------------------------------------------------------------------------------------------------------


class _UnusableError(Exception):
    """There is no report; the text says why."""


def _report(config: pytest.Config, path: Path, exercise: str | None, locate_budget: float | None = None) -> Report:
    """The report on a file, made once in a run."""
    path = Path(os.path.normpath(path))
    reports = config.stash[_REPORTS]
    if (path_and_exercise := (str(path), exercise)) not in reports:
        reports[path_and_exercise] = _checked(config, path, exercise, locate_budget)
    return reports[path_and_exercise]


def _checked(config: pytest.Config, path: Path, exercise: str | None, locate_budget: float | None) -> Report:
    from dataclasses import replace  # noqa: PLC0415 (see the module's docstring)

    from checkers.errors import GradcheckError  # noqa: PLC0415
    from checkers.locate import DEFAULT_BUDGET  # noqa: PLC0415
    from gradcheck.file_check import check_file  # noqa: PLC0415

    budget = DEFAULT_BUDGET if locate_budget is None else locate_budget
    try:
        report = check_file(path, exercise=exercise, seed=config.option.gradcheck_seed, locate_budget=budget)
    except GradcheckError as error:
        raise _UnusableError(str(error).replace("--exercise", "--gradcheck-exercise")) from None
    except Exception as error:
        if os.environ.get("GRADCHECK_DEBUG"):
            raise
        _fault_of_ours(error)
    return replace(report, file=os.path.relpath(path, config.invocation_params.dir))


def _fault_of_ours(error: Exception) -> NoReturn:
    from gradcheck.fault import describe  # noqa: PLC0415 (see the module's docstring)

    raise _UnusableError(describe(error)) from None


def _told(what: str, findings: Sequence[Finding]) -> str:
    codes = ", ".join(finding.code for finding in findings if finding.is_fault)
    return f"{what}: {codes}" if codes else what


class _Section:
    """What the terminal's report says of some functions of a file, made when it is needed."""

    def __init__(self, report: Report, names: tuple[str, ...], hints: int, said: str | None = None) -> None:
        self.report, self.names, self.hints, self.said = report, names, hints, said

    def text(self) -> str:
        from gradcheck.render.report_text import sections  # noqa: PLC0415 (see the module's docstring)

        seed = f"{self.report.subject}, --gradcheck-seed {self.report.seed}"
        return f"{self._headline()}\n\n{sections(self.report, self.names, hints=self.hints)}\n\n{seed}"

    def _headline(self) -> str:
        """One line, which is all that pytest's short summary shows: "model_backward is wrong: residual-reversed"."""
        from checkers.hints import redact  # noqa: PLC0415

        shown = redact(self.report, self.hints)
        said = [
            _told(f"{task.name} is {task.verdict.replace('-', ' ')}", task.findings)
            for task in shown.tasks
            if task.name in self.names and task.verdict.value != "right"
        ]
        return "; ".join(said) or _told("The file cannot be judged", shown.problems)

    def reason(self) -> str:
        """Why it could not be judged, on one line."""
        from gradcheck.render.characters import on_one_line  # noqa: PLC0415

        return on_one_line(self.said or self._first_reason())

    def _first_reason(self) -> str:
        for task in self.report.tasks:
            if task.name in self.names and task.verdict.value == "undecided":
                faults = [finding.message for finding in task.findings if finding.is_fault]
                reasons = [output.reason for output in task.outputs if output.reason is not None]
                return f"{task.name}: {[*faults, *reasons, 'undecided'][0]}"
        return "undecided"
