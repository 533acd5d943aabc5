#!/usr/bin/env bash
# End-to-end checks of flake.nix, nix/ and lib-direnv/ with real Nix, real direnv and the real program; prints "N passed, N failed".
#
#   tests/nix/run.sh PROGRAM
#
# No network, no root and no /nix: the store is in a temporary folder, nixpkgs and flake-parts are stand-ins. Checkouts of the real ones run too when
# ESC_SHELL_TEST_FLAKE_PARTS and ESC_SHELL_TEST_NIXPKGS_LIB name them, and the real nix-direnv when ESC_SHELL_TEST_NIX_DIRENV does.
set -euo pipefail
repo="$(cd "$(dirname "$0")/../.." && pwd)"
program="$(realpath "${1:?the program to test, such as target/debug/esc-shell}")"
work="$(mktemp -d)"
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
flake_parts="${ESC_SHELL_TEST_FLAKE_PARTS:-}" nixpkgs_lib="${ESC_SHELL_TEST_NIXPKGS_LIB:-}" nix_direnv="${ESC_SHELL_TEST_NIX_DIRENV:-}"
for v in ${!DIRENV_@} ${!NIX_@} ${!XDG_@} ${!ESC_@} ${!GIT_@}; do unset "$v"; done
export HOME="$work/home" TMPDIR="$work/tmp" XDG_RUNTIME_DIR="$work/run" NIX_STORE_DIR="$work/nix/store" NIX_STATE_DIR="$work/nix/var" NIX_LOG_DIR="$work/nix/log" NIX_CONF_DIR="$work/nix/etc"
mkdir -p "$HOME/.config/direnv/lib" "$TMPDIR" "$NIX_STORE_DIR" "$NIX_CONF_DIR" "$work/bin"
mkdir -m 700 "$XDG_RUNTIME_DIR"
export NIX_CONFIG="experimental-features = nix-command flakes
sandbox = false
build-users-group =
substituters =
flake-registry =
warn-dirty = false"

passed=0 failed=0
is() { # what got want
  if [[ $2 == "$3" ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAIL %s\n  got:  %s\n  want: %s\n' "$1" "$2" "$3"
    [[ ! -s $work/err ]] || sed 's/^/  | /' "$work/err"
  fi
}
has() { # what text part
  if [[ $2 == *"$3"* ]]; then is "$1" "" ""; else is "$1" "$2" "...$3..."; fi
}
lacks() { # program
  if [[ ${CI:-} == true ]]; then is "$1 is installed" no yes; else echo "skipped: $1 is not installed"; fi
}
hasnt() { # what text part
  if [[ $2 == *"$3"* ]]; then is "$1" "$2" "nothing of $3"; else is "$1" "" ""; fi
}
fails() { # what
  if [[ $rc == 0 ]]; then is "$1" "status 0" "another one"; else is "$1" "" ""; fi
}
run() { # sets out, err, rc
  rc=0
  out="$("$@" 2>"$work/err")" || rc=$?
  err="$(<"$work/err")"
}

. "$repo/tests/nix/parts/static.sh"
. "$repo/tests/nix/parts/consumer.sh"
. "$repo/tests/nix/parts/shells.sh"
. "$repo/tests/nix/parts/direnv.sh"
. "$repo/tests/nix/parts/modules.sh"
. "$repo/tests/nix/parts/real.sh"

# Whatever ran: the secret is nowhere but in the file that the definition reads.
rm -f "$work/err"
is "no copy of the secret on disk" "$(grep -rlsF "$canary" "$work" | grep -vxF "$token" || true)" ""

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
