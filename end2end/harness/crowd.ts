// A large file of people that is the same at every run: made with a fixed seed, written by no one.

import { file, type TestFile } from "./files.ts";

const GIVEN = ["Ana", "Bo", "Chiara", "Dmitri", "Émile", "Fatima", "Göran", "Håkon", "İpek", "Jürgen", "良平", "Łukasz"];
const FAMILY = ["Alves", "Brandt", "Çelik", "Dubois", "Eriksen", "Fischer", "García", "Hansen", "Ito", "山本", "Żak"];
const WORDS = ["second shift", "on call", "printers", "networks", "terminals", "“field, north”", "mobile", "training"];

/** A technician on every line, with all columns but the password. */
export function crowd(rows: number, seed = 2): TestFile {
  const random = mulberry32(seed);
  const one = (of: readonly string[]): string => of[Math.floor(random() * of.length)] ?? "";
  const lines = ["Name,Nickname,Email,Single Sign-On ID,Description,Enabled,Standard License,Mobile License"];
  for (let row = 1; row <= rows; row += 1) {
    const given = one(GIVEN);
    const yes = (share: number): string => String(random() < share);
    lines.push(
      `${given} ${one(FAMILY)},${given},crowd.${row}@example.test,sso-${row},` +
        `"${one(WORDS)}, ${one(WORDS)}",${yes(0.9)},${yes(0.95)},${yes(0.3)}`,
    );
  }
  return file(`crowd-${rows}.csv`, `${lines.join("\r\n")}\r\n`);
}

/** Small, good enough, and the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
