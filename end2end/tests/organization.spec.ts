import type { Page } from "@playwright/test";

import { people } from "../harness/files.ts";
import { anna, holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn, visit } from "../harness/visit.ts";

/** What the page says to everybody, also to those who do not see it. */
function said(page: Page, text: string) {
  return page.getByRole("status").filter({ hasText: text });
}

function node(page: Page, name: string) {
  return page.getByRole("treeitem", { name, exact: true });
}

test("a first group, a first technician @postgres", async ({ page, muster }) => {
  await signIn(page);
  await page.getByRole("link", { name: "Create group" }).click();
  const dialog = page.getByRole("dialog", { name: "Create group" });
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await dialog.getByLabel("Name").fill("Support");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/\/organization\/groups\/\d+$/);
  await expect(page.getByRole("heading", { name: "Support", level: 1 })).toBeVisible();
  await expect(said(page, "The group is created.")).toBeVisible();
  await expect(node(page, "Support")).toHaveAttribute("aria-selected", "true");

  await page.getByRole("button", { name: "Create technician" }).click();
  await expect(page).toHaveURL(/\?create=technician$/);
  const form = page.getByRole("dialog", { name: "Create technician" });
  await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
  await form.getByLabel("Name", { exact: true }).fill("Anna Schmidt");
  await form.getByLabel("Nickname").fill("Anna");
  await form.getByLabel("Email").fill(anna.email);
  await form.getByLabel("Single Sign-On ID").fill("a.schmidt");
  await form.getByLabel("Description").fill("First line\nSecond line </textarea><b>");
  await form.getByLabel("New password").fill(anna.password);
  await form.getByLabel("Mobile License").check();
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/\/organization\/technicians\/\d+$/);
  await expect(page.getByRole("heading", { name: "Anna Schmidt", level: 1 })).toBeVisible();
  await expect(node(page, "Anna Schmidt")).toHaveAttribute("aria-selected", "true");

  await reload(page);
  await expect(page.getByRole("heading", { name: "Configuration" })).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Anna Schmidt");
  await expect(page.getByLabel("Nickname")).toHaveValue("Anna");
  await expect(page.getByLabel("Email")).toHaveValue(anna.email);
  await expect(page.getByLabel("Single Sign-On ID")).toHaveValue("a.schmidt");
  await expect(page.getByLabel("Description")).toHaveValue("First line\nSecond line </textarea><b>");
  await expect(page.getByLabel("New password")).toHaveValue("");
  await expect(page.getByLabel("Minimum password strength")).toHaveText("Good");
  await expect(page.getByRole("checkbox", { name: "Enabled" })).toBeChecked();
  await expect(page.getByLabel("Standard License")).toBeChecked();
  await expect(page.getByLabel("Mobile License")).toBeChecked();
  expect(await muster.accounts()).toContainEqual(expect.objectContaining({ name: "Anna Schmidt", email: anna.email }));
});

test("a group gets another name, and errors stand beside the field", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support", "Sales");
  await signIn(page, holder, `/organization/groups/${support}?view=configuration`);
  const name = page.getByLabel("Name", { exact: true });
  const save = page.getByRole("button", { name: "Save changes" });

  await name.fill("");
  await save.click();
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(name).toHaveAccessibleDescription(/needs a name/);
  await name.fill("Sales");
  await save.click();
  await expect(page.getByRole("alert")).toContainText("“Sales”");
  await expect(name, "what was typed stays").toHaveValue("Sales");

  await name.fill("Second level");
  await save.click();
  await expect(said(page, "Second level is saved.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Second level", level: 1 })).toBeVisible();
  await expect(node(page, "Second level")).toBeVisible();
  await expect(node(page, "Support")).toHaveCount(0);
});

test("wrong fields of a new technician are named one by one", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], "Name,Email,SSO ID\nBo,bo@example.test,sso-bo\n");
  await signIn(page, holder, `/organization/groups/${group}?create=technician`);
  const form = page.getByRole("dialog", { name: "Create technician" });
  await form.getByLabel("Email").fill("anna.example.test");
  await form.getByLabel("New password").fill("short");
  await form.getByRole("button", { name: "Create" }).click();

  const alert = page.getByRole("alert");
  await expect(alert).toBeFocused();
  await expect(alert.getByRole("listitem")).toHaveCount(3);
  await expect(form.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(form.getByLabel("Email")).toHaveAccessibleDescription(/anna\.example\.test/);
  await expect(form.getByLabel("New password")).toHaveAccessibleDescription(/shorter than 8 characters/);

  await form.getByLabel("Name", { exact: true }).fill("Anna");
  await form.getByLabel("Email").fill("BO@EXAMPLE.test");
  await form.getByLabel("New password").fill(anna.password);
  await form.getByRole("button", { name: "Create" }).click();
  await expect(form.getByLabel("Email")).toHaveAccessibleDescription(/belongs to another account already/);
  await form.getByLabel("Email").fill(anna.email);
  await form.getByLabel("Single Sign-On ID").fill("sso-bo");
  await form.getByRole("button", { name: "Create" }).click();
  await expect(form.getByLabel("Single Sign-On ID")).toHaveAccessibleDescription(/belongs to another account already/);
  await form.getByLabel("Single Sign-On ID").fill("");
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/\/organization\/technicians\/\d+$/);
});

