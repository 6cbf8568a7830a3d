// What is done in the Organization Tree: lines marked, the menu, drag and drop, the dialogs, Undo.

import type { Locator, Page } from "@playwright/test";

import { bea, beginAs, makeAdministrator } from "../harness/administrators.ts";
import { axe } from "../harness/axe.ts";
import { people } from "../harness/files.ts";
import { expect, test } from "../harness/test.ts";
import { signIn, visit } from "../harness/visit.ts";

function node(page: Page, name: string): Locator {
  return page.getByRole("tree", { name: "Organization Tree" }).getByRole("treeitem", { name, exact: true });
}

/** A technician's line: of who is disabled it says so. */
function off(page: Page, name: string): Locator {
  return node(page, `${name} · disabled`);
}

function said(page: Page, text: string | RegExp): Locator {
  return page.getByRole("status").filter({ hasText: text });
}

function item(page: Page, name: string): Locator {
  return page.getByRole("menu").getByRole("menuitem", { name, exact: true });
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

let europe = 0;
let asia = 0;

test.beforeEach(async ({ page, muster }) => {
  [europe, asia] = await muster.makeGroups("Europe", "Asia", "Europe/Tier 1");
  await muster.ask(["import", "-", "--group", String(europe)], people(4).buffer);
  await signIn(page);
  await visit(page, `/organization/groups/${europe}`);
  await node(page, "Europe").focus();
  await press(page, "ArrowRight");
  await expect(node(page, "person 1")).toBeVisible();
});

test("lines are marked by the keyboard", async ({ page }) => {
  const marked = page.getByRole("treeitem", { selected: true });
  await node(page, "person 1").focus();
  await press(page, "Space");
  await expect(marked).toHaveText([/person 1/]);
  await press(page, "Shift+ArrowDown", "Shift+ArrowDown");
  await expect(marked).toHaveCount(3);
  await expect(node(page, "person 3")).toBeFocused();
  await press(page, "Shift+ArrowUp");
  await expect(marked).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Actions for 2 lines" })).toBeVisible();
  await press(page, "Control+a");
  await expect(marked, "all beside it, the groups too").toHaveCount(5);
  await press(page, "Escape");
  await expect(marked, "what is shown at the right").toHaveText([/Europe/]);
  await expect(node(page, "Europe")).toHaveAttribute("aria-current", "page");
});

test("lines are marked by the mouse", async ({ page }) => {
  const marked = page.getByRole("treeitem", { selected: true });
  await node(page, "person 1").click({ modifiers: ["Control"] });
  await node(page, "person 3").click({ modifiers: ["Shift"] });
  await expect(marked).toHaveCount(3);
  await node(page, "person 2").click({ modifiers: ["Control"] });
  await expect(marked).toHaveCount(2);
  await expect(page, "nothing was opened").toHaveURL(`/organization/groups/${europe}`);
  await node(page, "person 4").click();
  await expect(page).toHaveURL(/\/organization\/technicians\/\d+$/);
  await expect(marked).toHaveText([/person 4/]);
});

test("somebody is disabled by the menu, and enabled again by Undo", async ({ page }) => {
  await node(page, "person 2").click({ button: "right" });
  await expect(page.getByRole("menu", { name: "Actions for person 2" })).toBeVisible();
  await item(page, "Disable").click();
  await expect(said(page, "person 2 is disabled.")).toBeVisible();
  await expect(off(page, "person 2")).toBeFocused();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page, "It is as before.")).toBeVisible();
  await expect(node(page, "person 2")).toBeVisible();
});

test("the menu by the keyboard", async ({ page }) => {
  await node(page, "Asia").focus();
  await press(page, "Shift+F10");
  const menu = page.getByRole("menu", { name: "Actions for Asia" });
  await expect(item(page, "Create technician")).toBeFocused();
  await press(page, "ArrowUp");
  await expect(item(page, "Delete…")).toBeFocused();
  await press(page, "Home", "ArrowDown");
  await expect(item(page, "Create group")).toBeFocused();
  await axe(page, "the tree's menu");
  await press(page, "Escape");
  await expect(menu).toBeHidden();
  await expect(node(page, "Asia")).toBeFocused();

  // At once: whoever knows the menu doesn't wait for it.
  await press(page, "ContextMenu", "ArrowDown", "Enter");
  await expect(page).toHaveURL(`/organization/groups/${asia}?create=group`);
  await expect(page.getByRole("dialog", { name: "Create group" })).toBeVisible();
});

