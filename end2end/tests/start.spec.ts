// What the person at the terminal is told when the program can't start.

import { expect, test } from "../harness/test.ts";

test("a port in use, a database out of reach, a wrong setting: each is named", async ({ muster }) => {
  const address = new URL(muster.origin).host;
  const tried: [command: string[], status: number, ...said: RegExp[]][] = [
    [["serve", "--listen", address], 1, new RegExp(`Port ${new URL(muster.origin).port}.*is in use`), /--listen/],
    [["serve", "--listen", "127.0.0.1:0", "--database", "sqlite:/proc/none/muster.db"], 1, /\/proc\/none/],
    [["serve", "--listen", "3000"], 2, /--listen: “3000” is not an address/],
    [["serve", "--listen", "0.0.0.0:0"], 2, /without TLS/, /--trusted-proxy/],
    [["serve", "--database", "mysql://root:secret@host/db"], 2, /--database/, /postgres:\/\//],
    [["check", "/no/such/file.csv"], 2, /\/no\/such\/file\.csv/],
    [["import", "-", "--group", "Nowhere"], 2, /“Nowhere”/],
  ];
  for (const [command, status, ...said] of tried) {
    const ran = await muster.run(command, "Name,Email\nAnna,anna@example.test\n");
    const name = command.join(" ");
    for (const words of said) expect.soft(ran.stderr, name).toMatch(words);
    expect.soft(ran.status, name).toBe(status);
    expect.soft(ran.stdout + ran.stderr, name).not.toMatch(/secret|panicked|RUST_BACKTRACE/);
  }
});

test("a set-up that is done is not done again", async ({ muster }) => {
  const command = ["setup", "--name", "Eve", "--email", "eve@example.test", "--password-stdin"];
  const ran = await muster.run(command, "Kt4?wZuLp9eR\n");
  expect(ran.status).not.toBe(0);
  expect(ran.stderr).toContain("Muster is set up already");
});

test("the health of the server can be asked for", async ({ request }) => {
  const answer = await request.get("/healthz");
  expect(answer.status()).toBe(200);
  expect((await answer.text()).trim()).toBe("ok");
});
