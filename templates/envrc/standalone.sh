# Loads every variable or none: direnv drops what was exported so far only when .envrc ends with `exit`.
__esc_flags=$-
{ set +xv; } 2>/dev/null # a trace would show values
__esc_refuse() {
  log_error "esc-shell: $1"
  log_error "esc-shell: nothing was exported; when it is mended, run: direnv reload"
  exit 1
}
if [ -n "${ESC_SHELL_SKIP:-}" ]; then
  log_error "esc-shell: ESC_SHELL_SKIP is set: no environment is loaded"
else
  has "${ESC_SHELL_BIN:-esc-shell}" || __esc_refuse "${ESC_SHELL_BIN:-esc-shell} is not in PATH"
  __esc_text="$(
    [ -z "${ESC_ENV:-}" ] || export ESC_ENV
    exec "${ESC_SHELL_BIN:-esc-shell}" export --format direnv {{ arguments }} </dev/null
  )" || __esc_refuse "could not load the environment (exit code $?)"
  # Text that was cut has another last line, and must not be evaluated.
  __esc_line="${__esc_text##*$'\n'}"
  case ${__esc_line#"export ESC_SHELL_ENVIRONMENT='"} in
    "$__esc_line" | *[\'\\]*"'") __esc_line="" ;;
    ?*"'") ;;
    *) __esc_line="" ;;
  esac
  [ -n "$__esc_line" ] || __esc_refuse "not all of the environment was written"
  eval "$__esc_text" || __esc_refuse "what was to be exported can't be evaluated"
fi
case $__esc_flags in *v*) set -v ;; esac
case $__esc_flags in *x*) set -x ;; esac
unset -v __esc_flags __esc_text __esc_line
unset -f __esc_refuse
