{
  description = "Pulumi ESC environments in shells, direnv and Nix dev shells";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      eachSystem =
        output:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = output nixpkgs.legacyPackages.${system};
          }) systems
        );
    in
    {
      lib = import ./nix/lib;

      flakeModules.default = ./nix/flake-module.nix;
      flakeModule = self.flakeModules.default;
      devshellModules.default = ./nix/devshell-module.nix;
      devenvModules.default = ./nix/devenv-module.nix;
      homeModules.default = ./nix/home-manager-module.nix;
      homeManagerModules = self.homeModules;

      overlays.default = final: _prev: { esc-shell = final.callPackage ./nix/package.nix { }; };

      templates = {
        default = self.templates.flake-parts;
        flake-parts = {
          path = ./templates/flake-parts;
          description = "A dev shell with a Pulumi ESC environment, with flake-parts";
        };
        plain = {
          path = ./templates/plain;
          description = "A dev shell with a Pulumi ESC environment, without flake-parts";
        };
      };

      packages = eachSystem (pkgs: {
        default = pkgs.callPackage ./nix/package.nix { };
      });

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.cargo
            pkgs.clippy
            pkgs.direnv
            pkgs.rustc
            pkgs.rustfmt
            pkgs.shellcheck
            pkgs.shfmt
          ];
        };
      });

      checks = eachSystem (pkgs: {
        lib = pkgs.runCommand "esc-shell-lib" { } ''
          test '${builtins.toJSON (import ./tests/nix/cases.nix).failures}' = '[]'
          echo ok > $out
        '';
      });

      formatter = eachSystem (pkgs: pkgs.nixfmt);
    };
}
