//! The page of `graph --format html` in a browser: what is seen, clicked and typed there.
//!
//! A Chromium is needed: the one that `CHROME` names, or `chromium`, `chromium-browser` or `google-chrome` on the path. Where
//! there is none, these tests say so and pass.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
#![cfg(unix)]

mod browser;
#[path = "../support/program.rs"]
mod program;

use browser::{Browser, installed};
use program::Folder;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A browser that shows the picture of an example, each profile that its stack names; none where no browser is installed.
#[allow(clippy::print_stdout, reason = "a test that was skipped says so")]
fn browse(test: &str, example: &str, arguments: &[&str]) -> Option<Browser> {
    let Some(program) = installed() else {
        println!("skipped: no Chromium is installed, and CHROME names none");
        return None;
    };
    let folder = Folder::of_repository(format!("examples/{example}"));
    let made = folder.run(&[&["graph", "--format", "html"], arguments].concat()).ends(0);
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.html"));
    fs::write(&page, made.out).unwrap();
    let mut browser = Browser::start(&program, test);
    browser.open(&format!("file://{}", page.display()));
    Some(browser)
}

/// Nothing was complained about, and nothing but the page itself was asked for.
#[track_caller]
fn assert_quiet(browser: &Browser) {
    let told = |method: &str| browser.events.iter().filter(|event| event["method"] == method).collect::<Vec<_>>();
    for complaint in ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"] {
        assert!(told(complaint).is_empty(), "{:#?}", told(complaint));
    }
    let asked: Vec<&Value> =
        told("Network.requestWillBeSent").iter().map(|event| &event["params"]["request"]["url"]).collect();
    assert!(asked.len() == 1 && asked[0].as_str().unwrap().starts_with("file://"), "{asked:?}");
}

/// The panel as lines of text; empty where it is closed.
fn panel(browser: &mut Browser) -> Vec<String> {
    let lines = r#"[...details.querySelectorAll("h2, h3, p, li")].map(line => line.innerText.replace("\n", " @ "))"#;
    let shown = browser.value(&format!("details.checkVisibility() ? {lines} : []"));
    serde_json::from_value(shown).unwrap()
}

/// The part of the drawing that the window shows: its left, upper side, width and height.
fn view(browser: &mut Browser) -> [f64; 4] {
    let view = r#"shown().querySelector("svg").getAttribute("viewBox").split(" ").map(Number)"#;
    serde_json::from_value(browser.value(view)).unwrap()
}

/// The line of a text in the stack of an example.
fn line(example: &str, text: &str) -> usize {
    let stack = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example).join("stack.toml");
    fs::read_to_string(stack).unwrap().lines().position(|line| line.starts_with(text)).unwrap() + 1
}

#[test]
fn a_click_tells_the_objects_of_a_component_and_their_lines() {
    let Some(mut browser) = browse("click", "todo", &[]) else { return };
    assert_eq!(panel(&mut browser), [""; 0]);
    browser.click("#p0_api_api");
    let place = format!("stack.toml:{}", line("todo", "[api.api]"));
    let told = [
        "api",
        &format!("api · {place}"),
        "Objects",
        &format!("Service/api @ {place}"),
        &format!("Deployment/api @ {place}"),
        "Leads to",
        "db postgres @ uses libpq :5432",
        "secret postgres-secret @ reads",
        "Reached by",
        "ingress web @ routes /",
        "hpa api @ scales",
    ];
    assert_eq!(panel(&mut browser), told);
    let near = r#"[...document.querySelectorAll("path.near")].map(edge => edge.dataset.from + " " + edge.dataset.to)"#;
    let near: Vec<String> = serde_json::from_value(browser.value(near)).unwrap();
    let edges = [
        "p0_ingress_web p0_api_api",
        "p0_api_api p0_db_postgres",
        "p0_api_api p0_secret_postgres_secret",
        "p0_hpa_api p0_api_api",
    ];
    assert_eq!(near, edges);
    // from one to the next
    browser.click("aside li button");
    assert_eq!(panel(&mut browser)[..2], ["postgres", &format!("db · stack.toml:{}", line("todo", "[db.postgres]"))]);
    assert_eq!(browser.value("document.activeElement.id"), "p0_db_postgres");
    browser.click("#close");
    assert_eq!(panel(&mut browser), [""; 0]);
    assert_quiet(&browser);
}

