import type { Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beginAs, bea, makeAdministrator, mara } from "../harness/administrators.ts";
import { axe } from "../harness/axe.ts";
import { Directory } from "../harness/directory.ts";
import { expectSoundHtml } from "../harness/html.ts";
import { download } from "../harness/import.ts";
import type { Muster } from "../harness/muster.ts";
import { anna, holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn, visit } from "../harness/visit.ts";

const PAGE = "/settings/directory";

function toast(page: Page, text: string | RegExp) {
  return page.getByRole("status").filter({ hasText: text });
}

/** A directory whose token was made without the page. */
async function enrolled(muster: Muster, group: number): Promise<Directory> {
  const made = JSON.parse(await muster.ask(["directory", "token", "--json"])) as { token: string };
  const directory = new Directory(muster, made.token);
  await directory.enroll();
  await directory.map(group);
  return directory;
}

async function approve(page: Page, run: string): Promise<void> {
  await visit(page, `${PAGE}/runs/${run}`);
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(toast(page, "The run is approved")).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
}

test("a directory is set up on the page: token, first run, approval, technicians in the tree @postgres", async ({ page, context, muster }) => {
  const [group] = await muster.makeGroups("Support/Tier 1", "Support/Tier 2");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, holder, "/settings");
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Active Directory Synchronization" }).click();
  await expect(page).toHaveURL(PAGE);
  await expect(page.getByRole("heading", { name: "Active Directory Synchronization" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("No directory is enrolled yet.");
  await expect(page.getByRole("main")).toContainText("No default password is set");
  await axe(page, "directory synchronization before anything");
  await expectSoundHtml(page, PAGE);

  await page.getByRole("button", { name: "Generate and Copy" }).click();
  const dialog = page.getByRole("dialog", { name: "Service token" });
  await expect(dialog.getByRole("status")).toHaveText("It is copied.");
  await axe(page, "the service token");
  const token = (await dialog.locator("code").textContent()) ?? "";
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await dialog.getByRole("link", { name: "Done" }).click();
  await expect(dialog).toHaveCount(0);
  const tokens = page.getByRole("region", { name: "Table of service tokens" });
  await expect(tokens.getByRole("row").filter({ hasText: holder.name })).toContainText("Not used yet works until");
  await visit(page, `${PAGE}?dialog=token`);
  expect(await page.content(), "it is shown once").not.toContain(token);
  await expect(page.getByRole("dialog", { name: "Service token" })).toContainText("shown once");

  const directory = new Directory(muster, token);
  await directory.enroll();
  await directory.map(group);
  const people = [
    directory.person(anna.name, anna.email),
    directory.person("Ben Without", ""),
    directory.person("Carla Núñez", "carla@corp.example.com"),
  ];
  const first = await directory.run(people);
  expect(first.held, "the first run waits").toMatchObject({ reason: "first_run", count: 2 });

  await visit(page, PAGE);
  await expect(page.getByText("A run of corp.example.com waits for approval.")).toBeVisible();
  const source = page.getByRole("region", { name: "corp.example.com", exact: true });
  await expect(source).toContainText("dc1.corp.example.com");
  await expect(source.getByRole("row").filter({ hasText: "Helpdesk" })).toContainText("Support / Tier 1");
  await axe(page, "a directory that waits");
  await expectSoundHtml(page, PAGE);
  await page.getByRole("link", { name: "Look at what waits" }).click();
  await expect(page).toHaveURL(`${PAGE}/runs/${first.id}`);
  const waits = page.getByRole("region", { name: "2 changes wait for your decision" });
  await expect(waits).toContainText("It is the first run.");
  await expect(waits).toContainText("2 technicians will be created, with a starting password each.");
  await page.getByRole("link", { name: "Waiting for approval 2" }).click();
  await expect(page).toHaveURL(`${PAGE}/runs/${first.id}?held=yes`);
  const rows = page.getByRole("region", { name: "Table of people" }).getByRole("row");
  await expect(rows.filter({ hasText: anna.email })).toContainText("New in a mapped group");
  await page.getByRole("link", { name: "Failed 1" }).click();
  await expect(page).toHaveURL(/kind=failed/);
  await expect(rows.filter({ hasText: "Ben Without" })).toContainText("Set a valid email in the directory.");
  await axe(page, "a run that waits");
  await expectSoundHtml(page, `${PAGE}/runs/${first.id}`);

  await waits.getByRole("button", { name: "Approve" }).click();
  await expect(toast(page, "The run is approved: 2 created, 1 failed.")).toBeVisible();
  await expect(page.getByText(`What waited was approved by ${holder.name}`)).toBeVisible();
  await page.getByRole("link", { name: "All 3" }).click();
  await page.getByRole("searchbox", { name: "Search people by name or email" }).fill("ANNA.");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/q=ANNA/);
  await expect(rows).toHaveCount(2);
  await rows.getByRole("link", { name: anna.name }).click();
  await expect(page).toHaveURL(/\/organization\/technicians\/\d+$/);
  const main = page.getByRole("main");
  await expect(main).toContainText("Kept in step with Active Directory corp.example.com");
  await expect(page.getByLabel("Email", { exact: true })).toHaveAccessibleDescription(/overwritten by the next run/);
  await expect(page.getByLabel("Enabled")).toHaveAccessibleDescription(/disabled there is disabled here/);
  await axe(page, "a technician who is kept in step");
  await page.getByRole("button", { name: "Move to Technician Group" }).click();
  const move = page.getByRole("dialog", { name: "Move to Technician Group" });
  await move.getByRole("combobox", { name: "Search technician group…" }).fill("tier 2");
  await move.getByRole("option", { name: "Support / Tier 2" }).click();
  await move.getByRole("button", { name: "Move" }).click();
  await expect(main).toContainText("The status alone, since the account was moved here by hand");
  await expect(page.getByLabel("Email", { exact: true })).toHaveAccessibleDescription(/Used to sign in/);
  const accounts = await muster.accounts();
  const carla = accounts.find(({ name }) => name === "Carla Núñez");
  expect(carla).toMatchObject({ email: "carla@corp.example.com", enabled: true, technicianGroupId: group });

  await visit(page, PAGE);
  await expect(source).toContainText("2 technicians, 2 of them enabled");
});

test("a run that would disable many waits, and is dropped @postgres", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const directory = await enrolled(muster, group);
  const people = directory.people(12);
  const first = await directory.run(people);
  await signIn(page);
  await approve(page, first.id);
  const [stays, ...gone] = people;
  const many = await directory.run(stays ? [stays] : [], gone.map(({ guid }) => ({ guid, finding: "no_such_object" as const })));
  expect(many.held).toEqual({ reason: "many_disabled", count: 11 });

  await visit(page, `${PAGE}/runs/${many.id}`);
  const waits = page.getByRole("region", { name: "11 changes wait for your decision" });
  await expect(waits).toContainText("more technicians at once than is set");
  await expect(waits).toContainText("11 technicians will be disabled");
  const rows = page.getByRole("region", { name: "Table of people" }).getByRole("row");
  await expect(rows.filter({ hasText: "Deleted in the directory" })).toHaveCount(11);
  await waits.getByRole("button", { name: "Drop" }).click();
  await expect(toast(page, "The run is dropped")).toBeVisible();
  await expect(page.getByText(`nothing of it was done by ${holder.name}`)).toBeVisible();
  expect((await muster.accounts()).filter(({ enabled }) => enabled === false)).toEqual([]);

  await page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: "Runs" }).click();
  await expect(page).toHaveURL(`${PAGE}/runs`);
  const runs = page.getByRole("region", { name: "Table of runs" }).getByRole("row");
  await expect(runs.nth(1)).toContainText("Dropped");
  await expect(runs.nth(2)).toContainText("Approved");
  await axe(page, "runs");
  await expectSoundHtml(page, `${PAGE}/runs`);
});

