// Administrators for tests: made by who is signed in, in the way of a form that is sent without script.

import { expect, type Page } from "@playwright/test";

import { newPassword, type Person } from "./people.ts";
import { enter, visit } from "./visit.ts";

export const bea: Person = {
  name: "Bea Administrator",
  email: "bea.administrator@northwind.example.test",
  password: "Jd6%kYsQm1vX",
};

export const mara: Person = {
  name: "Mara Master",
  email: "mara.master@northwind.example.test",
  password: "Pn9+tGhWc3zL",
};

/** Sends a form to a server function in the session of this page; what it answers. */
export async function send(page: Page, endpoint: string, form: Record<string, string>): Promise<unknown> {
  const answer = await page.request.post(`/api/fn/${endpoint}`, { form, headers: { accept: "application/json" } });
  expect(answer.ok(), `${endpoint}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** An administrator of these groups; the ID of the account. */
export async function makeAdministrator(
  page: Page,
  role: "administrator" | "master",
  person: Person,
  ...groups: number[]
): Promise<number> {
  const made = await send(page, "administrator_create", {
    "form[role]": role,
    "form[name]": person.name,
    "form[nickname]": "",
    "form[email]": person.email,
    "form[password]": person.password,
    "form[singleSignOnId]": "",
  });
  const { id } = made as { id: number };
  for (const group of groups) {
    await send(page, "administrator_assign", { group: String(group), id: String(id) });
  }
  return id;
}

/** Signs in for the first time, chooses a password, and goes to the address. */
export async function beginAs(page: Page, person: Person, address: string): Promise<void> {
  await visit(page, "/sign-in");
  await enter(page, person);
  await expect(page).toHaveURL(/\/choose-password/);
  await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).not.toHaveURL(/\/choose-password/);
  await visit(page, address);
}
