/** What a shell needs to ask the program itself for candidates: `tcompose __complete -- WORD...`, one a line. */

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_tcompose() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(tcompose __complete -- "\${words[@]}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o bashdefault -o default -F _tcompose tcompose
`,
  zsh: `#compdef tcompose
_tcompose() {
  local -a candidates
  candidates=(\${(f)"$(tcompose __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#candidates )); then compadd -a candidates; else _files; fi
}
if [ "$funcstack[1]" = "_tcompose" ]; then _tcompose "$@"; else compdef _tcompose tcompose; fi
`,
  fish: `function __tcompose_candidates
  set -l words (commandline -opc) (commandline -ct)
  tcompose __complete -- $words[2..-1] 2>/dev/null
end
complete -c tcompose -a '(__tcompose_candidates)'
`,
};

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
