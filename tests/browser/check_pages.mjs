// Opens finished pages in a real browser and says what is wrong with them.
//
//   node check_pages.mjs page.html...      prints {"page.html": ["problem", ...], ...} as JSON
//
// The browser is the one named in the environment variable CHROMIUM, or /usr/bin/chromium.

import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const A4_TEXT_WIDTH = 688; // 182 mm at 96 dots an inch
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// The page as a reader opens it: from the disk, without a network, with its own policy in force.
async function checkOffline(browser, url) {
  const found = [];
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) found.push(`запрос ${request.url()}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) found.push(`консоль: ${message.text()}`);
  });
  page.on("pageerror", (error) => found.push(`ошибка на странице: ${error}`));
  let spent = Infinity; // the best of three: a busy machine is not the page's fault
  for (let attempt = 0; attempt < 3 && spent > 2000; attempt += 1) {
    const begun = Date.now();
    await page.goto(url, { waitUntil: "load" });
    spent = Math.min(spent, Date.now() - begun);
  }
  if (spent > 2000) found.push(`страница открывается ${spent} мс, можно 2000`);
  const unseen = await page.evaluate(() => [...document.images].filter((image) => !image.naturalWidth).length);
  if (unseen) found.push(`картинок не видно: ${unseen}`);
  await context.close();
  return found;
}

// Long tables take axe most of its time: of the rows of a table that look alike, down to the elements in them, one is asked.
async function checkAccessibility(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(async (rules) => {
    const looks = ["color", "background-color", "background-image", "opacity", "filter", "mix-blend-mode", "visibility",
      "display", "position", "font-size", "font-weight", "text-shadow", "text-indent", "clip-path"];
    const look = (element) => {
      const style = getComputedStyle(element);
      const named = [...element.attributes].map(({ name, value }) => `${name}=${value}`);
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      return [element.tagName, element.className, named, own, ...looks.map((name) => style.getPropertyValue(name))].join("|");
    };
    const taken = [];
    for (const body of document.querySelectorAll("tbody")) {
      const seen = new Set();
      for (const row of [...body.rows]) {
        const key = [row, ...row.querySelectorAll("*")].map(look).join();
        if (seen.has(key) && !row.matches("[id], :has([id])")) taken.push([row, row.previousSibling]);
        seen.add(key);
      }
    }
    for (const [row] of taken) row.remove();
    const found = await axe.run({ runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
    for (const [row, before] of taken) before.after(row);
    return found;
  }, RULES);
  return violations.map(({ id, help, nodes }) => `axe ${id}: ${help} (${nodes[0].target}, всего ${nodes.length})`);
}

// The contrast of the dark scheme, by one row of each table: the scheme changes colours only.
async function checkDark(page) {
  await page.emulateMedia({ colorScheme: "dark" });
  const found = await page.evaluate(async () => {
    const paper = getComputedStyle(document.body).backgroundColor;
    const rows = [...document.querySelectorAll("tbody")].flatMap((body) => [...body.rows].slice(3));
    rows.forEach((row) => (row.hidden = true));
    const { violations } = await axe.run({ runOnly: { type: "rule", values: ["color-contrast"] }, resultTypes: ["violations"] });
    rows.forEach((row) => (row.hidden = false));
    return { paper, violations };
  });
  await page.emulateMedia({ colorScheme: null });
  const bright = found.paper === "rgb(255, 255, 255)" ? ["тёмной схемы нет"] : [];
  return [...bright, ...found.violations.map(({ nodes }) => `тёмная схема, контраст: ${nodes[0].target} (всего ${nodes.length})`)];
}

// A phone of 320 px, and a window of 1280 px at 200 %.
async function checkNarrow(page) {
  const found = [];
  for (const width of [320, 640]) {
    await page.setViewportSize({ width, height: 800 });
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    if (needed > width) found.push(`на ширине ${width} страница прокручивается вбок: нужно ${needed}`);
  }
  return found;
}

// Nothing stands out of an A4 sheet; landscape sheets of wide tables are measured at their own width.
async function checkPaperWidth(page) {
  await page.setViewportSize({ width: A4_TEXT_WIDTH, height: 1000 });
  await page.emulateMedia({ media: "print" });
  const found = await page.evaluate((width) => {
    const landscape = 1016;
    return [...document.querySelectorAll("table, img, pre, h1, h2, h3")]
      .filter((block) => block.getBoundingClientRect().width > (block.closest(".wide") ? landscape : width) + 1)
      .map((block) => `на листе А4 не помещается <${block.tagName.toLowerCase()}> ${block.id}`);
  }, A4_TEXT_WIDTH);
  await page.emulateMedia({ media: null });
  return found;
}

// What must not be torn apart gets a mark at its start and its end; the marks must fall on one sheet.
async function checkPaperBreaks(page) {
  const found = [];
  const blocks = await page.evaluate(() => {
    const blocks = [];
    const mark = (place, text, where) => {
      const sign = document.createElement("span");
      sign.style.cssText = "font-size:1px;line-height:0;position:relative";
      sign.textContent = text;
      place.insertAdjacentElement(where, sign);
    };
    const block = (kind, name, start, end) => {
      const number = blocks.length;
      blocks.push({ kind, name });
      mark(start, `S${number}Z`, "afterbegin");
      mark(end, `E${number}Z`, "beforeend");
    };
    for (const table of document.querySelectorAll("table")) {
      const cells = table.querySelectorAll("tbody th, tbody td");
      const long = table.closest(".long") !== null;
      block(long ? "long" : "whole", table.id, table.querySelector("thead th"), cells[cells.length - 1]);
      if (long) block("whole", `начало ${table.id}`, table.caption ?? table, cells[0]);
    }
    for (const figure of document.querySelectorAll("figure")) {
      block("whole", figure.id, figure.querySelector("figcaption"), figure.querySelector(".notes") ?? figure);
    }
    for (const heading of document.querySelectorAll("h2, h3, h4")) {
      let next = heading.nextElementSibling ?? heading.parentElement.nextElementSibling;
      next = next?.querySelector("caption span, figcaption, li, p, dt") ?? next;
      if (next) block("whole", `«${heading.textContent}»`, heading, next);
    }
    return blocks;
  });
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false, tagged: true });

  const raw = pdf.toString("latin1");
  if (!raw.includes("/StructTreeRoot")) found.push("PDF без разметки для чтения вслух");
  if (!/\/Lang\s*\(ru/.test(raw)) found.push("в PDF не указан русский язык");

  const sheets = textOfSheets(pdf);
  blocks.forEach(({ kind, name }, number) => {
    const starts = sheets.flatMap((text, sheet) => (text.includes(`S${number}Z`) ? [sheet] : []));
    const end = sheets.findIndex((text) => text.includes(`E${number}Z`));
    if (!starts.length || end < 0) found.push(`в PDF не нашлось ${name}`);
    else if (kind === "whole" && starts[0] !== end) found.push(`на печати разорвано: ${name}`);
    else if (kind === "long" && starts.length < end - starts[0] + 1) found.push(`шапка таблицы ${name} не повторяется`);
  });
  return found;
}

// The words of every sheet of a PDF, without spaces.
function textOfSheets(pdf) {
  const text = execFileSync("pdftotext", ["-raw", "-", "-"], { input: pdf, maxBuffer: 1e8 }).toString();
  return text.split("\f").map((sheet) => sheet.replaceAll(/\s/g, ""));
}

// The Nu validator; without Java the check is left out and said so.
async function checkValidity(files) {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
  } catch {
    process.stderr.write("нет java: проверка разметки пропущена\n");
    return {};
  }
  const jar = require.resolve("vnu-jar/build/dist/vnu.jar");
  const java = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m"]; // for a minute's work, half the processor time
  const settings = [...java, "-jar", jar, "--format", "json", "--exit-zero-always", ...files];
  const { stderr } = await promisify(execFile)("java", settings, { maxBuffer: 1e8 });
  const found = {};
  for (const { type, url, message, lastLine, extract } of JSON.parse(stderr).messages) {
    if (type === "error") {
      (found[url] ??= []).push(`строка ${lastLine}: ${message} ${JSON.stringify(extract ?? "").slice(0, 120)}`);
    }
  }
  return found;
}

// What needs scripts of ours in the page; the marks of the last check change it for good.
async function checkInside(browser, url) {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(url);
  const found = [];
  for (const check of [checkAccessibility, checkDark, checkNarrow, checkPaperWidth, checkPaperBreaks]) {
    found.push(...(await check(page)));
  }
  await context.close();
  return found;
}

const files = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
const invalid = await checkValidity(files);
const result = {};
for (const file of files) {
  const url = pathToFileURL(file).href;
  result[file] = [
    ...(await checkOffline(browser, url)),
    ...(await checkInside(browser, url)),
    ...(invalid[`file:${file}`] ?? invalid[url] ?? []),
  ];
}
await browser.close();
process.stdout.write(JSON.stringify(result, null, 1));
