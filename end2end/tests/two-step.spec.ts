import { createHmac } from "node:crypto";

import type { Page } from "@playwright/test";

import { beginAs } from "../harness/administrators.ts";
import { axe } from "../harness/axe.ts";
import { anna, holder, newPassword } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, reload, signIn, visit } from "../harness/visit.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(key: string): Buffer {
  const bits = [...key.replaceAll(" ", "")].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** What an app shows, some steps of 30 s from now. */
function code(key: string, later = 0): string {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac("sha1", base32(key)).update(step).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Sets it up on the page that is open; the key and the recovery codes. */
async function setUp(page: Page): Promise<{ key: string; codes: string[] }> {
  await expect(page.getByRole("img", { name: "QR code for your app" })).toBeVisible();
  const key = (await page.getByRole("main").locator("code").textContent()) ?? "";
  expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  // The step before: the present one is left for the sign-in.
  await page.getByLabel("Code", { exact: true }).fill(code(key, -1));
  await page.getByRole("button", { name: "Set up" }).click();
  const list = page.getByRole("region", { name: "Recovery codes" }).getByRole("listitem");
  await expect(list).toHaveCount(10);
  return { key, codes: await list.allTextContents() };
}

test("a code is asked for after the password, works once, and a recovery code stands in @postgres", async ({ page, newBrowser }) => {
  await signIn(page, holder, "/account");
  await page.getByRole("link", { name: "Two-step verification" }).click();
  await expect(page).toHaveURL("/account/two-step");
  await expect(page.getByRole("heading", { name: "Two-step verification" })).toBeVisible();
  await axe(page, "two-step verification, before one proved who one is");
  await page.getByLabel("Current password").fill("Wrong1234!");
  await page.getByRole("button", { name: "Set up an app" }).click();
  await expect(page.getByLabel("Current password")).toHaveAccessibleDescription(/not your current password/);
  await page.getByLabel("Current password").fill(holder.password);
  await page.getByRole("button", { name: "Set up an app" }).click();
  await expect(page.getByRole("img", { name: "QR code for your app" })).toBeVisible();
  await axe(page, "setting up two-step verification");
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByLabel("Code", { exact: true })).toHaveAccessibleDescription(/wrong/);
  const { key, codes } = await setUp(page);
  await axe(page, "recovery codes");
  await page.getByRole("link", { name: "I have kept them" }).click();
  await expect(page).toHaveURL("/organization");

  const other = await newBrowser();
  await visit(other, "/account");
  await enter(other, holder);
  await expect(other).toHaveURL("/sign-in/code?next=/account");
  await axe(other, "the second step");
  await other.getByLabel("Code", { exact: true }).fill("000000");
  await other.getByRole("button", { name: "Continue" }).click();
  await expect(other.getByLabel("Code", { exact: true })).toHaveAccessibleDescription(/wrong/);
  // It is no session yet.
  const peek = await other.request.get("/account", { maxRedirects: 0, headers: { accept: "text/html" } });
  expect(peek.status()).toBe(303);
  await other.getByLabel("Code", { exact: true }).fill(code(key, 1));
  await other.getByRole("button", { name: "Continue" }).click();
  await expect(other).toHaveURL("/account");

  const third = await newBrowser();
  await visit(third, "/sign-in");
  await enter(third, holder);
  await expect(third).toHaveURL(/\/sign-in\/code/);
  await third.getByLabel("Code", { exact: true }).fill(codes[0] ?? "");
  await third.getByRole("button", { name: "Continue" }).click();
  await expect(third).toHaveURL("/organization");
  await visit(third, "/account/two-step");
  await expect(third.getByRole("main")).toContainText("9 recovery codes are left");
  await axe(third, "two-step verification that is set up");
  await third.getByRole("region", { name: "End two-step verification" }).getByLabel("Code", { exact: true }).fill(codes[1] ?? "");
  await third.getByRole("button", { name: "End it" }).click();
  await expect(third.getByRole("button", { name: "Set up an app" })).toBeVisible();
});

test("who must have it is led to it at sign-in and nowhere else", async ({ page, newBrowser }) => {
  await signIn(page, holder, "/settings");
  await page.getByLabel("Who must have it").selectOption("Administrators");
  const preview = page.getByRole("status").filter({ hasText: "When you save this:" });
  await expect(preview).toContainText("1 person must set up two-step verification before they go on.");
  await page.getByRole("button", { name: "Save changes" }).click();
  // It reaches who asked for it, too.
  await expect(async () => {
    await visit(page, "/organization");
    await expect(page).toHaveURL("/account/two-step", { timeout: 1000 });
  }).toPass();

  const other = await newBrowser();
  await visit(other, "/organization");
  await enter(other, holder);
  await expect(other).toHaveURL("/account/two-step");
  await visit(other, "/organization");
  await expect(other).toHaveURL("/account/two-step");
  await setUp(other);
  await other.getByRole("link", { name: "I have kept them" }).click();
  await expect(other).toHaveURL("/organization");
  await visit(other, "/account/two-step");
  await expect(other.getByRole("button", { name: "Make new codes" })).toBeVisible();
  await expect(other.getByRole("button", { name: "End it" })).toHaveCount(0);
  await visit(other, "/settings");
  await expect(other.getByLabel("Who must have it")).toHaveValue("administrators");
});

test("a group asks for it, and an administrator resets it", async ({ page, muster, newBrowser }) => {
  const [support] = await muster.makeGroups("Support");
  const line = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(support)], line);
  const theirs = await newBrowser();
  await beginAs(theirs, anna, "/account");

  await signIn(page, holder, `/organization/groups/${support}?view=settings`);
  const section = page.getByRole("region", { name: "Two-step verification" });
  await section.getByRole("checkbox", { name: "Everybody here must have it" }).check();
  await axe(page, "two-step verification of a group");
  await section.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Two-step verification is saved." })).toBeVisible();
  await reload(page);
  await expect(section.getByRole("checkbox")).toBeChecked();

  await theirs.reload();
  await expect(theirs, "it reaches who is signed in").toHaveURL("/account/two-step");
  await expect(theirs.getByRole("button", { name: "Set up an app" })).toBeVisible();
  const again = await newBrowser();
  await visit(again, "/sign-in");
  await enter(again, { ...anna, password: newPassword });
  await expect(again).toHaveURL("/account/two-step");
  await setUp(again);
  await visit(again, "/account");
  await expect(again.getByRole("heading", { name: "My Account" })).toBeVisible();

  await visit(page, `/organization/groups/${support}`);
  await page.getByRole("main").getByRole("link", { name: anna.name }).click();
  await page.getByRole("link", { name: "Password and sessions" }).click();
  await page.getByRole("button", { name: "Reset two-step verification" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Two-step verification is reset." })).toBeVisible();
  await page.getByRole("button", { name: "Reset two-step verification" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "There is nothing to reset" })).toBeVisible();
  await again.reload();
  await expect(again, "the session has ended").toHaveURL(/\/sign-in/);
  await visit(again, "/sign-in");
  await enter(again, { ...anna, password: newPassword });
  await expect(again, "a new one is to be set up").toHaveURL("/account/two-step");
});