test("a technician is changed and disabled, which ends their sessions", async ({ page, muster, newBrowser }) => {
  const [group] = await muster.makeGroups("Support");
  const row = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], row);
  const theirs = await newBrowser();
  await signIn(theirs, anna, "/account");
  await expect(theirs).toHaveURL("/choose-password");

  await signIn(page, holder, `/organization/groups/${group}`);
  await page.getByRole("main").getByRole("link", { name: anna.name }).click();
  await page.getByLabel("Nickname").fill("Ann");
  await page.getByRole("checkbox", { name: "Enabled" }).uncheck();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(said(page, "Anna Schmidt is saved.")).toBeVisible();
  await expect(node(page, "Anna Schmidt · disabled")).toBeVisible();
  await reload(page);
  await expect(page.getByLabel("Nickname")).toHaveValue("Ann");
  await expect(page.getByRole("checkbox", { name: "Enabled" })).not.toBeChecked();

  await theirs.reload();
  await expect(theirs).toHaveURL(/\/sign-in/);
});

test("two people change the same technician: nothing is lost unseen", async ({ page, muster, newBrowser }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], "Name,Email\nAnna Schmidt,anna@example.test\n");
  await signIn(page, holder, `/organization/groups/${group}`);
  await page.getByRole("main").getByRole("link", { name: "Anna Schmidt" }).click();
  await expect(page.getByLabel("Nickname")).toHaveValue("Anna Schmidt");
  const other = await newBrowser();
  await signIn(other, holder, new URL(page.url()).pathname);

  await other.getByLabel("Nickname").fill("Theirs");
  await other.getByRole("button", { name: "Save changes" }).click();
  await expect(said(other, "is saved.")).toBeVisible();
  await page.getByLabel("Nickname").fill("Mine");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("alert")).toContainText("Somebody else changed this technician meanwhile");
  await expect(page.getByLabel("Nickname", { exact: true }), "what was typed stays").toHaveValue("Mine");

  const versions = page.getByRole("region", { name: "Two versions" });
  await expect(versions.getByRole("radio", { name: "Nickname, yours: Mine" })).toBeChecked();
  await versions.getByRole("radio", { name: "Nickname, theirs: Theirs" }).check();
  await expect(page.getByLabel("Nickname", { exact: true })).toHaveValue("Theirs");
  await page.getByLabel("Nickname", { exact: true }).fill("Mine after all");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(said(page, "is saved.")).toBeVisible();
  await expect(versions).toHaveCount(0);
});

test("what isn't saved is not left without a question", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await signIn(page, holder, `/organization/groups/${group}?view=configuration`);
  await page.getByLabel("Name", { exact: true }).fill("Something else");
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("link", { name: "Global Settings" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Something else");
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("link", { name: "Global Settings" }).click();
  await expect(page).toHaveURL("/settings");
});

test("filter and page are in the address, and outlive a reload @postgres", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], people(120).buffer);
  await signIn(page, holder, `/organization/groups/${group}`);
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages).toContainText("1–50 of 120");
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/\?from=50$/);
  await expect(pages).toContainText("51–100 of 120");
  await reload(page);
  await expect(pages).toContainText("51–100 of 120");
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(pages).toContainText("101–120 of 120");

  const filter = page.getByRole("searchbox", { name: "Filter technicians" });
  await filter.fill("PERSON 11");
  await expect(page).toHaveURL(/\?q=PERSON(\+|%20)11$/);
  await expect(pages).toContainText("1–11 of 11");
  await reload(page);
  await expect(filter).toHaveValue("PERSON 11");
  await expect(page.getByRole("row")).toHaveCount(12);
  await filter.fill("%");
  await expect(page.getByRole("main")).toContainText("No technician of this group matches “%”");
});

test("a dialog has an address, closes with Esc and gives the focus back", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await signIn(page, holder, `/organization/groups/${group}`);
  const opener = page.getByRole("button", { name: "Create technician" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(`/organization/groups/${group}`);
  await expect(opener).toBeFocused();

  await page.goBack();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.getByRole("dialog").getByRole("link", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a technician sees nothing of the organization", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const row = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], row);
  await signIn(page, anna, "/account");
  await page.getByLabel("New password").fill("Hx8#nBvCy5tQ");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("link", { name: "Organization", exact: true })).toHaveCount(0);
  for (const address of ["/organization", `/organization/groups/${group}`, "/settings", "/account/import"]) {
    await visit(page, address);
    await expect(page.getByRole("alert"), address).toContainText(/not yours to see|Not found/);
  }
});