test("what can't be done says why", async ({ page }) => {
  await node(page, "Technicians").click({ button: "right" });
  for (const name of ["Create technician", "Move…", "Copy group", "Delete…"]) {
    await expect(item(page, name)).toHaveAttribute("aria-disabled", "true");
  }
  await expect(item(page, "Move…")).toHaveAccessibleDescription("The root of the tree stays where it is.");
  await item(page, "Move…").click({ force: true });
  await expect(page.getByRole("menu")).toBeVisible();
  await expect(page).toHaveURL(`/organization/groups/${europe}`);
});

test("many are moved by the dialog, and moved back", async ({ page, muster }) => {
  await node(page, "person 1").focus();
  await press(page, "Space", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+F10");
  await expect(item(page, "Move…")).toBeFocused();
  await press(page, "Enter");
  await expect(page).toHaveURL(/\?move=t/);
  const dialog = page.getByRole("dialog", { name: "Move to Technician Group" });
  await expect(dialog).toContainText("person 1, person 2 and person 3");
  const field = dialog.getByRole("combobox", { name: "Search technician group…" });
  await field.fill("asi");
  await dialog.getByRole("option", { name: "Asia" }).waitFor();
  await axe(page, "the dialog that moves");
  await field.press("Enter");
  await dialog.getByRole("button", { name: "Move" }).click();
  await expect(dialog).toBeHidden();
  await expect(said(page, "3 technicians are moved to “Asia”.")).toBeVisible();
  await expect(node(page, "person 1")).toBeHidden();
  await expect(node(page, "person 4")).toBeVisible();
  const groupsOf = async (): Promise<(number | undefined)[]> =>
    (await muster.accounts()).filter(({ name }) => name.startsWith("person")).map((it) => it.technicianGroupId);
  expect((await groupsOf()).sort()).toEqual([europe, asia, asia, asia].sort());
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(node(page, "person 1")).toBeVisible();
  expect(new Set(await groupsOf())).toEqual(new Set([europe]));
});

test("a technician's page leads to the same dialog", async ({ page }) => {
  await node(page, "person 1").click();
  const button = page.getByRole("button", { name: "Move to Technician Group" });
  await button.click();
  const dialog = page.getByRole("dialog", { name: "Move to Technician Group" });
  await dialog.getByRole("link", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).not.toHaveURL(/move/);
  await button.click();
  const field = dialog.getByRole("combobox", { name: "Search technician group…" });
  await field.fill("europe");
  await dialog.getByRole("option", { name: "Europe", exact: false }).first().click();
  await expect(dialog.getByRole("alert")).toHaveText("That is in “Europe” already.");
  await field.fill("tier 1");
  await dialog.getByRole("option", { name: "Europe / Tier 1" }).click();
  await expect(dialog.getByRole("alert")).toBeHidden();
  await dialog.getByRole("button", { name: "Move" }).click();
  await expect(said(page, "person 1 is moved to “Tier 1”.")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Path" })).toContainText("Tier 1");
});

test("lines are dragged onto groups", async ({ page }) => {
  await node(page, "person 1").dragTo(node(page, "Asia"));
  await expect(said(page, "person 1 is moved to “Asia”.")).toBeVisible();
  await expect(node(page, "person 1")).toBeHidden();

  await node(page, "person 2").click({ modifiers: ["Control"] });
  await node(page, "person 3").click({ modifiers: ["Control"] });
  await node(page, "person 3").dragTo(node(page, "Tier 1"));
  await expect(said(page, "2 technicians are moved to “Tier 1”.")).toBeVisible();
  // The tree has followed: what is dragged next is no line of before.
  await expect(node(page, "person 3")).toBeHidden();

  await node(page, "Tier 1").dragTo(node(page, "Asia"));
  await expect(said(page, "Tier 1 is moved to “Asia”.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page, "It is as before.")).toBeVisible();
  await expect(node(page, "Tier 1")).toBeVisible();
});

test("a closed group opens while something hovers over it", async ({ page, muster }) => {
  await muster.makeGroups("Asia/Night shift");
  await visit(page, `/organization/groups/${europe}`);
  await node(page, "Europe").focus();
  await press(page, "ArrowRight");
  await node(page, "person 1").hover();
  await page.mouse.down();
  await node(page, "Asia").hover();
  await node(page, "Asia").hover();
  await expect(node(page, "Night shift")).toBeVisible();
  await node(page, "Night shift").hover();
  await node(page, "Night shift").hover();
  await page.mouse.up();
  await expect(said(page, "person 1 is moved to “Night shift”.")).toBeVisible();
});

test("Rename leads to the name, of groups and of technicians", async ({ page }) => {
  const name = page.getByRole("main").getByLabel("Name", { exact: true });
  await node(page, "person 1").click({ button: "right" });
  await item(page, "Rename").click();
  await expect(page).toHaveURL(/\/organization\/technicians\/\d+#technician-name$/);
  await expect(name).toBeFocused();
  await expect(name).toHaveValue("person 1");
  await node(page, "person 1").focus();
  await press(page, "Shift+F10");
  await expect(item(page, "Configuration")).toBeFocused();
  await press(page, "ArrowDown", "Enter");
  await expect(name, "also where one is there already").toBeFocused();
  await node(page, "Asia").click({ button: "right" });
  await item(page, "Rename").click();
  await expect(name).toHaveValue("Asia");
  await expect(name).toBeFocused();
});

test("all technicians of a group are disabled, after their number was said, and enabled by Undo", async ({ page }) => {
  await node(page, "person 3").click({ button: "right" });
  await item(page, "Disable").click();
  await expect(off(page, "person 3")).toBeVisible();

  await node(page, "Europe").click({ button: "right" });
  await item(page, "Disable technicians…").click();
  await expect(page).toHaveURL(`/organization/groups/${europe}?disable=g${europe}`);
  const dialog = page.getByRole("dialog", { name: "Disable technicians" });
  await expect(dialog).toContainText("Disable 3 technicians in Europe?");
  await axe(page, "the dialog that disables");
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(said(page, "3 technicians are disabled.")).toBeVisible();
  for (const name of ["person 1", "person 2", "person 3", "person 4"]) await expect(off(page, name)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(node(page, "person 1")).toBeVisible();
  await expect(off(page, "person 3"), "who was disabled before stays so").toBeVisible();

  await node(page, "Europe").click({ button: "right" });
  await item(page, "Enable technicians…").click();
  const enabling = page.getByRole("dialog", { name: "Enable technicians" });
  await expect(enabling).toContainText("Enable 1 technician in Europe?");
  await enabling.getByRole("button", { name: "Enable" }).click();
  await expect(node(page, "person 3")).toBeVisible();

  await node(page, "Asia").click({ button: "right" });
  await item(page, "Disable technicians…").click();
  await expect(page.getByRole("dialog", { name: "Disable technicians" })).toContainText("Nobody in Asia could be disabled.");
});

test("what is typed stays while something is done in the tree", async ({ page }) => {
  await node(page, "person 1").click();
  const description = page.getByLabel("Description");
  await description.fill("Speaks Dutch");
  await node(page, "person 2").click({ button: "right" });
  await item(page, "Disable").click();
  await expect(said(page, "person 2 is disabled.")).toBeVisible();
  await expect(off(page, "person 2")).toBeVisible();
  await expect(description).toHaveValue("Speaks Dutch");
  await node(page, "person 1").click({ button: "right" });
  await item(page, "Disable").click();
  await expect(off(page, "person 1")).toBeVisible();
  await expect(description).toHaveValue("Speaks Dutch");

  page.once("dialog", (question) => void question.dismiss());
  await node(page, "person 3").click({ button: "right" });
  await item(page, "Rename").click();
  await expect(page.getByRole("heading", { name: "person 1", level: 1 })).toBeVisible();
  await expect(description).toHaveValue("Speaks Dutch");

  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "meanwhile" })).toBeVisible();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(said(page, "person 1 is saved.")).toBeVisible();
  await expect(off(page, "person 1"), "what was done in the tree is taken over").toBeVisible();
  await expect(description).toHaveValue("Speaks Dutch");
});

test("an Administrator's tree begins at their groups, and its menu says why not", async ({ page, newBrowser }) => {
  await makeAdministrator(page, "administrator", bea, europe);
  const theirs = await newBrowser();
  await beginAs(theirs, bea, "/organization");
  await expect(node(theirs, "Europe")).toBeVisible();
  for (const name of ["Technicians", "Asia"]) await expect(node(theirs, name)).toHaveCount(0);
  await node(theirs, "Europe").click({ button: "right" });
  for (const name of ["Copy group", "Move…", "Delete…"]) {
    await expect(item(theirs, name)).toHaveAttribute("aria-disabled", "true");
    await expect(item(theirs, name)).toHaveAccessibleDescription(/assigned to you as a whole/);
  }
  await expect(item(theirs, "Assign administrators")).toHaveAccessibleDescription("Your role may not do this.");
  for (const name of ["Create technician", "Create group", "Rename", "Disable technicians…"]) {
    await expect(item(theirs, name)).not.toHaveAttribute("aria-disabled");
  }
  await axe(theirs, "an administrator's menu");
  await press(theirs, "Escape");
  await node(theirs, "Europe").focus();
  await press(theirs, "ArrowRight");
  await node(theirs, "person 1").click({ button: "right" });
  await item(theirs, "Disable").click();
  await expect(said(theirs, "person 1 is disabled.")).toBeVisible();
  await node(theirs, "Tier 1").click({ button: "right" });
  await expect(item(theirs, "Copy group")).not.toHaveAttribute("aria-disabled");
});

test("a drop that is not allowed is refused with the reason", async ({ page }) => {
  await node(page, "person 1").hover();
  await page.mouse.down();
  await node(page, "Technicians").hover();
  await node(page, "Technicians").hover();
  await expect(page.getByText("Nobody is at the root of the tree")).toBeVisible();
  await page.mouse.up();
  await expect(said(page, "Not moved. Nobody is at the root of the tree")).toBeVisible();
  await expect(node(page, "person 1")).toBeVisible();

  await node(page, "Europe").dragTo(node(page, "Tier 1"));
  await expect(said(page, "Not moved. “Europe” can’t lie below itself.")).toBeVisible();
});

test("a group is copied, and deleted when nobody is in it", async ({ page }) => {
  await node(page, "Europe").click({ button: "right" });
  await item(page, "Copy group").click();
  await expect(page.getByRole("heading", { name: "Europe (copy)", level: 1 })).toBeVisible();
  await expect(node(page, "Europe (copy)")).toBeVisible();

  await node(page, "Europe").click({ button: "right" });
  await item(page, "Delete…").click();
  const dialog = page.getByRole("dialog", { name: "Delete" });
  await expect(dialog).toContainText("Delete Europe?");
  await axe(page, "the dialog that deletes");
  await expect(dialog.getByRole("button", { name: "Delete" })).toHaveAttribute("aria-disabled", "true");
  await expect(dialog).not.toContainText("This can’t be undone.");
  await expect(dialog.getByRole("alert")).toHaveText(
    "“Europe” isn’t empty: it has 1 group and 4 technicians. Move or delete them first.",
  );
  await press(page, "Escape");

  await node(page, "Asia").click({ button: "right" });
  await item(page, "Delete…").click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(said(page, "Asia is deleted.")).toBeVisible();
  await expect(node(page, "Asia")).toBeHidden();
});

test("who is to be deleted may be disabled instead", async ({ page, muster }) => {
  await node(page, "person 1").click();
  await expect(page.getByRole("heading", { name: "person 1", level: 1 })).toBeVisible();
  await node(page, "person 1").click({ button: "right" });
  await item(page, "Delete…").click();
  const dialog = page.getByRole("dialog", { name: "Delete" });
  await expect(dialog).toContainText("This can’t be undone.");
  await dialog.getByRole("button", { name: "Disable instead" }).click();
  await expect(said(page, "person 1 is disabled.")).toBeVisible();
  await expect(off(page, "person 1")).toBeVisible();

  await off(page, "person 1").click({ button: "right" });
  await item(page, "Delete…").click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(said(page, "person 1 is deleted.")).toBeVisible();
  await expect(page, "its group is shown instead").toHaveURL(`/organization/groups/${europe}`);
  expect((await muster.accounts()).map(({ name }) => name)).not.toContain("person 1");
});
