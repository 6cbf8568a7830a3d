// What became of the rows: searched, filtered, paged, downloaded.

import type { Page } from "@playwright/test";

import { csv, people } from "../harness/files.ts";
import { chooseGroup, download, importAll, upload } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn, visit } from "../harness/visit.ts";

function table(page: Page) {
  return page.getByRole("region", { name: "Rows of the import" });
}

function outcome(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Show rows" }).getByRole("link", { name });
}

test.beforeEach(async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], "Name,Email\nTaken,taken@example.test\n");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
});

test("every row is listed, by outcome, by search, page by page @postgres", async ({ page }) => {
  const rows = people(118).buffer.toString() + "Wrong,wrong\r\nTaken,taken@example.test\r\n";
  await upload(page, { name: "staff.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  await importAll(page);
  await expect(page).toHaveTitle(/Import Summary.* · Muster$/);
  await expect(page.getByRole("main")).toContainText("staff.csv");
  await expect(outcome(page, "All")).toHaveText("All 120");
  await expect(outcome(page, "Succeeded")).toHaveText("Succeeded 118");
  await expect(outcome(page, "Skipped")).toHaveText("Skipped 1");
  await expect(outcome(page, "Failed")).toHaveText("Failed 1");

  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages).toContainText("1–50 of 120");
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(pages).toContainText("51–100 of 120");
  await expect(table(page).getByRole("cell", { name: "52", exact: true })).toBeVisible();
  await reload(page);
  await expect(pages).toContainText("51–100 of 120");

  await outcome(page, "Failed").click();
  await expect(page).toHaveURL(/\?outcome=failed$/);
  await expect(table(page).getByRole("row")).toHaveCount(2);
  await expect(table(page)).toContainText("“wrong” is not an email address");
  await outcome(page, "Skipped").click();
  await expect(table(page)).toContainText("belongs to an account already");

  await outcome(page, "All").click();
  const search = page.getByRole("searchbox");
  for (const [text, found] of [["PERSON 117", 1], ["wrong", 1], ["120", 1], ["person.11@", 1]] as const) {
    await search.fill(text);
    await search.press("Enter");
    await expect(table(page).getByRole("row"), text).toHaveCount(found + 1);
  }
  await search.fill("%");
  await search.press("Enter");
  await expect(page.getByRole("main")).toContainText("No row is like that.");
  await reload(page);
  await expect(search).toHaveValue("%");
});

test("the summary is saved as CSV and JSON, the failed rows as a file to mend", async ({ page }) => {
  const rows = [
    ["Name", "Email", "Password", "Note"],
    ["Right", "right@example.test", "Zk4?wuLp9eRb", "a"],
    ["Wrong", "wrong", "Zk4?wuLp9eRb", "b"],
    ["Taken", "taken@example.test", "Zk4?wuLp9eRb", "c"],
  ];
  await upload(page, csv("staff.csv", rows));
  await importAll(page);
  const address = page.url();

  const all = await download(page, page.getByRole("link", { name: "All rows, CSV" }));
  const lines = all.bytes.toString().split("\r\n");
  expect(lines[0]).toBe("\ufeffLine,Outcome,Name,Email,Account ID,Codes,Messages,Changes,Undone");
  expect(lines.slice(1, 4).map((line) => line.split(",").slice(0, 4).join())).toEqual([
    "2,created,Right,right@example.test",
    "3,failed,Wrong,wrong",
    "4,skipped,Taken,taken@example.test",
  ]);
  const json = await download(page, page.getByRole("link", { name: "All rows, JSON" }));
  expect((JSON.parse(json.bytes.toString()) as unknown[]).length).toBe(3);

  // From the worker, which still has the file; and from the server, once the page is another.
  const fresh = await download(page, page.getByRole("button", { name: "Failed rows" }));
  await visit(page, address);
  const kept = await download(page, page.getByRole("link", { name: "Failed rows" }));
  for (const { name, bytes } of [fresh, kept]) {
    expect(name).toMatch(/^staff.*\.csv$/);
    const text = bytes.toString();
    expect(text.startsWith("\ufeffName,Email,Password,Note,_line,_error_code,_error\r\n"), text).toBe(true);
    expect(text).toMatch(/\r\nWrong,wrong,,b?,3,email\.invalid,/);
    expect(text).not.toContain("Zk4?wuLp9eRb");
  }

  await visit(page, "/account/import");
  await chooseGroup(page, "Support");
  const mended = fresh.bytes.toString().replace(",wrong,", ",mended@example.test,");
  await upload(page, { name: "mended.csv", mimeType: "text/csv", buffer: Buffer.from(mended) });
  await importAll(page);
  await expect(outcome(page, "Failed")).toHaveText("Failed 0");
});

test("the history leads to every import", async ({ page }) => {
  await upload(page, people(3));
  await importAll(page);
  const summary = new URL(page.url()).pathname;
  await visit(page, "/account");
  await page.getByRole("link", { name: "Import history" }).click();
  const imports = page.getByRole("region", { name: "Imports" });
  await expect(imports.getByRole("row")).toHaveCount(3);
  await imports.getByRole("link", { name: "person-3.csv" }).click();
  await expect(page).toHaveURL(summary);
  await expect(table(page).getByRole("row")).toHaveCount(4);
  await table(page).getByRole("link", { name: "person 2" }).click();
  await expect(page.getByRole("heading", { name: "person 2", level: 1 })).toBeVisible();
});
