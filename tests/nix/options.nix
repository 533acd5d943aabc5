# The options of the module for flake-parts as the table of docs/nix.md, and those that lack something.
let
  inherit (builtins)
    attrNames
    concatLists
    concatMap
    concatStringsSep
    filter
    match
    toJSON
    ;
  lib = import ./stub-flake-parts/lib.nix;
  module = import ../../nix/flake-module.nix {
    inherit lib;
    self = "self";
    flake-parts-lib.mkPerSystemOption = perSystem: perSystem;
  };
  perSystem = module.options.perSystem {
    config.esc-shell.package = null;
    pkgs = import ./stub-nixpkgs { system = "x86_64-linux"; };
  };
  isOption = it: it._type or "" == "option";
  # The options of the submodules in a type, and what stands in the path for their name.
  nested =
    type:
    if type ? options then
      {
        inherit (type) options;
        path = "";
      }
    else if type ? inner && nested type.inner != null then
      {
        inherit (nested type.inner) options;
        path = if match "list.*" type.name != null then ".*" else ".<name>";
      }
    else
      null;
  walk =
    path: options:
    concatMap (
      name:
      let
        here = if path == "" then name else "${path}.${name}";
        it = options.${name};
        below = nested it.type;
      in
      if name == "_module" || it.visible or true == false then
        [ ]
      else if !isOption it then
        walk here it
      # What files are is what variables are.
      else if below == null || name == "files" then
        [
          {
            path = here;
            option = it;
          }
        ]
      else
        [
          {
            path = here;
            option = it;
          }
        ]
        ++ walk (here + below.path) below.options
    ) (attrNames options);
  all = walk "" perSystem.options.esc-shell;

  default =
    option:
    if option.readOnly or false then
      "read-only"
    else if option ? defaultText then
      "`${option.defaultText.text}`"
    else if option ? default then
      "`${nix option.default}`"
    else
      "—";
  nix =
    value:
    if value == [ ] then
      "[ ]"
    else if value == { } then
      "{ }"
    else
      toJSON value;
  type =
    option:
    if match ".*aws-arn.*" option.type.name != null then
      "null or a [type](guards.md)"
    else
      option.type.name;
  row =
    { path, option }: "| `${path}` | ${type option} | ${default option} | ${option.description} |\n";
  lacks =
    { path, option }:
    concatLists [
      (if option.description or "" == "" then [ "${path}: description" ] else [ ])
      (if option ? example || option.readOnly or false then [ ] else [ "${path}: example" ])
      (
        if
          option ? default
          && (option.type.name == "package" || path == "definitions")
          && !(option ? defaultText)
        then
          [ "${path}: default text" ]
        else
          [ ]
      )
    ];
in
{
  table = "| option | type | default | |\n|---|---|---|---|\n" + concatStringsSep "" (map row all);
  undocumented = concatMap lacks all;
}
