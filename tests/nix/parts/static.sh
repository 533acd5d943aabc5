# shellcheck shell=bash
# What needs no consumer: the files, the decisions, the lists that the program has too, our own flake.

mapfile -t nix_files < <(cd "$repo" && find flake.nix nix templates tests/nix -name '*.nix')
for file in "${nix_files[@]}"; do
  run nix-instantiate --parse "$repo/$file"
  is "$file parses" "$rc" 0
done
if command -v nixfmt >/dev/null; then
  run nixfmt --check "${nix_files[@]/#/$repo/}"
  is "nix files are formatted" "$rc" 0
else
  lacks nixfmt
fi

run nix eval --json --file "$repo/tests/nix/cases.nix" failures
is "cases" "$out" "[]"
is "types are the program's" "$("$program" contract types --json)" "$(<"$repo/nix/lib/types.json")"

# What a consumer copies to the store; package.nix looks for the sources, which are not built here.
source="$work/esc-shell"
mkdir -p "$source/src" "$source/benches" "$source/docs" "$source/tests"
cp -r "$repo"/{flake.nix,nix,lib-direnv,templates,Cargo.toml,Cargo.lock} "$source/"
cp "$repo/docs/esc-shell.schema.json" "$source/docs/"
mkdir "$source/tests/nix" && cp -r "$repo"/tests/nix/{cases.nix,plaintext} "$source/tests/nix/"
override=(--override-input nixpkgs "path:$repo/tests/nix/stub-nixpkgs" --no-write-lock-file)
run nix --offline flake check "path:$source" "${override[@]}"
is "our flake" "$rc" 0
system="$(nix eval --impure --raw --expr builtins.currentSystem)"
run nix --offline eval --raw "path:$source#packages.$system.default.evaluated" "${override[@]}"
has "package.nix installs the library" "$out" "share/esc-shell/direnv.sh"
has "package.nix installs completions" "$out" "installShellCompletion"

# The table of options in the documentation is made from the module.
run nix eval --raw --file "$repo/tests/nix/options.nix" table
is "every option is documented" "$(nix eval --json --file "$repo/tests/nix/options.nix" undocumented)" "[]"
is "docs/nix.md has the options" "$(sed -n '/^<!-- options -->$/,/^<!-- end -->$/{/^<!--/d;p}' "$repo/docs/nix.md")" "$out"

# Parts share variables, and `set -e` is on in all of them.
scripts=("$repo"/tests/nix/run.sh "$repo"/tests/nix/fake-nix-direnv.sh "$repo"/tests/nix/parts/*.sh "$repo"/templates/*/.envrc)
for linter in "shellcheck --norc --shell=bash --exclude=SC1091,SC2034,SC2154,SC2164" "shfmt -d -i 2 -ci -ln bash"; do
  if command -v "${linter%% *}" >/dev/null; then
    # shellcheck disable=SC2086
    run $linter "${scripts[@]}"
    is "${linter%% *} of the scripts" "$out" ""
  else
    lacks "${linter%% *}"
  fi
done
