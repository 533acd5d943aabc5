{
  description = "Stand-in for nixpkgs, for tests without a network";
  outputs =
    { self }:
    let
      genAttrs =
        names: value:
        builtins.listToAttrs (
          map (name: {
            inherit name;
            value = value name;
          }) names
        );
    in
    {
      lib = { inherit genAttrs; };
      legacyPackages = genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ] (system: import ./. { inherit system; });
    };
}
