// Import technicians, as a person does it.

import { expect, type Locator, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";

import type { TestFile } from "./files.ts";
import type { Expected } from "./every-code.ts";
import type { Muster } from "./muster.ts";

type Chosen = TestFile | string;

/** Chooses a file by the button; a path is for what is too large to hand over. */
export async function upload(page: Page, file: Chosen): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload file" }).click();
  await (await chooser).setFiles(file);
}

/** Lets a file fall on the page, as a drag from the desktop does. */
export async function drop(page: Page, file: Chosen): Promise<void> {
  const input = await page.evaluateHandle(() => {
    const input = document.createElement("input");
    input.type = "file";
    return input;
  });
  await input.setInputFiles(file);
  await input.evaluate((input) => {
    const dragged = new DataTransfer();
    for (const file of input.files ?? []) dragged.items.add(file);
    for (const type of ["dragenter", "dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: dragged }));
    }
  });
}

/** Finds a group by typing and takes the first that is offered. */
export async function chooseGroup(page: Page, text: string): Promise<void> {
  const search = page.getByRole("combobox", { name: "Search technician group…" });
  await search.fill(text);
  await page.getByRole("option", { name: text }).first().click();
  await expect(search).toHaveValue(new RegExp(text));
}

/** The groups that are offered while one is searched for. */
export function groupsOffered(page: Page): Locator {
  return page.getByRole("listbox", { name: "Technician Groups" }).getByRole("option");
}

export function grid(page: Page): Locator {
  return page.getByRole("grid", { name: "Rows of the file" });
}

/** The row of the grid that begins on this line of the file. */
export function rowOfLine(page: Page, line: number): Locator {
  const header = page.getByRole("rowheader", { name: String(line), exact: true });
  return grid(page).getByRole("row").filter({ has: header });
}

/** The filter's button, whose name ends with how many rows it shows. */
export function filter(page: Page, name: "All" | "Ready" | "Errors" | "Warnings"): Locator {
  return page.getByRole("group", { name: "Show rows" }).getByRole("button", { name });
}

export interface Counts {
  all: number;
  ready: number;
  errors: number;
  warnings: number;
}

/** Waits until the check is through and has counted so many. */
export async function expectCounts(page: Page, counts: Counts): Promise<void> {
  const patience = { timeout: 90_000 };
  await expect(filter(page, "All")).toHaveText(`All ${counts.all.toLocaleString("en")}`, patience);
  await expect(filter(page, "Ready")).toHaveText(`Ready ${counts.ready.toLocaleString("en")}`);
  await expect(filter(page, "Errors")).toHaveText(`Errors ${counts.errors.toLocaleString("en")}`);
  await expect(filter(page, "Warnings")).toHaveText(`Warnings ${counts.warnings.toLocaleString("en")}`);
}

/** Starts the import and waits for its end, which is the Import Summary. */
export async function importAll(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start import" }).click();
  await arriveAtSummary(page);
}

export async function arriveAtSummary(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/account\/imports\/[0-9a-f-]{36}/, { timeout: 90_000 });
  await expect(page.getByRole("heading", { name: "Import Summary" })).toBeVisible();
}

/** Saves what a link or button hands out. */
export async function download(page: Page, control: Locator): Promise<{ name: string; bytes: Buffer }> {
  const saved = page.waitForEvent("download");
  await control.click();
  const download = await saved;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** One row of the Import Summary as the JSON download has it. */
export interface Result {
  line: number;
  outcome: "created" | "updated" | "unchanged" | "skipped" | "failed";
  name: string;
  email: string;
  problems: Problem[];
}

export interface Problem {
  column: string | null;
  code: string;
  message: string;
}

/** One line that `muster check --json` prints of a row. */
export interface CheckedRow {
  line: number;
  status: "ok" | "warning" | "error";
  values: Record<string, unknown>;
  problems: Problem[];
}

export interface Checked {
  rows: CheckedRow[];
  summary: { rows: number; ok: number; warnings: number; errors: number; encoding: string; delimiter: string; format: string };
  fileError: { code: string; message: string; line?: number } | undefined;
}

/** What the command line says of the file. */
export async function check(muster: Muster, file: TestFile, ...flags: string[]): Promise<Checked> {
  const ran = await muster.run(["check", "-", "--json", ...flags], file.buffer);
  const lines = ran.stdout.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  const last = lines.at(-1);
  if (last === undefined || ran.status === null || ran.status > 2) {
    throw new Error(`muster check ended with ${ran.status}: ${ran.stderr}`);
  }
  const fileError = last["file_error"] as Checked["fileError"];
  const expected = fileError ? 2 : lines.some((line) => line["status"] === "error") ? 1 : 0;
  expect(ran.status, "the exit status tells it too").toBe(expected);
  return {
    rows: lines.filter((line) => "status" in line) as unknown as CheckedRow[],
    summary: last["summary"] as Checked["summary"],
    fileError,
  };
}

/** The codes of rows by their lines, of rows that have any. */
export function codes(rows: readonly { line: number; problems: readonly Problem[] }[]): Expected {
  const found = rows.filter(({ problems }) => problems.length > 0);
  return Object.fromEntries(found.map(({ line, problems }) => [line, problems.map(({ code }) => code)]));
}
