# The module for home-manager: the program, and the library where direnv looks for it.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.programs.esc-shell;
in
{
  options.programs.esc-shell = {
    enable = lib.mkEnableOption "esc-shell and its library for direnv";
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.callPackage ./package.nix { };
      defaultText = lib.literalExpression "pkgs.callPackage ./nix/package.nix { }";
      example = lib.literalExpression "pkgs.esc-shell";
      description = "The esc-shell to install.";
    };
    enableDirenvIntegration = lib.mkOption {
      type = lib.types.bool;
      default = true;
      example = false;
      description = "Install `use esc` for direnv.";
    };
  };
  config = lib.mkIf cfg.enable {
    home.packages = [ cfg.package ];
    # The package's own, so that library and program go together.
    xdg.configFile = lib.mkIf cfg.enableDirenvIntegration {
      "direnv/lib/esc-shell.sh".source = "${cfg.package}/share/esc-shell/direnv.sh";
    };
  };
}
