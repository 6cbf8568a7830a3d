import { defineConfig, type Project } from "@playwright/test";

import type { Options } from "./harness/test.ts";

const postgres = process.env["MUSTER_TEST_POSTGRES"];

/** The program is the one that is shipped: these show that it does what the debug build does. */
const shipped = process.env["MUSTER_TEST_SHIPPED"] !== undefined;
const SHIPPED = /(parts|security|sign-in|import-file)\.spec\.ts/;

/** What is measured runs when nothing else does. */
const ALONE = /big\.spec\.ts/;

/** What is measured over the shipped program, by `cargo xtask bench`: nothing is recorded meanwhile. */
const bench = process.env["MUSTER_BENCH"] !== undefined;

const debug: Project<Options>[] = [
  { name: "sqlite", testIgnore: ALONE },
  ...(postgres === undefined
    ? []
    : [{ name: "postgresql", testIgnore: ALONE, grep: /@postgres/, use: { postgres } }]),
  { name: "alone on sqlite", testMatch: ALONE, dependencies: ["sqlite"], fullyParallel: false },
  ...(postgres === undefined
    ? []
    : [
        {
          name: "alone on postgresql",
          testMatch: ALONE,
          grep: /@postgres/,
          dependencies: ["alone on sqlite", "postgresql"],
          use: { postgres },
        },
      ]),
];

export default defineConfig<Options>({
  testDir: "tests",
  outputDir: "test-results/traces",
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  workers: 2,
  // Generous: conditions are waited for, and the machine may be compiling beside.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["./harness/reasons.ts"]],
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1360, height: 760 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env["MUSTER_CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    },
  },
  projects: bench
    ? [{ name: "bench", testDir: "bench", use: { trace: "off", screenshot: "off" } }]
    : shipped
      ? [{ name: "release", testMatch: SHIPPED }]
      : debug,
});
