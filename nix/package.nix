{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
}:
let
  manifest = (lib.importTOML ../Cargo.toml).package;
in
rustPlatform.buildRustPackage {
  pname = manifest.name;
  inherit (manifest) version;

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../Cargo.toml
      ../Cargo.lock
      ../benches
      ../lib-direnv
      ../src
      ../templates
    ];
  };
  cargoLock.lockFile = ../Cargo.lock;

  nativeBuildInputs = [ installShellFiles ];

  # The tests start shells, direnv, git and Nix; they run where these are, not in the sandbox of a build.
  doCheck = false;

  postInstall = ''
    install -Dm644 lib-direnv/esc-shell.sh $out/share/esc-shell/direnv.sh
  ''
  + lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    for shell in bash zsh fish; do
      $out/bin/esc-shell completions $shell > esc-shell.$shell
    done
    installShellCompletion --cmd esc-shell --bash esc-shell.bash --zsh esc-shell.zsh --fish esc-shell.fish
    $out/bin/esc-shell man > esc-shell.1
    installManPage esc-shell.1
  '';

  meta = {
    inherit (manifest) description;
    license = [
      lib.licenses.asl20
      lib.licenses.mit
    ];
    mainProgram = manifest.name;
  };
}
