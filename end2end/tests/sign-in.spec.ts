import { anna, holder, newPassword } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, reload, signIn, visit } from "../harness/visit.ts";

const WRONG = "Email or password is wrong, or the account is disabled";

test("the right password leads to what was asked for", async ({ page }) => {
  await visit(page, "/account/imports?offset=0");
  await expect(page).toHaveURL("/sign-in?next=/account/imports%3Foffset%3D0");
  await expect(page.getByLabel("Email")).toBeFocused();
  await enter(page, holder);
  await expect(page).toHaveURL("/account/imports?offset=0");
});

test("a wrong password and an unknown email get the same answer", async ({ page }) => {
  await visit(page, "/sign-in");
  await enter(page, { ...holder, password: "Wrong1234!" });
  const alert = page.getByRole("alert");
  await expect(alert).toContainText(WRONG);
  await expect(alert).toBeFocused();
  const known = await alert.textContent();
  await expect(page.getByLabel("Email"), "what was typed stays").toHaveValue(holder.email);

  await reload(page);
  await enter(page, { email: "nobody@example.test", password: "Wrong1234!" });
  await expect(alert).toContainText(WRONG);
  expect(await alert.textContent()).toBe(known);
  await expect(page).toHaveURL("/sign-in");
});

test("who is alone may look at the password", async ({ page }) => {
  await visit(page, "/sign-in");
  const password = page.getByLabel("Password", { exact: true });
  const show = page.getByRole("button", { name: "Show password" });
  await password.fill(holder.password);
  await expect(password).toHaveAttribute("type", "password");
  await show.click();
  await expect(show).toHaveAttribute("aria-pressed", "true");
  await expect(password).toHaveAttribute("type", "text");
  await expect(password).toHaveValue(holder.password);
  await show.click();
  await expect(password).toHaveAttribute("type", "password");
});

test("after a few failures one has to wait, and is told how long", async ({ page }) => {
  await visit(page, "/sign-in");
  const alert = page.getByRole("alert");
  for (let failure = 1; failure <= 4; failure += 1) {
    const answer = page.waitForResponse(/sign_in/);
    await enter(page, { ...holder, password: `Wrong1234!${failure}` });
    await answer;
  }
  // The wait is that of the account, whether or not the password is right this time.
  await expect(async () => {
    await enter(page, { ...holder, password: "Wrong1234!" });
    await expect(alert).toContainText(/Too many tries\. Try again in \d+ s\./, { timeout: 1000 });
  }).toPass();

  await expect(async () => {
    // The answer to the try before may have come late.
    if (page.url().includes("/sign-in")) await enter(page, holder);
    await expect(page).toHaveURL("/organization", { timeout: 2000 });
  }).toPass();
});

test("a technician signs in with the password that was made for them and chooses another", async ({ page, muster, newBrowser }) => {
  const [group] = await muster.makeGroups("Support");
  const rows = `Name,Email,Password\n${anna.name},${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], rows);

  await signIn(page, anna, "/account");
  await expect(page).toHaveURL("/choose-password");
  const field = page.getByLabel("New password");

  // Nothing else can be done before.
  await visit(page, "/account");
  await expect(page).toHaveURL("/choose-password");

  await field.fill("short");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(field).toHaveAccessibleDescription(/shorter than 8 characters/);
  await field.fill("Schmidt1234!");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(field).toHaveAccessibleDescription(/made of the name/);

  await field.fill(newPassword);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("heading", { name: "My Account" })).toBeVisible();

  const other = await newBrowser();
  await visit(other, "/sign-in");
  await enter(other, anna);
  await expect(other.getByRole("alert")).toContainText(WRONG);
  await enter(other, { ...anna, password: newPassword });
  await expect(other).toHaveURL("/account");
});

test("signing out ends the session", async ({ page, context }) => {
  await signIn(page);
  const cookies = await context.cookies();
  await page.getByRole("button", { name: holder.name }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");

  // The token itself is worth nothing any more.
  await context.addCookies(cookies);
  await page.goto("/organization");
  await expect(page).toHaveURL("/sign-in?next=/organization");
});

test("signing out everywhere ends every session", async ({ page, newBrowser }) => {
  const other = await newBrowser();
  await signIn(other, holder, "/account");
  await signIn(page, holder, "/account");
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await other.reload();
  await expect(other).toHaveURL("/sign-in?next=/account");
});

test("a session that ended says so, and leads back", async ({ page, newBrowser }) => {
  await signIn(page, holder, "/account");
  const other = await newBrowser();
  await signIn(other, holder, "/account");
  await other.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(other).toHaveURL(/\/sign-in/);

  await page.getByRole("link", { name: "Organization" }).click();
  await expect(page.getByRole("alert")).toContainText("You are not signed in");
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/sign-in?next=/organization");
  await enter(page, holder);
  await expect(page).toHaveURL("/organization");
});
