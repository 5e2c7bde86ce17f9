/** The short form of a service volume: `[source:]target[:options]`. */
export interface VolumeSpec {
  readonly ok: true;
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly propagation?: string;
  readonly selinux?: string;
  /** One or two characters: a target and nothing else, not even empty options. */
  readonly bare: boolean;
}

export type VolumeSpecResult = VolumeSpec | { readonly ok: false; readonly reason: string };

const PROPAGATIONS = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);

export function parseVolumeSpec(spec: string): VolumeSpecResult {
  if (spec === "") return { ok: false, reason: "it is empty" };
  const bare = Buffer.byteLength(spec) <= 2;
  if (bare) return { ok: true, type: "volume", source: "", target: spec, readOnly: false, noCopy: false, bare };
  const sections = splitSections(spec);
  if (sections.some((section) => section === "")) return { ok: false, reason: "a part between colons is empty" };
  if (sections.length > 3) return { ok: false, reason: "it has too many colons" };
  const [first = "", second, options = ""] = sections;
  const source = second === undefined ? "" : first;
  return {
    ok: true,
    type: isFilePath(source) ? "bind" : "volume",
    source,
    target: second ?? first,
    bare,
    ...readOptions(options),
  };
}

/** Splits at colons, except behind a drive letter and inside `${...}`. */
function splitSections(spec: string): string[] {
  const sections: string[] = [];
  let current = "";
  let references = 0;
  for (let i = 0; i < spec.length; i += 1) {
    const char = spec.charAt(i);
    if (char === "$" && spec.charAt(i + 1) === "{") references += 1;
    else if (char === "}" && references > 0) references -= 1;
    else if (char === ":" && references === 0 && !/^\p{L}$/u.test(current)) {
      sections.push(current);
      current = "";
      continue;
    }
    current += char;
  }
  sections.push(current);
  return sections;
}

function readOptions(options: string): Pick<VolumeSpec, "readOnly" | "noCopy" | "propagation" | "selinux"> {
  let readOnly = false;
  let noCopy = false;
  let propagation: string | undefined;
  let selinux: string | undefined;
  for (const option of options.split(",")) {
    if (option === "ro") readOnly = true;
    else if (option === "rw") readOnly = false;
    else if (option === "nocopy") noCopy = true;
    else if (option === "z" || option === "Z") selinux = option;
    else if (PROPAGATIONS.has(option)) propagation = option;
  }
  return { readOnly, noCopy, ...(propagation ? { propagation } : {}), ...(selinux ? { selinux } : {}) };
}

function isFilePath(source: string): boolean {
  return /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
}