#[test]
fn another_profile_has_another_picture() {
    let Some(mut browser) = browse("profile", "todo", &["--objects"]) else { return };
    let names = "[...profile.options].map(option => option.text)";
    assert_eq!(browser.value(names), json!(["k3d", "minikube", "kind", "cloud"]));
    let drawn = r#"[...shown().querySelectorAll(".node")].map(node => node.id.replace(/^p\d+_/, ""))"#;
    let has = |names: &Value, name: &str| names.as_array().unwrap().contains(&json!(name));
    let local = browser.value(drawn);
    assert!(has(&local, "storageclass_local_path") && !has(&local, "poddisruptionbudget_api"), "{local}");
    browser.click("#p0_deployment_api");
    let before = panel(&mut browser);
    // as a person does: focus, and the name typed
    browser.value("profile.focus()");
    browser.press("c", "c");
    assert_eq!(browser.value("profile.selectedOptions[0].text"), "cloud");
    let cloud = browser.value(drawn);
    assert!(has(&cloud, "poddisruptionbudget_api") && !has(&cloud, "storageclass_local_path"), "{cloud}");
    assert_eq!(browser.value("sections.filter(section => section.checkVisibility()).length"), 1);
    assert_eq!(browser.value("chosen"), "p3_deployment_api", "what was asked about stays so");
    assert_eq!(panel(&mut browser)[..2], before[..2]);
    // what the other profile does not have is not asked about
    browser.click("#p3_poddisruptionbudget_api");
    let budget = panel(&mut browser);
    assert!(budget[1].starts_with("PodDisruptionBudget · profiles/cloud.toml (built in):"), "{budget:?}");
    browser.value("profile.focus()");
    browser.press("k", "k");
    assert_eq!(browser.value("profile.selectedOptions[0].text"), "k3d");
    assert_eq!(panel(&mut browser), [""; 0]);
    assert_quiet(&browser);
}

#[test]
fn the_picture_is_moved_and_enlarged() {
    let Some(mut browser) = browse("view", "gallery/online-boutique", &[]) else { return };
    let whole = view(&mut browser);
    let node = "#p0_api_frontend";
    let (x, y) = browser.middle(node);
    browser.turn_wheel((x, y), -400);
    let near = view(&mut browser);
    assert!(near[2] < whole[2] * 0.6 && near[3] < whole[3] * 0.6, "{whole:?} {near:?}");
    let (now_x, now_y) = browser.middle(node);
    assert!((now_x - x).abs() < 1.0 && (now_y - y).abs() < 1.0, "what is below the pointer stays there");
    browser.drag((640.0, 100.0), (120.0, -60.0));
    let moved = browser.middle(node);
    assert!((moved.0 - x - 120.0).abs() < 1.0 && (moved.1 - y + 60.0).abs() < 1.0, "{moved:?}");
    browser.drag(moved, (-30.0, 30.0));
    assert_eq!(panel(&mut browser), [""; 0], "who moves the picture asks nothing");
    browser.click("#whole");
    assert_eq!(view(&mut browser), whole);
    browser.click("#enlarge");
    assert!(view(&mut browser)[2] < whole[2]);
    browser.click("#shrink");
    browser.click("#shrink");
    assert!(view(&mut browser)[2] > whole[2]);
    assert_quiet(&browser);
}

#[test]
fn the_keyboard_is_enough() {
    let Some(mut browser) = browse("keyboard", "todo", &[]) else { return };
    let whole = view(&mut browser);
    let mut passed = Vec::new();
    for _ in 0..7 {
        browser.press("Tab", "");
        passed.push(browser.value("document.activeElement.id").as_str().unwrap().to_owned());
    }
    assert_eq!(passed, ["profile", "enlarge", "shrink", "whole", "p0_ingress_web", "p0_hpa_api", "p0_api_api"]);
    assert_eq!(browser.value("document.activeElement.getAttribute('aria-label')"), "api api");
    browser.press("Enter", "\r");
    assert_eq!(panel(&mut browser)[0], "api");
    assert_eq!(browser.value("document.activeElement.getAttribute('aria-pressed')"), "true");
    browser.press("Escape", "");
    assert_eq!(panel(&mut browser), [""; 0]);
    browser.press("+", "+");
    assert!(view(&mut browser)[2] < whole[2]);
    // what is focused comes into view
    for _ in 0..8 {
        browser.press("ArrowLeft", "");
    }
    let is_seen =
        "(({left, right}) => left >= 0 && right <= innerWidth)(document.activeElement.getBoundingClientRect())";
    assert_eq!(browser.value(is_seen), false);
    browser.press("Tab", "");
    assert_eq!(browser.value(is_seen), true);
    browser.press("0", "0");
    assert_eq!(view(&mut browser), whole);
    assert_quiet(&browser);
}

