# shellcheck shell=bash
# The same consumer on checkouts of the real flake-parts and nixpkgs' lib: its contract is the same, byte by byte.

if [[ -z $flake_parts || -z $nixpkgs_lib ]]; then
  echo "skipped: the real flake-parts and nixpkgs lib (ESC_SHELL_TEST_FLAKE_PARTS, ESC_SHELL_TEST_NIXPKGS_LIB)"
else
  contract="$(nix eval --raw ".#devShells.$system.default.shellHook" | sed -n "s/.*--contract '\([^']*\)'.*/\1/p")"
  mkdir "$work/real" && cp -r "$project"/{esc,esc-shell.yaml} "$work/real/" && cd "$work/real"
  # shellcheck disable=SC2016
  flake_parts_input="$flake_parts" more_inputs="inputs.nixpkgs-lib.url = \"path:$nixpkgs_lib\"; inputs.flake-parts.inputs.nixpkgs-lib.follows = \"nixpkgs-lib\";" \
    pkgs_argument='_module.args.pkgs = inputs.nixpkgs.legacyPackages.${system};' flake_of "$shells" >flake.nix
  git init -q . && git add -A
  run nix develop -c sh -c "$probe"
  is "real flake-parts" "$rc:$out" "0:token public own 8080 "
  real="$(nix eval --raw ".#devShells.$system.default.shellHook" | sed -n "s/.*--contract '\([^']*\)'.*/\1/p")"
  is "real flake-parts: the contract" "$(<"$real")" "$(<"$contract")"
  cd "$project"
fi
