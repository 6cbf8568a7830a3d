import type { Page } from "@playwright/test";

import { bea, beginAs, makeAdministrator } from "../harness/administrators.ts";
import { axe } from "../harness/axe.ts";
import { people } from "../harness/files.ts";
import { expectSoundHtml } from "../harness/html.ts";
import { anna, holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn, visit } from "../harness/visit.ts";

const REBOOT = "Reboot the customer's computer";

function setting(page: Page, label: string) {
  return page.getByRole("combobox", { name: label, exact: true });
}

function row(page: Page, label: string) {
  return page.getByRole("row").filter({ has: page.getByText(label, { exact: true }) });
}

function said(page: Page, text: string | RegExp) {
  return page.getByRole("status").filter({ hasText: text });
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save changes" }).click();
}

const address = (group: number) => `/organization/groups/${group}?view=permissions`;

test("a permission is denied, and before that it is told for whom @postgres", async ({ page, muster }) => {
  const [support, tier, other] = await muster.makeGroups("Support", "Support/Tier 1", "Support/Tier 2");
  await muster.ask(["import", "-", "--group", String(tier)], people(3).buffer);
  await muster.ask(["import", "-", "--group", String(other)], `Name,Email\n${anna.name},${anna.email}\n`);
  await signIn(page, holder, `/organization/groups/${support}`);
  await page.getByRole("link", { name: "Permissions" }).click();
  await expect(page).toHaveURL(address(support));
  for (const area of ["Session", "Screen", "Files", "System", "Reach"]) {
    await expect(page.getByRole("rowheader", { name: area }).or(page.getByText(area, { exact: true })).first()).toBeVisible();
  }
  await expect(page.getByRole("combobox")).toHaveCount(28);
  await expect(row(page, REBOOT)).toContainText("Allowed");
  await expect(row(page, REBOOT).getByRole("link", { name: "Technicians" })).toBeVisible();
  await expect(said(page, "Nothing is changed yet.")).toBeVisible();

  await setting(page, REBOOT).selectOption("Deny");
  await expect(row(page, REBOOT)).toContainText("Denied");
  await expect(row(page, REBOOT)).toContainText("this group");
  await expect(said(page, `${REBOOT}: denied for 4 technicians in 2 groups`)).toBeVisible();
  await axe(page, "permissions, changed");
  await reload(page);
  await expect(setting(page, REBOOT), "nothing was saved").toHaveValue("inherit");

  // By keyboard.
  await setting(page, REBOOT).focus();
  await page.keyboard.press("d");
  await expect(said(page, "denied for 4 technicians in 2 groups")).toBeVisible();
  await save(page);
  await expect(said(page, "The permissions of Support are saved.")).toBeVisible();
  await expect(said(page, "Nothing is changed yet.")).toBeVisible();

  await visit(page, address(tier));
  await expect(row(page, REBOOT)).toContainText("Denied");
  await row(page, REBOOT).getByRole("link", { name: "Support" }).click();
  await expect(page).toHaveURL(address(support));
  await expectSoundHtml(page, address(support));
});

test("what groups below say otherwise is not counted, unless it is locked", async ({ page, muster }) => {
  const [support, tier] = await muster.makeGroups("Support", "Support/Tier 1");
  await muster.ask(["import", "-", "--group", String(tier)], people(3).buffer);
  await muster.ask(["import", "-", "--group", String(support)], `Name,Email\n${anna.name},${anna.email}\n`);
  await signIn(page, holder, address(tier));
  await setting(page, REBOOT).selectOption("Deny");
  await save(page);
  await expect(said(page, "are saved.")).toBeVisible();

  await visit(page, address(support));
  await setting(page, REBOOT).selectOption("Deny");
  await expect(said(page, "denied for 1 technician in 1 group")).toBeVisible();
  await setting(page, REBOOT).selectOption("Allow");
  await expect(said(page, "the value stays as it is for everybody")).toBeVisible();
  await page.getByRole("checkbox", { name: `Lock: ${REBOOT}` }).check();
  await expect(said(page, "allowed for 3 technicians in 1 group")).toBeVisible();
  await save(page);
  await expect(said(page, "are saved.")).toBeVisible();

  await visit(page, address(tier));
  await expect(setting(page, REBOOT)).toBeDisabled();
  await expect(setting(page, REBOOT)).toHaveAccessibleDescription(/locked by Support/);
  await expect(row(page, REBOOT)).toContainText("Allowed");
});

