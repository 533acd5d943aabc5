# The modules for devshell, devenv and home-manager, each evaluated against what it uses of them; the names of those that are not right.
{ esc, system }:
let
  lib = import ./stub-flake-parts/lib.nix;
  inherit (lib) mkOption types;
  pkgs = import ./stub-nixpkgs { inherit system; };
  option = type: mkOption { inherit type; };
  evaluate =
    module: host: config:
    (lib.evalModules {
      modules = [
        { options = host; }
        module
        { inherit config; }
      ];
      specialArgs = { inherit pkgs; };
    }).config;
  shell = {
    enable = true;
    environment = "p/dev";
    variables.API_TOKEN.minLength = 8;
    package = pkgs.writeShellScriptBin "esc-shell" "";
  };
  contains = part: text: builtins.length (builtins.split part text) > 1;
  isHook = text: contains "--contract '/" text && contains "unset -v API_TOKEN" text;

  devshell = evaluate (esc + "/nix/devshell-module.nix") {
    devshell.name = option types.str;
    devshell.startup = option (types.attrsOf types.unspecified);
  };
  devenv = evaluate (esc + "/nix/devenv-module.nix") {
    name = option types.str;
    enterShell = option types.lines;
  };
  home = evaluate (esc + "/nix/home-manager-module.nix") {
    home.packages = option (types.listOf types.package);
    xdg.configFile = mkOption {
      type = types.attrsOf types.unspecified;
      default = { };
    };
  };
  right = {
    devshell =
      isHook
        (devshell {
          esc-shell = shell;
          devshell.name = "dev";
          devshell.startup = { };
        }).devshell.startup.esc-shell.text;
    devshellOff =
      (devshell {
        devshell.name = "dev";
        devshell.startup = { };
      }).devshell.startup == { };
    devenv =
      let
        config = devenv {
          esc-shell = shell;
          name = "dev";
          enterShell = "echo own";
        };
      in
      isHook config.enterShell
      &&
        builtins.match ".*__esc_shell_enter.*own" (
          builtins.replaceStrings [ "\n" ] [ " " ] config.enterShell
        ) != null;
    home =
      let
        config = home {
          programs.esc-shell.enable = true;
          programs.esc-shell.package = shell.package;
        };
      in
      config.home.packages == [ shell.package ]
      &&
        config.xdg.configFile."direnv/lib/esc-shell.sh".source
        == "${shell.package}/share/esc-shell/direnv.sh";
    homeWithoutDirenv =
      (home {
        programs.esc-shell = {
          enable = true;
          package = shell.package;
          enableDirenvIntegration = false;
        };
      }).xdg.configFile == { };
    refused =
      !(builtins.tryEval
        (devshell {
          esc-shell = shell // {
            environment = "a/b/c/d";
          };
          devshell.name = "dev";
          devshell.startup = { };
        }).devshell.startup.esc-shell.text
      ).success;
  };
in
builtins.filter (name: !right.${name}) (builtins.attrNames right)
