// A hundred thousand rows: the page answers all the while. Figures are printed and attached.

import type { Page } from "@playwright/test";
import { writeFile } from "node:fs/promises";

import { crowd } from "../harness/crowd.ts";
import { arriveAtSummary, chooseGroup, drop, expectCounts, grid, rowOfLine } from "../harness/import.ts";
import { holder } from "../harness/people.ts";
import { expect, test } from "../harness/test.ts";
import { signIn } from "../harness/visit.ts";

const ROWS = 100_000;

/** What kept the main thread from answering for more than 50 ms, in ms. */
interface LongTasks {
  stop(): Promise<number[]>;
}

async function watchLongTasks(page: Page): Promise<LongTasks> {
  const watch = await page.evaluateHandle(() => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ entryTypes: ["longtask"] });
    return { tasks, observer };
  });
  return {
    stop: () =>
      watch.evaluate(({ tasks, observer }) => {
        tasks.push(...observer.takeRecords().map(({ duration }) => duration));
        observer.disconnect();
        return tasks;
      }),
  };
}

test("a hundred thousand rows are checked, looked through and imported @postgres", async ({ page, muster, postgres }, info) => {
  test.setTimeout(15 * 60_000);
  const database = postgres === "" ? "SQLite" : "PostgreSQL";
  const figures: string[] = [];
  const figure = (text: string): void => {
    figures.push(text);
    console.log(`    ${database}: ${text}`);
  };

  await muster.makeGroups("Support", "Crowd");
  const file = info.outputPath("crowd.csv");
  await writeFile(file, crowd(ROWS).buffer);
  await signIn(page, holder, "/account/import");
  await chooseGroup(page, "Crowd");

  const tasks = await watchLongTasks(page);
  const dropped = Date.now();
  await drop(page, file);
  await expect(grid(page)).toBeVisible({ timeout: 120_000 });
  await expectCounts(page, { all: ROWS, ready: ROWS, errors: 0, warnings: ROWS });
  figure(`${ROWS} rows are checked ${Date.now() - dropped} ms after the drop`);

  // From the first row to the last, by key and by wheel.
  await grid(page).getByRole("rowheader", { name: "2", exact: true }).focus();
  await page.keyboard.press("Control+End");
  await expect(rowOfLine(page, ROWS + 1)).toBeInViewport();
  await expect(page.getByRole("gridcell", { name: `crowd.${ROWS}@example.test` })).toBeVisible();
  await page.keyboard.press("Control+Home");
  await expect(rowOfLine(page, 2)).toBeInViewport();
  await grid(page).hover();
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 2000);
  await expect(rowOfLine(page, 2)).not.toBeInViewport();

  const long = await tasks.stop();
  figure(`${long.length} tasks over 50 ms from the drop to here${long.map((ms) => ` ${ms} ms`).join()}`);

  const started = Date.now();
  await page.getByRole("button", { name: "Start import" }).click();
  await expect(page).toHaveURL(/\/account\/imports\//, { timeout: 12 * 60_000 });
  await arriveAtSummary(page);
  const seconds = (Date.now() - started) / 1000;
  figure(`${ROWS} rows without passwords are imported in ${seconds.toFixed(1)} s: ${Math.round(ROWS / seconds)} rows/s`);
  await expect(page.getByRole("main")).toContainText("100,000");

  await info.attach("figures", { body: figures.join("\n"), contentType: "text/plain" });
});
