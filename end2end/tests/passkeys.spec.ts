// Passkeys, with the authenticator that Chromium has for tests: added, used alone and after the
// password, removed.

import type { CDPSession, Page } from "@playwright/test";

import { axe } from "../harness/axe.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, signIn, visit } from "../harness/visit.ts";

// Browsers keep no passkeys for an IP address.
test.use({
  baseURL: async ({ muster }, use) => {
    await use(muster.origin.replace("127.0.0.1", "localhost"));
  },
});

interface Device {
  session: CDPSession;
  id: string;
}

/** A device inside of this browser, whose owner shows who they are whenever they are asked. */
async function device(page: Page): Promise<Device> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, id: authenticatorId };
}

/** The device at another browser; it goes on counting what it signs, or it would be taken for a copy. */
async function carry({ session, id }: Device, to: Page): Promise<Device> {
  const other = await device(to);
  const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId: id });
  for (const credential of credentials) {
    await other.session.send("WebAuthn.addCredential", { authenticatorId: other.id, credential });
  }
  return other;
}

async function add(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole("button", { name: "Add passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add passkey" });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Current password").fill(password);
  await dialog.getByRole("button", { name: "Continue" }).click();
}

test("a passkey is added, signs in alone and after the password, and is removed @postgres", async ({ page, newBrowser }) => {
  const own = await device(page);
  await signIn(page, holder, "/account/two-step");
  const section = page.getByRole("region", { name: "Passkeys", exact: true });
  await expect(section).toBeVisible();
  await page.getByRole("button", { name: "Add passkey" }).click();
  await axe(page, "adding a passkey");
  await page.keyboard.press("Escape");

  await add(page, "Telephone", "wrong");
  const dialog = page.getByRole("dialog", { name: "Add passkey" });
  await expect(dialog.getByLabel("Current password")).toHaveAccessibleDescription(/not your current password/);
  await page.keyboard.press("Escape");
  await add(page, "Telephone", holder.password);
  const codes = page.getByRole("region", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes, "the way in without the device").toHaveCount(10);
  const code = (await codes.first().textContent()) ?? "";
  await visit(page, "/account/two-step");
  await expect(section.getByRole("row", { name: /Telephone/ })).toContainText("never");
  await axe(page, "a passkey");

  await visit(page, "/settings/directory");
  await page.getByRole("button", { name: "Make an enrollment code" }).click();
  const making = page.getByRole("dialog", { name: "Enrollment code" });
  await axe(page, "making an enrollment code");
  await making.getByRole("button", { name: "Use a passkey" }).click();
  await expect(making.getByText("Your passkey was given.")).toBeVisible();
  await making.getByRole("button", { name: "Make the code" }).click();
  const made = making.getByLabel("Enrollment code");
  await expect(made).toHaveText(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/);
  await axe(page, "an enrollment code");
  const enrollment = (await made.textContent()) ?? "";
  await making.getByRole("link", { name: "Done" }).click();
  await expect(making).toHaveCount(0);
  await visit(page, "/settings/directory?dialog=code");
  await expect(making).toBeVisible();
  expect(await page.content(), "it is shown once").not.toContain(enrollment);

  const alone = await newBrowser();
  const there = await carry(own, alone);
  await visit(alone, "/sign-in?next=/account");
  await expect(alone.getByRole("button", { name: "Sign in with a passkey" })).toBeVisible();
  await axe(alone, "signing in, with a passkey or without");
  await alone.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(alone).toHaveURL("/account");

  const second = await newBrowser();
  const last = await carry(there, second);
  await visit(second, "/sign-in");
  await enter(second, holder);
  await expect(second).toHaveURL(/\/sign-in\/code/);
  await expect(second.getByRole("button", { name: "Use a passkey" })).toBeVisible();
  await axe(second, "a passkey in place of a code");
  await second.getByRole("button", { name: "Use a passkey" }).click();
  await expect(second).toHaveURL("/organization");

  const stranger = await newBrowser();
  await device(stranger);
  await visit(stranger, "/sign-in");
  await stranger.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(stranger.getByRole("alert").filter({ hasText: "No passkey was given." })).toBeVisible();

  await visit(page, "/account/two-step");
  await expect(section.getByRole("row", { name: /Telephone/ })).not.toContainText("never");
  await section.getByRole("link", { name: "Remove Telephone" }).click();
  const removal = page.getByRole("dialog", { name: "Remove passkey" });
  await removal.getByLabel("Code", { exact: true }).fill(code);
  await axe(page, "removing a passkey");
  await removal.getByRole("button", { name: "Remove" }).click();
  await expect(removal).toBeHidden();
  await expect(section.getByRole("row", { name: /Telephone/ })).toBeHidden();

  await visit(page, "/sign-in");
  await expect(page, "one is signed in").toHaveURL("/organization");
  const after = await newBrowser();
  await carry(last, after);
  await visit(after, "/sign-in");
  await after.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(after.getByRole("alert").filter({ hasText: "not known here" })).toBeVisible();
});

test("at an IP address there are none, and the page says where there are", async ({ page, muster }) => {
  await signIn(page, holder, `${muster.origin}/account/two-step`);
  const section = page.getByRole("region", { name: "Passkeys", exact: true });
  const there = muster.origin.replace("127.0.0.1", "localhost");
  await expect(section).toContainText(`Passkeys work at ${there} alone`);
  await expect(section.getByRole("button", { name: "Add passkey" })).toBeHidden();
});

test("the sign-in page says where passkeys work", async ({ page, muster }) => {
  await visit(page, `${muster.origin}/sign-in`);
  const there = muster.origin.replace("127.0.0.1", "localhost");
  await expect(page.getByText(`Passkeys work at ${there} alone`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toHaveCount(0);
});
