// A file with faults is mended on the page: by cause, cell by cell, and back again.

import type { Page } from "@playwright/test";

import { axe } from "../harness/axe.ts";
import { csv, file } from "../harness/files.ts";
import { chooseGroup, drop, expectCounts, filter, grid, importAll, rowOfLine } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { signIn } from "../harness/visit.ts";

const HEAD = ["Name", "Email", "Enabled", "Technician Group ID"];

function problems(page: Page) {
  return page.getByRole("region", { name: "Problems" }).getByRole("listitem");
}

function cell(page: Page, line: number, text: string) {
  return rowOfLine(page, line).getByRole("gridcell", { name: text, exact: true });
}

test("many rows are mended at once, and it is undone @postgres", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support");
  const rows = [
    ["Anna Bauer", "anna@example,test", "yes", "7"],
    ["Bo Berg", "bo@example,test", "maybe", "7"],
    ["Cem Kaya", "cem@example.test", "yes", String(support)],
    ["Cem again", "cem@example.test", "yes", String(support)],
  ];
  await signIn(page, holder, "/account/import");
  const text = [HEAD, ...rows].map((row) => `${row.join(";")}\r\n`).join("");
  await drop(page, file("staff.csv", text));
  await expectCounts(page, { all: 4, ready: 1, errors: 3, warnings: 1 });
  await page.getByRole("button", { name: /^Show \d+ more/ }).click();
  await axe(page, "problems by cause");

  // Each cause says how many rows have it, and shows before and after.
  const commas = problems(page).filter({ hasText: "comma" });
  await expect(commas).toContainText("2");
  await expect(commas).toContainText("“anna@example,test” → “anna@example.test”");
  await commas.getByRole("button", { name: /^Mend/ }).click();
  await expectCounts(page, { all: 4, ready: 2, errors: 2, warnings: 2 });
  await expect(cell(page, 2, "anna@example.test")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "2 errors left" })).toBeAttached();

  await page.keyboard.press("Control+z");
  await expectCounts(page, { all: 4, ready: 1, errors: 3, warnings: 1 });
  await page.keyboard.press("Control+Shift+z");
  await expectCounts(page, { all: 4, ready: 2, errors: 2, warnings: 2 });

  const maybe = problems(page).filter({ hasText: "maybe" });
  await maybe.getByRole("button", { name: "Take it as no" }).click();
  await expectCounts(page, { all: 4, ready: 3, errors: 1, warnings: 3 });

  // A group that doesn't exist: known once the rows were compared.
  const unknown = problems(page).filter({ hasText: "7" }).filter({ hasText: /group/i });
  await expect(unknown, "both rows were compared").toContainText("2 rows");
  await unknown.getByRole("button", { name: /Choose a group/ }).click();
  await page.getByRole("combobox", { name: "Technician Group for these rows" }).fill("Support");
  await page.getByRole("option", { name: "Support" }).click();
  await expect(cell(page, 2, String(support))).toBeVisible();

  const twice = problems(page).filter({ hasText: /twice|repeat/i });
  await twice.getByRole("button", { name: /Leave/ }).click();
  await expect(rowOfLine(page, 5)).toContainText("Left out");

  await expectCounts(page, { all: 4, ready: 3, errors: 0, warnings: 3 });
  // Nobody has a password, of which the page only warns.
  await expect(problems(page)).toHaveCount(1);

  await importAll(page);
  const accounts = await muster.accounts();
  expect(accounts.map(({ email }) => email)).toEqual(
    expect.arrayContaining(["anna@example.test", "bo@example.test", "cem@example.test"]),
  );
  expect(accounts.find(({ email }) => email === "bo@example.test")?.enabled).toBe(false);
});

