import { describe, expect, it } from "vitest";
import { parseDetachKeys, watchForDetach } from "../../cli/detach-keys.ts";

async function send(keys: string | undefined, ...chunks: string[]): Promise<{ text: string; left: boolean }> {
  let left = false;
  const watcher = watchForDetach(keys, () => (left = true));
  for (const chunk of chunks) watcher.write(chunk);
  watcher.end();
  let text = "";
  for await (const chunk of watcher) text += String(chunk);
  return { text, left };
}

describe("detach keys", () => {
  it("are bytes of control keys and characters", () => {
    expect([...parseDetachKeys("ctrl-p,ctrl-q")]).toEqual([16, 17]);
    expect([...parseDetachKeys("ctrl-@,a,ctrl-_")]).toEqual([0, 97, 31]);
    expect(() => parseDetachKeys("ctrl-1")).toThrow("names no keys");
  });

  it("are found over several chunks and not passed on", async () => {
    expect(await send(undefined, "ls\u0010", "\u0011more")).toEqual({ text: "ls", left: true });
  });

  it("pass on what only began like them", async () => {
    expect(await send(undefined, "\u0010x\u0010", "\u0010y\u0010")).toEqual({
      text: "\u0010x\u0010\u0010y\u0010",
      left: false,
    });
    expect(await send("a,b", "aab")).toEqual({ text: "a", left: true });
  });
});
