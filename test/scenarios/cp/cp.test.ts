import { chmod, mkdir, readFile, readdir, readlink, stat, symlink } from "node:fs/promises";
import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "cp puts files into every container, and takes them from the first",
  import.meta.filename,
  async (s) => {
    const { cli, stack } = s;
    await cli.ok("up", "-d");
    await mkdir(stack.path("site/sub"), { recursive: true });
    await stack.write("site/index.html", "hello");
    await stack.write("site/sub/run.sh", "true");
    await chmod(stack.path("site/sub/run.sh"), 0o755);
    await symlink("index.html", stack.path("site/home"));

    await cli.ok("cp", "site", "web:/srv-new");
    await cli.ok("cp", "--index", "2", "site/.", "web:/tmp");
    for (const index of ["1", "2"]) {
      const listed = await cli.ok("exec", "-T", "--index", index, "web", "cat", "/srv-new/index.html");
      expect(listed.stdout).toBe("hello");
    }
    const content = (index: string) =>
      cli.run("exec", "-T", "--index", index, "web", "ls", "/tmp/index.html");
    expect([(await content("1")).code, (await content("2")).code]).toEqual([1, 0]);

    await cli.ok("cp", "web:/srv-new", "out");
    await cli.ok("cp", "web:/srv-new", "out");
    expect((await readdir(stack.path("out"))).toSorted()).toEqual(["home", "index.html", "srv-new", "sub"]);
    expect(await readlink(stack.path("out/home"))).toBe("index.html");
    expect((await stat(stack.path("out/sub/run.sh"))).mode & 0o777).toBe(0o755);
    await cli.ok("cp", "web:/srv-new/index.html", "renamed.html");
    expect(await readFile(stack.path("renamed.html"), "utf8")).toBe("hello");
    expect((await cli.ok("cp", "web:/srv-new/index.html", "-")).stdout).toContain("index.html");
  },
);

scenario("cp says what does not fit, and changes nothing in a dry run", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  await s.stack.write("note.txt", "hello");
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await s.cli.run("cp", ...args);
    expect(code).toBe(1);
    return stderr;
  };
  expect(await refused("web:/none", ".")).toContain("nothing is at /none in the container");
  expect(await refused("note.txt", "web:/none/")).toContain("there is no directory /none/");
  expect(await refused("note.txt", "other.txt")).toContain("one side has to be in a container");
  expect(await refused("note.txt", "wab:/")).toContain('did you mean "web"?');
  const dry = await s.cli.ok("--dry-run", "cp", "note.txt", "web:/tmp");
  expect(dry.stdout).toContain(`would copy note.txt to web:/tmp: container ${s.project}-web-1`);
  expect((await s.cli.run("exec", "-T", "web", "ls", "/tmp/note.txt")).code).toBe(1);
});
