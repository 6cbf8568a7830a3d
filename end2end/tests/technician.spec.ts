import type { Page } from "@playwright/test";

import { bea, beginAs, makeAdministrator } from "../harness/administrators.ts";
import { axe } from "../harness/axe.ts";
import { expectSoundHtml } from "../harness/html.ts";
import type { Muster } from "../harness/muster.ts";
import { anna, holder, newPassword } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, signIn, visit } from "../harness/visit.ts";

function said(page: Page, text: string | RegExp) {
  return page.getByRole("status").filter({ hasText: text });
}

/** Anna in a group; the address of her page. */
async function annaIn(page: Page, muster: Muster, group: number): Promise<string> {
  const line = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], line);
  await signIn(page, holder, `/organization/groups/${group}`);
  await page.getByRole("main").getByRole("link", { name: anna.name }).click();
  await expect(page.getByRole("heading", { name: anna.name, level: 1 })).toBeVisible();
  return new URL(page.url()).pathname;
}

test("the page tells how the account came to be, and what the person may do", async ({ page, muster }) => {
  const [support] = await muster.makeGroups("Support");
  const address = await annaIn(page, muster, support);
  const main = page.getByRole("main");
  await expect(main).toContainText("Import of");
  await expect(main).toContainText("by the operator of this server");
  await expect(main.getByRole("link", { name: /standard input|-|csv/i }).first()).toHaveAttribute(
    "href",
    /\/account\/imports\/.+/,
  );
  await axe(page, "technician");
  await expectSoundHtml(page, address);

  await page.getByRole("link", { name: "Permissions" }).click();
  await expect(page).toHaveURL(`${address}?view=permissions`);
  const table = page.getByRole("region", { name: "Table of permissions" });
  await expect(table.getByRole("row").filter({ hasText: "Run own scripts" })).toContainText("Denied");
  await axe(page, "effective permissions");
  await expectSoundHtml(page, `${address}?view=permissions`);
  await table.getByRole("link", { name: "Technicians" }).first().click();
  await expect(page).toHaveURL("/organization/groups/1?view=permissions");
});

test("a password is reset, and works until a new one is chosen @postgres", async ({ page, muster, newBrowser }) => {
  const [support] = await muster.makeGroups("Support");
  const address = await annaIn(page, muster, support);
  const theirs = await newBrowser();
  await beginAs(theirs, anna, "/account");

  await page.getByRole("link", { name: "Password and sessions" }).click();
  await expect(page.getByRole("region", { name: "Table of sessions" }).getByRole("row")).toHaveCount(2);
  const field = page.getByLabel("Temporary password");
  const reset = page.getByRole("button", { name: "Reset password" });
  await reset.click();
  const starting = page.getByRole("region", { name: "Starting password" });
  await expect(starting.getByLabel("Starting password")).toHaveText(/^[a-z]+(-[a-z]+){7}$/);
  await axe(page, "a starting password");
  await field.fill("short");
  await reset.click();
  await expect(field).toHaveAccessibleDescription(/shorter than 8 characters/);
  await axe(page, "password and sessions");
  await expectSoundHtml(page, `${address}?view=sign-in`);
  await field.fill("Zs3=rTgBn8xW");
  await page.keyboard.press("Enter");
  await expect(said(page, "The password is reset")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("New password due");
  await expect(page.getByRole("main")).toContainText("Signed in nowhere.");
  expect(await page.content(), "it is never shown").not.toContain("Zs3=rTgBn8xW");

  await theirs.reload();
  await expect(theirs, "the session has ended").toHaveURL(/\/sign-in/);
  await visit(theirs, "/sign-in");
  await enter(theirs, { ...anna, password: "Zs3=rTgBn8xW" });
  await expect(theirs).toHaveURL(/\/choose-password/);
});

test("sessions are ended, one and all", async ({ page, muster, newBrowser }) => {
  const [support] = await muster.makeGroups("Support");
  const address = await annaIn(page, muster, support);
  const first = await newBrowser();
  await beginAs(first, anna, "/account");
  const now = { ...anna, password: newPassword };
  for (let more = 0; more < 2; more += 1) await signIn(await newBrowser(), now, "/account");

  await visit(page, `${address}?view=sign-in`);
  const table = page.getByRole("region", { name: "Table of sessions" });
  await expect(table.getByRole("row")).toHaveCount(4);
  await table.getByRole("button", { name: "End" }).first().click();
  await expect(said(page, "The session is ended.")).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "End sessions" }).click();
  await expect(said(page, "2 sessions are ended.")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Signed in nowhere.");
  await first.reload();
  await expect(first).toHaveURL(/\/sign-in/);
});

