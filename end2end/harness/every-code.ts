// Files with one example of every code of the import check, and what is to be found on which line.

import { csv, file, type TestFile } from "./files.ts";

/** The codes of a row by its line; a line that isn't here has none. */
export type Expected = Record<number, readonly string[]>;

export interface Case {
  file: TestFile;
  expected: Expected;
}

const HEADER = [
  "Name",
  "Nickname",
  "Email",
  "Password",
  "Single Sign-On ID",
  "Description",
  "Enabled",
  "Standard License",
  "Mobile License",
  "Technician Group ID",
] as const;

type Cells = Partial<Record<(typeof HEADER)[number], string>>;

/** A row without a fault but those that are put in. */
function row(tag: string, wrong: Cells = {}): string[] {
  const right: Cells = { Name: `Row ${tag}`, Email: `${tag}@example.test`, Password: "Zk4?wuLp9eRb" };
  return HEADER.map((header) => wrong[header] ?? right[header] ?? "");
}

const LONG_EMAIL = `long@${Array.from({ length: 5 }, () => "d".repeat(60)).join(".")}.test`;

/** For a group that is chosen for the whole file. */
export function everyCode(): Case {
  const rows: [string[], ...string[]][] = [
    [row("fine", { "Single Sign-On ID": "sso-1" })],
    [[...row("many"), "one too many"], "row.too_many_cells"],
    [row("few").slice(0, 4), "row.too_few_cells"],
    [['"Stray" Quote', ...row("stray").slice(1)], "row.stray_quote"],
    [row("large", { Description: "x".repeat(33 * 1024) }), "cell.too_large"],
    [row("noname", { Name: "" }), "name.required"],
    [row("longname", { Name: "n".repeat(129) }), "name.too_long"],
    [row("hidden", { Name: "Zero\u200bwidth" }), "name.control_characters"],
    [row("longnick", { Nickname: "n".repeat(129) }), "nickname.too_long"],
    [row("noemail", { Email: "" }), "email.required"],
    [row("noat", { Email: "noat.example.test" }), "email.invalid"],
    [row("longemail", { Email: LONG_EMAIL }), "email.too_long"],
    [row("again", { Email: "Fine@Example.test" }), "email.duplicate_in_file"],
    [row("twin"), "email.lookalike"],
    [row("lookalike", { Email: "tw\u0456n@example.test" }), "email.lookalike"],
    [row("weak", { Password: "abc" }), "password.too_weak"],
    [row("none", { Password: "" }), "password.none"],
    [row("longsso", { "Single Sign-On ID": "s".repeat(129) }), "sso_id.too_long"],
    [row("samesso", { "Single Sign-On ID": "sso-1" }), "sso_id.duplicate_in_file"],
    [row("longtext", { Description: "d".repeat(1025) }), "description.too_long"],
    [row("maybe", { Enabled: "perhaps" }), "enabled.not_a_boolean"],
    [row("standard", { "Standard License": "2" }), "standard_license.not_a_boolean"],
    [row("mobile", { "Mobile License": "some" }), "mobile_license.not_a_boolean"],
    [row("group", { "Technician Group ID": "1001" }), "group.ignored"],
    [row("group2", { "Technician Group ID": "1002" })],
  ];
  return {
    file: csv("every-code.csv", [HEADER, ...rows.map(([cells]) => cells)]),
    expected: byLine(rows.map(([, ...codes]) => codes)),
  };
}

/** What only rows that name their own group can have. */
export function groupCodes(group: number): Case {
  const rows: [string[], ...string[]][] = [
    [row("fine", { "Technician Group ID": String(group) })],
    [row("nogroup"), "group.required"],
    [row("word", { "Technician Group ID": "Support" }), "group.not_a_number"],
  ];
  return {
    file: csv("group-codes.csv", [HEADER, ...rows.map(([cells]) => cells)]),
    expected: byLine(rows.map(([, ...codes]) => codes)),
  };
}

/** What only a JSON file can have; each object is on a line of its own. */
export function jsonCodes(): Case {
  const person = (tag: string): string => `"name": "Row ${tag}", "email": "${tag}@example.test", "password": "Zk4?wuLp9eRb"`;
  const lines = [
    "[",
    `{ ${person("fine")} },`,
    `42,`,
    `{ ${person("twice")}, "name": "Another" },`,
    `{ ${person("list")}, "nickname": ["a", "b"] }`,
    "]",
  ];
  return {
    file: file("json-codes.json", lines.join("\n")),
    expected: { 3: ["row.not_an_object"], 4: ["row.duplicate_key"], 5: ["cell.wrong_type"] },
  };
}

/** The first row is on line 2. */
function byLine(codes: string[][]): Expected {
  const found = codes.map((of, at) => [at + 2, of] as const).filter(([, of]) => of.length > 0);
  return Object.fromEntries(found);
}

/** Files of which nothing can be taken, by the code that says why. */
export function unreadable(): [code: string, of: TestFile][] {
  const people = "Name,Email\nAnna,anna@example.test\n";
  return [
    ["file.empty", file("empty.csv", "")],
    ["file.binary", file("picture.csv", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"))],
    ["file.binary", file("technicians.xlsx", spreadsheet())],
    ["file.encoding", file("nul.csv", `${people}Bo\0,bo@example.test\n`)],
    ["file.unclosed_quote", file("quote.csv", `${people}"Bo,bo@example.test\nCleo,cleo@example.test\n`)],
    ["file.missing_column", file("columns.csv", "Nickname,Description\nAnna,first\n")],
    ["file.duplicate_column", file("twice.csv", "Name,Email,E-Mail\nAnna,anna@example.test,a@example.test\n")],
    ["file.no_rows", file("heading.csv", "Name,Email\n")],
    ["file.too_many_columns", file("wide.csv", `Name,Email${",x".repeat(255)}\nAnna,anna@example.test\n`)],
    ["json.syntax", file("comma.json", '[\n{"name": "Anna", "email": "anna@example.test"},\n]\n')],
    ["json.not_a_list", file("object.json", '{"people": 12}')],
    ["json.too_deep", file("deep.json", `[{"name": ${"[".repeat(33)}${"]".repeat(33)}}]`)],
  ];
}

/** As far as anybody looks: a zip whose first entry is a workbook's. */
function spreadsheet(): Buffer {
  const name = "[Content_Types].xml";
  const header = Buffer.alloc(30);
  header.write("PK\x03\x04", 0, "latin1");
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(`${name}<Types/>xl/workbook.xml`)]);
}
