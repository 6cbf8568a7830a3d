// The technicians of a group as a table: sorted, filtered, and changed by the dozen.

import { type Locator, type Page } from "@playwright/test";

import { axe } from "../harness/axe.ts";
import { people } from "../harness/files.ts";
import { download } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn } from "../harness/visit.ts";

function names(page: Page): Locator {
  return table(page).getByRole("row").getByRole("link", { name: /^crew/ });
}

function table(page: Page): Locator {
  return page.getByRole("region", { name: "Table of technicians" });
}

function bulk(page: Page): Locator {
  return page.getByRole("region", { name: "Selected technicians" });
}

function pick(page: Page, name: string): Locator {
  return table(page).getByRole("checkbox", { name: `Select ${name}`, exact: true });
}

test("the table is sorted, filtered and shown as one likes @postgres", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.run(["import", "-", "--group", String(group)], people(60, "crew").buffer);
  await signIn(page, holder, `/organization/groups/${group}`);

  await expect(names(page).first()).toHaveText("crew 1");
  await table(page).getByRole("link", { name: "Name" }).click();
  await expect(page).toHaveURL(/\?sort=-name$/);
  await expect(names(page).first()).toHaveText("crew 9");
  await expect(table(page).getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await table(page).getByRole("link", { name: "Email" }).click();
  await expect(page).toHaveURL(/\?sort=email$/);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/\?sort=email&from=50$/);
  await expect(names(page)).toHaveCount(10);

  await page.getByRole("searchbox", { name: "Filter technicians" }).fill("crew.1");
  await expect(page).toHaveURL(/\?q=crew\.1&sort=email$/);
  await expect(names(page)).toHaveCount(11);
  await page.getByRole("combobox", { name: "Status" }).selectOption("Disabled");
  await expect(page.getByRole("main")).toContainText("No technician of this group matches “crew.1” in the state “Disabled”.");

  await page.goto(`/organization/groups/${group}`);
  await reload(page);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Nickname" }).check();
  await page.getByRole("checkbox", { name: "Source" }).uncheck();
  await axe(page, "the columns of the table");
  await page.keyboard.press("Escape");
  await expect(table(page).getByRole("columnheader", { name: "Nickname" })).toBeVisible();
  await reload(page);
  await expect(table(page).getByRole("columnheader", { name: "Nickname" })).toBeVisible();
  await expect(table(page).getByRole("columnheader", { name: "Source" })).toHaveCount(0);
});

test("several are disabled, moved and taken back @postgres", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support", "Sales");
  await muster.run(["import", "-", "--group", String(group)], people(60, "crew").buffer);
  await signIn(page, holder, `/organization/groups/${group}`);

  await pick(page, "crew 1").check();
  await pick(page, "crew 10").check();
  await expect(bulk(page).getByRole("status")).toHaveText("2 technicians selected");
  await axe(page, "the table with technicians selected");
  await bulk(page).getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("2 technicians are disabled.")).toBeVisible();
  await expect(table(page).getByText("Disabled")).toHaveCount(2);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("2 technicians are as before.")).toBeVisible();
  await expect(table(page).getByText("Disabled")).toHaveCount(0);

  await table(page).getByRole("checkbox", { name: "Select all on this page" }).check();
  await expect(bulk(page).getByRole("status")).toHaveText("50 technicians selected");
  await bulk(page).getByRole("button", { name: "Select all 60 that match" }).click();
  await expect(bulk(page).getByRole("status")).toHaveText("60 technicians selected");
  await bulk(page).getByRole("button", { name: "Move…" }).click();
  await expect(page).toHaveURL(/\?act=move$/);
  const dialog = page.getByRole("dialog", { name: "Move to Technician Group" });
  await axe(page, "the dialog that moves technicians");
  await dialog.getByRole("combobox", { name: "Search technician group…" }).fill("Sales");
  await dialog.getByRole("option", { name: "Sales" }).click();
  await dialog.getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByText("60 technicians are moved.")).toBeVisible();
  await expect(page.getByRole("main").getByText("0 technicians", { exact: true })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Nobody is in this group yet.");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(names(page)).toHaveCount(50);
  expect((await muster.accounts()).every((one) => one.technicianGroupId === group)).toBe(true);
});

test("what was done is taken back from another page", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support", "Sales");
  await muster.run(["import", "-", "--group", String(group)], people(3, "crew").buffer);
  await signIn(page, holder, `/organization/groups/${group}`);
  const disabled = async () => (await muster.accounts()).filter((one) => one.enabled === false).length;

  await pick(page, "crew 1").check();
  await bulk(page).getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("1 technician is disabled.")).toBeVisible();
  await page.getByRole("link", { name: "Audit trail" }).click();
  await expect(page.getByRole("heading", { name: "Audit trail" })).toBeVisible();
  expect(await disabled()).toBe(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("1 technician is as before.")).toBeVisible();
  expect(await disabled()).toBe(0);

  // The same from the tree's menu.
  await page.getByRole("link", { name: "Organization", exact: true }).click();
  await page.goto(`/organization/groups/${group}`);
  await reload(page);
  await page.getByRole("treeitem", { name: "Support" }).press("ArrowRight");
  await page.getByRole("treeitem", { name: "crew 2" }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(page.getByText("crew 2 is disabled.")).toBeVisible();
  await page.getByRole("link", { name: "Audit trail" }).click();
  await expect(page.getByRole("heading", { name: "Audit trail" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("It is as before.")).toBeVisible();
  expect(await disabled()).toBe(0);
});

test("several are exported, licensed and deleted", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.run(["import", "-", "--group", String(group)], people(3, "crew").buffer);
  await signIn(page, holder, `/organization/groups/${group}`);
  await pick(page, "crew 1").check();
  await pick(page, "crew 3").check();
  const saved = await download(page, bulk(page).getByRole("button", { name: "Export" }));
  expect(saved.name).toBe("technicians.csv");
  expect(saved.bytes.toString().trim().split("\r\n")).toHaveLength(3);

  await bulk(page).getByRole("button", { name: "Licences" }).click();
  await page.getByRole("button", { name: "Give Mobile License" }).click();
  await expect(page.getByText("2 technicians are given a Mobile License.")).toBeVisible();
  await expect(table(page).getByText("Standard · Mobile")).toHaveCount(2);

  await pick(page, "crew 2").check();
  await bulk(page).getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete technicians" });
  await expect(dialog).toContainText("1 technician will be deleted.");
  await axe(page, "the dialog that deletes technicians");
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(names(page)).toHaveText(["crew 1", "crew 3"]);
  expect(await muster.accounts()).toHaveLength(2);

  // Nobody can disable themself: who can't be changed is named.
  await pick(page, "crew 1").check();
  await bulk(page).getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText("They are enabled already.")).toBeVisible();
});
