# The keys of a contract, as Nix spells them, and the types of variables. The program has the same: the tests compare both.
let
  inherit (builtins)
    attrNames
    fromJSON
    isAttrs
    isList
    listToAttrs
    readFile
    replaceStrings
    ;
  upper = [
    "A"
    "B"
    "C"
    "D"
    "E"
    "F"
    "G"
    "H"
    "I"
    "J"
    "K"
    "L"
    "M"
    "N"
    "O"
    "P"
    "Q"
    "R"
    "S"
    "T"
    "U"
    "V"
    "W"
    "X"
    "Y"
    "Z"
  ];
  lower = [
    "-a"
    "-b"
    "-c"
    "-d"
    "-e"
    "-f"
    "-g"
    "-h"
    "-i"
    "-j"
    "-k"
    "-l"
    "-m"
    "-n"
    "-o"
    "-p"
    "-q"
    "-r"
    "-s"
    "-t"
    "-u"
    "-v"
    "-w"
    "-x"
    "-y"
    "-z"
  ];
  kebab = replaceStrings upper lower;

  # What says nothing is left out, as in esc-shell.yaml.
  says = value: value != null && value != [ ] && value != { };
in
rec {
  # Printed by `esc-shell contract types --json`.
  types = fromJSON (readFile ./types.json);
  typeNames = map (type: type.name) types;

  variableKeys = [
    "type"
    "required"
    "default"
    "secret"
    "pattern"
    "minLength"
    "maxLength"
    "min"
    "max"
    "schemes"
    "values"
    "requires"
    "from"
    "severity"
    "in"
    "help"
    "owner"
    "docs"
  ];
  ruleKeys = [
    "oneOf"
    "requires"
    "conflicts"
    "in"
  ];
  inherit kebab says;

  # A variable or a rule as a contract has it.
  toContract =
    declared:
    let
      entry = key: {
        name = kebab key;
        value = declared.${key};
      };
      nested =
        value:
        if isAttrs value then
          removeAttrs value (builtins.filter (key: !(says value.${key})) (attrNames value))
        else
          value;
      said = builtins.filter (key: says (nested declared.${key})) (attrNames declared);
    in
    builtins.mapAttrs (_: value: if isList value then value else nested value) (
      listToAttrs (map entry said)
    );
}
