// Who is created without a password gets one of their own, handed out once.

import { axe } from "../harness/axe.ts";
import { chooseGroup, download, importAll, upload } from "../harness/import.ts";
import { anna, holder, newPassword } from "../harness/people.ts";
import { create } from "../harness/technicians.ts";
import { expect, test } from "../harness/test.ts";
import { enter, reload, signIn, visit } from "../harness/visit.ts";

test("a starting password is shown once, copied, and used for one sign-in @postgres", async ({ page, context, muster, newBrowser }) => {
  const [group] = await muster.makeGroups("Support");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, holder, `/organization/groups/${group}?create=technician`);
  await create(page, anna);
  const shown = page.getByRole("region", { name: "Starting password" });
  await shown.getByRole("button", { name: "Copy" }).click();
  const password = await page.evaluate(() => navigator.clipboard.readText());
  expect(password).toMatch(/^[a-z]+(-[a-z]+){7}$/);
  await expect(shown.getByLabel("Starting password")).toHaveText(password);
  await expect(page.getByRole("main")).toContainText("Starting password, valid until");
  await axe(page, "a starting password");
  await reload(page);
  await expect(page.getByRole("heading", { name: anna.name, level: 1 })).toBeVisible();
  await expect(shown).toHaveCount(0);
  expect(await page.content(), "it is never shown again").not.toContain(password);
  await visit(page, `/organization/groups/${group}`);
  await expect(page.getByRole("main")).toContainText("starting password, until");

  const theirs = await newBrowser();
  await visit(theirs, "/sign-in");
  await enter(theirs, { ...anna, password: password.replaceAll("-", " ") });
  await expect(theirs).toHaveURL("/choose-password");
  const again = await newBrowser();
  await visit(again, "/sign-in");
  await enter(again, { ...anna, password });
  await expect(again.getByRole("alert"), "it worked once").toContainText("is wrong");
  await theirs.getByLabel("New password").fill(newPassword);
  await theirs.getByRole("button", { name: "Change password" }).click();
  await expect(theirs).toHaveURL("/account");
});

test("the starting passwords of an import are downloaded once", async ({ page, muster, newBrowser }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Support");
  const rows = `Name,Email,Password\n${anna.name},${anna.email},\nBo,bo@example.test,${anna.password}\n`;
  await upload(page, { name: "staff.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  await importAll(page);
  const waiting = page.getByRole("region", { name: "1 starting password" });
  await expect(waiting).toContainText("The file can be downloaded once.");
  await axe(page, "starting passwords of an import");
  const file = await download(page, waiting.getByRole("button", { name: "Download starting passwords" }));
  expect(file.name).toBe("staff - starting passwords.csv");
  const [heading, line, ...more] = file.bytes.toString("utf8").trim().split("\r\n");
  expect(heading).toContain("Name,Email,Starting password");
  expect(more).toEqual([]);
  const [, email, password] = (line ?? "").split(",");
  await reload(page);
  await expect(page.getByRole("heading", { name: "Import Summary" })).toBeVisible();
  await expect(waiting).toHaveCount(0);

  const theirs = await newBrowser();
  await visit(theirs, "/sign-in");
  await enter(theirs, { email: email ?? "", password: password ?? "" });
  await expect(theirs).toHaveURL("/choose-password");
});
