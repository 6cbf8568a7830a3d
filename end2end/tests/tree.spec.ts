// The Organization Tree by the WAI-ARIA tree pattern.

import type { Locator, Page } from "@playwright/test";

import { people } from "../harness/files.ts";
import { expect, test } from "../harness/test.ts";
import { reload, signIn } from "../harness/visit.ts";

function node(page: Page, name: string): Locator {
  return page.getByRole("tree", { name: "Organization Tree" }).getByRole("treeitem", { name, exact: true });
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test.beforeEach(async ({ page, muster }) => {
  await muster.makeGroups("Europe/Tier 1", "Europe/Tier 2/Night shift", "Asia", "Americas/Tier 1");
  await signIn(page);
});

test("arrows, Home and End walk over what can be seen", async ({ page }) => {
  await node(page, "Technicians").focus();
  await press(page, "ArrowDown");
  await expect(node(page, "Americas")).toBeFocused();
  await press(page, "ArrowDown", "ArrowDown");
  await expect(node(page, "Europe")).toBeFocused();
  await expect(node(page, "Europe")).toHaveAttribute("aria-expanded", "false");

  await press(page, "ArrowRight");
  await expect(node(page, "Europe")).toHaveAttribute("aria-expanded", "true");
  await expect(node(page, "Tier 2")).toBeVisible();
  await press(page, "ArrowRight");
  await expect(node(page, "Tier 1")).toBeFocused();
  await expect(node(page, "Tier 1")).toHaveAttribute("aria-level", "3");
  await press(page, "ArrowRight");
  await expect(node(page, "Tier 1"), "nothing lies below it").toBeFocused();

  await press(page, "End");
  await expect(node(page, "Tier 2")).toBeFocused();
  await press(page, "ArrowLeft");
  await expect(node(page, "Europe"), "from a closed node to its parent").toBeFocused();
  await press(page, "ArrowLeft");
  await expect(node(page, "Europe")).toHaveAttribute("aria-expanded", "false");
  await press(page, "ArrowUp");
  await expect(node(page, "Asia")).toBeFocused();
  await press(page, "Home");
  await expect(node(page, "Technicians")).toBeFocused();
  await press(page, "ArrowUp");
  await expect(node(page, "Technicians")).toBeFocused();
});

test("typing finds the next group that begins so", async ({ page }) => {
  await node(page, "Technicians").focus();
  await page.keyboard.type("as");
  await expect(node(page, "Asia")).toBeFocused();
  await page.keyboard.type("ia");
  await expect(node(page, "Asia"), "the word grows").toBeFocused();
});

test("a star opens all siblings", async ({ page }) => {
  await node(page, "Asia").focus();
  await press(page, "*");
  await expect(node(page, "Europe")).toHaveAttribute("aria-expanded", "true");
  await expect(node(page, "Americas")).toHaveAttribute("aria-expanded", "true");
  await expect(node(page, "Tier 1")).toHaveCount(2);
});

test("Enter selects, the address tells what, and one line is in the tab order", async ({ page }) => {
  await node(page, "Technicians").focus();
  await press(page, "ArrowDown", "Enter");
  await expect(page).toHaveURL(/\/organization\/groups\/\d+$/);
  await expect(page.getByRole("heading", { name: "Americas" })).toBeVisible();
  await expect(node(page, "Americas")).toHaveAttribute("aria-selected", "true");
  await expect(node(page, "Technicians")).toHaveAttribute("aria-selected", "false");

  await node(page, "Europe").focus();
  await press(page, "Shift+Tab", "Tab");
  await expect(node(page, "Europe"), "Tab comes back to where one was").toBeFocused();
});

test("a deep address opens the way to it", async ({ page, muster }) => {
  const [night] = await muster.makeGroups("Europe/Tier 2/Night shift");
  await page.goto(`/organization/groups/${night}`);
  await expect(node(page, "Night shift")).toHaveAttribute("aria-selected", "true");
  await expect(node(page, "Europe")).toHaveAttribute("aria-expanded", "true");
  await reload(page);
  await expect(node(page, "Night shift")).toHaveAttribute("aria-selected", "true");
});

test("a click on the sign opens without selecting", async ({ page }) => {
  const europe = node(page, "Europe");
  await europe.click({ position: { x: 22, y: 10 } });
  await expect(europe).toHaveAttribute("aria-expanded", "true");
  await expect(page).toHaveURL("/organization");
});

test("a large group comes in pages", async ({ page, muster }) => {
  const [crowd] = await muster.makeGroups("Crowd");
  await muster.ask(["import", "-", "--group", String(crowd)], people(320).buffer);
  await page.goto(`/organization/groups/${crowd}`);
  const group = node(page, "Crowd");
  await group.focus();
  await press(page, "ArrowRight");
  await expect(node(page, "person 1")).toBeVisible();
  await press(page, "End", "ArrowUp");
  const more = page.getByRole("treeitem", { name: /more…$/ });
  await expect(more).toBeFocused();
  const before = await page.getByRole("treeitem").count();
  await press(page, "Enter");
  await expect.poll(() => page.getByRole("treeitem").count()).toBeGreaterThan(before + 100);
});
