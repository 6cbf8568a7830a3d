// Every page and open dialog: axe in both themes, sound HTML, and pictures for people to look at.

import type { Page } from "@playwright/test";

import { axe, THEMES } from "../harness/axe.ts";
import { Directory } from "../harness/directory.ts";
import { everyCode, unreadable } from "../harness/every-code.ts";
import { expectSoundHtml } from "../harness/html.ts";
import { chooseGroup, expectCounts, groupsOffered, importAll, upload } from "../harness/import.ts";
import { anna } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, signIn, visit } from "../harness/visit.ts";

const SIZES = { wide: { width: 1360, height: 760 }, narrow: { width: 390, height: 844 } };

/** Pictures in `test-results/look/`, and axe, of what the page shows now. */
async function look(page: Page, name: string): Promise<void> {
  for (const [width, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `test-results/look/${name}-${width}-${colorScheme}.png` });
    }
    await axe(page, `${name}, ${width}`);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect.soft(sideways, `${name}, ${width}: the page itself scrolls sideways`).toBe(false);
  }
  await page.setViewportSize(SIZES.wide);
}

/** A page that is there as soon as its address is. */
async function lookAt(page: Page, address: string, name: string): Promise<void> {
  await visit(page, address);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(/\S+ · Muster$/);
  await look(page, name);
  await expectSoundHtml(page, address);
}

test.describe("before the first account", () => {
  test.use({ alreadySetUp: false });

  test("the set-up page", async ({ page }) => {
    await lookAt(page, "/setup", "setup");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByRole("alert")).toBeFocused();
    await look(page, "setup-errors");
  });
});

test("the way in", async ({ page }) => {
  await lookAt(page, "/sign-in", "sign-in");
  await enter(page, anna);
  await expect(page.getByRole("alert")).toBeFocused();
  await look(page, "sign-in-wrong");
});

test("the pages of who is signed in", async ({ page }) => {
  await signIn(page);
  await lookAt(page, "/organization", "organization-empty");
  await lookAt(page, "/account", "account");
  await page.getByRole("button", { name: "Ada Owner" }).click();
  await look(page, "account-menu");
  await lookAt(page, "/settings", "settings");
  await lookAt(page, "/choose-password", "choose-password");
  await lookAt(page, "/account/imports", "imports-empty");
  await lookAt(page, "/nowhere", "not-found");
  await lookAt(page, "/organization/groups/999999", "group-not-found");
});

test("the organization", async ({ page, muster }) => {
  const [tier2] = await muster.makeGroups("Europe/Tier 2", "Europe/Tier 1", "Asia/東京", "Americas");
  const rows = [
    "Name,Nickname,Email,Enabled,Mobile License",
    "Anna Schmidt,Anna,anna.schmidt@example.test,yes,yes",
    "山本 良平,Ryo,ryohei.yamamoto@example.test,yes,no",
    "Zoë van der Berg,,zoe@example.test,no,no",
  ];
  await muster.ask(["import", "-", "--group", String(tier2)], rows.join("\n"));
  await signIn(page);
  await lookAt(page, "/organization", "organization");
  const group = `/organization/groups/${tier2}`;
  await lookAt(page, group, "group");
  await lookAt(page, `${group}?view=configuration`, "group-configuration");
  await lookAt(page, `${group}?view=settings`, "group-settings");
  await lookAt(page, `${group}?create=group`, "create-group");
  await lookAt(page, `${group}?create=technician`, "create-technician");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  await look(page, "create-technician-errors");
  await visit(page, group);
  await page.getByRole("main").getByRole("link", { name: "Anna Schmidt" }).click();
  await expect(page).toHaveURL(/\/organization\/technicians\/\d+$/);
  await lookAt(page, new URL(page.url()).pathname, "technician");
});

test("an import", async ({ page, muster }) => {
  // Seven pages by two sizes by two themes, each gone through by axe.
  test.slow();
  await muster.makeGroups("Support/Tier 1", "Support/Tier 2");
  await signIn(page);
  await lookAt(page, "/account/import", "import");
  await page.getByRole("combobox", { name: "Search technician group…" }).fill("tier");
  await expect(groupsOffered(page)).toHaveCount(2);
  await look(page, "import-group-search");

  for (const [code, file] of unreadable().filter(([code]) => code === "file.binary" || code === "json.syntax")) {
    await upload(page, file);
    await expect(page.getByRole("alert")).toBeVisible();
    await look(page, `import-${code}`);
  }
  await chooseGroup(page, "Tier 1");
  const { file, expected } = everyCode();
  const rows = file.buffer.toString().trim().split("\r\n").length - 1;
  await upload(page, file);
  const warnings = 6;
  const errors = Object.keys(expected).length - warnings;
  await expectCounts(page, { all: rows, ready: rows - errors, errors, warnings });
  await look(page, "import-checked");
  await importAll(page);
  await lookAt(page, new URL(page.url()).pathname, "import-summary");
  await lookAt(page, "/account/imports", "imports");
});

test("directory synchronization", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support/Tier 1");
  await signIn(page);
  const address = "/settings/directory";
  await lookAt(page, address, "directory-empty");
  await page.getByRole("button", { name: "Generate and Copy" }).click();
  const token = page.getByRole("dialog").locator("code");
  await expect(token).toBeVisible();
  await look(page, "directory-token");
  const directory = new Directory(muster, (await token.textContent()) ?? "");
  await directory.enroll();
  await directory.map(group);
  const people = [...directory.people(60), directory.person("Ben Without", ""), directory.person("山本 良平", "ryohei@corp.example.com")];
  const first = await directory.run(people);
  await directory.tell("ldap.unreachable", "The controller dc2.corp.example.com:636 can't be reached: connection refused. Check its name and port.");
  await lookAt(page, address, "directory");
  await lookAt(page, `${address}?revoke=1`, "directory-revoke");
  await lookAt(page, `${address}/problems`, "directory-problems");
  await lookAt(page, `${address}/runs/${first.id}`, "directory-run");
  await lookAt(page, `${address}/runs`, "directory-runs");
});
