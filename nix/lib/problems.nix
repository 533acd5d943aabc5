# What is wrong with a spec: all of it at once, each problem with the name that it is about. A value is never told.
let
  inherit (builtins)
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elem
    filter
    foldl'
    isAttrs
    isList
    isString
    length
    match
    ;
  names = import ./names.nix;
  keys = import ./keys.nix;
  secrets = import ./secrets.nix;

  when = condition: problem: if condition then [ problem ] else [ ];
  unique = foldl' (seen: item: if elem item seen then seen else seen ++ [ item ]) [ ];
  duplicates = list: unique (filter (item: length (filter (other: other == item) list) > 1) list);
  listed = concatStringsSep ", ";

  unknownKeys =
    where: known: declared:
    concatMap (key: when (!(elem key known)) "${where}there is no `${key}` (one of ${listed known})") (
      attrNames declared
    );

  # What says nothing counts as not written, so that modules may hand on their defaults.
  written =
    declared: removeAttrs declared (filter (key: !(keys.says declared.${key})) (attrNames declared));

  declaredProblems =
    spec: known: kind: name: raw:
    let
      where = "${kind} '${name}': ";
      it = if isAttrs raw then written raw else { };
      has = key: it ? ${key};
      type = it.type or "string";
      within = types: elem type types;
      reversed = low: high: has low && has high && it.${low} > it.${high};
      needed = it.requires or [ ];
    in
    if !isAttrs raw then
      [
        "${where}a value never stands here: it would be written to the world-readable Nix store; declare what it must look like"
      ]
    else
      concatLists [
        (unknownKeys where (keys.variableKeys ++ [ "value" ]) it)
        (when (has "value") "${where}a value never stands here: it would be written to the world-readable Nix store; the environment provides it")
        (when (
          !(names.validName name)
        ) "${where}not a valid environment variable name (want ${names.nameForm})")
        (when (
          names.isReserved name && !(elem name (spec.allowReserved or [ ]))
        ) "${where}is reserved; list it in allowReserved to set it anyway")
        (when (
          !(within keys.typeNames)
        ) "${where}unknown type '${toString type}' (one of ${listed keys.typeNames})")
        (when (it.secret or false && has "default")
          "${where}a secret cannot have a default: it would be written to the world-readable Nix store (set secret = false if it is not one)"
        )
        (when (!(has "secret") && has "default" && secrets.suspicious name it.default)
          "${where}the default looks like a secret, and would be written to the world-readable Nix store (set secret = false if it is not one)"
        )
        (when (
          it.required or false && has "default"
        ) "${where}is required and has a default; drop one of the two")
        (when (reversed "minLength" "maxLength") "${where}minLength is greater than maxLength")
        (when (reversed "min" "max") "${where}min is greater than max")
        (when (
          (has "min" || has "max")
          && !(within [
            "int"
            "number"
            "port"
          ])
        ) "${where}min and max are for the types int, number and port")
        (when (has "schemes" && type != "url") "${where}schemes is for the type url")
        (when (type == "enum" && !(has "values")) "${where}is an enum and has no values")
        (when (has "values" && type != "enum") "${where}values is for the type enum")
        (when (has "from" && kind == "file") "${where}from is for variables")
        (map (other: "${where}requires unknown variable '${other}' (known: ${listed known})") (
          filter (other: !(elem other known)) needed
        ))
        (when (elem name needed) "${where}requires itself")
        (when (elem name (spec.plainEnv or [ ])) "${where}is also set by the dev shell's own env")
      ];

  ruleProblems =
    known: number: raw:
    let
      where = "rule ${toString number}: ";
      it = written raw;
      kinds = filter (key: it ? ${key}) [
        "oneOf"
        "requires"
        "conflicts"
      ];
      needs = it.requires or { };
      mentioned =
        (it.oneOf or [ ])
        ++ (it.conflicts or [ ])
        ++ attrNames needs
        ++ concatMap (name: needs.${name}) (attrNames needs);
      few =
        key:
        length (
          it.${key} or [
            1
            2
          ]
        ) < 2;
    in
    concatLists [
      (unknownKeys where keys.ruleKeys it)
      (when (length kinds != 1) "${where}want one of oneOf, requires and conflicts")
      (concatMap (key: when (few key) "${where}${key} wants at least two variables") [
        "oneOf"
        "conflicts"
      ])
      (map (name: "${where}unknown variable '${name}' (known: ${listed known})") (
        filter (name: !(elem name known)) (unique mentioned)
      ))
    ];

  environmentProblems =
    environment:
    let
      all = if isList environment then environment else [ environment ];
      shown = text: if isString text then text else "of type ${builtins.typeOf text}";
    in
    concatLists [
      (when (all == [ ]) "no environment given")
      (map (text: "environment '${shown text}': want ${names.referenceForm}") (
        filter (text: !(isString text && names.validReference text)) all
      ))
      (map (text: "environment '${shown text}' is listed twice") (duplicates all))
    ];
in
{
  # spec -> [ text ]
  problemsOf =
    spec:
    let
      variables = spec.variables or { };
      files = spec.files or { };
      known = attrNames variables ++ attrNames files;
      rules = spec.rules or [ ];
      numbers = builtins.genList (index: index + 1) (length rules);
      skip = spec.skipVariable or "ESC_SHELL_SKIP";
      onFailure = spec.onFailure or "exit";
    in
    concatLists [
      (when (!(spec ? environment)) "no environment given")
      (environmentProblems (spec.environment or [ "x" ]))
      (concatMap (name: declaredProblems spec known "variable" name variables.${name}) (
        attrNames variables
      ))
      (concatMap (name: declaredProblems spec known "file" name files.${name}) (attrNames files))
      (map (name: "'${name}' is set twice, as a variable and as a file") (
        attrNames (builtins.intersectAttrs variables files)
      ))
      (concatMap (number: ruleProblems known number (builtins.elemAt rules (number - 1))) numbers)
      (when (
        !(names.validName skip)
      ) "skipVariable: not a valid environment variable name (want ${names.nameForm})")
      (when (elem skip known) "skipVariable: '${skip}' is a variable of the contract")
      (when (
        !(elem onFailure [
          "exit"
          "warn"
        ])
      ) "onFailure: want exit or warn")
    ];
}
