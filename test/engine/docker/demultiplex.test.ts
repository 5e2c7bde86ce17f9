import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demultiplex, FrameDecoder } from "../../../engine/docker/demultiplex.ts";
import { EngineProtocolError } from "../../../engine/error.ts";

function frame(stream: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function split(bytes: Buffer, sizes: readonly number[]): Promise<string> {
  let text = "";
  for await (const { stream, data } of demultiplex(cut(bytes, sizes))) {
    for (const char of data.toString("latin1")) text += `${stream === "stdout" ? "o" : "e"}${char}`;
  }
  return text;
}

describe("demultiplex", () => {
  it("gives the same bytes per stream in the same order, however the frames are cut", async () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ maxLength: 20 })), { maxLength: 20 });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(frames, sizes, async (list, cuts) => {
        const bytes = Buffer.concat(list.map(([stream, text]) => frame(stream, text)));
        const whole = await split(bytes, [bytes.length || 1]);
        const expected = list
          .flatMap(([stream, text]) =>
            [...Buffer.from(text)].map((b) => (stream === 1 ? "o" : "e") + String.fromCharCode(b)),
          )
          .join("");
        expect(whole).toBe(expected);
        expect(await split(bytes, cuts)).toBe(expected);
      }),
    );
  });

  it("joins neighbouring frames of one stream into one chunk", () => {
    const bytes = Buffer.concat([frame(1, "a\n"), frame(1, "b\n"), frame(2, "c\n"), frame(1, "d\n")]);
    const chunks = new FrameDecoder().decode(bytes);
    expect(chunks.map(({ stream, data }) => [stream, data.toString()])).toEqual([
      ["stdout", "a\nb\n"],
      ["stderr", "c\n"],
      ["stdout", "d\n"],
    ]);
  });

  it("reports a stream that ends inside a frame, has no frames, or carries the engine's own failure", async () => {
    await expect(split(frame(1, "abc").subarray(0, 9), [100])).rejects.toBeInstanceOf(EngineProtocolError);
    await expect(split(frame(1, "abc").subarray(0, 5), [100])).rejects.toBeInstanceOf(EngineProtocolError);
    await expect(split(Buffer.from("plain text\n"), [100])).rejects.toThrow(/not framed/);
    await expect(split(frame(3, "disk is full"), [100])).rejects.toThrow("disk is full");
  });
});
