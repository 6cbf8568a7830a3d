// From the sign-in page to the Import Summary without touching a mouse.

import type { Locator, Page } from "@playwright/test";

import { people } from "../harness/files.ts";
import { arriveAtSummary, groupsOffered } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { alive, visit } from "../harness/visit.ts";

/** Goes on with the Tab key until this has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target, "the Tab key reaches it").toBeFocused();
}

test("the keyboard alone gets from sign-in to the Import Summary", async ({ page, muster }) => {
  await muster.makeGroups("Support/Tier 1", "Support/Tier 2");
  await visit(page, "/sign-in");
  await page.keyboard.type(holder.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(holder.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/organization");
  await alive(page);

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: holder.name }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("banner").getByRole("link", { name: "Import technicians" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Import technicians" })).toBeVisible();

  await tabTo(page, page.getByRole("combobox", { name: "Search technician group…" }));
  await page.keyboard.type("tier");
  await expect(groupsOffered(page)).toHaveCount(2);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { name: "Tier 2" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/group=\d+/);

  await tabTo(page, page.getByRole("button", { name: "Upload file" }));
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(people(30));

  const start = page.getByRole("button", { name: "Start import" });
  await tabTo(page, start);
  await page.keyboard.press("Enter");
  await arriveAtSummary(page);
});
