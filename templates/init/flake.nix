{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    flake-parts.url = "github:hercules-ci/flake-parts";
    esc-shell.url = "github:OWNER/esc-shell";
    esc-shell.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    inputs:
    inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      imports = [ inputs.esc-shell.flakeModules.default ];
      perSystem =
        { pkgs, ... }:
        {
          # What the variables must look like stands in esc-shell.yaml.
          esc-shell.shells.default = {
            environment = "{{ environment|safe }}";
            exportUndeclared = true;
          };
          devShells.default = pkgs.mkShell { packages = [ ]; };
        };
    };
}
