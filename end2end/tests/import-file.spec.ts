// The file before it is imported: how it gets onto the page, how it was read, what is wrong with it.

import { truncate, writeFile } from "node:fs/promises";

import { unreadable } from "../harness/every-code.ts";
import { csv, file, people } from "../harness/files.ts";
import {
  check,
  chooseGroup,
  download,
  drop,
  expectCounts,
  filter,
  grid,
  groupsOffered,
  importAll,
  rowOfLine,
  upload,
} from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn, visit } from "../harness/visit.ts";

test.beforeEach(async ({ page, muster }) => {
  await muster.makeGroups("Support/Tier 1", "Support/Tier 2", "Sales");
  await signIn(page, holder, "/account/import");
});

test("a file that can't be read says why, and the next one is taken", async ({ page, muster }) => {
  await chooseGroup(page, "Sales");
  for (const [code, wrong] of unreadable()) {
    const checked = await check(muster, wrong);
    expect(checked.fileError?.code, wrong.name).toBe(code);
    await upload(page, wrong);
    const alert = page.getByRole("alert");
    await expect(alert, wrong.name).toContainText(checked.fileError?.message ?? "");
    await expect(alert).toContainText(wrong.name);
    await expect(alert).toContainText("Nothing was sent and nothing was changed.");
    const line = checked.fileError?.line;
    if (line !== undefined && line !== null) await expect(alert).toContainText(`Line ${line}`);
  }
  await page.getByRole("button", { name: "Choose another file" }).focus();
  await upload(page, people(3));
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expectCounts(page, { all: 3, ready: 3, errors: 0, warnings: 3 });
});

test("messages tell what to do", async ({ page }) => {
  const expected: Record<string, RegExp> = {
    "empty.csv": /empty/,
    "picture.csv": /PNG|picture/,
    "technicians.xlsx": /spreadsheet|workbook|Excel/,
    "comma.json": /comma/i,
    "quote.csv": /quote|“"”/,
  };
  for (const [, wrong] of unreadable()) {
    const words = expected[wrong.name];
    if (words === undefined) continue;
    await upload(page, wrong);
    await expect(page.getByRole("alert"), wrong.name).toContainText(wrong.name);
    await expect(page.getByRole("alert"), wrong.name).toContainText(words);
  }
});

test("a file beyond the limits is refused before the work", async ({ page }, info) => {
  const large = info.outputPath("large.csv");
  await writeFile(large, "Name,Email\n");
  await truncate(large, 256 * 1024 * 1024 + 1);
  await upload(page, large);
  await expect(page.getByRole("alert")).toContainText("256 MiB");
});

test("a file falls on the page", async ({ page }) => {
  await drop(page, people(12));
  await expectCounts(page, { all: 12, ready: 0, errors: 12, warnings: 0 });
  await chooseGroup(page, "Sales");
  await expectCounts(page, { all: 12, ready: 12, errors: 0, warnings: 12 });
  await drop(page, people(5, "other"));
  await expectCounts(page, { all: 5, ready: 5, errors: 0, warnings: 5 });
});

