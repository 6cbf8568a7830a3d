// An empty database for each test: a file of its own, or a database of its own in a given cluster.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Database {
  readonly url: string;
  /** Where a program is there for it: rows become what they would be another day. */
  change?(statement: string): Promise<void>;
  drop(): Promise<void>;
}

/** In a folder that somebody else removes. */
export function sqlite(folder: string): Database {
  return { url: `sqlite:${join(folder, "muster.db")}`, drop: () => Promise.resolve() };
}

export async function postgres(cluster: string): Promise<Database> {
  const name = `end2end_${randomBytes(6).toString("hex")}`;
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  await psql(cluster, `create database ${name}`);
  return { url: url.href, change: (statement) => psql(url.href, statement), drop: () => psql(cluster, `drop database ${name} with (force)`) };
}

async function psql(url: string, command: string): Promise<void> {
  await promisify(execFile)(program(), ["--no-psqlrc", "--quiet", "--dbname", url, "--command", command]);
}

/** On PATH, or where Debian keeps it beside the server. */
function program(): string {
  const versions = "/usr/lib/postgresql";
  const folders = existsSync(versions) ? readdirSync(versions).sort().reverse() : [];
  const found = folders.map((version) => join(versions, version, "bin/psql")).find(existsSync);
  return found ?? "psql";
}
