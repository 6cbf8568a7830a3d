import type { Page } from "@playwright/test";

import { bea, beginAs, makeAdministrator, mara } from "../harness/administrators.ts";
import { axe } from "../harness/axe.ts";
import { expectSoundHtml } from "../harness/html.ts";
import { anna, holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn, visit } from "../harness/visit.ts";

function said(page: Page, text: string | RegExp) {
  return page.getByRole("status").filter({ hasText: text });
}

const LIST = "/settings/administrators";

test("an administrator is created, and found in the list @postgres", async ({ page }) => {
  await signIn(page, holder, "/settings");
  await page.getByRole("link", { name: "Administrators" }).click();
  await expect(page).toHaveURL(LIST);
  await expect(page).toHaveTitle("Administrators · Muster");
  await expect(page.getByRole("row")).toHaveCount(2);

  await page.getByRole("button", { name: "Create administrator" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${LIST}?create=administrator`);
  const form = page.getByRole("dialog", { name: "Create administrator" });
  await axe(page, "create administrator");
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  await axe(page, "create administrator, with errors");
  await form.getByRole("combobox", { name: "Role" }).selectOption("Master Administrator");
  await form.getByLabel("Name", { exact: true }).fill(mara.name);
  await form.getByLabel("Email").fill(mara.email);
  await form.getByLabel("New password").fill(mara.password);
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { name: mara.name })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Master Administrator");
  await expect(page.getByRole("main")).toContainText("By hand, by Ada Owner");

  await visit(page, LIST);
  await expect(page.getByRole("row")).toHaveCount(3);
  const line = page.getByRole("row").filter({ hasText: mara.name });
  await expect(line).toContainText("Master Administrator");
  await expect(line).toContainText("New password due");
  await expect(line).toContainText("never");
  await axe(page, "the list of administrators");
  await expectSoundHtml(page, LIST);
  await page.getByRole("searchbox", { name: "Filter administrators" }).fill("ada");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${LIST}?q=ada`);
  await expect(page.getByRole("row")).toHaveCount(2);
  await reload(page);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Filter administrators" }).fill("nobody");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByRole("main")).toContainText("No administrator matches “nobody”.");
});

test("an Administrator is assigned to a group and sees it at once", async ({ page, muster, newBrowser }) => {
  const [support, tier, sales] = await muster.makeGroups("Support", "Support/Tier 1", "Sales");
  await signIn(page, holder, `/organization/groups/${support}?view=administrators`);
  await makeAdministrator(page, "administrator", bea);
  const theirs = await newBrowser();
  await beginAs(theirs, bea, "/organization");
  await expect(theirs.getByRole("main")).toContainText("No Technician Group is assigned to you yet");

  const here = page.getByRole("region", { name: "Assigned to this group" });
  await expect(here).toContainText("Nobody is assigned to this group itself.");
  await page.getByRole("button", { name: "Assign administrator" }).click();
  await expect(page).toHaveURL(`/organization/groups/${support}?assign=administrator`);
  const dialog = page.getByRole("dialog", { name: "Assign administrator" });
  await expect(dialog.getByRole("searchbox", { name: "Search administrators" })).toBeFocused();
  await page.keyboard.type("nobody");
  await expect(dialog).toContainText("No Administrator who could be assigned");
  await dialog.getByRole("searchbox").fill("bea.admin");
  await expect(dialog.getByRole("listitem")).toHaveCount(1);
  await axe(page, "assign administrator");
  await dialog.getByRole("button", { name: `Assign ${bea.name}` }).focus();
  await page.keyboard.press("Enter");
  await expect(said(page, "The administrator is assigned.")).toBeVisible();
  await expect(here.getByRole("link", { name: bea.name })).toBeVisible();
  await expect(page).toHaveURL(`/organization/groups/${support}?view=administrators`);
  await axe(page, "administrators of a group");
  await expectSoundHtml(page, `/organization/groups/${support}?view=administrators`);

  await visit(page, `/organization/groups/${tier}?view=administrators`);
  const above = page.getByRole("region", { name: "From the groups above" });
  await expect(above.getByRole("row").filter({ hasText: bea.name })).toContainText("Support");

  // The same session, the next request.
  await visit(theirs, `/organization/groups/${tier}`);
  await expect(theirs.getByRole("heading", { name: "Tier 1" })).toBeVisible();
  await expect(theirs.getByRole("link", { name: "Administrators" })).toHaveCount(0);
  await visit(theirs, `/organization/groups/${sales}`);
  await expect(theirs.getByRole("heading", { name: "Not found" })).toBeVisible();
  for (const address of [LIST, `/organization/groups/${tier}?view=administrators`]) {
    await visit(theirs, address);
    await expect(theirs.getByRole("alert"), address).toContainText("not yours to see");
  }

  await visit(page, `/organization/groups/${support}?view=administrators`);
  await here.getByRole("button", { name: `Remove ${bea.name}` }).click();
  await expect(said(page, `${bea.name} no longer administers this group.`)).toBeVisible();
  await expect(here.getByRole("link", { name: bea.name })).toHaveCount(0);
  await visit(theirs, `/organization/groups/${support}`);
  await expect(theirs.getByRole("heading", { name: "Not found" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(here.getByRole("link", { name: bea.name })).toBeVisible();
});

test("a role is changed; who becomes a technician needs a group", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support");
  await signIn(page, holder, LIST);
  const id = await makeAdministrator(page, "administrator", bea, support);
  await visit(page, `/organization/technicians/${id}`);
  await page.getByRole("link", { name: "Role" }).click();
  await expect(page.getByRole("link", { name: "Support" })).toBeVisible();
  await axe(page, "role");
  await expectSoundHtml(page, `/organization/technicians/${id}?view=role`);

  await page.getByRole("combobox", { name: "Role" }).selectOption("Technician");
  await page.getByRole("button", { name: "Change role" }).click();
  await expect(page.getByRole("alert")).toContainText("A technician needs a Technician Group");
  await page.getByRole("combobox", { name: "Technician Group" }).fill("supp");
  await page.getByRole("option", { name: /Support/ }).click();
  await expect(page.getByRole("combobox", { name: "Technician Group" })).toHaveValue("Support");
  await page.getByRole("button", { name: "Change role" }).click();
  await expect(said(page, "The role is changed.")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Technicians administer nothing.");
  await expect(page.getByRole("navigation", { name: "Path" })).toContainText("Support");

  await page.getByRole("combobox", { name: "Role" }).selectOption("Master Administrator");
  await page.getByRole("button", { name: "Change role" }).click();
  await expect(page.getByRole("main")).toContainText("Every group.");

  // Nobody's own, and never the holder's.
  await visit(page, LIST);
  await page.getByRole("link", { name: "Ada Owner" }).click();
  await page.getByRole("link", { name: "Role" }).click();
  await expect(page.getByRole("button", { name: "Change role" })).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText("Nobody changes their own role");
});

test("groups are assigned on the person's page, and a place in the tree is given up", async ({ page, muster }) => {
  const [support, sales] = await muster.makeGroups("Support", "Sales");
  await signIn(page, holder, LIST);
  const id = await makeAdministrator(page, "administrator", bea, support);
  await visit(page, `/organization/technicians/${id}?view=role`);
  const here = page.getByRole("region", { name: "Administers" });
  await expect(here.getByRole("link")).toHaveText(["Support"]);
  await here.getByRole("combobox", { name: "Group to assign" }).fill("sale");
  await here.getByRole("option", { name: /Sales/ }).click();
  await here.getByRole("button", { name: "Assign group" }).click();
  await expect(said(page, "The group is assigned.")).toBeVisible();
  await expect(here.getByRole("link")).toHaveText(["Sales", "Support"]);
  await axe(page, "the groups of an administrator");
  await here.getByRole("button", { name: "Remove Support" }).click();
  await expect(here.getByRole("link")).toHaveText(["Sales"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(here.getByRole("link")).toHaveText(["Sales", "Support"]);

  await visit(page, `/organization/technicians/${id}?move=t${id}`);
  const dialog = page.getByRole("dialog", { name: "Move to Technician Group" });
  await dialog.getByRole("combobox").fill("sales");
  await dialog.getByRole("option", { name: /Sales/ }).click();
  await dialog.getByRole("button", { name: "Move" }).click();
  await expect(dialog).toBeHidden();
  await visit(page, `/organization/technicians/${id}?view=role`);
  const place = page.getByRole("region", { name: "Place in the tree" });
  await expect(place).toContainText("Gives support in Sales as well");
  await place.getByRole("button", { name: "Take out of the tree" }).click();
  await expect(said(page, "The place in the tree is given up")).toBeVisible();
  await expect(place).toHaveCount(0);
  await visit(page, `/organization/groups/${sales}`);
  await expect(page.getByRole("main")).toContainText("0 technicians");
});

test("a technician sees no administrators", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support");
  const line = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(support)], line);
  await beginAs(page, anna, LIST);
  await expect(page.getByRole("alert")).toContainText("not yours to see");
});
