# shellcheck shell=bash
# esc-shell for direnv: `use esc`, `use esc_flake` and `esc_require`.
# Library version: 1
#
# `esc-shell direnv install` puts this file into ~/.config/direnv/lib. It works in every bash that direnv takes (3.2 and
# later), with or without strict_env.
#
# A failure ends the .envrc with `exit`: direnv drops what was exported so far only when .envrc exits non-zero, and nothing
# but `exit` makes it do so. `return 1` would be ignored, because neither `use` nor direnv looks at a status.

# Usage: use esc [--optional] [options of `esc-shell export`] [ENV ...]
#
# Opens the environments, checks them, and exports their variables: all of them or none. Without ENV it is ESC_ENV, or
# `environment` of esc-shell.yaml. Every file that was read is watched. With --optional a failure is told, and loading
# goes on without the variables.
#
# ESC_SHELL_SKIP=1 loads nothing; ESC_SHELL_BIN names the program to call instead of `esc-shell`.
use_esc() {
  # A trace would show values.
  case $- in
    *x*)
      { set +x; } 2>/dev/null
      use_esc "$@"
      set -x
      return 0
      ;;
    *v*)
      { set +v; } 2>/dev/null
      use_esc "$@"
      set -v
      return 0
      ;;
  esac
  if _esc_shell_fetch "$@"; then
    # No local name may stand in the way of an exported one, so the text is kept as an argument.
    set -- "$__esc_text"
    unset -v __esc_text
    eval "$1" || _esc_shell_refuse "what was to be exported can't be evaluated"
  fi
}

# Usage: use esc_flake [installable] [options of `nix print-dev-env`]
#
# `use flake` that refuses when the dev shell does not evaluate, instead of going on with an old one (nix-direnv) or
# with none (direnv).
use_esc_flake() {
  if has nix_direnv_disallow_fallback; then
    nix_direnv_disallow_fallback
  fi
  unset -v IN_NIX_SHELL NIX_DIRENV_DID_FALLBACK
  if ! use_flake "$@" || [ -z "${IN_NIX_SHELL:-}" ] || [ -n "${NIX_DIRENV_DID_FALLBACK:-}" ]; then
    if has nix_direnv_version; then
      # nix-direnv hides what Nix says: ask again for it.
      nix --extra-experimental-features 'nix-command flakes' print-dev-env "$@" >/dev/null || true
    fi
    _esc_shell_refuse "the dev shell ${1:-.} did not load"
  fi
}

# Usage: esc_require NAME ...
#
# Refuses the whole .envrc when one of the variables is missing or empty, wherever it was meant to come from.
esc_require() {
  case $- in
    *x*)
      { set +x; } 2>/dev/null
      esc_require "$@"
      set -x
      return 0
      ;;
  esac
  local __esc_name __esc_bad=""
  for __esc_name in "$@"; do
    case $__esc_name in
      "" | [0-9]* | *[!A-Za-z0-9_]*) _esc_shell_refuse "esc_require: \`$__esc_name\` is not a valid variable name" ;;
    esac
    [ -n "${!__esc_name:-}" ] || __esc_bad="$__esc_bad $__esc_name"
  done
  [ -z "$__esc_bad" ] || _esc_shell_refuse "required but missing or empty:$__esc_bad"
}

# Puts what is to be evaluated into __esc_text; fails when there is nothing to evaluate and .envrc is to go on.
_esc_shell_fetch() {
  local __esc_program="${ESC_SHELL_BIN:-esc-shell}" __esc_optional="" __esc_status=0 __esc_why=""
  if [ "${1:-}" = --optional ]; then
    __esc_optional=1
    shift
  fi
  local __esc_what="${*:-${ESC_ENV:-the default environment}}"
  if [ -n "${ESC_SHELL_SKIP:-}" ]; then
    _esc_shell_say "ESC_SHELL_SKIP is set: $__esc_what is not loaded"
    return 1
  fi
  if ! type -P "$__esc_program" >/dev/null; then
    __esc_why="$__esc_program is not in PATH, so $__esc_what can't be loaded"
  else
    # The status survives in a plain assignment only: `local` or `eval "$(...)"` would hide it. No here-document and no
    # file: the text passes through one pipe. Nothing is asked, since there is nobody to answer.
    __esc_text="$(
      [ -z "${ESC_ENV:-}" ] || export ESC_ENV
      exec "$__esc_program" export --format direnv --library 1 "$@" </dev/null
    )" || __esc_status=$?
    if [ "$__esc_status" != 0 ]; then
      __esc_why="could not load $__esc_what (exit code $__esc_status)"
    elif ! _esc_shell_is_whole "$__esc_text"; then
      __esc_why="not all of $__esc_what was written"
    fi
  fi
  [ -n "$__esc_why" ] || return 0
  unset -v __esc_text
  [ -n "$__esc_optional" ] || _esc_shell_refuse "$__esc_why"
  _esc_shell_say "$__esc_why"
  _esc_shell_say "it is optional, so loading goes on; to try again, run: direnv reload"
  return 1
}

# The last line of a whole text sets ESC_SHELL_ENVIRONMENT. Text that was cut may still be right for bash: after the word
# `export`, for example, which would print every exported variable. The last line has neither quotes nor backslashes
# within, so no piece of a quoted value looks like it.
_esc_shell_is_whole() {
  local __esc_end="$1"
  [ "${#__esc_end}" -le 4096 ] || __esc_end="${__esc_end: -4096}"
  __esc_end="${__esc_end##*$'\n'}"
  case ${__esc_end#"export ESC_SHELL_ENVIRONMENT='"} in
    "$__esc_end" | *[\'\\]*"'") return 1 ;;
    ?*"'") return 0 ;;
    *) return 1 ;;
  esac
}

_esc_shell_say() {
  printf 'esc-shell: %s\n' "$1" >&2
}

_esc_shell_refuse() {
  _esc_shell_say "$1"
  _esc_shell_say "nothing was exported; when it is mended, run: direnv reload"
  exit 1
}
