import { describe, expect, it } from "vitest";
import { readStopHooks, stopHooksText } from "../../../engine/desired/stop-hooks.ts";
import { label } from "../../../engine/labels.ts";

describe("pre_stop hooks in a label", () => {
  it("come back as they were written, without variables that look secret", () => {
    const hook = { command: ["flush"], user: "root", environment: { LEVEL: "1", API_TOKEN: "hunter2" } };
    const text = stopHooksText([hook]) ?? "";
    expect(text).not.toContain("hunter2");
    expect(readStopHooks({ [label.preStop]: text })).toEqual([{ ...hook, environment: { LEVEL: "1" } }]);
  });

  it.each(["", "{", "{}", "[1, null, {}]"])("are none where the label says %j", (text) => {
    expect(readStopHooks({ [label.preStop]: text })).toEqual([]);
    expect(readStopHooks({})).toEqual([]);
  });
});
