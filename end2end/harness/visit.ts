// Getting to a page, and knowing that it answers.

import { expect, type Page } from "@playwright/test";

import { holder, type Person } from "./people.ts";

/** Waits until the page's own script says that it is alive; before, only links and plain forms work. */
export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("alive").length > 0);
}

export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await alive(page);
}

export async function reload(page: Page): Promise<void> {
  await page.reload();
  await alive(page);
}

/** Types email and password into the sign-in page that is open, and sends them. */
export async function enter(page: Page, { email, password }: Pick<Person, "email" | "password">): Promise<void> {
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in by the page, and is at the address that was asked for. */
export async function signIn(page: Page, person: Person = holder, address = "/organization"): Promise<void> {
  await visit(page, address);
  await expect(page).toHaveURL(/\/sign-in/);
  await enter(page, person);
  await expect(page).not.toHaveURL(/\/sign-in/);
  await alive(page);
}
