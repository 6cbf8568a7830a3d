import { signIn, visit } from "../harness/visit.ts";
import { expect, test } from "../harness/test.ts";

const PAGES = [
  "/organization",
  "/organization/groups/1",
  "/organization/technicians/1",
  "/account",
  "/account/import",
  "/account/imports",
  "/account/imports/0193a0c0-0000-7000-8000-000000000000",
  "/settings",
  "/choose-password",
];

test("nobody sees a page without signing in, and is told nothing", async ({ page, request }) => {
  for (const address of PAGES) {
    const answer = await request.get(address, { headers: { accept: "text/html" }, maxRedirects: 0 });
    expect(answer.status(), address).toBe(303);
    expect(answer.headers()["location"], address).toBe(`/sign-in?next=${address}`);
    expect(await answer.text(), address).toBe("");
  }
  await page.goto("/organization?q=a");
  await expect(page).toHaveURL("/sign-in?next=/organization%3Fq%3Da");
});

test("what is no page is refused without a word", async ({ request }) => {
  const asked = [
    await request.get("/api/imports/0193a0c0-0000-7000-8000-000000000000/rows.csv"),
    await request.get("/api/import-examples/technicians.csv"),
    await request.post("/api/fn/sign_out"),
    await request.post("/api/imports", { data: {} }),
  ];
  for (const answer of asked) {
    expect(answer.status(), answer.url()).toBe(401);
    expect(await answer.text(), answer.url()).toBe("");
  }
});

test("every answer carries the headers that keep a browser safe", async ({ page }) => {
  await signIn(page);
  for (const address of ["/organization", "/account", "/nowhere", "/healthz"]) {
    const answer = await page.request.get(address);
    const headers = answer.headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, address).toContain("default-src 'none'");
    expect(policy, address).toContain("frame-ancestors 'none'");
    expect(policy, address).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
    expect(headers["x-content-type-options"], address).toBe("nosniff");
    expect(headers["x-frame-options"], address).toBe("DENY");
    expect(headers["referrer-policy"], address).toBe("same-origin");
    expect(headers["cache-control"], address).toBe("no-store");
  }
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const answer = await page.request.get("/account");
      return /'nonce-([^']+)'/.exec(answer.headers()["content-security-policy"] ?? "")?.[1];
    }),
  );
  expect(nonces[0]).toBeTruthy();
  expect(nonces[0]).not.toBe(nonces[1]);
});

test("a script that somebody smuggles in does not run", async ({ page, guard }) => {
  guard.allow(/Content Security Policy|CSP violation/);
  await signIn(page);
  const blocked = page.waitForEvent("console", (message) => message.text().startsWith("CSP violation: script-src"));
  await page.evaluate(() => {
    const canary = document.createElement("script");
    canary.textContent = "window.canary = 'alive'";
    document.body.append(canary);
  });
  await blocked;
  expect(await page.evaluate(() => "canary" in window)).toBe(false);
});

test("the cookie is out of reach of scripts and of other sites", async ({ page, context }) => {
  await signIn(page);
  const session = (await context.cookies()).find(({ name }) => name === "muster");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
});

test("another site can't act in somebody's name", async ({ page }) => {
  await signIn(page);
  const answer = await page.request.post("/api/fn/sign_out", {
    headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  });
  expect(answer.status()).toBe(403);
  await visit(page, "/account");
  await expect(page.getByRole("heading", { name: "My Account" })).toBeVisible();
});

test("?next= leads nowhere but into Muster", async ({ page, muster }) => {
  for (const next of ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
    await page.context().clearCookies();
    await signIn(page, undefined, `/sign-in?next=${encodeURIComponent(next)}`);
    expect(new URL(page.url()).origin, next).toBe(muster.origin);
  }
});