test("what is wrong is one line, says what to do, and goes when it is mended", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], `Name,Email\n${anna.name},${anna.email}\n`);
  const directory = await enrolled(muster, group);
  const people = [
    directory.person("Anna S.", anna.email),
    directory.person("Two A", "two@corp.example.com"),
    directory.person("Two B", "two@corp.example.com"),
  ];
  await directory.run(people);
  await directory.run(people);
  await directory.tell("ldap.wrong_password", "dc1:636 refuses the name or the password of reader. Give the right one to “muster-sync setup”.");
  await signIn(page, holder, PAGE);
  await page.getByRole("region", { name: "Problems", exact: true }).waitFor();
  await visit(page, `${PAGE}/problems`);
  const rows = page.getByRole("region", { name: "Table of problems" }).getByRole("row");
  await expect(rows).toHaveCount(5);
  await expect(rows.filter({ hasText: "ldap.wrong_password" })).toContainText("muster-sync setup");
  const ask = rows.filter({ hasText: "email.ask" });
  await expect(ask.getByRole("cell").last(), "seen twice, told once").toHaveText("2");
  await axe(page, "problems");
  await expectSoundHtml(page, `${PAGE}/problems`);
  await ask.getByRole("button", { name: "Same person" }).click();
  await expect(toast(page, "The next run links the account")).toBeVisible();
  const other = directory.person("Two B", "two.b@corp.example.com");
  const mended = await directory.run([...people.slice(0, 2), { ...other, guid: people[2]?.guid ?? "" }]);
  expect(mended.failed).toEqual([]);
  await visit(page, `${PAGE}/runs/${mended.id}`);
  await expect(page.getByRole("region", { name: "Table of people" })).toContainText("Linked as agreed");
  await visit(page, PAGE);
  await expect(page.getByRole("region", { name: "Problems", exact: true })).not.toContainText("email.");
  const log = await download(page, page.getByRole("link", { name: "Active Directory Logger" }));
  expect(log.bytes.toString()).toContain("ldap.wrong_password");
});

