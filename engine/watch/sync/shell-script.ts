/**
 * The program that a kept-open shell in the container runs: reads requests from its standard input and answers
 * each with one line. Plain POSIX sh plus dd (fullblock), mv, mkdir, chmod, chown, ln and rm.
 *
 * A request is a line `<number> <verb>` followed by the verb's own lines, and for `w` by exactly `size` bytes:
 *   w path tmp size mode owner   write a file: into `tmp` beside it, then renamed
 *   e path tmp mode owner        an empty file, the same way
 *   m path mode owner            a directory
 *   l path tmp link              a symbolic link
 *   d path                       remove, with everything below
 *   t path                       no unless a file may be put there: it is no directory
 * An answer is a line `<number> ok`, or `<number> no` after lines with the tools' own messages.
 * `owner` is `uid:gid`, or `-` to leave it to the user that the shell runs as. End of input ends the shell.
 *
 * `true >file` and not `: >file`: a redirection that fails ends the whole shell when the command is a special one.
 */
export const SHELL_SCRIPT = `
exec 2>&1
umask 0
clear() { if [ -d "$1" ]; then if [ -L "$1" ]; then rm -f -- "$1"; else rm -rf -- "$1"; fi; fi; }
parent() { case $1 in */*) p=\${1%/*}; [ -z "$p" ] || [ -d "$p" ] || (umask 022; mkdir -p -- "$p") ;; esac; }
own() { [ "$2" = - ] || chown -h "$2" "$1"; }
place() { chmod "$3" "$2" && own "$2" "$4" && clear "$1" && mv -f -- "$2" "$1"; }
for tool in dd mv mkdir chmod rm ln; do command -v $tool >/dev/null 2>&1 || { echo "missing $tool"; exit 0; }; done
[ "$(printf abc | dd bs=3 count=1 iflag=fullblock 2>/dev/null)" = abc ] || { echo "missing dd fullblock"; exit 0; }
echo ready
while read -r n verb; do
  IFS= read -r path
  tmp=
  case $verb in
    w) IFS= read -r tmp; read -r size; read -r mode; read -r owner
       if parent "$path" && true >"$tmp"; then out=$tmp; else out=/dev/null; fi
       dd of="$out" bs="$size" count=1 iflag=fullblock 2>/dev/null && [ "$out" = "$tmp" ] && place "$path" "$tmp" "$mode" "$owner" ;;
    e) IFS= read -r tmp; read -r mode; read -r owner
       parent "$path" && true >"$tmp" && place "$path" "$tmp" "$mode" "$owner" ;;
    m) read -r mode; read -r owner
       if [ -L "$path" ] || { [ -e "$path" ] && [ ! -d "$path" ]; }; then rm -f -- "$path"; fi
       { [ -d "$path" ] || mkdir -p -- "$path"; } && chmod "$mode" "$path" && own "$path" "$owner" ;;
    l) IFS= read -r tmp; IFS= read -r link; read -r owner
       parent "$path" && rm -f -- "$tmp" && ln -s -- "$link" "$tmp" && own "$tmp" "$owner" && clear "$path" && mv -f -- "$tmp" "$path" ;;
    d) rm -rf -- "$path" || [ ! -e "$path" ] ;;
    t) [ ! -d "$path" ] || [ -L "$path" ] || { echo "$path is a directory"; false; } ;;
    *) exit 0 ;;
  esac && echo "$n ok" || { [ -z "$tmp" ] || rm -f -- "$tmp"; echo "$n no"; }
done
`;
