# A toy module system. It knows options, attribute merging, defaults, apply,
# readOnly, submodules, mkIf and mkBefore; it has no priorities or freeform types.
let
  inherit (builtins)
    all
    any
    attrNames
    attrValues
    concatLists
    concatMap
    elem
    filter
    foldl'
    functionArgs
    head
    intersectAttrs
    isAttrs
    isBool
    isFunction
    isInt
    isList
    isPath
    isString
    length
    listToAttrs
    map
    mapAttrs
    tail
    typeOf
    zipAttrsWith
    ;

  show = path: builtins.concatStringsSep "." path;
  one =
    what: path: defs:
    if length defs == 1 || all (d: d == head defs) defs then
      head defs
    else
      throw "stub: ${show path}: ${toString (length defs)} conflicting definitions of a ${what}";
  mk = name: check: {
    inherit name check;
    merge =
      path: defs:
      one name path (
        map (
          d: if check d then d else throw "stub: ${show path}: a ${typeOf d} is not of type ${name}"
        ) defs
      );
  };
  types = rec {
    str = mk "string" isString;
    lines = str // {
      merge = p: defs: builtins.concatStringsSep "\n" (map (d: str.merge p [ d ]) defs);
    };
    bool = mk "boolean" isBool;
    int = mk "signed integer" isInt;
    float = mk "floating point number" builtins.isFloat;
    path = mk "path" (x: isPath x || isString x || x ? outPath);
    package = mk "package" (x: isAttrs x && x.type or "" == "derivation");
    unspecified = mk "unspecified" (_: true);
    raw = unspecified;
    enum = vs: mk "one of ${builtins.toJSON vs}" (x: elem x vs);
    nullOr = t: {
      name = "null or ${t.name}";
      check = x: x == null || t.check x;
      merge = p: defs: if all (d: d == null) defs then null else t.merge p (filter (d: d != null) defs);
    };
    either = a: b: {
      name = "${a.name} or ${b.name}";
      check = x: a.check x || b.check x;
      merge = p: defs: if all a.check defs then a.merge p defs else b.merge p defs;
    };
    listOf = t: {
      inner = t;
      name = "list of ${t.name}";
      check = isList;
      merge =
        p: defs:
        concatMap (
          d: if isList d then map (x: t.merge p [ x ]) d else throw "stub: ${show p}: not a list"
        ) defs;
    };
    attrsOf = t: {
      inner = t;
      name = "attribute set of ${t.name}";
      check = isAttrs;
      merge =
        p: defs:
        zipAttrsWith (n: vs: t.merge (p ++ [ n ]) (concatMap discharge vs)) (
          map (d: if isAttrs d then d else throw "stub: ${show p}: not an attribute set") defs
        );
    };
    lazyAttrsOf = attrsOf;
    submodule = m: {
      name = "submodule";
      check = x: isAttrs x || isFunction x;
      merge =
        p: defs:
        removeAttrs
          (evalModules {
            modules = [ m ] ++ map (d: if isAttrs d then { config = d; } else d) defs;
            prefix = p;
            specialArgs.name = builtins.elemAt p (length p - 1);
          }).config
          [ "_module" ];
      # for documentation
      options =
        (evalModules {
          modules = [ m ];
          specialArgs.name = "<name>";
        }).options;
    };
  };

  mkOption = o: { _type = "option"; } // o;
  isOption = o: isAttrs o && o._type or "" == "option";

  # mkIf around a set of options moves to each option, so that its condition
  # is not needed to know which options are defined
  isProp =
    v:
    isAttrs v
    && elem (v._type or "") [
      "if"
      "order"
    ];
  push = v: if isProp v then mapAttrs (_: content: v // { inherit content; }) (push v.content) else v;
  discharge =
    v:
    if !isProp v then
      [ v ]
    else if v._type == "if" && !v.condition then
      [ ]
    else
      discharge v.content;
  rank = v: if isAttrs v && v._type or "" == "order" then v.priority else 1000;

  # collect { options, config, imports } of one module, applying functions
  load =
    args: m0:
    let
      f = if isPath m0 || isString m0 then import m0 else m0;
      m =
        if isFunction f then
          f (intersectAttrs (functionArgs f) args // (if functionArgs f == { } then args else { }))
        else
          f;
      structured = m ? options || m ? config || m ? imports;
      rest = removeAttrs m [
        "_file"
        "_class"
        "key"
        "imports"
        "options"
        "config"
      ];
    in
    [
      {
        options = m.options or { };
        config =
          if structured then
            [
              (m.config or { })
              rest
            ]
          else
            [ rest ];
      }
    ]
    ++ concatMap (load args) (m.imports or [ ]);

  mergeDecls =
    a: b:
    mapAttrs (
      n: _:
      if !(a ? ${n}) then
        b.${n}
      else if !(b ? ${n}) then
        a.${n}
      else if isOption a.${n} || isOption b.${n} then
        (
          if a.${n}.modules or [ ] != [ ] || b.${n}.modules or [ ] != [ ] then
            a.${n} // b.${n} // { modules = (a.${n}.modules or [ ]) ++ (b.${n}.modules or [ ]); }
          else
            let
              both = attrNames (intersectAttrs (removeAttrs a.${n} [ "_type" ]) b.${n});
            in
            if both != [ ] then
              throw "stub: option ${n} is declared twice (${toString both})"
            else
              a.${n} // b.${n}
        )
      else
        mergeDecls a.${n} b.${n}
    ) (a // b);

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
    }:
    let
      args = {
        inherit lib config;
        options = decls;
      }
      // specialArgs;
      loaded = concatMap (load args) modules;
      decls = foldl' mergeDecls {
        _module = {
          args = mkOption {
            type = types.unspecified;
            default = { };
          };
        };
      } (map (m: m.options) loaded);
      defs = concatMap (m: m.config) loaded;
      build =
        path: ds: rawVals:
        let
          vals = map push rawVals;
          unknown = concatMap (v: filter (n: !(ds ? ${n})) (attrNames v)) vals;
        in
        if unknown != [ ] then
          throw "stub: the option ${show (path ++ [ (head unknown) ])} does not exist"
        else
          mapAttrs (
            n: o:
            let
              p = path ++ [ n ];
              raw = concatMap (v: if v ? ${n} then [ v.${n} ] else [ ]) vals;
              vs = concatMap discharge (builtins.sort (a: b: rank a < rank b) raw);
            in
            if isOption o then
              (o.apply or (x: x)) (
                if vs == [ ] then
                  (if o ? default then o.default else throw "stub: the option ${show p} is used but not defined")
                else if o.readOnly or false && length vs > 1 then
                  throw "stub: ${show p} is read-only"
                else
                  o.type.merge p vs
              )
            else
              build p o raw
          ) ds;
      config = build prefix decls defs;
    in
    {
      inherit config;
      options = decls;
    };

  lib = {
    inherit types mkOption evalModules;
    mkIf = condition: content: {
      _type = "if";
      inherit condition content;
    };
    mkBefore = content: {
      _type = "order";
      priority = 500;
      inherit content;
    };
    inherit (builtins) mapAttrs attrNames;
    literalExpression = text: {
      _type = "literalExpression";
      inherit text;
    };
    mkEnableOption =
      d:
      mkOption {
        type = types.bool;
        default = false;
        description = d;
      };
    filterAttrs = f: s: removeAttrs s (filter (n: !(f n s.${n})) (attrNames s));
    mapAttrsToList = f: s: map (n: f n s.${n}) (attrNames s);
    optionalAttrs = c: s: if c then s else { };
    optionalString = c: s: if c then s else "";
    genAttrs =
      names: f:
      listToAttrs (
        map (name: {
          inherit name;
          value = f name;
        }) names
      );
    concatStringsSep = builtins.concatStringsSep;
  };

  mkPerSystemOption = m: mkOption { modules = [ m ]; };
  systemOutputs = [
    "packages"
    "devShells"
    "checks"
    "apps"
    "legacyPackages"
  ];
in
lib
// {
  inherit mkPerSystemOption;
  mkFlake =
    { inputs }:
    module:
    let
      flake-parts-lib = { inherit mkPerSystemOption; };
      core = {
        options = {
          systems = mkOption { type = types.listOf types.str; };
          flake = mkOption {
            type = types.attrsOf types.unspecified;
            default = { };
          };
          perSystem = mkOption {
            modules = [ ];
            type = {
              name = "modules";
              merge = _: ms: ms;
            };
            default = [ ];
          };
        };
      };
      top = evalModules {
        modules = [
          core
          module
        ];
        specialArgs = {
          inherit inputs flake-parts-lib;
          inherit (inputs) self;
        };
      };
      perSystemDefaults = {
        options = lib.genAttrs systemOutputs (
          _:
          mkOption {
            type = types.attrsOf types.unspecified;
            default = { };
          }
        );
      };
      forSystem =
        system:
        (evalModules {
          modules = [ perSystemDefaults ] ++ top.options.perSystem.modules ++ top.config.perSystem;
          specialArgs = {
            inherit system;
            pkgs = inputs.nixpkgs.legacyPackages.${system};
          };
        }).config;
      all = lib.genAttrs top.config.systems forSystem;
    in
    lib.genAttrs systemOutputs (o: mapAttrs (_: c: c.${o}) all) // top.config.flake;
}
