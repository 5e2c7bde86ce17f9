import { expect } from "vitest";
import { freePort } from "../../support/scenario/stack-copy.ts";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "up brings up what the file says, and down leaves nothing but the data",
  import.meta.filename,
  async (s) => {
    const port = await freePort();
    const cli = s.cli.with({ PORT: port });

    await cli.ok("up", "-d", "--wait");
    expect(await s.engine.summary()).toEqual(["db-1 running", "web-1 running"]);
    expect(await s.engine.networks()).toEqual(["default"]);
    expect(await s.engine.volumes()).toEqual(["data"]);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("hello from the host\n");
    const web = await s.engine.container("web-1");
    expect(web.networks[`${s.project}_default`]).toEqual([`${s.project}-web-1`, "web"]);

    await cli.ok("down");
    expect(await s.engine.summary()).toEqual([]);
    expect(await s.engine.networks()).toEqual([]);
    expect(await s.engine.volumes()).toEqual(["data"]);

    await cli.ok("down", "-v");
    expect(await s.engine.volumes()).toEqual([]);
  },
);
