//! The JSON Schema is committed and current, and what `init` writes is good.
#![allow(clippy::unwrap_used)]

mod support;

use support::{Workshop, repository};

/// What prints each schema, and where it is committed.
const SCHEMAS: [(&str, &str); 9] = [
    ("schema", "schemas/design.schema.json"),
    ("schema --settings", "schemas/settings.schema.json"),
    ("schema --trace", "schemas/trace.schema.json"),
    ("schema --review", "schemas/review.schema.json"),
    ("schema --recommend", "schemas/recommend.schema.json"),
    ("schema --vendors list", "schemas/vendors.schema.json"),
    ("schema --vendors matrix", "schemas/vendors-matrix.schema.json"),
    ("schema --vendors show", "schemas/vendors-show.schema.json"),
    ("schema --vendors check", "schemas/vendors-check.schema.json"),
];

#[test]
fn the_committed_schemas_are_current() {
    for (command, path) in SCHEMAS {
        let printed = Workshop::new().output(command);
        assert_eq!(printed.code, 0);
        let committed = std::fs::read_to_string(repository(path)).unwrap_or_default();
        assert!(
            printed.out == committed.replace("\r\n", "\n"),
            "{path} is not what `nlbswitch {command}` prints: run `cargo run -- {command} > {path}` and commit it"
        );
    }
}

#[test]
fn the_schemas_forbid_unknown_keys_everywhere_and_explain_every_key() {
    for (command, _) in SCHEMAS {
        let printed = Workshop::new().output(command).out;
        let schema: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let mut records = vec![("the whole".to_owned(), &schema)];
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            records.push((name.clone(), definition));
        }
        for (name, record) in records.into_iter().filter(|(_, record)| record["type"] == "object") {
            assert_eq!(record["additionalProperties"], false, "{name}");
            for (key, value) in record["properties"].as_object().unwrap() {
                assert!(value["description"].as_str().is_some_and(|text| text.len() > 3), "{name}.{key}");
            }
        }
        // Every reference leads somewhere.
        for (at, _) in printed.match_indices("\"#/$defs/") {
            let name = printed[at + 9..].split('"').next().unwrap();
            assert!(schema["$defs"][name].is_object(), "{name}");
        }
    }
}

/// Whether what `command` prints is what the schema in `file` says.
fn fits(workshop: &Workshop, command: &str, file: &str) {
    let schema = std::fs::read_to_string(repository(file)).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let printed = workshop.output(command);
    let document = serde_json::from_str(&printed.out).unwrap_or_else(|error| panic!("{error}: {printed}"));
    let wrong: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{command}: {wrong:?}");
    assert!(!validator.is_valid(&serde_json::json!({"version": 1})), "{file} asks for nothing");
}

#[test]
fn what_recommend_prints_is_what_its_schema_says() {
    for mode in ["unicast", "multicast", "igmp-multicast"] {
        let workshop =
            Workshop::with_design(support::TEAM.replace("mode: unicast", &format!("mode: {mode}")));
        fits(&workshop, "recommend design.yaml --format json", "schemas/recommend.schema.json");
    }
}

#[test]
fn what_vendors_prints_is_what_its_schemas_say() {
    let workshop = Workshop::new();
    fits(&workshop, "vendors --format json", "schemas/vendors.schema.json");
    fits(&workshop, "vendors --matrix --format json", "schemas/vendors-matrix.schema.json");
    let list: serde_json::Value =
        serde_json::from_str(&workshop.output("vendors --format json").out).unwrap();
    for pack in list["packs"].as_array().unwrap() {
        let command = format!("vendors show {} --format json", pack["name"].as_str().unwrap());
        fits(&workshop, &command, "schemas/vendors-show.schema.json");
    }
}

#[test]
fn the_starter_file_lints_clean_and_generates() {
    let workshop = Workshop::new();
    let written = workshop.output("init");
    assert_eq!((written.code, written.out.as_str()), (0, ""), "{written}");
    let lint = workshop.output("lint nlb.yaml --fail-level warning");
    assert_eq!(lint.code, 0, "{lint}");
    assert!(!lint.out.contains("error") && !lint.out.contains("warning"), "{lint}");
    let generated = workshop.output("generate nlb.yaml");
    assert_eq!(generated.code, 0, "{generated}");
    assert!(generated.out.contains("arp 192.0.2.10 "), "{generated}");
    assert_eq!(workshop.output("init -").out, workshop.read("nlb.yaml"));
}

#[test]
fn init_does_not_overwrite_unless_forced() {
    let workshop = Workshop::new();
    workshop.output("init my.yaml");
    // A starter file that was filled in is the user's, although it still begins as ours.
    let filled = workshop.read("my.yaml").replace("web", "my-cluster");
    workshop.file("my.yaml", &filled);
    let refused = workshop.output("init my.yaml");
    assert_eq!((refused.code, workshop.read("my.yaml")), (2, filled));
    insta::assert_snapshot!(refused.err, @"error: my.yaml is there already: use --force to overwrite it");
    let forced = workshop.output("init my.yaml --force");
    assert_eq!((forced.code, workshop.read("my.yaml").contains("my-cluster")), (0, false));
    let missing = workshop.output("init nowhere/my.yaml");
    insta::assert_snapshot!(missing.to_string(), @r"
    $ nlbswitch init nowhere/my.yaml

    --- stderr
    error: cannot write nowhere/my.yaml: there is no such file or directory
    [exit 2]
    ");
    assert_eq!(workshop.names("."), ["my.yaml"]);
}
