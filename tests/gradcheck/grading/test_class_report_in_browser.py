"""The page for the instructor in a real browser: the table, its filters, hostile names, and printing."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from checkers.grading.submission import Person
from gradcheck.grading.outputs import write_outputs

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")

ATTACK = "document.title='attacked'"
HOSTILE = f"</script><script>{ATTACK}</script><img src=x onerror={ATTACK}>"

# What a user does, step by step, and what the page then shows. It runs instead of the policy, which would stop it.
DRIVER = """
<pre id="seen"></pre>
<script>
const at = id => document.getElementById(id), seen = {};
const names = () => [...document.querySelectorAll("#rows th a")].map(link => link.textContent);
const sorted = () => [...document.querySelectorAll("#table thead th")].map(head => head.getAttribute("aria-sort"));
const set = (id, value) => { at(id).value = value; at("filters").dispatchEvent(new Event("input")); };
const press = key => document.querySelector(`#table [data-key=${key}]`).click();
seen.first = names().length; seen.page = at("page").textContent; seen.previous = at("previous").disabled;
at("next").click(); seen.second = names()[0];
at("previous").click(); at("next").click(); at("next").click(); seen.last = names().length;
seen.next = at("next").disabled;
press("name"); seen.ascending = names()[0]; seen.aria = sorted();
press("name"); seen.descending = names()[0];
press("codes"); seen.worst = names()[0];
set("find", "S1"); seen.found = at("shown").textContent;
set("find", "lovelace"); seen.person = names();
at("filters").reset();
setTimeout(() => {
  seen.reset = at("shown").textContent;
  document.querySelector("[data-code=residual-reversed]").click();
  seen.chosen = [at("code").value, at("shown").textContent];
  document.querySelector("[data-look='not graded']").click(); seen.look = names();
  set("reason", "any"); seen.any = names();
  at("names").click(); seen.anonymous = [document.body.className, at("names").getAttribute("aria-pressed")];
  at("filters").reset();
  setTimeout(() => {
    dispatchEvent(new Event("beforeprint"));
    seen.printed = [names().length, document.querySelectorAll("details:not([open])").length];
    dispatchEvent(new Event("afterprint"));
    seen.after = [names().length, document.querySelectorAll("details:not([open])").length > 0];
    seen.overflow = document.documentElement.scrollWidth > innerWidth;
    at("seen").textContent = JSON.stringify(seen);
  });
});
</script>
"""


@pytest.fixture
def browser(tmp_path):
    """Opens a file and gives the document as it is after its scripts have run."""

    def run(path, *options):
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
        command += ["--virtual-time-budget=5000", *(options or ("--dump-dom",)), path.as_uri()]
        environment = {**os.environ, "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True, env=environment)
        return done.stdout

    return run


def test_the_table_is_filled_under_its_strict_policy_and_hostile_names_do_nothing(
    info, graded, refused, sample, tmp_path, browser
):
    person = Person(HOSTILE, id=HOSTILE)
    rows = [
        graded(HOSTILE, sample("hostile"), people=(person,), attempt=HOSTILE, files=(HOSTILE,)),
        refused("rex", HOSTILE),
        graded("adam", sample("wrong"), same_as=HOSTILE),
    ]
    write_outputs(replace(info, title=HOSTILE), lambda: iter(rows), tmp_path, level=3)
    document = browser(tmp_path / "report.html")
    body = document.split('<tbody id="rows">')[1].split("</tbody>")[0]
    assert body.count("<tr>") == 3
    assert "&lt;/script&gt;&lt;script&gt;" in body
    assert "<img" not in document
    assert "<title>attacked" not in document
    page = browser(tmp_path / "feedback/rex.html")
    assert "&lt;script&gt;" in page
    assert "<title>attacked" not in page


def test_a_user_sorts_filters_pages_and_prints(info, graded, refused, sample, tmp_path, browser):
    rows = [graded(f"s{number}", sample("right")) for number in range(118)]
    rows += [graded("worst", sample("wrong"), people=(Person("Ada Lovelace"),)), refused("rex", "a link")]
    write_outputs(info, lambda: iter(rows), tmp_path, level=2, only=set())
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text).replace("</body>", f"{DRIVER}</body>")
    (tmp_path / "driven.html").write_text(text, encoding="utf-8")
    document = browser(tmp_path / "driven.html", "--window-size=390,844", "--dump-dom")
    assert json.loads(re.search(r'<pre id="seen">(.+?)</pre>', document)[1]) == {
        "first": 50, "page": "Page 1 of 3", "previous": True, "second": "s50", "last": 20, "next": True,
        "ascending": "rex", "aria": ["ascending", None, None, None, None], "descending": "worst",
        "worst": "worst", "found": "29 of 120 submissions", "person": ["worst"], "reset": "120 submissions",
        "chosen": ["residual-reversed", "1 of 120 submissions"], "look": ["rex"], "any": ["rex"],
        "anonymous": ["anonymous", "true"], "printed": [120, 0], "after": [50, False], "overflow": False,
    }  # fmt: skip


def test_the_page_prints(info, graded, sample, tmp_path, browser):
    write_outputs(info, lambda: iter([graded("adam", sample("wrong"))]), tmp_path, level=2)
    browser(tmp_path / "report.html", f"--print-to-pdf={tmp_path / 'page.pdf'}")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
