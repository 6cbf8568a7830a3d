// The search above the tree: people and groups, flat, with their paths.

import { axe } from "../harness/axe.ts";
import { csv } from "../harness/files.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn } from "../harness/visit.ts";

test.beforeEach(async ({ page, muster }) => {
  const [tier] = await muster.makeGroups("Europe/Tier 1", "Asia");
  const rows = [
    ["Name", "Nickname", "Email", "Single Sign-On ID", "Enabled"],
    ["Élodie Marchand", "Elo", "elodie@example.test", "NW-4711", "true"],
    ["Marc Tierney", "Marc", "marc@example.test", "", "false"],
  ];
  await muster.ask(["import", "-", "--group", String(tier)], csv("people.csv", rows).buffer);
  await signIn(page);
});

test("people and groups are found by any of their names, with their path @postgres", async ({ page }) => {
  const field = page.getByRole("searchbox", { name: "Search the organization…" });
  const found = page.getByRole("list", { name: "Found" }).getByRole("link");
  await field.fill("tier");
  await expect(page.getByRole("status").filter({ hasText: "1 technician and 1 group found" })).toBeVisible();
  await expect(found).toHaveText([/Marc Tierney · disabled.*Europe \/ Tier 1.*marc@/s, /Tier 1.*Europe \/ Tier 1/s]);
  await expect(page.getByRole("tree")).toBeHidden();
  await expect(page).toHaveURL(/\?find=tier$/);
  await axe(page, "the search of the organization");
  for (const text of ["élodie m", "elo", "nw-4711", "ELODIE@example"]) {
    await field.fill(text);
    await expect(found).toHaveText([/Élodie Marchand/]);
  }
  await field.fill("europe / tier");
  await expect(found).toHaveText([/Tier 1.*Europe \/ Tier 1/s]);
  await field.fill("nobody at all");
  await expect(page.getByText("Nobody and no group has this")).toBeVisible();
  await axe(page, "a search that found nothing");
});

test("by the keyboard to what was found and back to the tree", async ({ page }) => {
  const field = page.getByRole("searchbox", { name: "Search the organization…" });
  await field.fill("elodie");
  await expect(page.getByRole("link", { name: "Élodie Marchand" })).toBeVisible();
  await field.press("ArrowDown");
  await expect(page.getByRole("link", { name: "Élodie Marchand" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Élodie Marchand", level: 1 })).toBeVisible();
  await expect(field, "what was found stays").toHaveValue("elodie");
  await reload(page);
  await expect(page.getByRole("link", { name: "Élodie Marchand" })).toBeVisible();
  await expect(field).toHaveValue("elodie");
  await field.press("Escape");
  await expect(page.getByRole("treeitem", { name: "Élodie Marchand" })).toHaveAttribute("aria-selected", "true");
  await expect(page).not.toHaveURL(/find/);
});
