# shellcheck shell=bash
# `nix develop`, `nix develop -c`, `nix-shell` and `print-dev-env`: every placement of the hook, every way that it can go.

hook="$(nix eval --raw ".#devShells.$system.default.shellHook")"
if command -v shellcheck >/dev/null; then
  run shellcheck --norc --shell=bash - <<<"$hook"
  is "shellcheck of the hook" "$out" ""
else
  lacks shellcheck
fi

run nix develop -c sh -c "$probe"
is "develop -c" "$rc:$out" "0:token public own 8080 "
run nix develop .#everything -c sh -c "$probe"
is "develop -c, undeclared too" "$rc:$out" "0:token    other"
run nix develop .#byHand -c sh -c "$probe"
is "develop -c, hook by hand" "$rc:$out" "0:token    "
# shellcheck disable=SC2016
run nix develop .#files -c sh -c 'cat "$TLS_CERT"'
is "develop -c, a file" "$rc:$out" "0:certificate"
run nix develop .#strict -c sh -c "$probe"
is "develop -c, contract violated" "$rc:$out" "6:"
has "every violation is told: type" "$err" "API_TOKEN"
has "every violation is told: missing" "$err" "ABSENT"
has "the remedy is told" "$err" "ask #platform"
has "the way around is told" "$err" "ESC_SHELL_SKIP=1"
run nix develop .#warn -c sh -c "$probe"
is "develop -c, only a warning" "$rc:$out" "0:    "
has "a warning is told" "$err" "onFailure is warn"

mv "$token" "$token.away"
run nix develop -c sh -c "$probe"
is "develop -c, provider fails" "$rc:$out" "5:"
has "why it failed" "$err" "esc/dev.yaml"
ESC_SHELL_SKIP=1 run nix develop -c sh -c "$probe"
is "develop -c, skipped" "$rc:$out" "0: public own  "
has "skipping is loud" "$err" "ESC_SHELL_SKIP is set: p/dev is not loaded, without API_TOKEN, PORT"
mv "$token.away" "$token"

for fake in cut quote less partial; do
  FAKE=$fake run nix develop -c sh -c "$probe"
  is "develop -c, output $fake" "$out" ""
  fails "develop -c, output $fake: status"
done
FAKE=hungry run nix develop -c cat <<<"mine"
is "input is left alone" "$out" "mine"
is "nothing was eaten" "$(<"$work/eaten")" ""

# At a prompt: on a terminal of its own, which nobody may be left waiting at.
# shellcheck disable=SC2016
run timeout 60 script -qec "nix develop" /dev/null < <(printf 'echo "<${API_TOKEN:+token}>"\nexit\n')
has "develop, at a prompt" "$out" "<token>"
run timeout 60 script -qec "nix develop .#strict" /dev/null </dev/null
is "develop, at a prompt, refused" "$rc" 6

# The text of a shell, as print-dev-env gives it to direnv and to whoever sources it.
nix print-dev-env >"$work/env.sh"
nix print-dev-env .#strict >"$work/strict.sh"
run bash --norc -c ". '$work/env.sh'; $probe"
is "sourced" "$rc:$out" "0:token public own 8080 "
run bash --norc -c ". '$work/strict.sh'; echo reached"
is "sourced, refused" "$rc:$out" "6:"
run bash --norc -ic ". '$work/strict.sh'; echo reached"
is "sourced by somebody at a prompt, refused" "$rc:$out" "6:"
run nix-shell --run "$probe" -E "(builtins.getFlake \"path:$project\").devShells.$system.default"
is "nix-shell" "$rc:$out" "0:token public own 8080 "
run nix-shell --run "echo reached" -E "(builtins.getFlake \"path:$project\").devShells.$system.strict"
is "nix-shell, refused" "$rc:$out" "6:"
run nix develop -i --keep TMPDIR -c /bin/sh -c "$probe"
has "without HOME" "$rc:$out:$err" "0:token"

# The hook alone, under every set of options: what it prints of a value is nothing, what it leaves are variables.
hostile="a'b \"c\" \$(touch $work/pwned) \`touch $work/pwned\` \\ ; # end
second	line ünï"
leave='(set -o posix; set | grep -vE "^(_|BASH_.*|LINENO|PIPESTATUS|FUNCNAME|SHLVL)="); declare -F; shopt; set +o; trap'
printf '%s\n' "$hook" >"$work/hook.sh"
for options in "" "-e" "-u" "-eu -o pipefail" "-x" "-v" "-xv" "-eux"; do
  for state in ok hostile provider cut quote less partial skip; do
    fake="" skip="" want="token"
    printf '%s' "$canary" >"$token"
    case $state in
      hostile) printf '%s' "$hostile" >"$token" ;;
      provider) rm "$token" && want="" ;;
      cut | quote | less | partial) fake=$state want="" ;;
      skip) skip=1 want="-" ;;
      *) ;;
    esac
    # shellcheck disable=SC2016
    script='
      eval "$LEAVE" >"$TMPDIR/before"
      set '"${options:-+e}"'
      . "$ENTRY"
      { set +exuv +o pipefail; } 2>/dev/null
      eval "$LEAVE" >"$TMPDIR/after"
      diff "$TMPDIR/before" "$TMPDIR/after" | grep "^[<>]" | cut -d= -f1 | grep -v "TMPDIR" >"$TMPDIR/changed"
      printf "%s" "${API_TOKEN--}"'
    FAKE=$fake ESC_SHELL_SKIP=$skip LEAVE=$leave ENTRY="$work/hook.sh" run bash --norc -c "$script"
    case $want in
      token) is "hook, [$options], $state" "$rc:$out" "0:$(<"$token")" ;;
      -) is "hook, [$options], $state" "$rc:$out" "0:-" ;;
      *) is "hook, [$options], $state" "$((rc != 0)):$out" "1:" ;;
    esac
    hasnt "hook, [$options], $state: trace" "$err" "$(tail -n 1 "$token" 2>/dev/null || echo "$canary")"
    if [[ $want == token ]]; then
      is "hook, [$options], $state: leaves" "$(sed 's/^> //;s/^second.*//;/^$/d' "$TMPDIR/changed" | sort | tr '\n' ' ')" "API_TOKEN ESC_SHELL_ENVIRONMENT HOOK PORT "
    fi
  done
done
printf '%s' "$canary" >"$token"
rm -f "$TMPDIR"/{before,after,changed} "$work"/{env,strict,hook}.sh
is "nothing was run" "$(ls "$work/pwned" 2>/dev/null || true)" ""

# Evaluation: every problem of a shell, and no value.
# shellcheck disable=SC2016
flake_of '
      esc-shell.shells.default = {
        environment = [ "p/dev" "a/b/c/d" ];
        variables."1BAD" = { };
        variables.API_TOKEN = { requires = [ "NOPE" ]; default = "sk-literal"; };
        variables.PLAIN.type = "int";
      };
      devShells.default = pkgs.mkShell { env.PLAIN = "public"; };
' >flake.nix
run nix eval ".#devShells.$system.default.shellHook"
for problem in "default: invalid contract" "'a/b/c/d': want" "'1BAD': not a valid" "requires unknown variable 'NOPE'" "looks like a secret" "'PLAIN': is also set"; do
  has "told at evaluation" "$err" "$problem"
done
flake_of '
      esc-shell.shells.default = { environment = "p/dev"; variables.API_TOKEN = "literal"; };
' >flake.nix
run nix eval ".#devShells.$system.default.shellHook"
is "a literal is refused" "$rc" 1
flake_of "$shells" >flake.nix
