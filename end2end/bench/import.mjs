// The whole check of an import in the real Chromium, as it is shipped, against what others need only
// to parse the same file. Prints one JSON line for each figure. Called by `cargo xtask bench`, with
// the folder of the built site.

import { chromium } from "playwright-core";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SITE = "http://bench.test";
const ROUNDS = 10;
const TYPES = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };

const [site] = process.argv.slice(2);
const names = JSON.parse(await readFile(join(site, "assets.json"), "utf8"));
const libraries = {
  "papaparse.js": "node_modules/papaparse/papaparse.min.js",
  "udsv.js": "node_modules/udsv/dist/uDSV.iife.min.js",
};

const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
const browser = await chromium.launch({
  executablePath: process.env.MUSTER_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  await bench();
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}

async function bench() {
  const page = await browser.newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.route(`${SITE}/**`, serve);
  await page.goto(`${SITE}/index.html`);
  await page.evaluate(inPage);

  // Decode, parse, validate, duplicates; the others have the decoded text at hand and only parse.
  const hundred = await people(100_000);
  const times = await measure(page, hundred, ROUNDS);
  const ours = median(times.ours);
  figure("check-100000", ours, "ms", "PapaParse into objects", ours / median(times.papaObjects));
  figure("check-100000", ours, "ms", "PapaParse into arrays", ours / median(times.papaArrays));
  figure("check-100000", ours, "ms", "uDSV, parsing alone", ours / median(times.udsv));
  figure("check-100000", ours, "ms", "uDSV and ajv", ours / median(times.udsvAjv));

  const dropped = median(times.dropped);
  figure("drop-to-checked-100000", dropped, "ms", "PapaParse into objects", dropped / median(times.papaObjects));

  const million = await people(1_000_000);
  const large = await measureOurs(page, million);
  figure("check-1000000", large.checked, "ms", "the limit of 5,000 ms", large.checked / 5_000);
  figure("first-rows-1000000", large.glimpse, "ms", "the limit of 100 ms", large.glimpse / 100);
  figure("memory-1000000", large.memory, "bytes", "the file’s size", large.memory / million.size);
  figure("edit-1000000", large.edit, "ms", "the limit of 16 ms", large.edit / 16);
}

function figure(name, value, unit, against, ratio) {
  console.log(JSON.stringify({ name, value, unit, against, ratio }));
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

async function serve(route) {
  const name = new URL(route.request().url()).pathname.slice(1);
  const type = TYPES[name.split(".").at(-1)] ?? "application/octet-stream";
  const answer = (body) => route.fulfill({ contentType: type, body });
  if (name === "index.html") return answer('<!doctype html><input type="file">');
  if (name === "worker.js") return answer(worker());
  if (name === "ajv.js") return answer(validator());
  if (name in libraries) return answer(await readFile(libraries[name]));
  if (name === "api/imports/compare") return route.fulfill({ json: compared(route.request().postDataJSON()) });
  return answer(await readFile(join(site, name)));
}

/** Nobody is there yet. */
function compared({ rows }) {
  const verdicts = rows.map(() => "create");
  return { verdicts, standard_seats_free: null, mobile_seats_free: null };
}

/** The worker as it is shipped; beside, it tells when it had read the file, and how much memory it has. */
function worker() {
  return `
    let memory;
    const reads = [];
    const read = FileReader.prototype.readAsArrayBuffer;
    FileReader.prototype.readAsArrayBuffer = function (blob) {
      this.addEventListener("load", () => reads.push(performance.timeOrigin + performance.now()));
      return read.call(this, blob);
    };
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const real = WebAssembly[name];
      WebAssembly[name] = async (...given) => {
        const made = await real(...given);
        memory = (made.instance ?? made).exports.memory;
        return made;
      };
    }
    self.addEventListener("message", (event) => {
      if (event.data !== "tell") return;
      event.stopImmediatePropagation();
      postMessage([JSON.stringify({ memory: memory.buffer.byteLength, reads })]);
    });
    await import("/${names["import-worker.js"]}");
    postMessage([JSON.stringify("alive")]);
  `;
}

/** The rules that a schema can tell, compiled beforehand: that costs nothing in the measured time. */
function validator() {
  return "self.schema = " + JSON.stringify({
    type: "object",
    required: ["Name", "Email"],
    properties: {
      Name: { type: "string", minLength: 1, maxLength: 128 },
      Nickname: { type: "string", maxLength: 128 },
      Email: { type: "string", maxLength: 254, pattern: "^[^@\\s]{1,64}@[^@\\s]+\\.[^@\\s]+$" },
      "Single Sign-On ID": { type: "string", maxLength: 128 },
      Description: { type: "string", maxLength: 1024 },
      Enabled: { enum: ["true", "false", ""] },
      "Standard License": { enum: ["true", "false", ""] },
      "Mobile License": { enum: ["true", "false", ""] },
      "Technician Group ID": { type: "string", pattern: "^[0-9]*$" },
    },
  });
}

/** Ten columns, the same at every run. */
async function people(rows) {
  const words = ["second shift", "on call", "printers", "networks", "field, north", "training"];
  let state = 7;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  const head = "Name,Nickname,Email,Password,Single Sign-On ID,Description,Enabled,Standard License,Mobile License,Technician Group ID";
  const lines = [head];
  for (let row = 1; row <= rows; row += 1) {
    const word = words[random(words.length)];
    const text = word.includes(",") ? `"${word}"` : word;
    lines.push(
      `Given${random(5000)} Family${random(9000)},Nick${random(5000)},person.${row}@example.test,,` +
        `sso-${row},${text},true,${random(10) > 0},${random(3) === 0},${1001 + random(50)}`,
    );
  }
  const bytes = Buffer.from(`${lines.join("\r\n")}\r\n`);
  const path = join(folder, `people-${rows}.csv`);
  await writeFile(path, bytes);
  return { path, size: bytes.length };
}

async function choose(page, file) {
  await page.locator("input").setInputFiles(file.path);
}

async function measure(page, file, rounds) {
  await choose(page, file);
  for (const [name] of Object.entries(libraries)) await page.addScriptTag({ url: `${SITE}/${name}` });
  await page.addScriptTag({ url: `${SITE}/ajv.js` });
  await page.addScriptTag({ content: await ajvBundle() });
  return page.evaluate((rounds) => self.bench.all(rounds), rounds);
}

async function measureOurs(page, file) {
  await choose(page, file);
  return page.evaluate(() => self.bench.large());
}

/** ajv for the browser: its standalone code, made here from the same schema. */
async function ajvBundle() {
  const { default: Ajv } = await import("ajv");
  const { default: standalone } = await import("ajv/dist/standalone/index.js");
  const self = {};
  new Function("self", validator())(self);
  const ajv = new (Ajv.default ?? Ajv)({ code: { source: true }, allErrors: true });
  const code = (standalone.default ?? standalone)(ajv, ajv.compile(self.schema));
  return `self.validate = (() => { const module = { exports: {} }; const require = (name) => {
    if (name.endsWith("ucs2length")) return { default: (text) => [...text].length };
    throw new Error(name); }; ${code}; return module.exports.default ?? module.exports; })();`;
}

/** Runs in the page. */
function inPage() {
  const RULES = { strength: "good", organization: "Example", default_password_set: true };
  const file = () => document.querySelector("input").files[0];

  const start = async () => {
    const worker = new Worker("/worker.js", { type: "module" });
    const heard = [];
    worker.onmessage = ({ data }) => {
      const report = JSON.parse(data[0]);
      for (const listener of [...heard]) listener(report);
    };
    const next = (wanted) =>
      new Promise((there) => {
        const listener = (report) => {
          if (!wanted(report)) return;
          heard.splice(heard.indexOf(listener), 1);
          there({ report, at: performance.now() });
        };
        heard.push(listener);
      });
    await next((report) => report === "alive");
    return { worker, next, say: (request, ...more) => worker.postMessage([JSON.stringify(request), ...more]) };
  };

  const open = { Open: { rules: RULES, wanted: {} } };

  const ours = async ({ worker, next, say }) => {
    const checked = next((report) => report.Checked);
    const before = performance.now();
    say(open, file());
    const { at, report } = await checked;
    const { errors, rows } = report.Checked.counts;
    if (errors > 0 || rows < 100_000) throw new Error(`${errors} errors in ${rows} rows`);
    await next((report) => report.DryRun?.counts.uncompared === 0);
    worker.postMessage("tell");
    const { reads } = (await next((report) => report.reads)).report;
    // Later ones are those of the file's digest.
    const end = at + performance.timeOrigin;
    return { dropped: at - before, read: end - Math.max(...reads.filter((read) => read < end)) };
  };

  const timed = (work) => {
    const before = performance.now();
    const result = work();
    const time = performance.now() - before;
    if (result.length < 100_000) throw new Error(`only ${result.length} rows`);
    return time;
  };

  const all = async (rounds) => {
    const text = await file().text();
    const others = {
      papaArrays: () => Papa.parse(text, { skipEmptyLines: true }).data,
      papaObjects: () => Papa.parse(text, { header: true, skipEmptyLines: true }).data,
      udsv: () => uDSV.initParser(uDSV.inferSchema(text)).stringArrs(text),
      udsvAjv: () => {
        const rows = uDSV.initParser(uDSV.inferSchema(text)).stringObjs(text);
        for (const row of rows) if (!self.validate(row)) throw new Error(JSON.stringify(row));
        return rows;
      },
    };
    // Each of them has run before, as its engine wants it: the first round is not counted.
    const worker = await start();
    const times = { dropped: [], ours: [] };
    for (let round = 0; round < rounds; round += 1) {
      const { dropped, read } = await ours(worker);
      times.dropped.push(dropped);
      times.ours.push(read);
      for (const [name, work] of Object.entries(others)) {
        (times[name] ??= []).push(timed(work));
        await new Promise((done) => setTimeout(done, 50));
      }
    }
    worker.worker.terminate();
    for (const measured of Object.values(times)) measured.shift();
    return times;
  };

  const large = async () => {
    const { worker, next, say } = await start();
    const glimpsed = next((report) => report.Glimpse);
    const checked = next((report) => report.Checked);
    const before = performance.now();
    say(open, file());
    const glimpse = (await glimpsed).at - before;
    const whole = (await checked).at - before;
    await next((report) => report.DryRun?.counts.uncompared === 0);
    const edits = [];
    for (let row = 500_000; row < 500_021; row += 1) {
      const shown = next((report) => report.Rows);
      const begun = performance.now();
      say({ Edit: { row, column: 2, text: `person.${row - 400_000}@example.test` } });
      say({ Rows: { filter: "all", from: row - 20, count: 40 } });
      edits.push((await shown).at - begun);
      await new Promise((done) => setTimeout(done, 50));
    }
    worker.postMessage("tell");
    const { report } = await next((report) => report.memory);
    worker.terminate();
    edits.sort((one, other) => one - other);
    return { glimpse, checked: whole, edit: edits[10], memory: report.memory };
  };

  self.bench = { all, large };
}
