import { anna, holder, newPassword } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, signIn, visit } from "../harness/visit.ts";

test("My Account tells who one is, what one may do and where one is signed in", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support/Tier 1");
  const row = `Name,Nickname,Email,Password\n${anna.name},Anna,${anna.email},${anna.password}\n`;
  await muster.ask(["import", "-", "--group", String(group)], row);
  await signIn(page, anna, "/account");
  await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/account");

  await expect(page.getByRole("heading", { name: "My Account" })).toBeVisible();
  await expect(page).toHaveTitle("My Account · Muster");
  const main = page.getByRole("main");
  for (const fact of [anna.name, "Anna", anna.email, "Tier 1"]) await expect(main).toContainText(fact);
  const permissions = page.getByRole("region", { name: "Permissions" });
  await expect(permissions.getByRole("cell", { name: "Allowed" }).first()).toBeVisible();
  await expect(permissions.getByRole("cell", { name: "Denied" }).first()).toBeVisible();
  await expect(permissions.getByRole("cell", { name: "Technicians" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Import technicians" })).toHaveCount(0);
});

test("a session elsewhere can be ended", async ({ page, newBrowser }) => {
  const other = await newBrowser();
  await signIn(other, holder, "/account");
  await signIn(page, holder, "/account");
  const sessions = page.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByRole("row")).toHaveCount(3);
  await expect(sessions.getByText("This one")).toHaveCount(1);
  await sessions.getByRole("button", { name: "End" }).click();
  await expect(sessions.getByRole("row")).toHaveCount(2);
  await other.reload();
  await expect(other).toHaveURL("/sign-in?next=/account");
});

test("one changes one's password by giving the current one", async ({ page, newBrowser }) => {
  const other = await newBrowser();
  await signIn(other, holder, "/account");
  await signIn(page, holder, "/account");
  await page.getByRole("region", { name: "Password", exact: true }).getByLabel("Current password").fill("Wrong1234!");
  await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  await page.getByRole("region", { name: "Password", exact: true }).getByLabel("Current password").fill(holder.password);
  await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your password is changed" })).toBeVisible();

  await other.reload();
  await expect(other, "the other sessions have ended").toHaveURL(/\/sign-in/);
  await visit(other, "/sign-in");
  await enter(other, { ...holder, password: newPassword });
  await expect(other).toHaveURL("/organization");
});
