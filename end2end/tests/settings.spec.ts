import type { Page } from "@playwright/test";

import { axe } from "../harness/axe.ts";
import { anna, holder, newPassword } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, reload, signIn, visit } from "../harness/visit.ts";

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save changes" }).click();
}

function saved(page: Page) {
  return page.getByRole("status").filter({ hasText: "Global Settings are saved." });
}

test("the organization's name, its seats and its policy are kept", async ({ page }) => {
  await signIn(page, holder, "/settings");
  await expect(page.getByRole("heading", { name: "Global Settings" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Password Policies" })).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Southwind Support");
  await page.getByLabel("Standard seats").fill("1,200");
  await page.getByLabel("Mobile seats").fill("");
  await page.getByLabel("Minimum password strength").selectOption("Excellent");
  await save(page);
  await expect(saved(page)).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Southwind Support");

  await reload(page);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Southwind Support");
  await expect(page.getByLabel("Standard seats")).toHaveValue("1200");
  await expect(page.getByLabel("Mobile seats")).toHaveValue("");
  await expect(page.getByRole("combobox", { name: "Minimum password strength" })).toHaveValue("excellent");
});

test("what is no number is said beside the field", async ({ page }) => {
  await signIn(page, holder, "/settings");
  await page.getByLabel("Standard seats").fill("many");
  await page.getByLabel("Days it works").fill("");
  await save(page);
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(page.getByLabel("Standard seats")).toHaveAccessibleDescription(/number/);
  await expect(page.getByLabel("Days it works")).toHaveAccessibleDescription(/number|days/);
  await page.getByLabel("Standard seats").fill("10");
  await page.getByLabel("Days it works").fill("7");
  await save(page);
  await expect(saved(page)).toBeVisible();
});

test("where a password that was given may be kept, no list says that a new one is due", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support");
  const line = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(support)], line);
  await signIn(page, holder, `/organization/groups/${support}`);
  const row = page.getByRole("main").getByRole("row").filter({ hasText: anna.name });
  await expect(row).toContainText("New password due");
  await visit(page, "/settings");
  await page.getByRole("checkbox", { name: "Change a password that an administrator set" }).uncheck();
  await save(page);
  await expect(saved(page)).toBeVisible();
  await visit(page, `/organization/groups/${support}`);
  await expect(row).toContainText("Enabled");
  await expect(row).not.toContainText("New password due");
  await row.getByRole("link", { name: anna.name }).click();
  await expect(page.getByRole("heading", { name: anna.name, level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("New password due");
});

test("two people change the settings: the second is told", async ({ page, newBrowser }) => {
  await signIn(page, holder, "/settings");
  const other = await newBrowser();
  await signIn(other, holder, "/settings");
  await other.getByLabel("Standard seats").fill("5");
  await save(other);
  await expect(saved(other)).toBeVisible();
  await page.getByLabel("Standard seats").fill("6");
  await save(page);
  await expect(page.getByRole("alert")).toContainText(/meanwhile/);
  await expect(page.getByLabel("Standard seats")).toHaveValue("6");
});

test("the default password works for one sign-in", async ({ page, muster, newBrowser }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], `Name,Email\n${anna.name},${anna.email}\n`);
  const theirs = await newBrowser();
  await visit(theirs, "/sign-in");
  await enter(theirs, anna);
  await expect(theirs.getByRole("alert"), "there is no password yet").toContainText("is wrong");

  await signIn(page, holder, "/settings");
  const field = page.getByLabel("Default password");
  await field.fill("short");
  await save(page);
  await expect(field).toHaveAccessibleDescription(/shorter than 8 characters/);
  await field.fill(anna.password);
  await save(page);
  await expect(saved(page)).toBeVisible();
  await expect(field).toHaveValue("");
  await expect(page.getByRole("main")).toContainText("it stops working");
  expect(await page.content(), "it is never shown").not.toContain(anna.password);

  await enter(theirs, anna);
  await expect(theirs).toHaveURL("/choose-password");
  await theirs.getByLabel("New password").fill(newPassword);
  await theirs.getByRole("button", { name: "Change password" }).click();
  await expect(theirs).toHaveURL("/account");

  const again = await newBrowser();
  await visit(again, "/sign-in");
  await enter(again, anna);
  await expect(again.getByRole("alert"), "it worked once").toContainText("is wrong");
});

test("no seat is given twice", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await signIn(page, holder, "/settings");
  await page.getByLabel("Standard seats").fill("1");
  await save(page);
  await expect(saved(page)).toBeVisible();
  for (const name of ["First", "Second"]) {
    await visit(page, `/organization/groups/${group}?create=technician`);
    const form = page.getByRole("dialog");
    await form.getByLabel("Name", { exact: true }).fill(name);
    await form.getByLabel("Email").fill(`${name}@example.test`);
    await form.getByRole("button", { name: "Create" }).click();
    if (name === "First") await expect(page).toHaveURL(/\/technicians\/\d+$/);
  }
  const form = page.getByRole("dialog");
  await expect(form.getByLabel("Standard License")).toHaveAccessibleDescription(/No standard seat is left/);
  await form.getByLabel("Standard License").uncheck();
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/\/technicians\/\d+$/);
  await visit(page, "/settings");
  await expect(page.getByRole("main")).toContainText("1 of 1 taken");
});

test("a change of the policies says what it will do before it is saved @postgres", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], `Name,Email\n${anna.name},${anna.email}\n`);
  await signIn(page, holder, "/settings");
  const sections = page.getByRole("navigation", { name: "Sections" });
  await expect(sections.getByRole("link", { name: "Password Policies" })).toBeVisible();

  await page.getByLabel("Failures until lock-out").fill("5");
  const preview = page.getByRole("status").filter({ hasText: "When you save this:" });
  await expect(preview).toContainText("After 5 failures an account is locked for 15 minutes.");
  await page.getByLabel("Default password").fill(anna.password);
  await expect(preview).toContainText("The new default password holds for 1 person");
  await page.getByLabel("Passwords remembered").fill("25");
  await save(page);
  await expect(page.getByLabel("Passwords remembered")).toHaveAccessibleDescription(/0 to 24/);
  await page.getByLabel("Passwords remembered").fill("5");
  await page.getByLabel("Maximum age in days").fill("90");
  await save(page);
  await expect(saved(page)).toBeVisible();
  await expect(preview).toHaveCount(0);
  await axe(page, "Global Settings");

  await reload(page);
  await expect(page.getByLabel("Maximum age in days")).toHaveValue("90");
  await expect(page.getByLabel("Failures until lock-out")).toHaveValue("5");
  await sections.getByRole("link", { name: "Licences by group" }).click();
  await expect(page).toHaveURL("/settings/licences");
  await expect(page.getByRole("row").filter({ hasText: "Support" })).toContainText("1");
  await axe(page, "licences by group");
  await page.getByRole("link", { name: "Audit trail" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Passwords remembered: was 0 → 5" })).toBeVisible();
});

test("a password that a person had may not come again", async ({ page }) => {
  await signIn(page, holder, "/settings");
  await page.getByLabel("Passwords remembered").fill("3");
  await save(page);
  await expect(saved(page)).toBeVisible();
  await visit(page, "/account");
  const change = async (from: string, to: string) => {
    await page.getByRole("region", { name: "Password", exact: true }).getByLabel("Current password").fill(from);
    await page.getByLabel("New password").fill(to);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change(holder.password, newPassword);
  await expect(page.getByRole("status").filter({ hasText: "Your password is changed" })).toBeVisible();
  await reload(page);
  await change(newPassword, holder.password);
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/didn’t have before/);
});
