// What the service beside a domain controller does, over HTTP: it enrolls with a token, maps groups and
// sends runs. The directory itself is a list that the test writes.

import { expect } from "@playwright/test";
import { createHash, randomBytes, randomUUID } from "node:crypto";

import type { Muster } from "./muster.ts";
import { holder } from "./people.ts";

/** Somebody of the directory, as the protocol has them. */
export interface Seen {
  guid: string;
  name: string;
  email: string;
  enabled: boolean;
  reason?: "disabled" | "expired";
  group_guids: string[];
  read: "ok" | "unreadable";
}

export interface Committed {
  result: "applied" | "preview" | "held" | "rejected";
  created: number;
  updated: number;
  disabled: number;
  enabled: number;
  failed: { guid: string; code: string; message: string }[];
  held?: { reason: string; count: number };
  code?: string;
}

interface Absent {
  guid: string;
  finding: "left_groups" | "no_such_object" | "unreadable";
}

const PREFIX = "/api/directory-sync/v1";

export class Directory {
  readonly domain: string;
  readonly group = randomUUID();
  readonly #guid = randomUUID();
  readonly #muster: Muster;
  readonly #token: string;

  constructor(muster: Muster, token: string, domain = "corp.example.com") {
    this.#muster = muster;
    this.#token = token;
    this.domain = domain;
  }

  async enroll(): Promise<void> {
    const directory = { domain: this.domain, domain_guid: this.#guid, domain_sid: "S-1-5-21-1-2-3" };
    await this.#ask("POST", "enroll", { email: holder.email, password: holder.password, directory });
  }

  /** Members of the one AD group of this directory become technicians of this group. */
  async map(technicianGroup: number, name = "Helpdesk"): Promise<void> {
    const mapping = { ad_group_guid: this.group, ad_group_name: name, technician_group_id: technicianGroup };
    await this.#ask("PUT", "mappings", { mappings: [mapping] });
  }

  /** A member of the mapped group. */
  person(name: string, email: string, other: Partial<Seen> = {}): Seen {
    return { guid: randomUUID(), name, email, enabled: true, group_guids: [this.group], read: "ok", ...other };
  }

  /** So many members, none like another. */
  people(count: number): Seen[] {
    return Array.from({ length: count }, (_, at) => this.person(`Person ${at + 1}`, `person.${at + 1}@corp.example.com`));
  }

  /** One run from its beginning to its end. */
  async run(people: Seen[], absent: Absent[] = [], mode: "apply" | "preview" = "apply"): Promise<Committed & { id: string }> {
    return this.#commit(await this.#begin(mode), people, { absent });
  }

  /** A run whose service gave up after it had begun; its id. */
  async giveUp(message: string): Promise<string> {
    const id = await this.#begin("apply");
    await this.#ask("POST", `runs/${id}/abort`, { code: "ldap.search_failed", message });
    return id;
  }

  /** A run of which not all that was sent arrived: the server takes nothing of it. */
  async runDamaged(people: Seen[]): Promise<Committed & { id: string }> {
    return this.#commit(await this.#begin("apply"), people, { people: people.length + 1 });
  }

  /** An error that kept a run from beginning. */
  async tell(code: string, message: string): Promise<void> {
    await this.#ask("POST", "events", { events: [{ kind: "error", at: Date.now(), code, message }] });
  }

  async hello(): Promise<{ commands: string[]; interval_seconds: number }> {
    return (await this.#ask("GET", "hello")) as { commands: string[]; interval_seconds: number };
  }

  /** The status with which a request of this token is answered. */
  async status(): Promise<number> {
    return (await this.#send("GET", "hello")).status;
  }

  async #begin(mode: "apply" | "preview"): Promise<string> {
    const id = uuid7();
    await this.#ask("POST", "runs", { run_id: id, mode, agent: "muster-sync 1.0.0", controller: `dc1.${this.domain}` });
    return id;
  }

  async #commit(id: string, people: Seen[], other: object): Promise<Committed & { id: string }> {
    await this.#ask("PUT", `runs/${id}/batches/0`, { people });
    const members = people.filter(({ group_guids }) => group_guids.includes(this.group)).length;
    const groups = [{ guid: this.group, status: "complete", members }];
    const commit = { batches: 1, people: people.length, digest: digest(people), groups, absent: [], ...other };
    return { id, ...((await this.#ask("POST", `runs/${id}/commit`, commit)) as Committed) };
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#send(method, path, body);
    const text = await answer.text();
    expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`).toBe(true);
    return text === "" ? undefined : JSON.parse(text);
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}`, "content-type": "application/json" };
    const sent = body === undefined ? null : JSON.stringify(body);
    return fetch(`${this.#muster.origin}${PREFIX}/${path}`, { method, headers, body: sent });
  }
}

/** Over each person as the server writes them, in the order of its fields. */
function digest(people: Seen[]): string {
  const hash = createHash("sha256");
  for (const { guid, name, email, enabled, reason, group_guids, read } of people) {
    const person = { guid, name, email, enabled, ...(reason && { reason }), group_guids, read };
    hash.update(`${JSON.stringify(person)}\n`);
  }
  return hash.digest("hex");
}

/** RFC 9562, 5.7. */
function uuid7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
