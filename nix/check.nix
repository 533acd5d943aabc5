# What `nix flake check` builds: every contract against the local definitions, without a network and without any value.
#
# An environment without a local file, or of a git revision, is known by its name only: it is listed, and what the contract requires may be its.
{
  pkgs,
  esc,
  package,
  shells,
  definitions,
}:
let
  inherit (builtins)
    attrNames
    concatStringsSep
    foldl'
    map
    trace
    ;
  quote = text: "'" + builtins.replaceStrings [ "'" ] [ "'\\''" ] text + "'";
  environmentsOf =
    shell:
    map quote (if builtins.isList shell.environment then shell.environment else [ shell.environment ]);

  call =
    name: shell:
    "contract ${quote name} ${shell.contractFile} ${concatStringsSep " " (environmentsOf shell)}";
  calls = concatStringsSep "\n" (map (name: call name shells.${name}) (attrNames shells));

  check = pkgs.runCommand "esc-shell-contract" { } ''
    export HOME=$PWD
    failed=
    esc() {
      ${package}/bin/esc-shell ${
        if definitions == null then "" else "-C ${definitions}"
      } --source local --offline "$@"
    }
    # contract SHELL FILE ENVIRONMENT...
    contract() {
      local shell=$1 file=$2 environment elsewhere= said status
      shift 2
      for environment; do
        status=0
        said=$(esc --quiet check "$environment" 2>&1) || status=$?
        case $status in
          0) ;;
          # Not here, or an import of it is not.
          4) elsewhere="$elsewhere $environment" ;;
          *) printf '%s\n' "$said" && failed="$failed $shell" ;;
        esac
      done
      if [ -n "$elsewhere" ]; then
        echo "$shell: known by name only:$elsewhere"
      else
        echo "$shell: $*"
        esc check "$@" --contract "$file" || failed="$failed $shell"
      fi
    }
    ${if definitions == null then "" else calls}
    if [ -n "$failed" ]; then
      echo "esc-shell: contracts fail:$failed" >&2
      exit 1
    fi
    echo ok > $out
  '';

  warning =
    file:
    "esc-shell: warning: ${file}: a plaintext fn::secret of a tracked file is copied to the world-readable Nix store; read it through a provider instead";
in
foldl' (rest: file: trace (warning file) rest) check (
  if definitions == null then [ ] else esc.plaintextSecrets definitions
)