/// Of two colors the contrast that WCAG 2 defines, where each is written as the browser computes it.
const CONTRAST: &str = r"(one, other) => {
    const light = color => {
        const [red, green, blue] = color.match(/[\d.]+/g).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
}";

#[test]
fn it_is_readable_on_light_and_on_dark() {
    let Some(mut browser) = browse("colors", "gallery/mastodon", &[]) else { return };
    for (scheme, ground) in [("light", "255,255,255"), ("dark", "13,17,23")] {
        browser.prefer(scheme);
        browser.click("#p0_api_web");
        let least = |texts: &str, ground: &str| {
            format!(
                "Math.min(...[...document.querySelectorAll({})].map(text => ({CONTRAST})(getComputedStyle(text).fill, {ground})))",
                json!(texts)
            )
        };
        let on_nodes = least(".node text", "getComputedStyle(text.parentNode.querySelector('path')).fill");
        let on_nodes = browser.value(&on_nodes).as_f64().unwrap();
        let on_page = browser.value(&least("text.edge", "getComputedStyle(document.body).backgroundColor"));
        // what WCAG 2.2 asks of text on level AA
        assert!(on_nodes >= 4.5 && on_page.as_f64().unwrap() >= 4.5, "{scheme}: {on_nodes} {on_page}");
        let colors = browser.colors();
        let count = |color: &str| colors.get(color).and_then(Value::as_u64).unwrap_or(0);
        let most = colors.iter().max_by_key(|(_, count)| count.as_u64()).unwrap().0;
        assert_eq!(most, ground, "{scheme}");
        assert!(count(ground) < 1280 * 800 * 95 / 100, "{scheme}: something is drawn");
        for path in [".store path", ".task path", ".settings path", ".entrance path", "path.near"] {
            let property = if path == "path.near" { "stroke" } else { "fill" };
            let color = browser.value(&format!(
                "getComputedStyle(document.querySelector({})).{property}.match(/\\d+/g).join()",
                json!(path)
            ));
            assert!(count(color.as_str().unwrap()) > 20, "{scheme}: {path} is {color}");
        }
    }
    assert_quiet(&browser);
}

#[test]
fn nothing_is_cut_off_in_any_window() {
    let Some(mut browser) = browse("windows", "gallery/mastodon", &[]) else { return };
    for (width, height) in [(1280, 800), (420, 800), (2560, 1440), (700, 320)] {
        browser.resize(width, height);
        for chosen in ["null", "\"p0_api_web\""] {
            browser.value(&format!("choose({chosen})"));
            let outside = r#"(() => {
                const room = shown().getBoundingClientRect();
                return [...shown().querySelectorAll(".node, text.edge")].filter(drawn => {
                    const {left, right, top, bottom} = drawn.getBoundingClientRect();
                    return left < room.left || right > room.right || top < room.top || bottom > room.bottom;
                }).map(drawn => drawn.id || drawn.textContent);
            })()"#;
            assert_eq!(browser.value(outside), json!([]), "{width}x{height} {chosen}");
            let is_fitting = "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight";
            assert_eq!(browser.value(is_fitting), true, "{width}x{height} {chosen}");
            let scale = browser.value("shown().querySelector('svg').getScreenCTM().a").as_f64().unwrap();
            assert!(scale < 1.26, "{width}x{height} {chosen}: a small picture is not blown up, and this is {scale}");
            let wide = r#"[...shown().querySelectorAll(".node")].filter(node => {
                const outline = node.querySelector("path").getBBox();
                return [...node.querySelectorAll("text")].some(text => text.getBBox().width > outline.width - 8);
            }).map(node => node.id)"#;
            assert_eq!(browser.value(wide), json!([]), "no name is wider than its node");
        }
    }
    assert_quiet(&browser);
}
