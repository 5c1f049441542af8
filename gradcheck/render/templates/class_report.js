
"use strict";
(() => {
  const PAGE = 50, PRINTED = 1000;
  const [NAME, PEOPLE, SCORE, VERDICT, CODES, LOOKS, SECONDS, ATTEMPT, STEM] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const data = JSON.parse(document.getElementById("data").textContent);
  const marks = {right: "✓", wrong: "✗", undecided: "?", "not-run": "–"};
  const at = id => document.getElementById(id);
  const compare = new Intl.Collator(undefined, {numeric: true}).compare;
  const codeNames = row => row[CODES].map(code => data.codes[code]);
  const keys = {
    name: (a, b) => compare(a[NAME], b[NAME]),
    score: (a, b) => a[SCORE] - b[SCORE],
    verdict: (a, b) => a[VERDICT] - b[VERDICT],
    codes: (a, b) => a[CODES].length - b[CODES].length || compare(codeNames(a).join(), codeNames(b).join()),
    seconds: (a, b) => a[SECONDS] - b[SECONDS],
  };
  let rows = data.rows, page = 0, sortedBy = null, descending = false;

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function tags(row, className) {
    const box = element("div", undefined, className);
    codeNames(row).forEach(code => box.append(element("code", code), " "));
    row[LOOKS].forEach(look => box.append(element("span", data.looks[look], "flag"), " "));
    return box;
  }

  function tableRow(row) {
    const made = element("tr"), name = element("th"), verdict = data.verdicts[row[VERDICT]];
    name.scope = "row";
    const link = element("a", row[NAME], "who");
    link.href = `${data.folder}/${encodeURIComponent(row[STEM] || row[NAME])}.html`;
    name.append(link);
    if (row[PEOPLE]) name.append(element("div", row[PEOPLE], "aside who"));
    if (row[ATTEMPT]) name.append(element("div", row[ATTEMPT], "aside"));
    name.append(tags(row, "below"));
    const said = element("td");
    said.append(element("span", marks[verdict], verdict), ` ${verdict}`);
    const codes = element("td", undefined, "wide");
    codes.append(tags(row));
    made.append(name, element("td", String(Math.round(row[SCORE] * 100) / 100)), said, codes,
      element("td", row[SECONDS].toFixed(2), "wide"));
    return made;
  }

  function show(from, to) {
    at("rows").replaceChildren(...rows.slice(from, to).map(tableRow));
    const found = rows.length.toLocaleString("en"), all = data.rows.length.toLocaleString("en");
    const cut = to - from > PAGE && rows.length > to ? `; the first ${to} are printed, grades.csv holds all` : "";
    at("shown").textContent = (rows.length === data.rows.length ? `${all} submissions` : `${found} of ${all} submissions`) + cut;
  }

  function showPage() {
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    page = Math.min(Math.max(page, 0), pages - 1);
    show(page * PAGE, (page + 1) * PAGE);
    at("page").textContent = `Page ${page + 1} of ${pages}`;
    at("previous").disabled = page === 0;
    at("next").disabled = page === pages - 1;
    document.querySelector(".pages").hidden = pages === 1;
  }

  function filter() {
    const find = at("find").value.trim().toLowerCase(), verdict = at("verdict").value;
    const code = data.codes.indexOf(at("code").value), reason = at("reason").value, look = data.looks.indexOf(reason);
    rows = data.rows.filter(row =>
      (!find || row[NAME].toLowerCase().includes(find) || row[PEOPLE].toLowerCase().includes(find)) &&
      (!verdict || data.verdicts[row[VERDICT]] === verdict) &&
      (!at("code").value || row[CODES].includes(code)) &&
      (!reason || (reason === "any" ? row[LOOKS].length > 0 : row[LOOKS].includes(look))));
    if (sortedBy) rows.sort((a, b) => (descending ? -1 : 1) * keys[sortedBy](a, b));
    page = 0;
    showPage();
  }

  function sortBy(button) {
    const key = button.dataset.key;
    // The most points, mistakes and seconds are looked for first; names and verdicts from the beginning.
    descending = sortedBy === key ? !descending : ["score", "codes", "seconds"].includes(key);
    sortedBy = key;
    document.querySelectorAll("#table thead th").forEach(head => head.removeAttribute("aria-sort"));
    button.parentElement.setAttribute("aria-sort", descending ? "descending" : "ascending");
    filter();
  }

  function choose(select, value) {
    at("filters").reset();
    at(select).value = value;
    filter();
    at("submissions").scrollIntoView();
    at(select).focus({preventScroll: true});
  }

  function options(select, indices, words) {
    const counts = new Map();
    data.rows.forEach(row => [row[indices]].flat().forEach(index => counts.set(index, (counts.get(index) || 0) + 1)));
    [...counts].sort((a, b) => b[1] - a[1]).forEach(([index, count]) => {
      const option = element("option", `${words[index]} (${count})`);
      option.value = words[index];
      at(select).append(option);
    });
  }

  options("verdict", VERDICT, data.verdicts);
  options("code", CODES, data.codes);
  options("reason", LOOKS, data.looks);
  document.querySelectorAll(".scripted").forEach(part => { part.hidden = false; });
  document.querySelectorAll("#table th button").forEach(button => button.addEventListener("click", () => sortBy(button)));
  document.querySelectorAll("[data-code]").forEach(button =>
    button.addEventListener("click", () => choose("code", button.dataset.code)));
  document.querySelectorAll("[data-look]").forEach(button =>
    button.addEventListener("click", () => choose("reason", button.dataset.look)));
  at("filters").addEventListener("input", filter);
  at("filters").addEventListener("reset", () => setTimeout(filter));
  at("filters").addEventListener("submit", event => event.preventDefault());
  at("previous").addEventListener("click", () => { page -= 1; showPage(); });
  at("next").addEventListener("click", () => { page += 1; showPage(); });
  at("names").addEventListener("click", () => {
    const hidden = document.body.classList.toggle("anonymous");
    at("names").setAttribute("aria-pressed", String(hidden));
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach(part => { part.open = true; });
    show(0, PRINTED);
  });
  addEventListener("afterprint", () => {
    opened.forEach(part => { part.open = false; });
    showPage();
  });
  filter();
})();
