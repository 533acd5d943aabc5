# The module for flake-parts: `perSystem.esc-shell`.
{
  lib,
  flake-parts-lib,
  self,
  ...
}:
let
  inherit (lib) mkOption literalExpression types;
  esc = import ./lib;
  shared = import ./modules/options.nix { inherit lib; };
  packageText = "pkgs.callPackage ./nix/package.nix { }";

  shellModule =
    package:
    { name, config, ... }:
    {
      options =
        shared.shell {
          inherit package;
          packageText = "config.esc-shell.package";
        }
        // {
          inject = mkOption {
            type = types.bool;
            default = true;
            example = false;
            description = "Put the hook into `devShells.<name>`, whoever defines it; a shell that nobody defines is made.";
          };
        };
      config = {
        inherit (esc.mkShellEntry (shared.specOf name config)) contractFile shellHook;
      };
    };
in
{
  _file = ./flake-module.nix;
  options.perSystem = flake-parts-lib.mkPerSystemOption (
    { config, pkgs, ... }:
    let
      cfg = config.esc-shell;
    in
    {
      _file = ./flake-module.nix;
      options.esc-shell = {
        package = mkOption {
          type = types.package;
          default = pkgs.callPackage ./package.nix { };
          defaultText = literalExpression packageText;
          example = literalExpression "pkgs.esc-shell";
          description = "The esc-shell that all shells call.";
        };
        shells = mkOption {
          type = types.attrsOf (types.submodule (shellModule cfg.package));
          default = { };
          example = literalExpression ''{ default.environment = "myorg/myproject/dev"; }'';
          description = "Environments and contracts, by the name of the dev shell.";
        };
        check = mkOption {
          type = types.bool;
          default = true;
          example = false;
          description = "Add `checks.esc-shell-contract`: contracts and local definitions, without any value.";
        };
        definitions = mkOption {
          type = types.nullOr types.path;
          default = self;
          defaultText = literalExpression "self";
          example = null;
          description = "The tree with `esc-shell.yaml` and definitions that the check reads; null looks at names only.";
        };
      };
      # Merged with flake-parts' own declaration: `apply` sees the shells of every module, so any of them can be wrapped.
      options.devShells = mkOption {
        apply =
          shells:
          shells
          // builtins.mapAttrs (
            name: shell: esc.wrapDevShell (shared.specOf name shell) (shells.${name} or (pkgs.mkShell { }))
          ) (lib.filterAttrs (_: shell: shell.inject) cfg.shells);
      };
      config.checks = lib.optionalAttrs (cfg.check && cfg.shells != { }) {
        esc-shell-contract = import ./check.nix {
          inherit esc pkgs;
          inherit (cfg) definitions package shells;
        };
      };
    }
  );
}
