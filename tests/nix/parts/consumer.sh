# shellcheck shell=bash
# A project that uses the module, with a definition whose secret comes from a file that git does not know.

canary="canary-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')"
token="$work/token"
printf '%s' "$canary" >"$token"

# The program as the shells find it: as it is, or with what goes wrong.
cat >"$work/bin/esc-shell" <<SH
#!/bin/bash
case \${FAKE-} in
  cut) '$program' "\$@" | sed '/^export API_TOKEN/{s/ .*//;q}' ;;
  quote) '$program' "\$@" | sed '/^export API_TOKEN/{s/=.*/=x/;q}'; echo "fi; export ESC_SHELL_ENVIRONMENT='p/dev@1'" ;;
  less) '$program' "\$@" | sed '/^export API_TOKEN/d' ;;
  partial) '$program' "\$@"; exit 4 ;;
  hungry) cat >"$work/eaten"; exec '$program' "\$@" ;;
  *) exec '$program' "\$@" ;;
esac
SH
chmod +x "$work/bin/esc-shell"

flake_of() { # perSystem lines
  cat <<NIX
{
  inputs.nixpkgs.url = "path:${nixpkgs_input:-$repo/tests/nix/stub-nixpkgs}";
  inputs.flake-parts.url = "path:${flake_parts_input:-$repo/tests/nix/stub-flake-parts}";
  ${more_inputs:-}
  inputs.esc-shell.url = "path:$source";
  inputs.esc-shell.inputs.nixpkgs.follows = "nixpkgs";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    systems = [ "x86_64-linux" "aarch64-linux" ];
    imports = [ inputs.esc-shell.flakeModules.default ];
    perSystem = { pkgs, config, system, ... }: {
      ${pkgs_argument:-}
      esc-shell.package = pkgs.writeShellScriptBin "esc-shell" ''exec $work/bin/esc-shell "\$@"'';
      $1
    };
  };
}
NIX
}

# shellcheck disable=SC2016
shells='
      esc-shell.shells.default = {
        environment = "p/dev";
        variables.API_TOKEN.minLength = 8;
        variables.PORT = { type = "port"; default = 8080; };
      };
      esc-shell.shells.strict = {
        environment = "p/dev";
        variables.API_TOKEN.type = "url";
        variables.ABSENT.help = "ask #platform";
      };
      esc-shell.shells.warn = {
        environment = "p/dev";
        variables.ABSENT = { };
        onFailure = "warn";
      };
      esc-shell.shells.everything = {
        environment = "p/dev";
        exportUndeclared = true;
      };
      esc-shell.shells.files = {
        environment = "p/dev";
        files.TLS_CERT.minLength = 4;
      };
      esc-shell.shells.byHand = {
        environment = "p/dev";
        variables.API_TOKEN = { };
        inject = false;
      };
      devShells.default = pkgs.mkShell { env.PLAIN = "public"; shellHook = "export HOOK=own"; };
      devShells.byHand = pkgs.mkShell { shellHook = config.esc-shell.shells.byHand.shellHook; };
'
project="$work/consumer"
mkdir -p "$project/esc" && cd "$project"
flake_of "$shells" >flake.nix
printf 'project: p\nenvironments: esc\n' >esc-shell.yaml
cat >esc/dev.yaml <<YAML
values:
  environmentVariables:
    API_TOKEN:
      fn::open::local-file: { path: $token }
    OTHER: other
  files:
    TLS_CERT: certificate
YAML
git init -q .
git add -A

# shellcheck disable=SC2016
probe='printf "%s" "${API_TOKEN:+token} ${PLAIN-} ${HOOK-} ${PORT-} ${OTHER-}"'