test("a text is looked for in all rows of the file", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  const people = Array.from({ length: 300 }, (_, n) => [`Person ${n}`, `p${n}@example.test`, "Vq7!mReXb2"]);
  people[10] = ["Bo Berg", "bo-example.test", "Vq7!mReXb2"];
  people[250] = ["Zoë Müller", "zoe-example.test", "Kt4?wZuLp9"];
  await drop(page, csv("staff.csv", [["Name", "Email", "Password"], ...people]));
  await expectCounts(page, { all: 300, ready: 298, errors: 2, warnings: 0 });

  const find = page.getByRole("searchbox", { name: "Find in the file" });
  const found = page.getByRole("status").filter({ hasText: "found" });
  await find.fill("muller");
  await expect(found).toHaveText("1 row found");
  await expect(rowOfLine(page, 252)).toContainText("Zoë Müller");
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "2");
  await axe(page, "rows that were looked for");
  // Problems of other rows are passed over.
  await grid(page).getByRole("rowheader", { name: "252" }).focus();
  await page.keyboard.press("Tab");
  await expect(cell(page, 252, "zoe-example.test")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Start import" })).toBeFocused();
  await find.fill("person 29");
  await expect(found).toHaveText("11 rows found");
  await filter(page, "Errors").click();
  await expect(grid(page)).toContainText("No row of those that are shown has “person 29” in it.");
  // What is a password isn't looked into.
  await filter(page, "All").click();
  await find.fill("Kt4?");
  await expect(grid(page)).toContainText("No row has “Kt4?” in it.");

  // Who goes to a problem sees it, whatever was looked for; what is mended stays in sight.
  await problems(page).getByRole("button", { name: /^Show/ }).click();
  await expect(find).toHaveValue("");
  await expect(cell(page, 12, "bo-example.test")).toBeFocused();
  await find.fill("252");
  await expect(found).toHaveText("2 rows found");
  await cell(page, 252, "zoe-example.test").dblclick();
  await page.getByRole("textbox", { name: "Email, line 252" }).fill("zoe@example.test");
  await page.keyboard.press("Enter");
  await expect(filter(page, "Errors")).toHaveText("Errors 1");
  await expect(rowOfLine(page, 252)).toContainText("zoe@example.test");
  await find.fill("");
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "301");
});

test("a cell is edited with the keyboard alone, from problem to problem", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  const rows = [
    ["Anna Bauer", "anna"],
    ["Bo Berg", "bo@example.test"],
    ["", "cem@example.test"],
  ];
  await drop(page, csv("staff.csv", [["Name", "Email"], ...rows]));
  await expectCounts(page, { all: 3, ready: 1, errors: 2, warnings: 1 });

  await grid(page).getByRole("rowheader", { name: "2" }).focus();
  await page.keyboard.press("Tab");
  await expect(cell(page, 2, "anna")).toBeFocused();
  await page.keyboard.press("Enter");
  const editor = page.getByRole("textbox", { name: "Email, line 2" });
  await expect(editor).toHaveValue("anna");
  await axe(page, "a cell that is edited");
  await editor.fill("anna@example.test");
  // On to the next problem, which is gone to at once.
  await page.keyboard.press("Tab");
  await expect(filter(page, "Errors")).toHaveText("Errors 1");
  await expect(page.getByRole("status").filter({ hasText: "1 error left" })).toBeAttached();
  await expect(rowOfLine(page, 4).getByRole("gridcell").nth(1)).toBeFocused();

  // Typing replaces what is there; Escape takes it back.
  await page.keyboard.type("Wrong");
  await page.keyboard.press("Escape");
  await expect(filter(page, "Errors")).toHaveText("Errors 1");
  await page.keyboard.type("Cem Kaya");
  await expect(page.getByRole("textbox", { name: "Name, line 4" })).toHaveValue("Cem Kaya");
  await page.keyboard.press("Enter");
  await expectCounts(page, { all: 3, ready: 3, errors: 0, warnings: 3 });

  // A row is left out, and taken in again.
  await page.keyboard.press("Home");
  await page.keyboard.press("Delete");
  await expect(rowOfLine(page, 4)).toContainText("Left out");
  await page.keyboard.press("Delete");
  await expect(rowOfLine(page, 4)).not.toContainText("Left out");
  await page.keyboard.press("Delete");
  await importAll(page);
  const emails = (await muster.accounts()).map(({ email }) => email);
  expect(emails).toContain("anna@example.test");
  expect(emails).not.toContain("cem@example.test");
});