test("a run that ended early or was refused says why, and that nothing was changed", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const directory = await enrolled(muster, group);
  const ended = await directory.giveUp("dc1:636 closed the connection in the middle of a search.");
  const refused = await directory.runDamaged(directory.people(2));
  expect(refused).toMatchObject({ result: "rejected", created: 0 });
  await signIn(page, holder, `${PAGE}/runs`);
  const runs = page.getByRole("region", { name: "Table of runs" }).getByRole("row");
  await expect(runs).toHaveCount(3);
  await expect(runs.nth(1)).toContainText("Refused");
  await expect(runs.nth(2)).toContainText("Ended early");
  await expect(runs.nth(2)).toContainText("closed the connection");
  await axe(page, "runs that came to nothing");
  await expectSoundHtml(page, `${PAGE}/runs`);
  for (const id of [ended, refused.id]) {
    await visit(page, `${PAGE}/runs/${id}`);
    await expect(page.getByRole("main")).toContainText("Nothing was changed");
    await expect(page.getByRole("term").filter({ hasText: "Why" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
    await axe(page, "a run that came to nothing");
    await expectSoundHtml(page, `${PAGE}/runs/${id}`);
  }
  expect(await muster.accounts()).toEqual([]);
});

test("a directory whose last success is long ago is late @postgres", async ({ page, muster, postgres }) => {
  test.skip(postgres === "", "Time passes by psql, and SQLite has no such program everywhere.");
  const [group] = await muster.makeGroups("Support");
  const directory = await enrolled(muster, group);
  await signIn(page);
  const source = page.getByRole("region", { name: "corp.example.com", exact: true });
  await muster.change("update directory_sources set enrolled_at = enrolled_at - 7200000");
  await visit(page, PAGE);
  await expect(page.getByText(/^corp\.example\.com is late\. It was enrolled .*, and no run succeeded yet\./)).toBeVisible();
  await expect(source).toContainText("Late");

  const first = await directory.run(directory.people(2));
  await approve(page, first.id);
  await visit(page, PAGE);
  await expect(source).toContainText("In step");
  await expect(page.getByText("is late")).toHaveCount(0);
  await muster.change("update directory_sources set last_success_at = last_success_at - 7200000");
  await reload(page);
  const late = page.getByText(/^corp\.example\.com is late\. The last success was /);
  await expect(late).toContainText("The service was heard of last");
  await expect(late).toContainText("muster-sync status");
  await expect(source).toContainText("Late");
  await axe(page, "a directory that is late");
  await expectSoundHtml(page, PAGE);
});

test("the service is downloaded where the server has it; where not, the page says how it gets there", async ({ page, muster }) => {
  const folder = await muster.moveOut();
  await signIn(page, holder, PAGE);
  const links = page.getByRole("group", { name: "Download" }).getByRole("link");
  const main = page.getByRole("main");
  await expect(main).toContainText("For Linux there is nothing to download yet: on the server, put muster-sync into the folder");
  await expect(main).toContainText("For Windows there is nothing to download yet: on the server, put muster-sync.exe");
  await expect(links).toHaveCount(0);
  await axe(page, "nothing to download");

  await writeFile(join(folder, "muster-sync"), "the program for Linux");
  await reload(page);
  await expect(links).toHaveText(["Download for Linux"]);
  await expect(main).not.toContainText("For Linux there is nothing");
  await expect(main).toContainText("For Windows there is nothing");
  await axe(page, "one download of two");
  await expectSoundHtml(page, PAGE);

  await writeFile(join(folder, "muster-sync.exe"), "the program for Windows");
  await reload(page);
  await expect(links).toHaveText(["Download for Linux", "Download for Windows"]);
  await expect(main).not.toContainText("nothing to download");
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  await expect(page.getByRole("group", { name: "Digests" }).getByRole("listitem")).toHaveText([
    `SHA-256 of muster-sync: ${sha256("the program for Linux")}`,
    `SHA-256 of muster-sync.exe: ${sha256("the program for Windows")}`,
  ]);
  for (const [system, program] of [["Linux", "muster-sync"], ["Windows", "muster-sync.exe"]] as const) {
    const zip = await download(page, links.filter({ hasText: system }));
    expect(zip.name).toBe(`muster-sync-${system.toLowerCase()}.zip`);
    expect(zip.bytes.subarray(0, 4).toString("latin1"), "it is a ZIP archive").toBe("PK\u0003\u0004");
    for (const file of [program, "README.txt"]) expect(zip.bytes.includes(file), `${file} is in ${zip.name}`).toBe(true);
  }
});

test("what is set is kept, and said in people; a run is asked for", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const directory = await enrolled(muster, group);
  await signIn(page, holder, PAGE);
  await page.getByLabel("Minutes between runs").fill("2");
  await page.getByLabel("Percent in one run").fill("many");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByLabel("Percent in one run")).toHaveAccessibleDescription(/0 to 100/);
  await page.getByLabel("Percent in one run").fill("50");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByLabel("Minutes between runs")).toHaveAccessibleDescription(/5 to 1,440/);
  await axe(page, "directory synchronization with a wrong setting");
  await page.getByLabel("Minutes between runs").fill("30");
  await page.getByLabel("Disabled without asking").fill("7");
  await page.getByLabel("Emails changed without asking").fill("9");
  await page.getByLabel("Enabled without asking").fill("8");
  await page.getByLabel("Email already in use").selectOption("Link it with the directory");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(toast(page, "are saved")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("At most 7 are disabled in one run without asking");
  await expect(page.getByRole("main")).toContainText("at most 9 get another email in one run");
  await expect(page.getByRole("main")).toContainText("at most 8 are enabled again in one run");
  await reload(page);
  await expect(page.getByLabel("Disabled without asking")).toHaveValue("7");
  await expect(page.getByLabel("Emails changed without asking")).toHaveValue("9");
  await expect(page.getByLabel("Enabled without asking")).toHaveValue("8");
  await expect(page.getByLabel("Email already in use")).toHaveValue("link");
  await page.getByRole("button", { name: "Run now" }).click();
  await expect(toast(page, "The service begins a run")).toBeVisible();
  await expect(page.getByText("A run is asked for.")).toBeVisible();
  expect(await directory.hello()).toMatchObject({ commands: ["run_now"], interval_seconds: 1800 });
});