test("what only the other changed is taken over; what both changed is chosen", async ({
  page,
  muster,
  newBrowser,
}) => {
  const [support] = await muster.makeGroups("Support");
  const address = await annaIn(page, muster, support);
  const other = await newBrowser();
  await signIn(other, holder, address);
  const field = (whose: Page, label: string) => whose.getByLabel(label, { exact: true });
  await field(other, "Nickname").fill("Theirs");
  await field(other, "Description").fill("Night shift");
  await other.getByRole("button", { name: "Save changes" }).click();
  await expect(said(other, "is saved.")).toBeVisible();

  await field(page, "Nickname").fill("Mine");
  await field(page, "Single Sign-On ID").fill("anna-1");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("alert")).toContainText("Somebody else changed this technician meanwhile");
  const versions = page.getByRole("region", { name: "Two versions" });
  await expect(versions.getByRole("row")).toHaveCount(2);
  await expect(versions.getByRole("row").nth(1)).toContainText("Nickname");
  await expect(field(page, "Description")).toHaveValue("Night shift");
  await expect(field(page, "Single Sign-On ID"), "nothing that was typed is lost").toHaveValue("anna-1");
  await axe(page, "two versions of a technician");
  await versions.getByRole("radio", { name: "Nickname, theirs: Theirs" }).focus();
  await page.keyboard.press("Space");
  await expect(field(page, "Nickname")).toHaveValue("Theirs");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(said(page, "is saved.")).toBeVisible();
  await expect(versions).toHaveCount(0);
  await expect(field(page, "Nickname")).toHaveValue("Theirs");
});

test("an Administrator manages who is theirs, and no one else", async ({ page, muster, newBrowser }) => {
  const [support, sales] = await muster.makeGroups("Support", "Sales");
  const address = await annaIn(page, muster, support);
  await muster.ask(["import", "-", "--group", String(sales)], "Name,Email\nBo,bo@example.test\n");
  await visit(page, `/organization/groups/${sales}`);
  await page.getByRole("main").getByRole("link", { name: "Bo" }).click();
  await expect(page.getByRole("heading", { name: "Bo", level: 1 })).toBeVisible();
  const outside = new URL(page.url()).pathname;
  await makeAdministrator(page, "administrator", bea, support);

  const theirs = await newBrowser();
  await beginAs(theirs, bea, address);
  await expect(theirs.getByRole("link", { name: "Role" })).toHaveCount(0);
  await expect(theirs.getByRole("main").getByRole("link", { name: /imports/ })).toHaveCount(0);
  await theirs.getByRole("link", { name: "Permissions" }).click();
  await expect(theirs.getByRole("region", { name: "Table of permissions" })).toContainText("a group above yours");
  await theirs.getByRole("link", { name: "Password and sessions" }).click();
  await theirs.getByLabel("Temporary password").fill("Zs3=rTgBn8xW");
  await theirs.getByRole("button", { name: "Reset password" }).click();
  await expect(said(theirs, "The password is reset")).toBeVisible();
  for (const view of ["", "?view=permissions", "?view=sign-in", "?view=role"]) {
    await visit(theirs, outside + view);
    await expect(theirs.getByRole("heading", { name: "Not found" })).toBeVisible();
  }
});

test("a technician sees no technician's page", async ({ page, muster, newBrowser }) => {
  const [support] = await muster.makeGroups("Support");
  const address = await annaIn(page, muster, support);
  const theirs = await newBrowser();
  await beginAs(theirs, anna, address);
  await expect(theirs.getByRole("alert")).toContainText("not yours to see");
});

test("a lock is seen and lifted, and a browser that signed in before isn't locked out @postgres", async ({
  page,
  muster,
  newBrowser,
}) => {
  const [support] = await muster.makeGroups("Support");
  const address = await annaIn(page, muster, support);
  await visit(page, "/settings");
  await page.getByLabel("Failures until lock-out").fill("3");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(said(page, "Global Settings are saved.")).toBeVisible();
  const theirs = await newBrowser();
  await beginAs(theirs, anna, "/account");
  const now = { ...anna, password: newPassword };
  const stranger = await newBrowser();
  await visit(stranger, "/sign-in");
  for (let failures = 0; failures < 3; failures += 1) {
    await enter(stranger, { ...anna, password: `wrong ${failures}` });
    await expect(stranger.getByRole("alert")).toContainText("Email or password is wrong");
    await visit(stranger, "/sign-in");
  }
  await enter(stranger, now);
  await expect(stranger.getByRole("alert")).toContainText("Too many tries");
  await theirs.getByRole("button", { name: "Sign out" }).click();
  await expect(theirs).toHaveURL(/\/sign-in/);
  await signIn(theirs, now, "/account");

  await visit(page, `/organization/groups/${support}?status=locked`);
  await expect(page.getByRole("row", { name: /Anna .*Sign-in locked until .*, after 3 failed sign-ins/ })).toBeVisible();
  await axe(page, "locked technicians");
  await visit(page, `${address}?view=sign-in`);
  await expect(page.getByRole("main")).toContainText("Sign-in locked");
  await expect(page.getByRole("region", { name: "Sign-in is locked" })).toContainText("after 3 failed sign-ins");
  await axe(page, "a locked sign-in");
  await expectSoundHtml(page, `${address}?view=sign-in`);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(said(page, "Sign-in is unlocked.")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("Sign-in locked");
  await visit(stranger, "/sign-in");
  await enter(stranger, now);
  await expect(stranger).not.toHaveURL(/\/sign-in/);
});
