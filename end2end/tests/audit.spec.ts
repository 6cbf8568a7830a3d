import { readFile } from "node:fs/promises";

import { axe } from "../harness/axe.ts";
import { expectSoundHtml } from "../harness/html.ts";
import { anna, holder } from "../harness/people.ts";
import { create } from "../harness/technicians.ts";
import { expect, test } from "../harness/test.ts";
import { signIn, visit } from "../harness/visit.ts";

test("who did what, before and after, is found by filters that stand in the address @postgres", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Europe/Tier 2");
  await signIn(page, holder, `/organization/groups/${group}?create=technician`);
  await create(page, anna);
  await page.getByLabel("Nickname").fill("Anna");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("status").filter({ hasText: /saved/ })).toBeVisible();

  await page.getByRole("link", { name: "Audit trail" }).click();
  await expect(page).toHaveURL("/audit");
  await expect(page.getByRole("heading", { name: "Audit trail" })).toBeVisible();
  await expect(page).toHaveTitle("Audit trail · Muster");
  const table = page.getByRole("table");
  const created = table.getByRole("row").filter({ hasText: "Created in Europe / Tier 2" });
  await expect(created).toContainText(holder.name);
  await expect(created).toContainText("127.0.0.1");
  const changed = table.getByRole("row").filter({ hasText: "Changed nickname" });
  await expect(changed).toContainText(`Nickname: was ${anna.name} → Anna`);

  await page.getByLabel("What").selectOption("Created a technician");
  await page.getByLabel("Containing").fill(anna.email);
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/action=technician_created/);
  await expect(table.getByRole("row")).toHaveCount(2);
  await page.getByLabel("Who").fill("somebody else");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByRole("main")).toContainText("No entry is like this.");
  await page.getByRole("link", { name: "Clear all filters" }).click();
  await expect(page).toHaveURL("/audit");
  await expect(page.getByLabel("Who")).toHaveValue("");
  await expect(created).toBeVisible();
  await axe(page, "the audit trail");
  await expectSoundHtml(page, "/audit");

  await created.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/audit\/\d+$/);
  await expect(page.getByRole("heading", { name: "Created in Europe / Tier 2" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Chrom");
  await axe(page, "one entry");
  await page.getByRole("link", { name: "All about this" }).click();
  await expect(page).toHaveURL(/kind=account/);
  await expect(table.getByRole("row")).toHaveCount(3);

  expect(await muster.ask(["audit", "verify"])).toContain("The audit trail is whole");
});

test("the trail is taken as a file", async ({ page, muster }) => {
  await muster.makeGroups("=Europe");
  await signIn(page, holder, "/audit");
  for (const [name, expected] of [["CSV", "'=Europe"], ["JSON", "\"=Europe\""]] as const) {
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: `Export as ${name}` }).click();
    const text = await readFile(await (await download).path(), "utf8");
    expect(text).toContain(expected);
  }
  await visit(page, "/audit?action=exported");
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(3);
});

test("many entries come page by page", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  for (let n = 0; n < 52; n += 1) await muster.makeGroups(`Support/Tier ${n}`);
  await signIn(page, holder, "/audit?action=group_created");
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(51);
  await expect(rows.nth(1)).toContainText("Tier 51");
  await page.getByRole("link", { name: "Older entries" }).click();
  await expect(rows).toHaveCount(4);
  await expect(rows.last()).toContainText("Support");
  await page.getByRole("link", { name: "Newest entries" }).click();
  await expect(rows).toHaveCount(51);
  expect(group).toBeGreaterThan(0);
});

test("a technician's page has its history", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await signIn(page, holder, `/organization/groups/${group}?create=technician`);
  await create(page, anna);
  await page.getByRole("link", { name: "History" }).click();
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByRole("row")).toHaveCount(2);
  await expect(history).toContainText("Created in Support");
});

test("a technician's history names the import that made them", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const rows = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], rows);
  await signIn(page, holder, `/organization/groups/${group}`);
  await page.getByRole("link", { name: anna.name }).click();
  await page.getByRole("link", { name: "History" }).click();
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByRole("row")).toHaveCount(2);
  await expect(history).toContainText("Created by an import");
  await axe(page, "history with an import");
  await history.getByRole("row").last().getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Created by an import" })).toBeVisible();
  await page.getByRole("link", { name: /^Import of/ }).click();
  await expect(page).toHaveURL(/\/account\/imports\//);
});

test("technicians see no trail", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const rows = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], rows);
  await signIn(page, anna, "/account");
  await page.getByLabel("New password").fill("Hx8#nBvCy5tQ");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("link", { name: "Audit trail" })).toHaveCount(0);
  await visit(page, "/audit");
  await expect(page.getByRole("alert")).toContainText("This is not yours to see");
});
