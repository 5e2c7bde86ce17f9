/**
 * The program that a kept-open shell in the container runs: reads requests from its standard input and answers
 * each with one line. Plain POSIX sh plus dd (fullblock), mv, mkdir, chmod, chown, ln and rm; for
 * batches find.
 *
 * A request is a line `<number> <verb>` followed by the verb's own lines, and for `w` by exactly `size` bytes:
 *   w path tmp size mode owner   write a file: into `tmp` beside it, then renamed
 *   e path tmp mode owner        an empty file, the same way
 *   m path mode owner            a directory
 *   l path tmp link              a symbolic link
 *   d path                       remove, with everything below
 *   t path                       no unless a file may be put there: it is no directory
 *   b size                       many changes: `size` bytes of shell text that calls the functions below (`shell-batch.ts`)
 * The owner is set before the mode: a change of owner takes set-user-id away.
 * An answer is a line `<number> ok`, or `<number> no` after lines with the tools' own messages.
 * `owner` is `uid:gid`, or `-` to leave it to the user that the shell runs as. End of input ends the shell.
 *
 * A batch writes files in place, by what the shell itself can do: no process is started for a file, and file systems
 * have no inode to find. `put` does not cut the file first, so that no blocks are freed and nothing is flushed: together
 * that is most of what writing many small files costs. A rest of a longer old content shows, and the file is cut then
 * (`cut`, which is also for files known to shrink). Who reads a file at that very moment can see both contents mixed, as
 * with any save in place on the host. A name that shares its file with others is taken off first (`alone`).
 *
 * Folders come with those above them first, so that `mkdir` alone does; `mkdir -p` would walk down to each from the top,
 * which in a tree a thousand levels deep takes minutes.
 *
 * `true >file` and not `: >file`: a redirection that fails ends the whole shell when the command is a special one.
 */
export const SHELL_SCRIPT = `
exec 2>&1
umask 022
links=
clear() { if [ -d "$1" ]; then if [ -L "$1" ]; then rm -f -- "$1"; else rm -rf -- "$1"; fi; fi; }
folder() { [ -d "$1" ] || mkdir -- "$1" 2>/dev/null || mkdir -p -- "$1"; }
parent() { case $1 in */*) p=\${1%/*}; [ -z "$p" ] || folder "$p" ;; esac; }
own() { [ "$2" = - ] || chown -h "$2" "$1"; }
plain() { [ -f "$1" ] && [ ! -L "$1" ]; }
room() { parent "$1" && if [ -e "$1" ] || [ -L "$1" ]; then rm -rf -- "$1"; fi; }
over() { rest=; { printf "$2" && ! IFS= read -r rest && [ -z "$rest" ]; } 1<>"$1" 0<&1; }
cut() { { plain "$1" || room "$1"; } && printf "$2" >"$1"; }
put() { plain "$1" && over "$1" "$2" || cut "$1" "$2"; }
alone() {
  [ -n "$links" ] || find / -prune -links +0 >/dev/null 2>&1 || { echo "the image has no find -links"; return 1; }
  links=1
  find "$@" -prune ! -type d -links +1 -exec rm -f -- {} \\; 2>/dev/null || true
}
folders() {
  for p do if [ -L "$p" ] || { [ -e "$p" ] && [ ! -d "$p" ]; }; then rm -f -- "$p" || return; fi; done
  mkdir -- "$@" 2>/dev/null || for p do folder "$p" || return; done
}
link() { clear "$1" && parent "$1" && ln -sfn -- "$2" "$1"; }
gone() { rm -rf -- "$@" || for p do [ ! -e "$p" ] || return; done; }
batch() { eval "$1"; }
place() { own "$2" "$4" && chmod "$3" "$2" && clear "$1" && mv -f -- "$2" "$1"; }
for tool in dd mv mkdir chmod rm ln; do command -v $tool >/dev/null 2>&1 || { echo "missing $tool"; exit 0; }; done
[ "$(printf abc | dd bs=3 count=1 iflag=fullblock 2>/dev/null)" = abc ] || { echo "missing dd fullblock"; exit 0; }
echo ready
while read -r n verb; do
  IFS= read -r path
  tmp=
  case $verb in
    w) IFS= read -r tmp; read -r size; read -r mode; read -r owner
       if parent "$path" && true >"$tmp"; then out=$tmp; else out=/dev/null; fi
       dd of="$out" bs="$size" count=1 iflag=fullblock && [ "$out" = "$tmp" ] && place "$path" "$tmp" "$mode" "$owner" ;;
    e) IFS= read -r tmp; read -r mode; read -r owner
       parent "$path" && true >"$tmp" && place "$path" "$tmp" "$mode" "$owner" ;;
    m) read -r mode; read -r owner
       if [ -L "$path" ] || { [ -e "$path" ] && [ ! -d "$path" ]; }; then rm -f -- "$path"; fi
       folder "$path" && own "$path" "$owner" && chmod "$mode" "$path" ;;
    l) IFS= read -r tmp; IFS= read -r link; read -r owner
       parent "$path" && rm -f -- "$tmp" && ln -s -- "$link" "$tmp" && own "$tmp" "$owner" && clear "$path" && mv -f -- "$tmp" "$path" ;;
    d) rm -rf -- "$path" || [ ! -e "$path" ] ;;
    t) [ ! -d "$path" ] || [ -L "$path" ] || { echo "$path is a directory"; false; } ;;
    b) batch "$(dd bs="$path" count=1 iflag=fullblock 2>/dev/null)" ;;
    *) exit 0 ;;
  esac && echo "$n ok" || { [ -z "$tmp" ] || rm -f -- "$tmp" 2>/dev/null; echo "$n no"; }
done
`;
