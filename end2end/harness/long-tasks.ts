// What keeps the page from answering: tasks of more than 50 ms on its main thread.

import type { Page } from "@playwright/test";

export interface LongTasks {
  /** Those since the last call, in ms. */
  take(): Promise<number[]>;
}

export async function watchLongTasks(page: Page): Promise<LongTasks> {
  const watch = await page.evaluateHandle(() => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ entryTypes: ["longtask"] });
    return { tasks, observer };
  });
  return {
    take: () =>
      watch.evaluate(({ tasks, observer }) => {
        tasks.push(...observer.takeRecords().map(({ duration }) => duration));
        return tasks.splice(0);
      }),
  };
}
