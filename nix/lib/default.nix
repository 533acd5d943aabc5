# Everything that decides what goes into a shell: builtins only, no nixpkgs and no derivation of its own, so that `nix eval` alone can test it.
#
# spec: { environment, variables ? { }, files ? { }, rules ? [ ], … } with the keys of a contract in camelCase
#   -> problemsOf: what is wrong with it, all of it
#   -> contractOf: what the program reads; names, types and rules, never a value
#   -> mkShellEntry: the contract in the store, and the hook that a shell runs
let
  names = import ./names.nix;
  keys = import ./keys.nix;
  inherit (import ./problems.nix) problemsOf;
  inherit (import ./hook.nix) hookOf;

  # Keys that say how a shell is entered, beside those of the contract.
  defaults = {
    name = "default";
    command = "esc-shell";
    onFailure = "exit";
    skipVariable = "ESC_SHELL_SKIP";
  };

  environmentsOf =
    spec: if builtins.isList spec.environment then spec.environment else [ spec.environment ];

  contractOf =
    spec:
    let
      problems = problemsOf spec;
      list = builtins.concatStringsSep "\n" (map (problem: "  - ${problem}") problems);
    in
    if problems != [ ] then
      throw "esc-shell: ${spec.name or defaults.name}: invalid contract\n${list}"
    else
      {
        version = 1;
        environments = environmentsOf spec;
        variables = builtins.mapAttrs (_: keys.toContract) (spec.variables or { });
        files = builtins.mapAttrs (_: keys.toContract) (spec.files or { });
        rules = map keys.toContract (spec.rules or [ ]);
        undeclared = if spec.exportUndeclared or false then "export" else "drop";
      };

  # spec -> { contract, contractFile, shellHook }
  mkShellEntry =
    spec:
    let
      contract = contractOf spec;
      contractFile = builtins.toFile "esc-shell-contract.json" (builtins.toJSON contract);
    in
    {
      inherit contract contractFile;
      shellHook = hookOf (
        defaults // builtins.intersectAttrs defaults spec // { inherit contract contractFile; }
      );
    };

  # Puts the hook in front of the shellHook of any dev shell; a name that the shell sets itself is a problem, too.
  wrapDevShell =
    spec: shell:
    let
      entry = mkShellEntry (spec // { plainEnv = builtins.attrNames (shell.drvAttrs or { }); });
      hook = old: entry.shellHook + "\n" + old;
    in
    if shell ? overrideAttrs then
      shell.overrideAttrs (old: {
        shellHook = hook (old.shellHook or "");
      })
    else
      # A bare derivation, such as numtide/devshell's.
      shell // derivation (shell.drvAttrs // { shellHook = hook (shell.drvAttrs.shellHook or ""); });

  # For a flake without modules: withEnvironment { inherit pkgs; environment = …; variables = …; } (pkgs.mkShell { … })
  withEnvironment =
    {
      pkgs,
      package ? pkgs.callPackage ../package.nix { },
      ...
    }@spec:
    wrapDevShell (
      builtins.removeAttrs spec [
        "pkgs"
        "package"
      ]
      // {
        command = "${package}/bin/esc-shell";
      }
    );
in
{
  inherit
    contractOf
    mkShellEntry
    problemsOf
    withEnvironment
    wrapDevShell
    ;
  inherit (names) isReserved validName validReference;
  inherit (keys)
    types
    typeNames
    variableKeys
    ruleKeys
    ;
  plaintextSecrets = import ./plaintext.nix;
}
