# A stand-in for nixpkgs that needs no network: derivations are built by the host's /bin/bash. Enough for mkShell, nix develop, nix-shell and
# direnv, and to evaluate packages, which need a real nixpkgs to be built.
{
  system ? builtins.currentSystem,
  ...
}:
let
  hostPath = "/usr/local/bin:/usr/bin:/bin";

  # `exit 0` matters: bash would exec a last external command, and Nix kills a builder that has closed its output but not exited yet.
  runCommand =
    name: env: script:
    derivation (
      {
        inherit name system;
        builder = "/bin/bash";
        PATH = hostPath;
        args = [
          "-euc"
          (script + "\nexit 0\n")
        ];
      }
      // env
    );

  # Sourced by nix develop, nix print-dev-env and nix-shell.
  stdenv =
    runCommand "stub-stdenv" { } ''
      mkdir -p $out
      cat > $out/setup <<'EOF'
      for p in ''${nativeBuildInputs-} ''${buildInputs-}; do
        [[ -d $p/bin ]] && PATH=$p/bin:$PATH
      done
      export PATH
      runHook() { eval "''${!1-}"; }
      EOF
    ''
    // {
      buildPlatform.canExecute = _: true;
      hostPlatform = { };
    };

  mkShell =
    {
      name ? "nix-shell",
      packages ? [ ],
      inputsFrom ? [ ],
      nativeBuildInputs ? [ ],
      shellHook ? "",
      env ? { },
      ...
    }@args:
    let
      attrs =
        removeAttrs args [
          "packages"
          "inputsFrom"
          "env"
        ]
        // env
        // {
          inherit name system stdenv;
          builder = "/bin/bash"; # nix develop insists on a builder called bash
          outputs = [ "out" ]; # its get-env.sh reads $outputs
          PATH = hostPath;
          args = [
            "-c"
            "declare -x > $out"
          ];
          nativeBuildInputs = packages ++ nativeBuildInputs;
          shellHook = builtins.concatStringsSep "\n" (
            builtins.catAttrs "shellHook" inputsFrom ++ [ shellHook ]
          );
        };
    in
    derivation attrs
    // {
      overrideAttrs = f: mkShell (args // f { inherit shellHook name; });
    };

  tool = name: runCommand "stub-${name}" { } "mkdir -p $out/bin";

  pkgs = {
    inherit
      system
      stdenv
      mkShell
      runCommand
      ;
    bashInteractive = runCommand "stub-bash" { } "mkdir -p $out/bin; ln -s /bin/bash $out/bin/bash";
    writeShellScriptBin =
      name: text:
      runCommand name { script = "#!/bin/bash\n${text}\n"; } ''
        mkdir -p $out/bin
        printf '%s' "$script" > $out/bin/${name}
        chmod +x $out/bin/${name}
      '';
    callPackage =
      f: extra:
      let
        function = if builtins.isFunction f then f else import f;
      in
      function (builtins.intersectAttrs (builtins.functionArgs function) pkgs // extra);

    # What packages are made with: they have to evaluate, all of it, and fail where they are built.
    rustPlatform.buildRustPackage =
      { pname, version, ... }@args:
      runCommand "${pname}-${version}" {
        evaluated = builtins.toJSON (removeAttrs args [ "meta" ]);
      } "echo 'the stand-in for nixpkgs cannot build ${pname}' >&2; exit 1"
      // {
        inherit (args) meta;
      };
    installShellFiles = tool "installShellFiles";
    lib = {
      importTOML = file: builtins.fromTOML (builtins.readFile file);
      optionalString = condition: text: if condition then text else "";
      fileset = {
        unions =
          files:
          map (file: if builtins.pathExists file then file else throw "${toString file} is not there") files;
        toSource = { root, fileset }: builtins.deepSeq fileset root;
      };
      licenses = {
        asl20.spdxId = "Apache-2.0";
        mit.spdxId = "MIT";
      };
    };
  }
  // builtins.listToAttrs (
    map
      (name: {
        inherit name;
        value = tool name;
      })
      [
        "cargo"
        "clippy"
        "direnv"
        "nixfmt"
        "rustc"
        "rustfmt"
        "shellcheck"
        "shfmt"
      ]
  );
in
pkgs
