# The module for devenv.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  esc = import ./lib;
  shared = import ./modules/options.nix { inherit lib; };
  cfg = config.esc-shell;
  entry = esc.mkShellEntry (shared.specOf config.name cfg);
in
{
  options.esc-shell = {
    enable = lib.mkEnableOption "an environment of Pulumi ESC on entry";
  }
  // shared.shell {
    package = pkgs.callPackage ./package.nix { };
    packageText = "pkgs.callPackage ./nix/package.nix { }";
  };
  config = lib.mkIf cfg.enable {
    esc-shell = { inherit (entry) contractFile shellHook; };
    # First, so that the user's own enterShell finds the variables.
    enterShell = lib.mkBefore entry.shellHook;
  };
}
