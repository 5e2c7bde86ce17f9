/** The kernel asks after the other end of a quiet connection, so that a stream does not outlive its engine unnoticed. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { connectEngine } from "../../../engine/docker/connect.ts";
import { answerPing } from "../../support/engine-server.ts";

/** As the kernel numbers timers and states in /proc/net/tcp. */
const KEEP_ALIVE_TIMER = "02";
const ESTABLISHED = "01";

/** Of the connections to this port. */
function timersTo(port: number): string[] {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to = "", state]) => to.endsWith(remote) && state === ESTABLISHED)
    .map(([, , , , , timer = ""]) => timer.slice(0, 2));
}

describe.runIf(process.platform === "linux")("a stream from an engine over TCP", () => {
  it("is asked after while it is quiet", async () => {
    const server = createServer((request, response) => {
      if (request.url === "/_ping") answerPing(request, response);
      else response.writeHead(200).flushHeaders();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const engine = await connectEngine({ env: {}, home: "/nonexistent", host: `tcp://127.0.0.1:${port}` });
    const stop = new AbortController();
    let timers: string[] = [];
    const onOpen = (): void => {
      timers = timersTo(port);
      stop.abort();
    };
    const events = engine.events({ signal: stop.signal, onOpen })[Symbol.asyncIterator]();
    expect((await events.next()).done).toBe(true);
    expect(timers.length).toBeGreaterThan(0);
    expect(timers.every((timer) => timer === KEEP_ALIVE_TIMER)).toBe(true);
    engine.close();
    server.closeAllConnections();
    server.close();
  });
});
