// Those who are there already: compared before anything is written, updated, kept, never overwritten.

import type { Page } from "@playwright/test";

import { axe } from "../harness/axe.ts";
import { csv } from "../harness/files.ts";
import { chooseGroup, drop, expectCounts, importAll, rowOfLine } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { signIn, visit } from "../harness/visit.ts";

const HEAD = ["Name", "Email", "Nickname", "Mobile License"];
const FIRST = [
  ["Anna Bauer", "anna@example.test", "Anna", "no"],
  ["Bo Berg", "bo@example.test", "Bo", "no"],
];

function verdict(page: Page, name: string) {
  return page.getByRole("group", { name: "Show rows" }).getByRole("button", { name });
}

function outcome(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Show rows" }).getByRole("link", { name });
}

test.beforeEach(async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const rows = [HEAD, ...FIRST].map((row) => row.join(",")).join("\n");
  await muster.ask(["import", "-", "--group", String(group)], `${rows}\n`);
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
});

test("a dry run shows every difference, and the import does just that @postgres", async ({ page, muster }) => {
  await drop(page, csv("again.csv", [
    HEAD,
    ["Anna Bauer", "anna@example.test", "", "yes"],
    ["Bo Berg", "bo@example.test", "Bo", ""],
    ["Cem Kaya", "cem@example.test", "", ""],
    ["Ada Owner", holder.email, "", ""],
  ]));
  await expectCounts(page, { all: 4, ready: 4, errors: 0, warnings: 4 });
  await expect(verdict(page, "Skip")).toHaveText("Skip 2");
  await expect(verdict(page, "Create")).toHaveText("Create 1");

  await page.getByLabel("Existing technicians").selectOption("Update them");
  await expect(verdict(page, "Update")).toHaveText("Update 1");
  await expect(verdict(page, "Unchanged")).toHaveText("Unchanged 1");
  await expect(verdict(page, "Create")).toHaveText("Create 1");
  await expect(verdict(page, "Conflict")).toHaveText("Conflict 1");
  await expect(rowOfLine(page, 2)).toContainText("Mobile License: no → yes");
  await expect(rowOfLine(page, 3)).toContainText("Nothing changes");
  await axe(page, "a dry run");
  await verdict(page, "Update").click();
  await expect(page).toHaveURL(/show=update/);
  await verdict(page, "All").click();

  await importAll(page);
  await expect(outcome(page, "Updated")).toHaveText("Updated 1");
  await expect(outcome(page, "Unchanged")).toHaveText("Unchanged 1");
  await expect(outcome(page, "Failed")).toHaveText("Failed 1");
  await expect(page.getByRole("region", { name: "Rows of the import" })).toContainText("Mobile License: no → yes");
  const accounts = new Map((await muster.accounts()).map((account) => [account.email, account]));
  expect(accounts.get("anna@example.test")).toMatchObject({ nickname: "Anna", mobileLicense: true });
  expect(accounts.get("bo@example.test")).toMatchObject({ nickname: "Bo", mobileLicense: false });
});

test("what somebody changed since the dry run is not overwritten", async ({ page, muster }) => {
  await page.getByLabel("Existing technicians").selectOption("Update them");
  await drop(page, csv("again.csv", [HEAD, ["Anna Berg", "anna@example.test", "", ""]]));
  await expect(verdict(page, "Update")).toHaveText("Update 1");
  const change = `${HEAD.join(",")}\nAnna Celik,anna@example.test,,\n`;
  await muster.ask(["import", "-", "--existing", "update", "--group", "Support"], change);
  await importAll(page);
  await expect(outcome(page, "Failed")).toHaveText("Failed 1");
  await expect(page.getByRole("region", { name: "Rows of the import" })).toContainText(/changed/);
  const anna = (await muster.accounts()).find(({ email }) => email === "anna@example.test");
  expect(anna?.name).toBe("Anna Celik");
});

test("all or nothing imports nothing when one row fails @postgres", async ({ page, muster }) => {
  await drop(page, csv("new.csv", [
    HEAD,
    ["Cem Kaya", "cem@example.test", "", ""],
    ["Dua Demir", "dua@example.test", "", ""],
  ]));
  await expect(verdict(page, "Create")).toHaveText("Create 2");
  // Meanwhile one of them is there.
  await muster.ask(["import", "-", "--group", "Support"], "Name,Email\nDua,dua@example.test\n");
  await page.getByLabel("All or nothing").check();
  await importAll(page);
  await expect(page.getByRole("main")).toContainText("nothing was imported");
  await expect(outcome(page, "Succeeded")).toHaveText("Succeeded 0");
  const emails = (await muster.accounts()).map(({ email }) => email);
  expect(emails).not.toContain("cem@example.test");
});

test("all or nothing asks for rows without a fault first", async ({ page }) => {
  await drop(page, csv("new.csv", [HEAD, ["Cem Kaya", "cem", "", ""], ["Dua Demir", "dua@example.test", "", ""]]));
  await expectCounts(page, { all: 2, ready: 1, errors: 1, warnings: 1 });
  await page.getByLabel("All or nothing").check();
  await expect(page.getByRole("button", { name: "Start import" })).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText("mend the rows that would fail")).toBeVisible();
  await visit(page, "/account");
});