test("at the root there is nothing to inherit", async ({ page }) => {
  await signIn(page, holder, address(1));
  await expect(setting(page, REBOOT).getByRole("option")).toHaveText(["Allow", "Deny"]);
  await setting(page, "Run own scripts").selectOption("Allow");
  await expect(said(page, "allowed here and below, where nobody is yet")).toBeVisible();
  await save(page);
  await expect(said(page, "The permissions of Technicians are saved.")).toBeVisible();
});

test("an Administrator changes what isn't locked, sees nothing above, and nothing outside", async ({
  page,
  muster,
  newBrowser,
}) => {
  const [europe, support, sales] = await muster.makeGroups("Europe", "Europe/Support", "Sales");
  await signIn(page, holder, address(support));
  await makeAdministrator(page, "administrator", bea, support);
  await page.getByRole("checkbox", { name: "Lock: Chat with the customer" }).check();
  await save(page);
  await expect(said(page, "are saved.")).toBeVisible();

  const theirs = await newBrowser();
  await beginAs(theirs, bea, address(support));
  await expect(theirs.getByRole("checkbox")).toHaveCount(0);
  await expect(setting(theirs, "Chat with the customer")).toBeDisabled();
  await expect(row(theirs, REBOOT)).toContainText("a group above yours");
  await expect(theirs.getByRole("region", { name: "Table of permissions" })).not.toContainText("Technicians");
  await setting(theirs, REBOOT).selectOption("Deny");
  await save(theirs);
  await expect(said(theirs, "are saved.")).toBeVisible();
  await axe(theirs, "permissions of an Administrator");
  for (const outside of [europe, sales]) {
    await visit(theirs, address(outside));
    await expect(theirs.getByRole("heading", { name: "Not found" })).toBeVisible();
  }
});

test("a technician sees no group's permissions", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support");
  const line = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(support)], line);
  await beginAs(page, anna, address(support));
  await expect(page.getByRole("alert")).toContainText("not yours to see");
});

test("two people change permissions at once: both versions stand side by side", async ({
  page,
  muster,
  newBrowser,
}) => {
  const [support] = await muster.makeGroups("Support");
  await signIn(page, holder, address(support));
  const other = await newBrowser();
  await signIn(other, holder, address(support));
  await setting(other, REBOOT).selectOption("Allow");
  await setting(other, "Send files").selectOption("Deny");
  await save(other);
  await expect(said(other, "are saved.")).toBeVisible();

  await setting(page, REBOOT).selectOption("Deny");
  await save(page);
  await expect(page.getByRole("alert")).toContainText("Somebody else changed permissions of this group meanwhile");
  const versions = page.getByRole("region", { name: "Two versions" });
  await expect(versions.getByRole("radio")).toHaveCount(2);
  await expect(setting(page, "Send files"), "what they alone changed is taken over").toHaveValue("deny");
  await axe(page, "two versions of permissions");
  await versions.getByRole("radio", { name: /theirs: Allow/ }).check();
  await expect(setting(page, REBOOT)).toHaveValue("allow");
  await versions.getByRole("radio", { name: /yours: Deny/ }).check();
  await expect(setting(page, REBOOT)).toHaveValue("deny");
  await save(page);
  await expect(said(page, "are saved.")).toBeVisible();
  await expect(versions).toHaveCount(0);
  await reload(page);
  await expect(setting(page, REBOOT)).toHaveValue("deny");
  await expect(setting(page, "Send files")).toHaveValue("deny");
});

test("what isn't saved is not left without a question", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support");
  await signIn(page, holder, address(support));
  await setting(page, REBOOT).selectOption("Deny");
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("link", { name: "Global Settings" }).click();
  await expect(setting(page, REBOOT)).toHaveValue("deny");
});

