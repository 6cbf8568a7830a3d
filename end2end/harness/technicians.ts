// Technicians, created as a person does it.

import { expect, type Page } from "@playwright/test";

import type { Person } from "./people.ts";

/** Fills the dialog that is open, without a password; the page is then the technician's. */
export async function create(page: Page, { name, email }: Pick<Person, "name" | "email">): Promise<void> {
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("Email").fill(email);
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/\/technicians\/\d+$/);
}
