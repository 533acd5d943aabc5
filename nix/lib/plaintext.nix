# Definitions that hold a plaintext `fn::secret`. Nix copies every tracked file of a flake into the world-readable store, so they are there
# as soon as the flake is evaluated; a warning is what is left.
#
# Lines are looked at, no YAML is read: `esc-shell check` does that.
folder:
let
  inherit (builtins)
    attrNames
    concatMap
    elemAt
    filter
    genList
    isString
    length
    match
    pathExists
    readDir
    readFile
    split
    ;
  linesOf = file: filter isString (split "\n" (readFile file));

  # The folders that esc-shell.yaml names, or those that are looked at without it.
  configured =
    let
      lines = linesOf (folder + "/esc-shell.yaml");
      one = line: match "environments:[ ]*([^][#{} \"']+)[ ]*" line;
      item = line: match "[ ]*-[ ]*([^][#{} \"':]+)[ ]*" line;
      inList = match "environments:[ ]*\\[([^]]*)].*";
      words = text: filter (word: isString word && word != "") (split "[ ,\"']+" text);
      of =
        line:
        if one line != null then
          one line
        else if inList line != null then
          words (elemAt (inList line) 0)
        else if item line != null then
          item line
        else
          [ ];
    in
    if pathExists (folder + "/esc-shell.yaml") then concatMap of lines else [ ];
  folders = configured ++ [
    "infra/pulumi/esc"
    "esc"
    ".esc"
  ];

  definitionsIn =
    path: depth:
    let
      entries = readDir (folder + "/${path}");
      of =
        name:
        if entries.${name} == "directory" && depth < 2 then
          definitionsIn "${path}/${name}" (depth + 1)
        else if entries.${name} == "regular" && match ".*\\.ya?ml" name != null then
          [ "${path}/${name}" ]
        else
          [ ];
    in
    if pathExists (folder + "/${path}") then concatMap of (attrNames entries) else [ ];

  isPlain =
    file:
    let
      lines = linesOf (folder + "/${file}");
      at = index: if index < length lines then elemAt lines index else "";
      plain =
        index:
        let
          rest = match ".*fn::secret[\"']?:(.*)" (at index);
          text = elemAt rest 0;
        in
        rest != null
        && match ".*ciphertext.*" text == null
        && !(match "[ ]*(#.*)?" text != null && match "[ ]*[\"']?ciphertext.*" (at (index + 1)) != null);
    in
    builtins.any plain (genList (index: index) (length lines));

  unique = builtins.foldl' (
    seen: item: if builtins.elem item seen then seen else seen ++ [ item ]
  ) [ ];
in
filter isPlain (unique (concatMap (path: definitionsIn path 0) folders))
