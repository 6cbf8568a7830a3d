// What stops an import in the middle costs nothing but the sending again.

import type { Page } from "@playwright/test";

import { peopleWithPasswords } from "../harness/files.ts";
import { arriveAtSummary, chooseGroup, codes, expectCounts, type Result, upload } from "../harness/import.ts";
import type { Muster } from "../harness/muster.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { alive, signIn } from "../harness/visit.ts";

/** Hashing so many passwords takes long enough to do something in the middle. */
const ROWS = 400;
const FILE = peopleWithPasswords(ROWS);
const CHUNK = /\/api\/imports\/[^/]+\/chunks\/\d+$/;

async function begin(page: Page, muster: Muster): Promise<void> {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  await upload(page, FILE);
  await expectCounts(page, { all: ROWS, ready: ROWS, errors: 0, warnings: 0 });
  const first = page.waitForResponse(CHUNK);
  await page.getByRole("button", { name: "Start import" }).click();
  expect((await first).status()).toBe(200);
}

/** Every row once, none lost, none double: in the Import Summary and among the accounts. */
async function expectEveryRowOnce(page: Page, muster: Muster): Promise<void> {
  const id = page.url().split("/").at(-1)?.replace(/\?.*/, "");
  const answer = await page.request.get(`/api/imports/${id}/rows.json`);
  const rows = (await answer.json()) as Result[];
  expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: ROWS }, (_, at) => at + 2));
  expect(codes(rows)).toEqual({});
  expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(["created"]));

  const emails = (await muster.accounts()).map(({ email }) => email);
  const imported = emails.filter((email) => email.startsWith("person."));
  expect(imported.length).toBe(ROWS);
  expect(new Set(imported).size).toBe(ROWS);
}

test("the server is killed and started again @postgres", async ({ page, muster, guard }) => {
  guard.allow(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_SOCKET_NOT_CONNECTED/);
  await begin(page, muster);
  await muster.kill();

  const resume = page.getByRole("button", { name: "Resume" });
  await expect(resume).toBeVisible({ timeout: 90_000 });
  await muster.start();
  await resume.click();
  await arriveAtSummary(page);
  await expectEveryRowOnce(page, muster);
});

test("the connection is lost and comes back", async ({ page, muster, guard, context }) => {
  guard.allow(/net::ERR_/);
  await begin(page, muster);
  await context.route(CHUNK, (route) => route.abort("internetdisconnected"));

  const resume = page.getByRole("button", { name: "Resume" });
  await expect(resume).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("alert")).toContainText(/can.t be reached|connection|answer/i);
  await context.unroute(CHUNK);
  await resume.click();
  await arriveAtSummary(page);
  await expectEveryRowOnce(page, muster);
});

test("answers that get lost are not asked for in vain", async ({ page, muster, guard, context }) => {
  guard.allow(/net::ERR_/);
  // The server does the work and nobody hears of it.
  let lost = 0;
  await context.route(CHUNK, async (route) => {
    if (route.request().method() === "PUT" && lost < 3) {
      lost += 1;
      await route.fetch();
      await route.abort("connectionreset");
    } else {
      await route.continue();
    }
  });
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  await upload(page, FILE);
  await expectCounts(page, { all: ROWS, ready: ROWS, errors: 0, warnings: 0 });
  await page.getByRole("button", { name: "Start import" }).click();
  await arriveAtSummary(page);
  expect(lost).toBe(3);
  await expectEveryRowOnce(page, muster);
});

test("the page is loaded again and gets the same file", async ({ page, muster }) => {
  await begin(page, muster);
  const asked = page.waitForEvent("dialog");
  page.once("dialog", (dialog) => dialog.accept());
  await Promise.all([page.reload(), asked]);
  expect((await asked).type(), "leaving would cost something").toBe("beforeunload");
  await alive(page);

  await upload(page, FILE);
  await page.getByRole("button", { name: "Resume" }).click();
  await arriveAtSummary(page);
  await expectEveryRowOnce(page, muster);
});

test("a session that ends in the middle loses nothing", async ({ page, muster, context }) => {
  await begin(page, muster);
  const cookies = await context.cookies();
  await context.clearCookies();
  const resume = page.getByRole("button", { name: "Resume" });
  await expect(resume).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("alert")).toContainText("Your session has ended.");
  await context.addCookies(cookies);
  await resume.click();
  await arriveAtSummary(page);
  await expectEveryRowOnce(page, muster);
});

test("what was canceled keeps what it created", async ({ page, muster }) => {
  await begin(page, muster);
  await page.getByRole("button", { name: "Cancel import" }).click();
  await arriveAtSummary(page);
  const imported = (await muster.accounts()).filter(({ email }) => email.startsWith("person."));
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.length).toBeLessThan(ROWS);
});
