/** The documents of a YAML text. */
import { readBlockNode } from "./block.ts";
import type { RawNode } from "./node.ts";
import { Reader } from "./reader.ts";
import { lineEnd } from "./scalar.ts";

/** Characters that no YAML text may contain. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Each document is merged over the ones before it and checked with them, so each costs as much as all before it. */
const MAX_DOCUMENTS = 500;

/** Reads all documents. Throws YamlSyntaxError where the text is not YAML. */
export function readDocuments(text: string): RawNode[] {
  const reader = new Reader(text);
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) {
    const code = forbidden[0].charCodeAt(0).toString(16).padStart(2, "0");
    reader.fail(`control characters are not allowed (found 0x${code})`, forbidden.index, forbidden.index + 1);
  }
  const documents: RawNode[] = [];
  for (;;) {
    const opened = skipToDocument(reader);
    if (reader.pos >= reader.length && !opened) return documents;
    if (!opened && documents.length > 0) {
      const end = Math.min(lineEnd(reader, reader.pos), reader.pos + 60);
      reader.fail(
        "text stands behind the end of the document",
        reader.pos,
        end,
        "start another document with ---",
      );
    }
    if (documents.length === MAX_DOCUMENTS) {
      const start = reader.pos - 3;
      reader.fail(
        `the file has more than ${MAX_DOCUMENTS} documents`,
        start,
        reader.pos,
        "write what belongs together into one document",
      );
    }
    reader.anchors.clear();
    documents.push(readDocument(reader));
  }
}

/** Over comments, directives and end marks. Answers whether a `---` opened a document. */
function skipToDocument(reader: Reader): boolean {
  for (;;) {
    reader.skipToToken(-1);
    if (reader.pos === reader.lineStart && reader.at(reader.pos) === 0x25) {
      reader.pos = lineEnd(reader, reader.pos);
      continue;
    }
    if (!reader.atDocumentMark()) return false;
    const opens = reader.at(reader.pos) === 0x2d;
    reader.pos += 3;
    if (opens) return true;
  }
}

function readDocument(reader: Reader): RawNode {
  const start = reader.pos;
  reader.skipToToken(-1);
  if (reader.pos >= reader.length || reader.atDocumentMark())
    return { kind: "scalar", start, end: start, value: "", plain: true };

  const node = readBlockNode(reader, -1, false);
  reader.skipToToken(-1);
  if (reader.pos < reader.length && !reader.atDocumentMark()) {
    const end = Math.min(lineEnd(reader, reader.pos), reader.pos + 60);
    reader.fail(
      "the document has ended before this text",
      reader.pos,
      end,
      "check the indentation of this line and of the ones above it",
    );
  }
  return node;
}
