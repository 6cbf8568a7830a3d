// The test with its fixtures: a Muster of its own, set up, and a browser that is watched.

import { type BrowserContext, type Page, test as base } from "@playwright/test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { postgres as inCluster, sqlite } from "./database.ts";
import { Guard } from "./guard.ts";
import { Muster } from "./muster.ts";

export interface Options {
  /** The URL of a cluster to make databases in; empty: SQLite. */
  postgres: string;
  /** Whether the Master Account Holder exists when the test begins. */
  alreadySetUp: boolean;
}

interface Fixtures {
  muster: Muster;
  guard: Guard;
  /** Another person's browser, with no cookies in it, watched as well. */
  newBrowser: () => Promise<Page>;
}

export const test = base.extend<Options & Fixtures>({
  postgres: ["", { option: true }],
  alreadySetUp: [true, { option: true }],

  muster: async ({ postgres, alreadySetUp }, use, info) => {
    const folder = await mkdtemp(join(tmpdir(), "muster-end2end-"));
    const database = postgres === "" ? sqlite(folder) : await inCluster(postgres);
    const muster = new Muster(database, folder);
    try {
      if (alreadySetUp) await muster.setUp();
      await muster.start();
      await use(muster);
    } finally {
      await muster.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
      if (info.status !== info.expectedStatus) {
        await info.attach("what muster said", { body: muster.said, contentType: "text/plain" });
      }
    }
  },

  baseURL: async ({ muster }, use) => {
    await use(muster.origin);
  },

  guard: async ({ context }, use) => {
    const guard = await Guard.on(context);
    await use(guard);
    await context.close();
    base.expect(guard.complaints, "what pages complained of").toEqual([]);
  },

  page: async ({ guard, page }, use) => {
    void guard;
    await use(page);
  },

  newBrowser: async ({ browser, baseURL, contextOptions, viewport }, use) => {
    const opened: { context: BrowserContext; guard: Guard }[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, viewport, ...(baseURL && { baseURL }) });
      opened.push({ context, guard: await Guard.on(context) });
      return context.newPage();
    });
    for (const { context, guard } of opened) {
      await context.close();
      base.expect(guard.complaints, "what the other browser's pages complained of").toEqual([]);
    }
  },
});

export const { expect } = base;
