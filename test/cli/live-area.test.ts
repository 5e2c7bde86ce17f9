import { describe, expect, it } from "vitest";
import { LiveArea } from "../../cli/live-area.ts";
import { fakeOutput } from "./support/fake-context.ts";

/** What a terminal of the given width shows after the text: enough of it to follow a live area. */
function screen(text: string, columns: number): string[] {
  const lines: string[] = [""];
  let row = 0;
  let column = 0;
  // oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
  for (const [token] of text.matchAll(/\u001B\[\??\d*[A-Za-z]|[\s\S]/g)) {
    if (token === "\n") {
      row += 1;
      column = 0;
      lines[row] ??= "";
    } else if (token === "\r") column = 0;
    else if (/^\u001B\[\d+A$/.test(token)) row -= Number(token.slice(2, -1));
    else if (token === "\u001B[K") lines[row] = (lines[row] ?? "").slice(0, column);
    else if (token === "\u001B[J") {
      lines.length = row + 1;
      lines[row] = (lines[row] ?? "").slice(0, column);
    } else if (!token.startsWith("\u001B")) {
      if (column === columns) {
        row += 1;
        column = 0;
      }
      lines[row] =
        (lines[row] ?? "").padEnd(column).slice(0, column) + token + (lines[row] ?? "").slice(column + 1);
      column += 1;
    }
  }
  return lines;
}

describe("LiveArea", () => {
  it("draws in place, shrinks, and keeps what is printed above", () => {
    const output = fakeOutput({ columns: 40, rows: 10 });
    const area = new LiveArea(output);
    output.write("$ tcompose up\n");
    area.draw(["app 0/2", "one starting", "two"]);
    area.printAbove(() => output.write("log line\n"));
    area.draw(["app 1/2", "two starting"]);
    area.printAbove(() => output.write("another\n"));
    area.finish(["app 2/2"]);
    expect(screen(output.text(), 40)).toEqual(["$ tcompose up", "log line", "another", "app 2/2", ""]);
  });

  it("writes nothing when nothing has changed, and gives the cursor back", () => {
    const output = fakeOutput({ columns: 40, rows: 10 });
    const area = new LiveArea(output);
    area.draw(["same"]);
    const before = output.text();
    area.draw(["same"]);
    expect(output.text()).toBe(before);
    area.finish(["same"]);
    expect(output.text().endsWith("\u001B[?25h")).toBe(true);
  });

  it("keeps a footer below everything until it is taken away", () => {
    const output = fakeOutput({ columns: 40, rows: 10 });
    const area = new LiveArea(output);
    area.setFooter(["d detach"]);
    area.draw(["one 0/1"]);
    area.printAbove(() => output.write("log line\n"));
    expect(screen(output.text(), 40)).toEqual(["log line", "one 0/1", "d detach", ""]);
    area.finish(["one 1/1"]);
    expect(screen(output.text(), 40)).toEqual(["log line", "one 1/1", "d detach", ""]);
    area.setFooter([]);
    expect(screen(output.text(), 40)).toEqual(["log line", "one 1/1", ""]);
  });
});
