import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../../../engine/docker/connect.ts";
import { answerPing } from "../../support/engine-server.ts";
import { testCertificate, testKey } from "../../support/tls-fixture.ts";

describe("engines behind TLS", () => {
  let server: Server;
  let directory: string;
  let address: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tcompose-tls-"));
    await writeFile(join(directory, "ca.pem"), testCertificate);
    await writeFile(join(directory, "cert.pem"), testCertificate);
    await writeFile(join(directory, "key.pem"), testKey);
    const options = { key: testKey, cert: testCertificate, ca: testCertificate, requestCert: true };
    server = createServer({ ...options, rejectUnauthorized: true }, answerPing);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  });

  const connect = (env: Record<string, string>): ReturnType<typeof connectEngine> =>
    connectEngine({ env: { DOCKER_HOST: address, ...env }, home: "/nonexistent" });

  it("shows its own certificate and checks the engine's", async () => {
    const engine = await connect({ DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: directory });
    expect(engine.apiVersion).toBe("1.41");
    engine.close();
  });

  it("says so when the engine's certificate is not trusted", async () => {
    await expect(connect({ DOCKER_TLS_VERIFY: "1" })).rejects.toThrow(/not signed by the given authority/);
  });

  it("says so when TLS is needed and was not asked for", async () => {
    await expect(connect({})).rejects.toMatchObject({ code: "engine-unreachable" });
  });
});
