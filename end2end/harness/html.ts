// The server's HTML as a browser's parser sees it: what it would mend breaks hydration.

import { HtmlValidate } from "html-validate";
import { expect, type Page } from "@playwright/test";

const validator = new HtmlValidate({
  root: true,
  elements: ["html5"],
  rules: {
    "attr-delimiter": "error",
    "close-order": "error",
    "deprecated": "error",
    "element-name": "error",
    "element-permitted-content": "error",
    "element-permitted-occurrences": "error",
    "element-permitted-order": "error",
    "element-permitted-parent": "error",
    "element-required-ancestor": "error",
    "element-required-attributes": "error",
    "element-required-content": "error",
    "form-dup-name": "error",
    "input-missing-label": "error",
    "meta-refresh": "error",
    "multiple-labeled-controls": "error",
    "no-conditional-comment": "error",
    "no-dup-attr": "error",
    "no-dup-class": "error",
    "no-dup-id": "error",
    "no-implicit-close": "error",
    "no-inline-style": "error",
    "no-missing-references": "error",
    "no-redundant-for": "error",
    "no-redundant-role": "error",
    "no-unknown-elements": "error",
    "no-utf8-bom": "error",
    "script-element": "error",
    "unrecognized-char-ref": "error",
    "valid-autocomplete": "error",
    "valid-for": "error",
    "valid-id": ["error", { relaxed: true }],
    "void-content": "error",
    "aria-label-misuse": "error",
  },
});

/** Asks for the page again, without its scripts, in the same session. */
export async function expectSoundHtml(page: Page, address: string): Promise<void> {
  const answer = await page.request.get(address, { headers: { accept: "text/html" } });
  // What Leptos puts between texts is a comment to a browser; the validator knows only long ones.
  const html = (await answer.text()).replaceAll("<!>", "<!---->");
  const report = await validator.validateString(html, address);
  const found = report.results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`),
  );
  expect.soft(found, `the HTML of ${address}`).toEqual([]);
}
