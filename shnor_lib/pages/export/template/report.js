// What the page can do beside being read: sort and filter a table, go to a school, fold rows without news. Without it the page is whole.
(() => {
  "use strict";
  const LONG = 15;
  const make = (tag, text, put) => {
    const made = Object.assign(document.createElement(tag), { textContent: text });
    put(made);
    return made;
  };
  const plain = (cell) => cell.textContent.trim().toLowerCase();
  const number = (text) => {
    const found = text.replace(/[\u00a0\s]/g, "").replace("\u2212", "-").match(/^[^\d\-+]*([+-]?\d+(?:,\d+)?)/);
    return found ? Number(found[1].replace(",", ".")) : null;
  };

  const sortable = (table, body, rows) => {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      // no <button>: headings that hold one are not painted again on the next sheets of a printed table
      const button = make("span", "", (made) => made.setAttribute("role", "button"));
      button.append(...head.childNodes);
      button.className = "sort";
      button.tabIndex = 0;
      head.append(button);
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        button.click();
      });
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keys = new Map(rows.map((row) => [row, plain(row.cells[column])]));
        const order = (one, other) => {
          const [a, b] = [keys.get(one), keys.get(other)];
          const [x, y] = [number(a), number(b)];
          if (x !== null && y !== null) return x - y;
          if (x !== null || y !== null) return x === null ? 1 : -1;
          return a.localeCompare(b, "ru", { numeric: true });
        };
        body.append(...[...rows].sort((one, other) => (down ? order(other, one) : order(one, other))));
      });
    });
  };

  const filterable = (table, rows) => {
    const tools = make("div", "", (made) => (made.className = "tools"));
    const label = make("label", "Найти в таблице ", (made) => tools.append(made));
    const field = make("input", "", (made) => (made.type = "search"));
    label.append(field);
    const same = rows.filter((row) => row.querySelector(".word.faint"));
    let fold = null;
    if (same.length && same.length < rows.length) {
      const choice = make("label", " Только отличия", (made) => tools.append(made));
      fold = make("input", "", (made) => (made.type = "checkbox"));
      choice.prepend(fold);
    }
    const told = make("span", "", (made) => made.setAttribute("role", "status"));
    tools.append(told);
    const texts = new Map(rows.map((row) => [row, plain(row)]));
    const apply = () => {
      const wanted = field.value.trim().toLowerCase();
      let shown = 0;
      for (const row of rows) {
        const fits = texts.get(row).includes(wanted) && !(fold?.checked && same.includes(row));
        row.hidden = !fits;
        shown += fits;
      }
      told.textContent = shown < rows.length ? `показано строк: ${shown} из ${rows.length}` : "";
    };
    field.addEventListener("input", apply);
    fold?.addEventListener("change", apply);
    table.closest(".scroll").before(tools);
  };

  for (const table of document.querySelectorAll("main table")) {
    const body = table.tBodies[0];
    const rows = [...body.rows].filter((row) => row.cells.length > 1 && ![...row.cells].some((cell) => cell.rowSpan > 1));
    if (rows.length < 3 || rows.length < body.rows.length) continue;
    sortable(table, body, rows);
    if (rows.length > LONG) filterable(table, rows);
  }

  // Schools of several offices may have one name: the office, which names the row, then follows it.
  const pages = new Map();
  for (const link of document.querySelectorAll('main a[href*="schools/"]')) {
    const office = link.closest("tr")?.querySelector("th:not(:has(a))")?.textContent.trim();
    if (office || !pages.has(link.href)) pages.set(link.href, { name: link.textContent.trim(), office });
  }
  const times = new Map();
  for (const { name } of pages.values()) times.set(name, (times.get(name) ?? 0) + 1);
  const schools = new Map();
  for (const [href, { name, office }] of pages) schools.set(times.get(name) > 1 && office ? `${name}, ${office}` : name, href);
  if (schools.size > 1) {
    const jump = make("label", "Перейти к школе ", (made) => document.querySelector(".masthead").append(made));
    const list = make("select", "", (made) => jump.append(made));
    make("option", "–", (made) => list.append(made)).value = "";
    const names = [...schools.keys()].sort((a, b) => a.localeCompare(b, "ru", { numeric: true }));
    for (const name of names) make("option", name, (made) => list.append(made)).value = schools.get(name);
    list.addEventListener("change", () => {
      if (list.value) location.href = list.value;
    });
  }
})();
