/**
 * Pull and push against a real registry on loopback, with and without authentication. Needs a Docker engine on this
 * machine and Debian's `docker-registry`; where either is missing no test is registered.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCredentialHelper } from "../../../engine/docker/credential-helper.ts";
import type { Progress } from "../../../engine/event.ts";
import { systemClock } from "../../../engine/execute/clock.ts";
import { anonymous, createCredentials, type RegistryCredentials } from "../../../engine/images/auth.ts";
import { pinImages } from "../../../engine/images/digest.ts";
import { pullImage } from "../../../engine/images/pull.ts";
import { pushImage } from "../../../engine/images/push.ts";
import { findRealEngines, TEST_IMAGE } from "../../support/real-engines.ts";
import { hasRegistry, startRegistry, type Registry } from "../../support/registry.ts";

const engines = hasRegistry
  ? (await findRealEngines()).filter(({ engine }) => engine.flavour === "docker")
  : [];

function context(credentials: RegistryCredentials, progress: Progress[] = []) {
  return {
    credentials,
    clock: systemClock,
    signal: new AbortController().signal,
    progress: (p: Progress) => void progress.push(p),
  };
}

function logins(host: string, password: string): RegistryCredentials {
  const auth = Buffer.from(`someone:${password}`).toString("base64");
  return createCredentials({
    read: () => JSON.stringify({ auths: { [host]: { auth } } }),
    path: "config.json",
    helper: createCredentialHelper({}),
  });
}

for (const { name, engine } of engines) {
  describe(`a registry and ${name}`, { timeout: 60_000 }, () => {
    let open: Registry;
    let closed: Registry;
    beforeAll(async () => {
      [open, closed] = await Promise.all([startRegistry(false), startRegistry(true)]);
    }, 60_000);
    afterAll(async () => {
      for (const registry of [open, closed]) {
        await engine.removeImage(`${registry.host}/team/app:1`, { force: true });
        registry.stop();
      }
      engine.close();
    }, 60_000);

    const pull = async (reference: string, credentials: RegistryCredentials) =>
      pullImage(engine, { id: "image.pull:test", reference }, context(credentials));

    it("takes an image and gives it back", async () => {
      const image = `${open.host}/team/app:1`;
      await engine.tagImage(TEST_IMAGE, image);
      const pushed: Progress[] = [];
      await pushImage(engine, image, context(anonymous, pushed));
      expect(pushed).toContainEqual(expect.objectContaining({ type: "transfer", phase: "done" }));
      await engine.removeImage(image, { force: true });
      expect(await engine.inspectImage(image)).toBeUndefined();
      await pull(image, anonymous);
      expect(await engine.inspectImage(image)).toBeDefined();
    });

    it("says what is wrong with a name and a tag", async () => {
      await expect(pull(`${open.host}/team/none:1`, anonymous)).rejects.toMatchObject({
        code: "operation-failed",
        message: expect.stringContaining(`cannot pull ${open.host}/team/none:1`) as string,
        hint: expect.stringContaining("check the name") as string,
      });
    });

    it("wants a login, refuses a wrong one and takes the right one", async () => {
      const image = `${closed.host}/team/app:1`;
      await engine.tagImage(TEST_IMAGE, image);
      const login = `docker login ${closed.host}`;
      await expect(pushImage(engine, image, context(anonymous))).rejects.toMatchObject({
        hint: `run "${login}"`,
      });
      await expect(pushImage(engine, image, context(logins(closed.host, "wrong")))).rejects.toMatchObject({
        hint: `the stored credentials were refused: run "${login}" again`,
      });
      await pushImage(engine, image, context(logins(closed.host, "s3cret")));
      await engine.removeImage(image, { force: true });
      await expect(pull(image, anonymous)).rejects.toMatchObject({ hint: `run "${login}"` });
      await pull(image, logins(closed.host, "s3cret"));
      expect(await engine.inspectImage(image)).toBeDefined();
      const pin = async (credentials: RegistryCredentials) =>
        pinImages(engine, [image], context(credentials));
      await expect(pin(anonymous)).rejects.toMatchObject({ hint: `run "${login}"` });
      const digests = (await engine.inspectImage(image))?.RepoDigests ?? [];
      const pinned = (await pin(logins(closed.host, "s3cret"))).get(image);
      expect(digests.map((digest) => digest.replace("@", ":1@"))).toContain(pinned);
    });
  });
}
