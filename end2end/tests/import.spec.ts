// Every row of every file, from the drop to the account.

import type { Page } from "@playwright/test";

import { everyCode, groupCodes, jsonCodes, type Case } from "../harness/every-code.ts";
import { csv, fixture, people } from "../harness/files.ts";
import {
  arriveAtSummary,
  check,
  chooseGroup,
  codes,
  expectCounts,
  importAll,
  type Result,
  rowOfLine,
  upload,
} from "../harness/import.ts";
import type { Muster } from "../harness/muster.ts";
import { holder, newPassword } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { enter, signIn, visit } from "../harness/visit.ts";

const SAMPLES = [
  { name: "technicians.csv", encoding: "utf-8", delimiter: "comma", tag: "" },
  { name: "german-spreadsheet.csv", encoding: "windows-1252", delimiter: "semicolon", tag: "" },
  { name: "unicode-text.txt", encoding: "utf-16le", delimiter: "tab", tag: "@postgres" },
  { name: "technicians.json", encoding: "utf-8", tag: "" },
  { name: "technicians.ndjson", encoding: "utf-8", tag: "" },
];

async function results(page: Page): Promise<Result[]> {
  const address = new URL(page.url());
  const answer = await page.request.get(`/api${address.pathname.replace("/account", "")}/rows.json`);
  expect(answer.status()).toBe(200);
  return (await answer.json()) as Result[];
}

for (const { name, encoding, delimiter, tag } of SAMPLES) {
  test(`${name} becomes technicians ${tag}`, async ({ page, muster, newBrowser }) => {
    const [group] = await muster.makeGroups("Support/Tier 1");
    const file = fixture(`samples/${name}`);
    const checked = await check(muster, file);
    expect(checked.summary.errors).toBe(0);
    const rows = checked.summary.rows;

    await signIn(page, holder, "/account/import");
    await chooseGroup(page, "Tier 1");
    await upload(page, file);
    await expectCounts(page, { all: rows, ready: rows, errors: 0, warnings: checked.summary.warnings });
    await expect(page.getByLabel("Encoding")).toHaveValue(encoding);
    if (delimiter === undefined) await expect(page.getByLabel("Delimiter")).toHaveCount(0);
    else await expect(page.getByLabel("Delimiter")).toHaveValue(delimiter);
    await importAll(page);

    const imported = await results(page);
    expect(imported.map(({ line, outcome }) => [line, outcome])).toEqual(
      checked.rows.map(({ line }) => [line, "created"]),
    );
    const accounts = new Map((await muster.accounts()).map((account) => [account.email, account]));
    for (const { values } of checked.rows) {
      const { password, technicianGroupId, nickname, singleSignOnId, ...rest } = values;
      expect(password).toBe("set");
      const account = accounts.get(String(values["email"]));
      expect(account).toMatchObject({ ...rest, nickname: nickname || values["name"], technicianGroupId: group });
      expect(account?.singleSignOnId ?? "").toBe(singleSignOnId ?? "");
    }

    // One of them signs in with the password of the file, and must choose another.
    const enabled = checked.rows.find(({ values }) => values["enabled"] === true);
    const person = { email: String(enabled?.values["email"]), password: "cqwvpxNLH639%" };
    expect(person.email).toBe("kajetan.kielan0@corp.example.test");
    const theirs = await newBrowser();
    await visit(theirs, "/sign-in");
    await enter(theirs, person);
    await expect(theirs).toHaveURL("/choose-password");
    await theirs.getByLabel("New password").fill(newPassword);
    await theirs.getByRole("button", { name: "Change password" }).click();
    await expect(theirs).toHaveURL("/account");
  });
}