test("columns are chosen in the table's head and remembered", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  const staff = csv("staff.csv", [["Person", "Post"], ["Anna Bauer", "anna@example.test"]]);
  await drop(page, staff);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("file.missing_column");
  await expect(page.getByRole("button", { name: "Start import" })).toHaveAttribute("aria-disabled", "true");
  await axe(page, "a file with columns to be chosen");
  await grid(page).getByRole("combobox", { name: "“Person” is taken for" }).selectOption("Name");
  await grid(page).getByRole("combobox", { name: "“Post” is taken for" }).selectOption("Email");
  await expect(alert).toHaveCount(0);
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });

  // The same headers on another day.
  const again = csv("staff-2.csv", [["Person", "Post"], ["Bo Berg", "bo@example.test"]]);
  await drop(page, again);
  await expect(cell(page, 2, "Bo Berg")).toBeVisible();
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });
  await page.getByRole("button", { name: "Take them by their headers" }).click();
  await expect(alert).toContainText("file.missing_column");
});

test("cells of a spreadsheet are pasted", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "Name\tEmail\nAnna Bauer\tanna@example.test\nBo Berg\tbo@example.test\n");
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expectCounts(page, { all: 2, ready: 2, errors: 0, warnings: 2 });
  await expect(page.getByLabel("Delimiter")).toHaveValue("tab");
  await importAll(page);
  expect((await muster.accounts()).map(({ email }) => email)).toContain("bo@example.test");
});

test("encoding, delimiter and header line are changed at once", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  const titled = "Staff of the north\r\n\r\nName;Email\r\nAnna;anna@example.test\r\n";
  await drop(page, file("staff.csv", titled));
  await expect(page.getByLabel("Header line")).toHaveValue("3");
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });
  await page.getByLabel("Header line").selectOption("no header");
  await expect(page.getByRole("alert")).toContainText("file.missing_column");
  await page.getByLabel("Header line").selectOption("header in line 3");
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });
  await page.getByLabel("Delimiter").selectOption("comma");
  await expect(page.getByRole("alert")).toContainText("file.missing_column");
  await page.getByLabel("Delimiter").selectOption("semicolon");
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });
});

test("two ways to read a file stand side by side", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await drop(page, file("staff.csv", "Name;Email,Description\r\nAnna;anna@example.test,on call\r\n"));
  const readings = page.getByRole("region", { name: "Two ways to read the file" });
  await expect(readings.getByRole("table")).toHaveCount(2);
  await axe(page, "two readings");
  await readings.getByRole("button", { name: "Read it as semicolon" }).click();
  await expect(readings).toHaveCount(0);
  await expect(page.getByLabel("Delimiter")).toHaveValue("semicolon");
  await expect(cell(page, 2, "Anna")).toBeVisible();
});

test("several files: one is taken, and it is said", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  const staff = csv("staff.csv", [["Name", "Email"], ["Anna Bauer", "anna@example.test"]]);
  const other = csv("other.csv", [["Name", "Email"], ["Bo Berg", "bo@example.test"]]);
  const contents = [staff, other].map(({ name, buffer }) => ({ name, text: buffer.toString() }));
  await page.evaluate((contents) => {
    const dragged = new DataTransfer();
    for (const { name, text } of contents) dragged.items.add(new File([text], name));
    for (const type of ["dragenter", "dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: dragged }));
    }
  }, contents);
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });
  await expect(page.getByText("“staff.csv” was taken")).toBeVisible();
});
