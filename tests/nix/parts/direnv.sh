# shellcheck shell=bash
# direnv's own `use flake` and nix-direnv's cached one, and `use esc_flake` on top of both.

"$program" direnv install 2>/dev/null
flavours=(plain cached)
[[ -z $nix_direnv ]] || flavours+=(real)
for flavour in "${flavours[@]}"; do
  rm -f "$HOME/.config/direnv/lib/nix-direnv.sh"
  case $flavour in
    cached) cp "$repo/tests/nix/fake-nix-direnv.sh" "$HOME/.config/direnv/lib/nix-direnv.sh" ;;
    real) cp "$nix_direnv/direnvrc" "$HOME/.config/direnv/lib/nix-direnv.sh" ;;
    *) ;;
  esac
  for use in "use flake" "use esc_flake"; do
    rm -rf .direnv
    echo "$use" >.envrc
    direnv allow
    for again in "" ", again"; do
      run direnv exec . sh -c "$probe"
      is "$flavour, $use$again" "$rc:$out" "0:token public own 8080 "
    done
    mv "$token" "$token.away"
    run direnv exec . sh -c "$probe"
    is "$flavour, $use, provider fails" "$rc:$out" "1:"
    run direnv export json
    hasnt "$flavour, $use, provider fails: nothing partial" "$out" PLAIN
    mv "$token.away" "$token"
    for fake in cut quote less partial; do
      FAKE=$fake run direnv exec . sh -c "$probe"
      is "$flavour, $use, output $fake" "$rc:$out" "1:"
    done
    ESC_SHELL_SKIP=1 run direnv exec . sh -c "$probe"
    is "$flavour, $use, skipped" "$rc:$out" "0: public own  "
  done
  # A contract that is wrong must not leave yesterday's shell in place.
  cp flake.nix good.nix
  sed 's/variables.API_TOKEN.minLength = 8;/variables."1BAD" = { };/' good.nix >flake.nix
  touch -d 2031-01-01 flake.nix
  run direnv exec . sh -c "$probe"
  is "$flavour, use esc_flake, invalid contract" "$rc:$out" "1:"
  has "$flavour: the reason is told" "$err" "not a valid environment variable name"
  mv good.nix flake.nix
done

# What the hook has read is watched.
rm -f "$HOME/.config/direnv/lib/nix-direnv.sh"
echo "use flake" >.envrc
direnv allow
# shellcheck disable=SC2016
run bash --norc -c 'eval "$(direnv hook bash)"; touch -d 2020-01-01 .envrc flake.nix esc/dev.yaml
  _direnv_hook; sed -i "s/OTHER: other/PORT: 9090/" esc/dev.yaml; touch -d 2031-01-01 esc/dev.yaml; _direnv_hook; echo "$PORT"'
is "a definition that the hook read is watched" "$out" "9090"
git checkout -q esc/dev.yaml

echo 'use esc p/dev' >.envrc
direnv allow
PATH="$work/bin:$PATH" run direnv exec . sh -c "$probe"
is "use esc" "$rc:$out" "0:token    other"
rm -rf .envrc .direnv
