// A hundred thousand rows, and a million: the page answers all the while. Figures are printed and attached.

import type { Page } from "@playwright/test";
import { writeFile } from "node:fs/promises";

import { crowd } from "../harness/crowd.ts";
import { arriveAtSummary, chooseGroup, drop, expectCounts, filter, grid, rowOfLine } from "../harness/import.ts";
import { watchLongTasks } from "../harness/long-tasks.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { signIn } from "../harness/visit.ts";

const ROWS = 100_000;
/** As many as a file may have. */
const MOST = 1_000_000;

/**
 * Waits for a row from here to there, by its number among all rows. Whatever Playwright looks up
 * itself runs on the page's main thread, too, and would be measured with it: this costs nothing.
 */
async function rowIsThere(page: Page, from: number, to = from): Promise<void> {
  await page.evaluate(
    ([from, to]) =>
      new Promise<void>((there) => {
        const look = (): void => {
          const rows = [...document.querySelectorAll("[role=rowgroup] > [role=row]")];
          const numbers = rows.map((row) => Number(row.getAttribute("aria-rowindex")) - 1);
          if (!numbers.some((number) => from <= number && number <= to)) return;
          observer.disconnect();
          there();
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true });
        look();
      }),
    [from, to] as const,
  );
}

test("a hundred thousand rows are checked, looked through and imported @postgres", async ({ page, muster, postgres }, info) => {
  test.setTimeout(15 * 60_000);
  const database = postgres === "" ? "SQLite" : "PostgreSQL";
  const figures: string[] = [];
  const figure = (text: string): void => {
    figures.push(text);
    console.log(`    ${database}: ${text}`);
  };
  const longTasks = async (when: string): Promise<void> => {
    const found = await tasks.take();
    const each = found.length === 0 ? "" : `: ${found.join(", ")} ms`;
    figure(`${found.length} tasks over 50 ms on the main thread ${when}${each}`);
  };

  await muster.makeGroups("Support", "Crowd");
  const file = info.outputPath("crowd.csv");
  await writeFile(file, crowd(ROWS).buffer);
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Crowd");

  const tasks = await watchLongTasks(page);
  const dropped = Date.now();
  await drop(page, file);
  await rowIsThere(page, 1);
  figure(`${ROWS} rows are checked and shown ${Date.now() - dropped} ms after the drop`);
  await longTasks("from the drop to the checked rows");
  await expectCounts(page, { all: ROWS, ready: ROWS, errors: 0, warnings: ROWS });

  // From the first row to the last by key, and a part of the way by wheel.
  await grid(page).hover();
  await rowOfLine(page, 2).getByRole("rowheader").focus();
  await tasks.take();
  await page.keyboard.press("Control+End");
  await rowIsThere(page, ROWS);
  await page.keyboard.press("Control+Home");
  await rowIsThere(page, 1);
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 2000);
  await rowIsThere(page, 2000, 3000);
  await longTasks("while the rows were scrolled through");
  await page.keyboard.press("Control+End");
  await expect(rowOfLine(page, ROWS + 1)).toBeInViewport();
  await expect(page.getByRole("gridcell", { name: `crowd.${ROWS}@example.test` })).toBeVisible();

  const started = Date.now();
  await page.getByRole("button", { name: "Start import" }).click();
  await expect(page.getByRole("button", { name: "Cancel import" })).toBeVisible();
  await filter(page, "Errors").click();
  await expect(grid(page), "the page answers while it imports").toContainText("No row has an error.");
  await tasks.take();
  await expect(page).toHaveURL(/\/account\/imports\//, { timeout: 12 * 60_000 });
  await arriveAtSummary(page);
  const seconds = (Date.now() - started) / 1000;
  figure(`${ROWS} rows without passwords are imported in ${seconds.toFixed(1)} s: ${Math.round(ROWS / seconds)} rows/s`);
  await longTasks("while it was imported");
  await expect(page.getByRole("main")).toContainText("100,000");

  await info.attach("figures", { body: figures.join("\n"), contentType: "text/plain" });
});

test("a million rows are checked, scrolled to the last and mended; one more is refused", async ({ page, muster }, info) => {
  test.setTimeout(5 * 60_000);
  await muster.makeGroups("Crowd");
  const file = info.outputPath("million.csv");
  await writeFile(file, crowd(MOST).buffer);
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Crowd");

  await drop(page, file);
  await expectCounts(page, { all: MOST, ready: MOST, errors: 0, warnings: MOST });
  await expect(grid(page)).toHaveAttribute("aria-rowcount", String(MOST + 1));

  // The scroll space is shorter than the rows: the last one is reached all the same, by key and by wheel.
  await rowOfLine(page, 2).getByRole("rowheader").focus();
  await page.keyboard.press("Control+End");
  await expect(rowOfLine(page, MOST + 1)).toBeInViewport();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  await expect(rowOfLine(page, MOST + 1)).not.toBeInViewport();
  await grid(page).hover();
  for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, 2000);
  await expect(rowOfLine(page, MOST + 1)).toBeInViewport();

  const email = (text: string) => rowOfLine(page, MOST + 1).getByRole("gridcell", { name: text });
  await email(`crowd.${MOST}@example.test`).dblclick();
  // Whether or not its text has come: what is typed takes its place.
  await page.keyboard.type("crowd.1@example.test");
  await page.keyboard.press("Enter");
  await expectCounts(page, { all: MOST, ready: MOST - 1, errors: 1, warnings: MOST - 1 });
  await page.keyboard.press("Control+z");
  await expectCounts(page, { all: MOST, ready: MOST, errors: 0, warnings: MOST });

  await writeFile(file, crowd(MOST + 1).buffer);
  await drop(page, file);
  await expect(page.getByRole("alert")).toContainText("1,000,000 rows");
});