test("the group is searched by typing and chosen by key", async ({ page }) => {
  const search = page.getByRole("combobox", { name: "Search technician group…" });
  await search.focus();
  await page.keyboard.type("TIER");
  await expect(search).toHaveAttribute("aria-expanded", "true");
  await expect(groupsOffered(page)).toHaveCount(2);
  await expect(page.getByRole("option", { name: "Tier 1" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { name: "Tier 2" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Escape");
  await expect(search).toHaveAttribute("aria-expanded", "false");
  await expect(search, "the first Escape closes the list, the second empties the field").toHaveValue("TIER");
  await page.keyboard.press("Escape");
  await expect(search).toHaveValue("");
  await page.keyboard.type("2");
  await expect(page.getByRole("option", { name: "Tier 2" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(search).toHaveValue(/Tier 2/);
  await expect(page).toHaveURL(/\?group=\d+$/);
  await reload(page);
  await expect(search, "the address tells it").toHaveValue(/Tier 2/);

  await page.getByRole("button", { name: "Clear the Technician Group" }).click();
  await expect(page).toHaveURL("/account/import");
  await expect(search).toBeFocused();
  await page.keyboard.type("nothing like it");
  await expect(page.getByText("No Technician Group has this name or ID.")).toBeVisible();
});

test("rows are filtered, and the filter is in the address", async ({ page }) => {
  await chooseGroup(page, "Sales");
  const rows = [
    ["Name", "Email", "Password"],
    ["Right", "right@example.test", "Zk4?wuLp9eRb"],
    ["Wrong", "wrong", "Zk4?wuLp9eRb"],
    ["Warned", "warned@example.test", ""],
  ];
  await upload(page, csv("mixed.csv", rows));
  await expectCounts(page, { all: 3, ready: 2, errors: 1, warnings: 1 });
  const shown = grid(page).getByRole("rowheader");
  await expect(shown).toHaveText(["2", "3", "4"]);
  const of = { Ready: ["2", "4"], Errors: ["3"], Warnings: ["4"], All: ["2", "3", "4"] } as const;
  for (const [name, lines] of Object.entries(of)) {
    await filter(page, name as keyof typeof of).click();
    await expect(filter(page, name as keyof typeof of)).toHaveAttribute("aria-pressed", "true");
    await expect(shown).toHaveText([...lines]);
    if (name !== "All") await expect(page).toHaveURL(new RegExp(`show=${name.toLowerCase()}`));
  }
  await expect(page.getByText("Zk4?wuLp9eRb"), "a password is never shown").toHaveCount(0);
});

test("encoding and delimiter can be chosen", async ({ page }) => {
  await chooseGroup(page, "Sales");
  const bytes = Buffer.from("Name;Email\nJürgen;juergen@example.test\n", "latin1");
  await upload(page, file("latin.csv", bytes));
  await expect(page.getByRole("gridcell", { name: "Jürgen", exact: true })).toBeVisible();
  await page.getByLabel("Encoding").selectOption("utf-8");
  await expect(page.getByRole("alert")).toContainText(/UTF-8/);
  await page.getByRole("button", { name: "Choose another file" }).waitFor();

  await upload(page, file("latin.csv", bytes));
  await expect(page.getByRole("gridcell", { name: "Jürgen", exact: true })).toBeVisible();
  await page.getByLabel("Delimiter").selectOption("pipe");
  await expect(page.getByRole("alert")).toContainText("“Email”");
});

test("columns are matched, and what isn't is said", async ({ page }) => {
  await chooseGroup(page, "Sales");
  const rows = [
    ["E-Mail-Adresse", "Vorname", "Nachname", "Nicknam", "Shoe size", "_private"],
    ["anna@example.test", "Anna", "Schmidt", "Ann", "42", "x"],
  ];
  await upload(page, csv("columns.csv", rows));
  const notes = page.getByRole("list", { name: "Columns" });
  await expect(notes).toContainText("“Nicknam” is ignored. It may be meant for Nickname");
  await expect(notes).toContainText("“Shoe size”");
  await expect(notes).not.toContainText("_private");
  await importAll(page);
  await expect(page.getByRole("link", { name: "Anna Schmidt" })).toBeVisible();
});

test("the grid is walked by key", async ({ page }) => {
  await chooseGroup(page, "Sales");
  await upload(page, people(2000));
  await expectCounts(page, { all: 2000, ready: 2000, errors: 0, warnings: 2000 });
  await grid(page).getByRole("rowheader", { name: "2", exact: true }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(rowOfLine(page, 3).getByRole("rowheader")).toBeFocused();
  await page.keyboard.press("End");
  await expect(rowOfLine(page, 3).getByRole("gridcell").last()).toBeFocused();
  await page.keyboard.press("Control+End");
  await expect(rowOfLine(page, 2001).getByRole("gridcell").last()).toBeFocused();
  await expect(rowOfLine(page, 2001)).toBeInViewport();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Control+Home");
  await expect(rowOfLine(page, 2).getByRole("rowheader")).toBeFocused();
});

test("the example files import as they are", async ({ page }) => {
  for (const name of ["technicians.csv", "technicians.json"]) {
    await visit(page, "/account/import");
    await chooseGroup(page, "Sales");
    const example = await download(page, page.getByRole("link", { name }));
    expect(example.name).toBe(name);
    await upload(page, file(example.name, example.bytes));
    await expectCounts(page, { all: 2, ready: 2, errors: 0, warnings: 0 });
  }
  await importAll(page);
  await expect(page.getByRole("link", { name: "山本 良平" })).toBeVisible();
});

test("the rows with errors can be saved, mended and brought back", async ({ page }) => {
  await chooseGroup(page, "Sales");
  const rows = [
    ["Shoe", "Name", "Email", "Password"],
    ["41", "Right", "right@example.test", "Zk4?wuLp9eRb"],
    ["42", "'=Wrong", "wrong", "Zk4?wuLp9eRb"],
  ];
  await upload(page, csv("staff.csv", rows));
  await expectCounts(page, { all: 2, ready: 1, errors: 1, warnings: 0 });
  const failed = await download(page, page.getByRole("button", { name: "Download the 1" }));
  expect(failed.name).toMatch(/staff.*\.csv$/);
  const text = failed.bytes.toString();
  expect(text.startsWith("\ufeffShoe,Name,Email,Password,_line,_error_code,_error\r\n")).toBe(true);
  expect(text).toContain("\r\n42,'=Wrong,wrong,,3,email.invalid,");
  expect(text).not.toContain("Zk4?wuLp9eRb");

  await upload(page, file("mended.csv", text.replace(",wrong,", ",wrong@example.test,")));
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });
  await importAll(page);
  await expect(page.getByRole("link", { name: "=Wrong", exact: true }), "the quote is off again").toBeVisible();
});
