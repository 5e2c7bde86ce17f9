/** Exit codes, in one place. */

export const EXIT_OK = 0;
/** Anything that went wrong, mistakes on the command line included. */
export const EXIT_ERROR = 1;
/** `plan --exit-code` where there is work to do. */
export const EXIT_WORK = 2;
