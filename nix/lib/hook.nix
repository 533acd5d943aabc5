# The hook that a dev shell runs whenever it is entered.
#
# It is the same for `nix develop`, `nix develop -c`, `nix-shell`, direnv's `use flake` and nix-direnv's cached copy of it, with errexit, nounset,
# pipefail or xtrace set. It leaves nothing behind but the variables, shows no value, and ends the shell with `exit` when it refuses:
# `return`, or a command that fails, would let the shell go on.
let
  inherit (builtins)
    attrNames
    concatMap
    concatStringsSep
    filter
    replaceStrings
    ;

  quote = text: "'" + replaceStrings [ "'" ] [ "'\\''" ] (toString text) + "'";
  lines = indent: list: concatStringsSep "" (map (line: "${indent}${line}\n") list);

  isRequired = declared: declared.required or (!(declared ? default));
in
{
  # { name, command, contract, contractFile, onFailure, skipVariable } -> bash
  hookOf =
    {
      name,
      command,
      contract,
      contractFile,
      onFailure,
      skipVariable,
    }:
    let
      # Names were checked, so they stand without quotes.
      both = contract.variables // contract.files;
      declared = attrNames both;
      required = filter (variable: isRequired both.${variable}) declared;
      environments = concatStringsSep ", " contract.environments;
      say = text: "printf '%s\\n' ${quote "esc-shell: ${text}"} >&2";
      clear = if declared == [ ] then [ ] else [ "unset -v ${concatStringsSep " " declared}" ];
      look = concatMap (variable: [
        "[ -n \"\${${variable}:-}\" ] || __esc_missing=\"$__esc_missing ${variable}\""
      ]) required;
      without = "without ${if declared == [ ] then "them" else concatStringsSep ", " declared}";
      refuse =
        if onFailure == "exit" then
          [
            (say "the dev shell ${name} is refused; to enter it ${without}: ${skipVariable}=1")
            "exit \"$__esc_status\""
          ]
        else
          [ (say "the dev shell ${name} is entered ${without} (onFailure is warn)") ];
    in
    ''
      # esc-shell: ${name}
      __esc_shell_enter() {
        local __esc_text="" __esc_line="" __esc_why="" __esc_missing="" __esc_status=6 __esc_format=bash
        if [ -n "''${${skipVariable}:-}" ]; then
          ${say "${skipVariable} is set: ${environments} is not loaded, ${without}"}
          return 0
        fi
        # Under direnv, whatever is read is watched, too.
        if [ "''${DIRENV_IN_ENVRC:-}" = 1 ] && declare -F watch_file >/dev/null; then
          __esc_format=direnv
        fi
        # What the shell is to read is left to it: standard input is somebody else's.
        if __esc_text="$(${quote command} export --format "$__esc_format" --contract ${quote contractFile} </dev/null)"; then
          # A text that was cut has another last line, and must not be evaluated.
          __esc_line="''${__esc_text##*$'\n'}"
          case ''${__esc_line#"export ESC_SHELL_ENVIRONMENT='"} in
            "$__esc_line" | *[\'\\]*"'") __esc_line="" ;;
            ?*"'") ;;
            *) __esc_line="" ;;
          esac
          if [ -z "$__esc_line" ]; then
            __esc_why=${quote "not all of ${environments} was written"}
          else
            # What was there before must not pass for what was loaded.
      ${lines "      " clear}      eval "$__esc_text" || __esc_why="what was to be exported can't be evaluated"
            # Looked at once more, so that a program that says too little lets nobody in.
      ${lines "      " look}      [ -z "$__esc_missing" ] || __esc_why="required but missing or empty:$__esc_missing"
          fi
        else
          __esc_status=$?
          __esc_why=${quote "could not load ${environments}"}
        fi
        if [ -n "$__esc_why" ]; then
      ${lines "    " clear}    printf 'esc-shell: %s\n' "$__esc_why" >&2
          [ -n "''${HOME:-}" ] || ${say "HOME is not set, where credentials are looked for; with nix develop -i, add --keep HOME"}
      ${lines "    " refuse}  fi
        return 0
      }
      # A trace would show values.
      case $- in
        *v*x*) { set +xv; } 2>/dev/null && __esc_shell_enter && unset -f __esc_shell_enter && set -xv ;;
        *x*) { set +x; } 2>/dev/null && __esc_shell_enter && unset -f __esc_shell_enter && set -x ;;
        *v*) { set +v; } 2>/dev/null && __esc_shell_enter && unset -f __esc_shell_enter && set -v ;;
        *) __esc_shell_enter && unset -f __esc_shell_enter ;;
      esac
    '';
}
