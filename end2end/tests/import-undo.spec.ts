// After an import: a failed row is mended and tried again in its place, the whole import undone.

import type { Page } from "@playwright/test";

import { axe } from "../harness/axe.ts";
import { csv } from "../harness/files.ts";
import { chooseGroup, drop, expectCounts, importAll } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn } from "../harness/visit.ts";

function outcome(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Show rows" }).getByRole("link", { name });
}

function rows(page: Page) {
  return page.getByRole("region", { name: "Rows of the import" });
}

test.beforeEach(async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
});

test("a failed row is edited and tried again in its place @postgres", async ({ page, muster }) => {
  await drop(page, csv("staff.csv", [["Name", "Email"], ["Anna", "anna"], ["Bo", "bo@example.test"]]));
  await expectCounts(page, { all: 2, ready: 1, errors: 1, warnings: 1 });
  await importAll(page);
  await expect(outcome(page, "Failed")).toHaveText("Failed 1");
  await rows(page).getByRole("link", { name: "Edit and retry line 2" }).click();
  await expect(page).toHaveURL(/edit=/);
  const form = page.getByRole("region", { name: "Edit line 2" });
  await expect(form.getByLabel("Email")).toHaveValue("anna");
  await axe(page, "a failed row that is edited");
  await form.getByLabel("Email").fill("anna@");
  await form.getByRole("button", { name: "Import this row" }).click();
  await expect(form.getByRole("alert")).toContainText("anna@");
  await form.getByLabel("Email").fill("anna@example.test");
  await form.getByRole("button", { name: "Import this row" }).click();
  await expect(outcome(page, "Succeeded")).toHaveText("Succeeded 2");
  await expect(outcome(page, "Failed")).toHaveText("Failed 0");
  expect((await muster.accounts()).map(({ email }) => email)).toContain("anna@example.test");
});

test("failed rows are tried again once their cause is gone", async ({ page, muster }) => {
  await drop(page, csv("staff.csv", [["Name", "Email", "Single Sign-On ID"], ["Anna", "anna@example.test", "a1"]]));
  await expectCounts(page, { all: 1, ready: 1, errors: 0, warnings: 1 });
  await expect(page.getByRole("button", { name: "Create 1" })).toBeVisible();
  await muster.ask(["import", "-", "--group", "Support"], "Name,Email,Single Sign-On ID\nBo,bo@example.test,a1\n");
  await importAll(page);
  await expect(outcome(page, "Failed")).toHaveText("Failed 1");
  const free = "Name,Email,Single Sign-On ID\nBo,bo@example.test,b1\n";
  await muster.ask(["import", "-", "--existing", "update", "--group", "Support"], free);
  await page.getByRole("button", { name: /^Retry failed/ }).click();
  await expect(outcome(page, "Succeeded")).toHaveText("Succeeded 1");
});

test("an import is undone as far as it can be @postgres", async ({ page, muster }) => {
  await drop(page, csv("staff.csv", [["Name", "Email"], ["Anna", "anna@example.test"], ["Bo", "bo@example.test"]]));
  await expectCounts(page, { all: 2, ready: 2, errors: 0, warnings: 2 });
  await importAll(page);
  // One of them is changed since.
  await muster.ask(["import", "-", "--existing", "update", "--group", "Support"], "Name,Email\nBo Berg,bo@example.test\n");
  await page.getByRole("button", { name: "Undo this import" }).click();
  const dialog = page.getByRole("dialog", { name: "Undo this import" });
  await expect(page).toHaveURL(/dialog=undo/);
  await axe(page, "the dialog that undoes an import");
  await dialog.getByRole("button", { name: "Undo this import" }).click();
  await expect(page.getByRole("main")).toContainText("1 row reversed, 1 kept, 0 failed");
  await expect(rows(page)).toContainText("Reversed.");
  await expect(rows(page)).toContainText("Kept:");
  const emails = (await muster.accounts()).map(({ email }) => email);
  expect(emails).toContain("bo@example.test");
  expect(emails).not.toContain("anna@example.test");
  await reload(page);
  await axe(page, "an import that was undone");
  await expect(page.getByRole("button", { name: "Undo this import" })).toHaveCount(0);
});
