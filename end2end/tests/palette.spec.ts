// The command palette and the list of keys: by keyboard, by mouse, and only what one may do.

import { type Locator, type Page } from "@playwright/test";

import { axe } from "../harness/axe.ts";
import { people } from "../harness/files.ts";
import { chooseGroup, expectCounts, importAll, upload } from "../harness/import.ts";
import { anna, holder, newPassword } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { signIn } from "../harness/visit.ts";

function palette(page: Page): Locator {
  return page.getByRole("dialog", { name: "Go to" });
}

function field(page: Page): Locator {
  return palette(page).getByRole("combobox", { name: "Go to a page, a group or a person" });
}

function options(page: Page, section: string): Locator {
  return palette(page).getByRole("group", { name: section }).getByRole("option");
}

async function open(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
}

test("any page, group or person is a few keys away @postgres", async ({ page, muster }) => {
  const [tier] = await muster.makeGroups("Support/Tier 1", "Support/Tier 2");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Tier 1");
  await upload(page, people(3, "crew"));
  await expectCounts(page, { all: 3, ready: 3, errors: 0, warnings: 3 });
  await importAll(page);

  await open(page);
  await expect(options(page, "Pages")).toHaveText(["Organization", "Audit trail", "Import technicians", "Imports", "Global Settings", "Active Directory Synchronization", "My Account"]);
  await axe(page, "the command palette");
  await page.keyboard.type("glob");
  await expect(options(page, "Pages")).toHaveText(["Global Settings"]);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/settings");
  await expect(palette(page)).toHaveCount(0);

  await open(page);
  await page.keyboard.type("tier");
  await expect(options(page, "Groups")).toHaveCount(2);
  await expect(options(page, "Groups").first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(options(page, "Groups").nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/organization/groups/${tier}`);

  await open(page);
  await page.keyboard.type("crew.2@");
  await expect(options(page, "People")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "crew 2", level: 1 })).toBeVisible();
});

test("it offers what the page offers, and closes without doing anything", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await signIn(page, holder, `/organization/groups/${group}`);
  const opener = page.getByRole("button", { name: "Go to…" });
  await opener.click();
  await expect(options(page, "On this page").filter({ hasText: "Create technician" })).toHaveCount(1);
  await field(page).fill("zzz");
  await expect(palette(page).getByRole("status")).toHaveText("Nothing here has this name. Try another word, or an ID.");
  await axe(page, "the command palette that finds nothing");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  await expect(opener).toBeFocused();
  await expect(page).toHaveURL(`/organization/groups/${group}`);

  await opener.click();
  await field(page).fill("create tech");
  await options(page, "On this page").click();
  await expect(page.getByRole("dialog", { name: "Create technician" })).toBeVisible();
});

test("a technician is offered nothing that they may not do", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const rows = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], rows);
  await signIn(page, anna, "/account");
  await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("heading", { name: "My Account" })).toBeVisible();

  await open(page);
  await expect(options(page, "Pages")).toHaveText(["My Account"]);
  await page.keyboard.type("support");
  await expect(palette(page).getByRole("option")).toHaveCount(0);
});

test("a question mark shows the keys", async ({ page }) => {
  await signIn(page, holder, "/account");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys.getByRole("heading", { name: "Organization Tree" })).toBeVisible();
  await axe(page, "the list of keys");
  await keys.getByRole("button", { name: "Close" }).click();
  await expect(keys).toHaveCount(0);
});