test.describe("one example of every code", () => {
  // As high as the file is long: a row that can't be seen isn't in the page.
  test.use({ viewport: { width: 1360, height: 1800 } });

  async function expectSameEverywhere(page: Page, muster: Muster, of: Case, ...flags: string[]): Promise<void> {
    const checked = await check(muster, of.file, ...flags);
    expect(codes(checked.rows), "muster check").toEqual(of.expected);

    await upload(page, of.file);
    const { rows, errors, warnings } = checked.summary;
    await expectCounts(page, { all: rows, ready: rows - errors, errors, warnings });
    for (const { line, status, problems } of checked.rows) {
      const row = rowOfLine(page, line);
      // What the dry run says of the rows that have no error, of whose groups only the server knows.
      const state = status === "error" ? "Error" : /^(Create|Conflict)$/;
      await expect(row.getByRole("gridcell", { name: state, exact: true }), `line ${line}`).toBeVisible();
      for (const { message } of problems) await expect(row, `line ${line}`).toContainText(message);
    }

    await importAll(page);
    const imported = await results(page);
    expect(codes(imported), "the server").toEqual(of.expected);
    const outcomes = checked.rows.map(({ line, status }) => [line, status === "error" ? "failed" : "created"]);
    expect(imported.map(({ line, outcome }) => [line, outcome])).toEqual(outcomes);
    const messages = (of: { problems: { message: string }[] }[]): string[] =>
      of.flatMap(({ problems }) => problems.map(({ message }) => message));
    expect(messages(imported)).toEqual(messages(checked.rows));
  }

  test("with a group for the whole file @postgres", async ({ page, muster }) => {
    await muster.makeGroups("Support");
    await signIn(page, holder, "/account/import");
    await chooseGroup(page, "Support");
    await expectSameEverywhere(page, muster, everyCode());
  });

  test("with a group in each row", async ({ page, muster }) => {
    const [group] = await muster.makeGroups("Support");
    await signIn(page, holder, "/account/import");
    await expectSameEverywhere(page, muster, groupCodes(group), "--groups-in-file");
  });

  test("in JSON", async ({ page, muster }) => {
    await muster.makeGroups("Support");
    await signIn(page, holder, "/account/import");
    await chooseGroup(page, "Support");
    await expectSameEverywhere(page, muster, jsonCodes());
  });
});

test("what only the server knows is told of each row @postgres", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await muster.ask(["import", "-", "--group", String(group)], "Name,Email,SSO ID\nBo,bo@example.test,sso-bo\n");
  await signIn(page, holder, "/settings");
  await page.getByLabel("Standard seats").fill("2");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("status").filter({ hasText: "saved" })).toBeVisible();

  await visit(page, "/account/import");
  const rows = [
    ["Name", "Email", "Single Sign-On ID", "Standard License", "Technician Group ID"],
    ["Unknown Group", "one@example.test", "", "", "999999"],
    ["Email in use", "BO@example.test", "", "", String(group)],
    ["The holder", holder.email, "", "", String(group)],
    ["SSO in use", "two@example.test", "sso-bo", "", String(group)],
    ["The last seat", "three@example.test", "", "", String(group)],
    ["No seat left", "four@example.test", "", "", String(group)],
    ["Needs none", "five@example.test", "", "no", String(group)],
  ];
  await upload(page, csv("server.csv", rows));
  await expectCounts(page, { all: 7, ready: 7, errors: 0, warnings: 7 });
  await importAll(page);
  const imported = await results(page);
  const found = imported.map(({ line, outcome, problems }) => [
    line,
    outcome,
    ...problems.map(({ code }) => code).filter((code) => code !== "password.none"),
  ]);
  expect(found).toEqual([
    [2, "failed", "group.unknown"],
    [3, "skipped", "email.in_use"],
    [4, "skipped", "email.in_use"],
    [5, "failed", "sso_id.in_use"],
    [6, "created"],
    [7, "failed", "seats.none_left"],
    [8, "created"],
  ]);
});

test("the same file again creates nobody twice", async ({ page, muster }) => {
  await muster.makeGroups("Support");
  await signIn(page, holder, "/account/import");
  for (const outcome of ["created", "skipped"]) {
    await visit(page, "/account/import");
    await chooseGroup(page, "Support");
    await upload(page, people(700));
    await importAll(page);
    const imported = await results(page);
    expect(imported.length).toBe(700);
    expect(new Set(imported.map((row) => row.outcome))).toEqual(new Set([outcome]));
  }
  expect((await muster.accounts()).filter(({ email }) => email.startsWith("person.")).length).toBe(700);
});

test("what was imported is in the tree", async ({ page, muster }) => {
  const [group] = await muster.makeGroups("Support");
  await signIn(page, holder, `/account/import?group=${group}`);
  await upload(page, people(3));
  await page.getByRole("button", { name: "Start import" }).click();
  await arriveAtSummary(page);
  await page.getByRole("link", { name: "Organization" }).click();
  await page.getByRole("treeitem", { name: "Support", exact: true }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "person 2" })).toBeVisible();
});
