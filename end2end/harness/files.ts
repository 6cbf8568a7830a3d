// The files that tests drop on the page.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** As Playwright's setInputFiles takes it. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const FIXTURES = resolve(import.meta.dirname, "../../roster/fixtures");

export function file(name: string, contents: string | Buffer): TestFile {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(contents as string) };
}

/** One of the files that the import's own tests are made with. */
export function fixture(name: string): TestFile {
  return file(name, readFileSync(resolve(FIXTURES, name)));
}

/** Cells are written as they are; the last line has its end. */
export function csv(name: string, rows: readonly (readonly string[])[]): TestFile {
  return file(name, rows.map((row) => `${row.join(",")}\r\n`).join(""));
}

/** So many people with a name, an email and nothing else: none of them is like another. */
export function people(count: number, tag = "person"): TestFile {
  const rows = Array.from({ length: count }, (_, at) => [`${tag} ${at + 1}`, `${tag}.${at + 1}@example.test`]);
  return csv(`${tag}-${count}.csv`, [["Name", "Email"], ...rows]);
}

/** The same with a password for each: what takes time is the hashing. */
export function peopleWithPasswords(count: number, tag = "person"): TestFile {
  const rows = Array.from({ length: count }, (_, at) => [
    `${tag} ${at + 1}`,
    `${tag}.${at + 1}@example.test`,
    `Zk4?${String(at).padStart(4, "0")}wuLp`,
  ]);
  return csv(`${tag}-${count}.csv`, [["Name", "Email", "Password"], ...rows]);
}
