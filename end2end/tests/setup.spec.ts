import type { Page } from "@playwright/test";

import { holder, organization, type Person } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { alive, enter, visit } from "../harness/visit.ts";

test.use({ alreadySetUp: false });

async function fill(page: Page, code: string, person: Person, organization: string): Promise<void> {
  await page.getByLabel("Set-up code").fill(code);
  await page.getByLabel("Organization").fill(organization);
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Set up" }).click();
}

test("the first visit makes the first account and signs it in @postgres", async ({ page, muster, newBrowser }) => {
  await visit(page, "/");
  await expect(page).toHaveURL("/setup");

  await fill(page, "WRONG-CODE", holder, organization);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("This is not the set-up code");
  await expect(alert).toBeFocused();
  await expect(page.getByLabel("Email"), "nothing that was typed is lost").toHaveValue(holder.email);

  await page.getByLabel("Set-up code").fill(muster.code);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page).toHaveURL("/organization");
  await expect(page.getByRole("button", { name: holder.name })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText(organization);

  // It happens once.
  const second = await newBrowser();
  await visit(second, "/setup");
  await expect(second).toHaveURL("/sign-in");
  await enter(second, holder);
  await expect(second).toHaveURL("/organization");
});

test("a person types the code in lower case and with blanks around it", async ({ page, muster }) => {
  await visit(page, "/setup");
  await fill(page, ` ${muster.code.toLowerCase()} `, holder, organization);
  await expect(page).toHaveURL("/organization");
});

test("what is wrong stands beside its field and in a summary", async ({ page, muster }) => {
  await visit(page, "/setup");
  await fill(page, muster.code, { name: "", email: "ada.owner", password: "short" }, "");

  const alert = page.getByRole("alert");
  await expect(alert).toBeFocused();
  await expect(alert.getByRole("listitem")).toHaveCount(4);
  const said: [label: string, what: RegExp][] = [
    ["Organization", /organization needs a name/],
    ["Name", /name/i],
    ["Email", /ada\.owner/],
    ["Password", /shorter than 8 characters/],
  ];
  for (const [label, what] of said) {
    const field = page.getByLabel(label, { exact: true });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(what);
  }
  await alert.getByRole("link").nth(1).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();

  await fill(page, muster.code, holder, organization);
  await expect(page).toHaveURL("/organization");
});

test("after a restart only the newest code holds", async ({ page, muster }) => {
  const old = muster.code;
  await muster.kill();
  await muster.start();
  expect(muster.code).not.toBe(old);

  await visit(page, "/setup");
  await fill(page, old, holder, organization);
  await expect(page.getByRole("alert")).toContainText("only the newest holds");
  await fill(page, muster.code, holder, organization);
  await expect(page).toHaveURL("/organization");
  await alive(page);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the forms work all the same", async ({ page, muster }) => {
    await page.goto("/");
    await fill(page, "WRONG-CODE", holder, organization);
    await expect(page.getByRole("alert")).toContainText("This is not the set-up code");
    await fill(page, muster.code, holder, organization);
    await expect(page).toHaveURL("/organization");
    await expect(page.getByRole("banner")).toContainText(organization);
  });
});
