// The program comes in parts: the first with every page, the others with the pages that need them.

import type { Page } from "@playwright/test";

import { people } from "../harness/files.ts";
import { chooseGroup, drop, expectCounts } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { alive, enter, signIn, visit } from "../harness/visit.ts";

/** The names of the parts that were asked for since, without digests. */
function parts(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const part = /\/assets\/(frontend[^/]*)-[0-9a-f]+\.wasm$/.exec(request.url())?.[1];
    if (part !== undefined) asked.push(part);
  });
  return asked;
}

async function goToImport(page: Page): Promise<void> {
  await page.getByRole("button", { name: holder.name }).click();
  await page.getByRole("banner").getByRole("link", { name: "Import technicians" }).click();
}

test("every page loads what it needs, and no more", async ({ page, muster }) => {
  await muster.makeGroups("Sales");
  const asked = parts(page);
  await visit(page, "/sign-in");
  expect(new Set(asked)).toEqual(new Set(["frontend"]));

  await enter(page, holder);
  await expect(page).toHaveURL(/\/organization$/);
  await alive(page);
  expect(asked).toContain("frontend.organization");
  expect(asked).not.toContain("frontend.import");
  // It is named in the head, and comes from there.
  expect(asked.filter((part) => part === "frontend.organization")).toHaveLength(1);

  await goToImport(page);
  await expect(page.getByRole("heading", { name: "Import technicians", level: 1 })).toBeVisible();
  expect(asked).toContain("frontend.import");
  await chooseGroup(page, "Sales");
  await drop(page, people(3));
  await expectCounts(page, { all: 3, ready: 3, errors: 0, warnings: 3 });
});

test("links lead from part to part and back", async ({ page }) => {
  await signIn(page, holder, "/settings");
  for (const [link, heading] of [
    ["Organization", "Organization"],
    ["Global Settings", "Global Settings"],
    ["Organization", "Organization"],
  ] as const) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link }).click();
    await expect(page).toHaveTitle(new RegExp(heading));
  }
  await goToImport(page);
  await expect(page).toHaveURL(/\/account\/import$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/organization$/);
  await expect(page.getByRole("tree")).toBeVisible();
});

test("a part that can't be had is spoken of, and asked for again", async ({ page, guard }) => {
  guard.allow(/ERR_FAILED/, /TypeError: Failed to fetch/);
  await signIn(page);
  await page.route("**/assets/frontend.import-*", (route) => route.abort());
  await goToImport(page);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("could not be loaded");
  await page.unroute("**/assets/frontend.import-*");
  await alert.getByRole("button", { name: "Load again" }).click();
  await expect(page.getByRole("heading", { name: "Import technicians", level: 1 })).toBeVisible();
});

test("a page that stays without its part says so and can be read", async ({ page, guard }) => {
  guard.allow(/ERR_FAILED/, /TypeError: Failed to fetch/, /was preloaded/);
  await signIn(page);
  await page.route("**/assets/frontend.other-*", (route) => route.abort());
  await page.goto("/settings");
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("could not be loaded");
  await expect(page.getByRole("heading", { name: "Global Settings", level: 1 })).toBeVisible();
  await page.unroute("**/assets/frontend.other-*");
  await alert.getByRole("link", { name: "Load again" }).click();
  await alive(page);
  await expect(page.getByRole("alert")).toBeHidden();
});

test("a form of another version keeps what was typed, and the page can be loaded again", async ({ page, muster, guard }) => {
  guard.allow(/status of 422/);
  const [support] = await muster.makeGroups("Support");
  await signIn(page, holder, `/organization/groups/${support}?create=technician`);
  const form = page.getByRole("dialog", { name: "Create technician" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Ada Lovelace");
  await page.route("**/api/fn/technician_create", (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/json",
      body: JSON.stringify({ code: "refused", message: "Muster was updated. Load the page again." }),
    }),
  );
  await form.getByRole("button", { name: "Create" }).click();
  const alert = form.getByRole("alert");
  await expect(alert).toContainText("Muster was updated. Load the page again. Nothing was saved.");
  await expect(form.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Ada Lovelace");
  await expect(alert.getByRole("button", { name: "Load again" })).toBeVisible();
});
