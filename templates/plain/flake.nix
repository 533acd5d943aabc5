{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    esc-shell.url = "github:OWNER/esc-shell";
    esc-shell.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    { nixpkgs, esc-shell, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
    in
    {
      devShells = nixpkgs.lib.genAttrs systems (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          default = esc-shell.lib.withEnvironment {
            inherit pkgs;
            environment = "myorg/myproject/dev";
            variables.API_URL.type = "url";
            variables.API_TOKEN.help = "set MY_API_TOKEN before you enter";
          } (pkgs.mkShell { packages = [ ]; });
        }
      );
    };
}
