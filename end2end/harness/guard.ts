// Watches a browser context: whatever a page complains of fails the test that didn't expect it.

import type { BrowserContext, ConsoleMessage } from "@playwright/test";

/** Asked for and answered with a refusal: the page has to say so, and the test looks whether it does. */
const REFUSAL = /^Failed to load resource: the server responded with a status of 4\d\d/;

export class Guard {
  readonly #complaints: string[] = [];
  readonly #allowed: RegExp[] = [REFUSAL];

  static async on(context: BrowserContext): Promise<Guard> {
    const guard = new Guard();
    await context.addInitScript(watch);
    context.on("console", (message) => guard.#hear(message));
    context.on("weberror", (error) => guard.#complain(`error in the page: ${error.error().message}`));
    context.on("response", (response) => {
      if (response.status() >= 500) guard.#complain(`${response.status()} from ${response.url()}`);
    });
    return guard;
  }

  /** From here on this is part of the test. */
  allow(...complaints: RegExp[]): void {
    this.#allowed.push(...complaints);
  }

  /** What nobody expected. */
  get complaints(): string[] {
    return this.#complaints.filter((complaint) => !this.#allowed.some((pattern) => pattern.test(complaint)));
  }

  #hear(message: ConsoleMessage): void {
    if (message.type() === "error" || message.type() === "warning") this.#complain(message.text());
  }

  #complain(what: string): void {
    this.#complaints.push(what);
  }
}

/** Runs in every page before its own scripts. */
function watch(): void {
  document.addEventListener("securitypolicyviolation", (violation) => {
    console.error(`CSP violation: ${violation.violatedDirective} by ${violation.blockedURI} ${violation.sample}`);
  });
}