test("a token that is revoked works no more", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  const directory = await enrolled(muster, group);
  expect(await directory.status()).toBe(200);
  await signIn(page, holder, PAGE);
  const tokens = page.getByRole("region", { name: "Table of service tokens" });
  await tokens.getByRole("link", { name: "Revoke" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke this token" });
  await expect(dialog).toBeVisible();
  await axe(page, "revoking a token");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(toast(page, "The token is revoked.")).toBeVisible();
  await expect(tokens.getByRole("row").nth(1)).toContainText("Revoked");
  expect(await directory.status()).toBe(401);
  await reload(page);
  await expect(page.getByRole("main")).toContainText("corp.example.com has no service token.");
});

test("Master Administrators see it all, the token's button says whose it is; others see nothing of it", async ({ page, muster, newBrowser }) => {
  const [group] = await muster.makeGroups("Support");
  await signIn(page);
  await makeAdministrator(page, "master", mara);
  await makeAdministrator(page, "administrator", bea, group);
  const masters = await newBrowser();
  await beginAs(masters, mara, PAGE);
  const generate = masters.getByRole("button", { name: "Generate and Copy" });
  await expect(generate).toBeDisabled();
  await expect(generate).toHaveAccessibleDescription(/Master Account Holder/);
  const code = masters.getByRole("button", { name: "Make an enrollment code" });
  await expect(code).toBeDisabled();
  await expect(code).toHaveAccessibleDescription(/Master Account Holder/);
  await axe(masters, "directory synchronization for who may not make tokens");
  const theirs = await newBrowser();
  await beginAs(theirs, bea, "/organization");
  await expect(theirs.getByRole("link", { name: "Active Directory" })).toHaveCount(0);
  for (const address of [PAGE, `${PAGE}/runs`, `${PAGE}/problems`]) {
    await visit(theirs, address);
    await expect(theirs.getByRole("heading", { name: "This is not yours to see" }).first()).toBeVisible();
  }
});
