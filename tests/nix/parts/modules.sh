# shellcheck shell=bash
# `nix flake check` of a consumer, the other modules, the templates.

flake_of '
      esc-shell.shells.default = { environment = "p/dev"; variables.API_TOKEN.minLength = 8; };
      esc-shell.shells.cloud = { environment = [ "p/dev" "other/elsewhere" ]; variables.ABSENT = { }; };
' >flake.nix
git add -A
run nix flake check
is "flake check" "$rc" 0
hasnt "flake check warns of nothing" "$err" plaintext

# shellcheck disable=SC2016
flake_of 'esc-shell.definitions = null; esc-shell.shells.default = { environment = "p/dev"; variables.ABSENT = { }; };' >null.nix
mkdir "$work/names" && mv null.nix "$work/names/flake.nix"
run nix flake check "path:$work/names"
is "flake check, names only" "$rc" 0

cp esc/dev.yaml dev.yaml.good
# shellcheck disable=SC2016
printf 'values:\n  environmentVariables:\n    API_TOKEN: {fn::secret: plain}\n    OTHER: ${nothing}\n' >esc/dev.yaml
git add -A
run nix flake check -L
fails "flake check, unknown reference"
has "flake check names the reference" "$err" "nothing"
has "flake check warns of plaintext" "$err" "esc/dev.yaml: a plaintext fn::secret"
run "$program" --diagnostics short check p/dev
has "check warns of plaintext" "$err" "esc/dev.yaml:3:17: warning[plaintext-in-flake]: a plaintext"
printf 'values:\n  environmentVariables:\n    OTHER: other\n' >esc/dev.yaml
git add -A
run nix flake check -L
fails "flake check, a variable that nothing provides"
has "flake check names the variable" "$err" "API_TOKEN"
mv dev.yaml.good esc/dev.yaml
git add -A

# devshell, devenv and home-manager, each against what it needs of them.
run nix eval --json --impure --expr "import $repo/tests/nix/modules.nix { esc = $source; system = \"$system\"; }"
is "devshell, devenv and home-manager" "$out" '[]'

for template in "$repo"/templates/{flake-parts,plain}; do
  copy="$work/template"
  rm -rf "$copy" && mkdir "$copy" && cp -r "$template/." "$copy" && cd "$copy"
  git init -q . && git add -A
  inputs=(--override-input nixpkgs "path:$repo/tests/nix/stub-nixpkgs" --override-input esc-shell "path:$work/esc-shell-built" --no-write-lock-file)
  [[ $template != *flake-parts ]] || inputs+=(--override-input flake-parts "path:$repo/tests/nix/stub-flake-parts")
  # As the flake is, but with the program that is tested as its package.
  if [[ ! -d $work/esc-shell-built ]]; then
    cp -r "$source" "$work/esc-shell-built"
    echo '{ writeShellScriptBin }: writeShellScriptBin "esc-shell" "exec '"$program"' \"$@\""' >"$work/esc-shell-built/nix/package.nix"
  fi
  run nix --offline flake check "${inputs[@]}"
  is "template ${template##*/}: check" "$rc" 0
  # shellcheck disable=SC2016
  MY_API_TOKEN=mine run nix --offline develop "${inputs[@]}" -c sh -c 'echo "$API_URL $API_TOKEN"'
  is "template ${template##*/}: develop" "$rc:$out" "0:http://localhost:8080 mine"
  run git -C "$copy" status --porcelain --ignored
  is "template ${template##*/}: nothing else appears" "$(grep -v '^A ' <<<"$out")" ""
done
cd "$project"
