// Why tests failed, once more at the very end: a log that is cut off keeps its last lines.

import { stripVTControlCharacters } from "node:util";

import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

const LINES = 12;

export default class Reasons implements Reporter {
  readonly #reasons: string[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { message } of result.errors) {
      const lines = stripVTControlCharacters(message ?? "").split("\n").filter((line) => line.trim() !== "");
      this.#reasons.push([test.titlePath().filter(Boolean).join(" › "), ...lines.slice(0, LINES)].join("\n    "));
    }
  }

  onEnd(): void {
    if (this.#reasons.length > 0) console.log(`\n${this.#reasons.join("\n")}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
