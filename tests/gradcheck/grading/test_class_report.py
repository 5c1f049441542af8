"""The page for the instructor, as it is written; in a browser in test_class_report_in_browser.py."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO

import pytest

from checkers.findings import Certainty, Finding, Verdict
from checkers.grading.submission import Person
from checkers.report import Report, TaskReport
from gradcheck.grading.class_statistics import NAMED, ClassStatistics
from gradcheck.render.class_report import Listing, histogram, pieces

HOSTILE = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> \x1b[31m\u202e{{7*7}}&amp;\"'"
VOID = {"meta", "br", "hr", "img", "link", "input"}


@pytest.fixture
def page(info):
    def write(*rows, info=info):
        statistics, listing = ClassStatistics(), Listing(StringIO())
        for row in rows:
            statistics.add(row)
            listing.add(row)
        return "".join(pieces(info, statistics, listing))

    return write


class Elements(HTMLParser):
    """Collects elements, links, attributes and text, and refuses a page whose tags do not nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.attributes, self.said, self.open = [], [], set(), [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.said.append(data)

    @property
    def text(self):
        return " ".join(self.said)


def table_data(text):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1])


def wrong(score=1.0, code="transposed", **changes):
    finding = Finding(code, "dW is the transpose", Certainty.LIKELY, **changes)
    tasks = (TaskReport("model_backward", Verdict.WRONG, score, 4.0, 3, (), (finding,)),)
    return Report("0.1.0", "hw.py", "softmax-regression", 7, "strong", 0.1, tasks)


def test_the_mistakes_stand_on_the_page_without_a_script(page, graded, sample):
    rows = [graded("adam", sample("wrong")), graded("zoe", sample("wrong")), graded("eve", sample("right"))]
    elements = Elements(page(*rows))
    text = elements.text
    for said in ("y − z stands where z − y belongs.", "dZ = Y - A", "dZ = A - Y", "∂J/∂z", "67\xa0%"):
        assert said in text
    assert {"feedback/adam.html", "feedback/zoe.html"} <= set(elements.links)
    assert "feedback/eve.html" not in elements.links


@pytest.mark.parametrize(
    ("finished", "said"),
    [
        ("2026-11-21T10:08:52+00:00", "graded 2026-11-21 10:08 UTC"),
        ("<b>soon", "graded <b>soon"),
        ("", "softmax-regression"),
    ],
)
def test_the_page_says_when_the_class_was_graded(page, graded, sample, info, finished, said):
    text = Elements(page(graded("eve", sample("right")), info=replace(info, finished=finished))).text
    assert said in text
    assert ("graded" in text.split("Scores")[0]) == bool(finished)


def test_pass_rates_of_functions_stand_on_the_page(page, graded, sample):
    text = Elements(page(graded("adam", sample("wrong")), graded("eve", sample("right")))).text
    assert re.search(r"model_backward\s+50\xa0%\s+1 right", text)


def test_who_needs_a_look_is_linked_with_the_reason(page, graded, refused, sample):
    rows = [refused("rex", "a link"), graded("tim", wrong(code="times-out")), graded("ann", sample("right"))]
    elements = Elements(page(*rows, graded("bob", sample("right"), same_as="ann")))
    for said in ("Not graded", "Timed out", "Identical source"):
        assert said in elements.text
    assert {f"feedback/{name}.html" for name in ("rex", "tim", "ann", "bob")} <= set(elements.links)


def test_a_class_without_a_fault_says_so(page, graded, sample):
    text = Elements(page(graded("eve", sample("right")))).text
    assert "None." in text
    assert "Nobody." in text


def test_the_table_holds_every_submission(page, graded, refused, sample):
    people = (Person("Adam Smith"), Person("Eve"))
    rows = [graded("adam", sample("wrong"), people=people, attempt="2", is_late=True), refused("rex", "a link")]
    data = table_data(page(*rows))
    assert data["codes"] == ["residual-reversed"]
    assert data["rows"][0] == ["adam", "Adam Smith, Eve", 2, 0, [0], [], 0.1, "2, late"]
    assert [data["verdicts"][row[3]] for row in data["rows"]] == ["wrong", "not-run"]
    assert [[data["looks"][look] for look in row[5]] for row in data["rows"]] == [[], ["not graded"]]


