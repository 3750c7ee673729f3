//! Which differences are none, and how lists are aligned.

use super::Two;

/// The fields that differ in the workload `web`, as people read them, without reasons.
fn fields(before: &str, after: &str) -> Vec<String> {
    let stack = |part: &str| format!("[api.web]\nimage = \"acme/web:1\"\nport = 80\n{part}\n");
    let two = Two::stacks(&stack(before), &stack(after), "k3d");
    let changes = two.changes();
    let objects = changes.objects.iter().filter(|object| object.object().kind_name() == "Deployment");
    let described = objects.flat_map(|object| &object.changes).map(|change| {
        let kind = match change.act {
            stowplan::change::Act::Added(_) => "+",
            stowplan::change::Act::Removed(_) => "-",
            stowplan::change::Act::Changed(..) => "~",
            stowplan::change::Act::Moved(..) => ">",
        };
        let field = change.field.strip_prefix("spec.template.spec.").unwrap_or(&change.field);
        format!("{kind} {}", field.strip_prefix("containers[name=web].").unwrap_or(field))
    });
    described.collect()
}

const NONE: [&str; 0] = [];

#[test]
fn an_inserted_variable_is_one_change() {
    let found = fields("env = { A = \"1\", C = \"3\" }", "env = { A = \"1\", B = \"2\", C = \"3\" }");
    assert_eq!(found, ["+ env[name=B]"]);
}

#[test]
fn the_order_of_variables_counts_where_one_names_another() {
    assert_eq!(fields("env = { A = \"1\", B = \"2\" }", "env = { B = \"2\", A = \"1\" }"), NONE);
    let found = fields("env = { A = \"1\", B = \"$(A)\" }", "env = { B = \"$(A)\", A = \"1\" }");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("> env[name="), "{found:?}");
    assert_eq!(fields("env = { A = \"1\", B = \"$$(A)\" }", "env = { B = \"$$(A)\", A = \"1\" }"), NONE);
}

#[test]
fn amounts_are_compared_by_value() {
    assert_eq!(fields("resources.cpu = \"1000m\"", "resources.cpu = \"1\""), NONE);
    assert_eq!(fields("resources.memory = \"1Gi\"", "resources.memory = \"1024Mi\""), NONE);
    assert_eq!(fields("resources.cpu = \"1000m\"", "resources.cpu = \"1001m\""), ["~ resources.requests.cpu"]);
}

#[test]
fn arguments_are_aligned_by_what_they_have_in_common() {
    let found = fields("args = [\"a\", \"b\", \"c\"]", "args = [\"x\", \"a\", \"b\", \"c\"]");
    assert_eq!(found, ["+ args[0]"]);
    assert_eq!(fields("args = [\"a\", \"b\"]", "args = [\"a\", \"c\"]"), ["~ args[1]"]);
    assert_eq!(fields("args = [\"a\", \"b\"]", "args = [\"b\", \"a\"]").len(), 2);
}

#[test]
fn containers_that_run_in_their_order_move() {
    let init = |names: [&str; 2]| {
        let table = |name: &str| format!("[api.web.init.{name}]\nimage = \"acme/{name}:1\"\n");
        names.map(table).concat()
    };
    let found = fields(&init(["one", "two"]), &init(["two", "one"]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("> initContainers[name="), "{found:?}");
}

#[test]
fn what_kubernetes_reads_as_a_set_has_no_order() {
    let security = |add: &str| format!("security = {{ level = \"privileged\", capabilities = {{ add = [{add}] }} }}");
    assert_eq!(fields(&security("\"NET_ADMIN\", \"SYS_TIME\""), &security("\"SYS_TIME\", \"NET_ADMIN\"")), NONE);
    let found = fields(&security("\"NET_ADMIN\""), &security("\"SYS_TIME\""));
    assert_eq!(found, ["~ securityContext.capabilities.add[0]"]);
}

#[test]
fn a_port_with_another_number_is_the_same_port() {
    let service =
        |port: u16| format!("[api.web]\nimage = \"acme/web:1\"\nports = {{ http = {port}, metrics = 9090 }}\n");
    let text = Two::stacks(&service(80), &service(81), "k3d").text();
    assert!(text.contains("spec.ports[name=http].port: 80 → 81\n"), "{text}");
    assert!(
        text.contains("spec.template.spec.containers[name=web].ports[name=http].containerPort: 80 → 81\n"),
        "{text}"
    );
}

#[test]
fn a_job_with_another_hash_is_the_same_job() {
    let job = |image: &str| format!("[job.migrate]\nimage = \"acme/web:{image}\"\n");
    let two = Two::stacks(&job("1"), &job("2"), "k3d");
    let text = two.text();
    assert!(text.starts_with("migrate\n  ~ Job/migrate-"), "{text}");
    assert!(text.contains("containers[name=migrate].image: acme/web:1 → acme/web:2\n"), "{text}");
    assert!(!text.contains("metadata.name"), "the title says it: {text}");
}

#[test]
fn a_long_text_is_compared_line_by_line() {
    let config = |line: &str| {
        let lines = format!("one\ntwo\nthree\nfour\nfive\nsix\n{line}\neight\n");
        format!(
            "[config.app]\ndata = {{ \"app.conf\" = '''{lines}''' }}\n[worker.w]\nimage = \"acme/w:1\"\nenv-from = [\"config.app\"]\n"
        )
    };
    let text = Two::stacks(&config("seven"), &config("SEVEN"), "k3d").text();
    let expected = "\
app
  ~ ConfigMap/app
    data.\"app.conf\":
        …
        five
        six
      - seven
      + SEVEN
        eight
";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("\"stowplan/checksum\": (checksum, changed)\n"), "{text}");
}
