/** What a step prints, as lines that can be shown anywhere: its programs may think that they own a terminal. */

// oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
const ESCAPES =
  /\u001B(?:\[[0-9;:<=>?]*[ -/]*(?:[@-~]|$)|\][^\u0007\u001B]*(?:\u0007|\u001B\\|$)|[ -/]*(?:[0-~]|$))/g;
// oxlint-disable-next-line no-control-regex -- all but the tab
const CONTROLS = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g;
const LONGEST_IN_ERROR = 400;

/** Programs that redraw a line with carriage returns: what would be seen at the end, without colours and movements. */
export function visibleLine(text: string): string {
  const trimmed = text.replace(/\r+$/, "");
  return trimmed
    .slice(trimmed.lastIndexOf("\r") + 1)
    .replace(ESCAPES, "")
    .replace(CONTROLS, "");
}

/** For the few lines that are told with an error. */
export function shortened(line: string): string {
  return line.length <= LONGEST_IN_ERROR ? line : `${line.slice(0, LONGEST_IN_ERROR - 1)}…`;
}