def test_nothing_is_fetched_and_only_the_pages_own_script_and_style_run(page, graded, sample):
    text = page(graded("adam", sample("hostile")))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (source,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    elements = Elements(text)
    assert not [link for link in elements.links if not link.startswith(("#", "feedback/", "grades.csv"))]
    assert "style" not in elements.attributes  # the policy would not apply it
    assert not [name for name in elements.attributes if name.startswith("on")]


def test_nothing_hostile_becomes_markup(page, graded, sample, info):
    people = (Person(HOSTILE, id=HOSTILE, email=HOSTILE),)
    row = graded(HOSTILE, sample("hostile"), people=people, attempt=HOSTILE, files=(HOSTILE,), same_as=HOSTILE)
    unknown = graded(f"{HOSTILE}2", wrong(source=HOSTILE, fix=f"{HOSTILE}\n{HOSTILE}", step=HOSTILE, line=2))
    text = page(row, unknown)
    elements = Elements(text)
    assert elements.tags.count("script") == 2
    assert elements.tags.count("img") == 0
    assert "alert(1)" in elements.text
    assert "{{7*7}}" in text
    assert not {"\x1b", "\u202e", "\x07"} & set(text)
    assert table_data(text)["rows"][0][0].startswith("</script><script>alert(1)")
    data = text.split('id="data">')[1].split("</script>")[0]
    assert "<" not in data  # no "<!--<script>" either, which would swallow the rest of the page
    assert not [link for link in elements.links if link.startswith("feedback/") and "/" in link[len("feedback/") :]]


def test_a_large_group_is_cut_and_counted(page, graded):
    text = page(*(graded(f"s{n}", wrong()) for n in range(NAMED + 20)))
    assert text.count("feedback/") == NAMED + 1  # one more for the example
    assert "Show all 120 in the table" in text
    assert "and 20 more" in text


def test_ten_thousand_submissions_fit_in_five_megabytes(page, graded, sample):
    reports = [sample("right"), sample("wrong"), wrong(code="times-out"), wrong(code="transposed")]
    people = (Person("Ada Byron King-Noel"),)
    text = page(*(graded(f"kingnoelada-{n}", reports[n % 4], people=people) for n in range(10_000)))
    assert len(text.encode()) < 5e6
    assert len(table_data(text)["rows"]) == 10_000


# The histogram


def bars(*scores, top=4.0):
    statistics = ClassStatistics()
    statistics.max_score = top
    statistics.scores.update(scores)
    return histogram(statistics)


def test_full_marks_are_a_bar_of_their_own():
    found = bars(4.0, 4.0, 3.5, 0.0)
    assert [(bar.start, bar.end, bar.count) for bar in found if bar.count] == [(0, 0.5, 1), (3.5, 4, 1), (4, 4, 2)]
    assert sum(bar.count for bar in found) == 4


@pytest.mark.parametrize("top", [0.3, 1, 3, 6, 7.5, 10, 16, 30, 97, 100, 2500])
def test_every_score_falls_into_one_bar(top):
    scores = [top * part / 40 for part in range(41)]
    found = bars(*scores, top=top)
    assert sum(bar.count for bar in found) == 41
    assert len(found) <= 13
    assert [bar.end for bar in found[:-1]] == [bar.start for bar in found[1:]]
    assert all(bar.left >= 0 and bar.left + bar.width <= 100 + 1e-9 for bar in found)


def test_whole_points_get_no_empty_bars_for_half_ones():
    assert len(bars(0.0, 1.0, 2.0, 4.0)) == 5
    assert len(bars(0.0, 1.5, 2.0, 4.0)) > 5


def test_an_exercise_without_points_has_no_histogram():
    assert bars(0.0, top=0.0) == []
