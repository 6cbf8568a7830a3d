// The program under test: served on a port of this computer, killed, started again, and run as a command.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { copyFile, link, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import type { Database } from "./database.ts";
import { holder, organization } from "./people.ts";

const PROGRAM = resolve(process.env["MUSTER_PROGRAM"] ?? process.env["MUSTER_BIN"] ?? "../target/debug/muster");

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

export class Muster {
  readonly #database: Database;
  readonly #folder: string;
  #program = PROGRAM;
  #child: ChildProcess | undefined;
  #origin: string | undefined;
  #said = "";

  constructor(database: Database, folder: string) {
    this.#database = database;
    this.#folder = folder;
  }

  /** Where the browser finds it; the same after a restart. */
  get origin(): string {
    if (this.#origin === undefined) throw new Error("muster was not started");
    return this.#origin;
  }

  /** All that it printed so far, for the report of a test that failed. */
  get said(): string {
    return this.#said;
  }

  /** The code for the first visit, as it was printed by the newest start. */
  get code(): string {
    const found = [...this.#said.matchAll(/one-time code:\s+(\S+)/g)].at(-1)?.[1];
    if (found === undefined) throw new Error(`no one-time code was printed:\n${this.#said}`);
    return found;
  }

  async start(): Promise<void> {
    const port = this.#origin === undefined ? "0" : new URL(this.#origin).port;
    const child = this.#spawn(["serve", "--listen", `127.0.0.1:${port}`]);
    this.#child = child;
    this.#origin = await new Promise((listening, failed) => {
      let printed = "";
      const hear = (text: Buffer): void => {
        this.#said += text.toString();
        printed += text.toString();
        const origin = /listening on (http:\S+)/.exec(printed)?.[1];
        if (origin !== undefined) listening(origin);
      };
      child.stdout?.on("data", hear);
      child.stderr?.on("data", hear);
      child.once("error", failed);
      child.once("exit", (status, signal) => {
        failed(new Error(`muster ended (${status ?? signal}) before it listened:\n${printed}`));
      });
    });
  }

  /** Starts again from a folder in which nothing lies beside the program; that folder. */
  async moveOut(): Promise<string> {
    await this.stop();
    const folder = join(this.#folder, "programs");
    await mkdir(folder);
    this.#program = join(folder, "muster");
    await link(PROGRAM, this.#program).catch(() => copyFile(PROGRAM, this.#program));
    await this.start();
    return folder;
  }

  /** What only time does, on PostgreSQL. */
  async change(statement: string): Promise<void> {
    if (this.#database.change === undefined) throw new Error("SQLite's rows are not changed by hand");
    await this.#database.change(statement);
  }

  /** As a power cut would: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
  }

  /** A command on the same database; how it ended is the caller's to judge. */
  async run(command: string[], input: string | Buffer = ""): Promise<Ran> {
    const child = this.#spawn(command);
    const ran: Ran = { status: null, stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (ran.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (ran.stderr += text));
    // A command that reads nothing may have ended before it is written to.
    child.stdin?.on("error", () => undefined).end(input);
    ran.status = await new Promise((done, failed) => {
      child.once("error", failed);
      child.once("close", done);
    });
    return ran;
  }

  /** A command that must succeed; its standard output. */
  async ask(command: string[], input: string | Buffer = ""): Promise<string> {
    const ran = await this.run(command, input);
    if (ran.status !== 0) {
      throw new Error(`muster ${command.join(" ")} ended with ${ran.status}:\n${ran.stdout}${ran.stderr}`);
    }
    return ran.stdout;
  }

  async setUp(): Promise<void> {
    const who = ["--name", holder.name, "--email", holder.email, "--organization", organization];
    await this.ask(["setup", ...who, "--password-stdin"], `${holder.password}\n`);
  }

  /** Makes the groups of these paths; their IDs, in the same order. */
  async makeGroups<const T extends readonly string[]>(...paths: T): Promise<{ [K in keyof T]: number }> {
    const ids: number[] = [];
    for (const path of paths) {
      const made = JSON.parse(await this.ask(["group", "add", path, "--json"])) as { id: number };
      ids.push(made.id);
    }
    return ids as { [K in keyof T]: number };
  }

  /** Every account as the export has it. */
  async accounts(): Promise<Exported[]> {
    const exported: unknown = JSON.parse(await this.ask(["export", "--format", "json"]));
    return (Array.isArray(exported) ? exported : (exported as { technicians: Exported[] }).technicians) as Exported[];
  }

  /** PostgreSQL needs one; beside SQLite's file it would be made at the first start. */
  #keyFile(): string {
    const file = join(this.#folder, "muster.key");
    if (!existsSync(file)) writeFileSync(file, `1 ${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
    return file;
  }

  #spawn(command: string[]): ChildProcess {
    if (!existsSync(PROGRAM)) {
      throw new Error(`${PROGRAM} is missing: \`cargo xtask test end2end\` builds it, or name it in MUSTER_PROGRAM`);
    }
    // Nothing of the developer's own configuration reaches a test.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("MUSTER_"));
    const env = { ...Object.fromEntries(own), MUSTER_DATABASE: this.#database.url, MUSTER_KEY_FILE: this.#keyFile() };
    return spawn(this.#program, command, { cwd: this.#folder, env, stdio: ["pipe", "pipe", "pipe"] });
  }
}

export interface Exported {
  name: string;
  nickname?: string;
  email: string;
  singleSignOnId?: string;
  description?: string;
  enabled?: boolean;
  technicianGroupId?: number;
}
